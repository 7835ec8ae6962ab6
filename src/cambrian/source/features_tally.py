"""Counts what a walk over a script's tree comes by, in any language: needs, loops, calls, and the work they make."""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

__all__ = ["MAIN", "MOST_WORK", "OPEN_ROUNDS", "Place", "Tally", "is_risky"]

OPEN_ROUNDS = 10.0
"""Rounds that a loop is taken for whose text does not tell them."""
RECURSIONS = {1: 100.0, 2: 10_000.0}
"""Calls that a function is taken for that calls itself in one place, or in several."""
MOST_WORK = 1e15
"""Where counting ends."""
MAIN = ""
"""The scope outside of all functions."""
_CALL_DEPTH = 6
"""Calls in calls that are followed."""
_URL = re.compile(r"(?:https?|wss?|ftp)://", re.IGNORECASE)
_QUANTIFIER = re.compile(r"[*+]|\{(\d*),(\d*)\}|\?|\{\d+\}")


class Place(NamedTuple):
    """Where a node stands.

    Args:
        scope: name of the function around it.
        nesting: loops around it, in that function.
        times: how often it is evaluated each time that the function is called.
    """

    scope: str = MAIN
    nesting: int = 0
    times: float = 1.0

    def within(self, rounds: float) -> Place:
        """A place in a loop that stands here."""
        return Place(self.scope, self.nesting + 1, min(MOST_WORK, self.times * rounds))


class Tally:
    """What was counted so far.

    Args:
        tools: names of the tools.
    """

    def __init__(self, tools: frozenset[str]) -> None:
        self.needs: set[str] = set()
        self.loops = self.nesting = self.open_loops = self.risky_patterns = 0
        self.largest_list = 0.0
        self.recursive = self.looped_calls = self.network = False
        self.tool_calls: list[str] = []
        self._tools = tools
        self._own_calls: Counter[str] = Counter()
        self._evaluated: dict[str, float] = {}
        self._calls: dict[tuple[str, str], float] = {}

    def node(self, place: Place) -> None:
        """A node is evaluated here."""
        self._evaluated[place.scope] = self._evaluated.get(place.scope, 0.0) + place.times

    def loop(self, place: Place, rounds: float | None, *, makes_list: bool = False) -> Place:
        """A loop stands here.

        Returns:
            The place of its body.
        """
        self.loops += 1
        self.open_loops += rounds is None
        inner = place.within(OPEN_ROUNDS if rounds is None else rounds)
        self.nesting = max(self.nesting, inner.nesting)
        if makes_list and rounds is not None:
            self.largest_list = max(self.largest_list, rounds)
        return inner

    def call(self, place: Place, name: str, *, of_tools: bool = False) -> None:
        """A function is called by this name; `of_tools` if as a member of ``tools``."""
        key = place.scope, name
        self._calls[key] = self._calls.get(key, 0.0) + place.times
        if name and place.scope == name:
            self.recursive = True
            self._own_calls[name] += 1
        if name in self._tools or of_tools:
            self.tool_calls.append(name)
            self.looped_calls |= place.nesting > 0

    def is_tool(self, name: str) -> bool:
        """Whether a tool has this name."""
        return name in self._tools

    def text(self, text: str) -> None:
        """A text is written down."""
        self.network |= _URL.match(text) is not None

    def pattern(self, pattern: str) -> None:
        """A regular expression is written down."""
        self.risky_patterns += is_risky(pattern)

    def work(self) -> float:
        """About how many nodes will be evaluated, functions counted as often as they are called by name."""
        times = {scope: 1.0 if scope == MAIN else 0.0 for scope in self._evaluated}
        calls = [
            (scope, name, count) for (scope, name), count in self._calls.items() if name in times and name != scope
        ]
        for _ in range(_CALL_DEPTH):
            called = dict.fromkeys(times, 0.0) | {MAIN: 1.0}
            for scope, name, count in calls:
                called[name] = min(MOST_WORK, called[name] + times.get(scope, 0.0) * count)
            times = called
        return min(MOST_WORK, sum(self._in_scope(scope, times[scope]) for scope in times))

    def _in_scope(self, scope: str, times: float) -> float:
        """Nodes evaluated in a function that is called so often from outside of it."""
        recursions = RECURSIONS[min(2, self._own_calls[scope])] if self._own_calls[scope] else 1.0
        return self._evaluated[scope] * max(1.0, times) * recursions


def is_risky(pattern: str) -> bool:
    """Whether a regular expression repeats without bound something that itself repeats without bound, as ``(a+)+``.

    One pass. Engines that backtrack may need exponential time for such; not all that are slow are found.
    """
    inner = [False]  # for each open group: whether it holds a repetition without bound
    closed, in_class, at = False, False, 0
    while at < len(pattern):
        character = pattern[at]
        step = 2 if character == "\\" else 1
        if in_class:
            in_class = character != "]"
        elif character == "[":
            in_class, closed = True, False
        elif character == "(":
            inner.append(False)
            closed = False
        elif character == ")":
            closed = inner.pop() if len(inner) > 1 else False
            inner[-1] |= closed
        elif (found := _QUANTIFIER.match(pattern, at)) is not None:
            if _without_bound(found):
                if closed:
                    return True
                inner[-1] = True
            step, closed = len(found[0]), False
        else:
            closed = False
        at += step
    return False


def _without_bound(quantifier: re.Match[str]) -> bool:
    return quantifier[0] in ("*", "+") or (quantifier[1] is not None and not quantifier[2])
