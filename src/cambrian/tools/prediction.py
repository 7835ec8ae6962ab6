"""Tools, prediction: which call comes next, from the calls that came before. Pure: no clock, no chance, starts nothing.

A client's calls are read as one sequence. For each pair of calls that followed each other the model keeps where every
argument of the later one may have come from: it is always the same; it stands at some place of the answer before, or of
the arguments before. What was seen once is a guess; each further time strikes out the places that do not fit.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, cast

import msgspec

__all__ = ["CallModel", "Made", "Wanted"]

_DEPTH, _BREADTH = 4, 20
"""How deep, and how many entries of each list or object, an answer is searched for where an argument came from."""
_MOST_PLACES = 400
_FOLLOWERS = 8
"""Tools that may follow a tool, as far as they are remembered."""
_LEAST_SHARE = 0.3
"""A follower that comes more rarely is not predicted."""
_MOST_TOOLS = 500
_MISSING = object()

Place = tuple[str | int, ...]
"""Where a value stands: ``"answer"`` or ``"arguments"``, then keys and indices."""


class Wanted(msgspec.Struct, frozen=True):
    """A call that is expected: tool, and arguments by name."""

    tool: str
    arguments: dict[str, object]

    def key(self) -> str:
        """Equal for equal calls."""
        return json.dumps([self.tool, self.arguments], sort_keys=True, separators=(",", ":"))


class Made(msgspec.Struct, frozen=True):
    """A call that was made: tool, arguments by name, and what it gave."""

    tool: str
    arguments: dict[str, object]
    value: object


class _Source(msgspec.Struct):
    """Where an argument may come from: a value that it always had, and places that always had it."""

    constant: object
    is_constant: bool
    places: list[Place]

    def fit(self, value: object, before: Made) -> None:
        """Strike out what does not fit."""
        self.is_constant = self.is_constant and _same(self.constant, value)
        self.places = [place for place in self.places if _same(_at(before, place), value)]

    def value(self, before: Made) -> object:
        """What it will be after a call; `_MISSING` if nobody knows."""
        if self.is_constant:
            return self.constant
        return _at(before, self.places[0]) if self.places else _MISSING


class _Follower(msgspec.Struct):
    """A tool that followed another: how often, and where its arguments come from."""

    seen: int
    sources: dict[str, _Source]


class CallModel:
    """What follows what."""

    def __init__(self) -> None:
        self._after: dict[str, dict[str, _Follower]] = {}
        self._last: Made | None = None

    def tell(self, made: Made) -> None:
        """Take in the next call of the sequence."""
        before, self._last = self._last, made
        if before is None:
            return
        followers = self._after.pop(before.tool, {})
        self._after[before.tool] = followers  # the freshest stands last
        if len(self._after) > _MOST_TOOLS:
            del self._after[next(iter(self._after))]
        known = followers.get(made.tool)
        if known is None or set(known.sources) != set(made.arguments):
            sources = {name: _sources(value, before) for name, value in made.arguments.items()}
            followers[made.tool] = _Follower(known.seen + 1 if known else 1, sources)
        else:
            known.seen += 1
            for name, value in made.arguments.items():
                known.sources[name].fit(value, before)
        if len(followers) > _FOLLOWERS:
            del followers[min(followers, key=lambda name: followers[name].seen)]

    def forget_last(self) -> None:
        """The sequence is interrupted: what comes next follows nothing."""
        self._last = None

    def expected(self, before: Made) -> list[Wanted]:
        """The calls that are likely to follow one, the likeliest first."""
        followers = self._after.get(before.tool, {})
        total = sum(each.seen for each in followers.values())
        found: list[Wanted] = []
        for tool, each in sorted(followers.items(), key=lambda item: -item[1].seen):
            if each.seen < _LEAST_SHARE * total or each.seen < 2:
                continue
            arguments = {name: source.value(before) for name, source in each.sources.items()}
            if _MISSING not in arguments.values():
                found.append(Wanted(tool, arguments))
        return found


def _sources(value: object, before: Made) -> _Source:
    places = [place for place, there in _places(before) if _same(there, value)]
    return _Source(value, True, sorted(places, key=len)[:_MOST_PLACES])


def _places(before: Made) -> Iterator[tuple[Place, object]]:
    yield from _walk(before.value, ("answer",))
    yield from _walk(before.arguments, ("arguments",))


def _walk(value: object, place: Place) -> Iterator[tuple[Place, object]]:
    yield place, value
    if len(place) > _DEPTH:
        return
    steps: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        steps = list(cast("dict[str | int, object]", value).items())
    elif isinstance(value, list):
        steps = list(enumerate(cast("list[object]", value)))
    for step, item in steps[:_BREADTH]:
        yield from _walk(item, (*place, step))


def _at(before: Made, place: Place) -> object:
    value: object = before.value if place[0] == "answer" else before.arguments
    for step in place[1:]:
        try:
            value = cast("Any", value)[step]
        except (LookupError, TypeError):
            return _MISSING
    return value


def _same(a: object, b: object) -> bool:
    """Equal as JSON: 1 and true are not the same, nor are 1 and 1.0."""
    return type(a) is type(b) and a == b
