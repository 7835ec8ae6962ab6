"""What is known of a value: how far it may be trusted, by which path it came. Immutable; no syntax trees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

__all__ = ["CLEAN", "HARMLESS", "TAINTED", "UNKNOWN", "Place", "Step", "Value", "joined", "unknown"]

KNOWN, OPAQUE, HOSTILE = 0, 1, 2
"""Levels: written in the program or made harmless; of unknown origin; from outside of the program."""
LOCAL_ORIGINS = ("input()", "sys.argv", "standard input", "the command line")
"""How paths begin that belong to whoever started the program: less of a danger than what anybody can reach."""
HARMLESS = "everything"
"""A class of sinks that stands for all."""
_LONGEST = 12
"""Steps of a path."""
_TAG = 160
"""Characters of a tag: chains of calls end somewhere."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A step of a path, as told to people.

    Args:
        file: relative path.
        line: 1-based.
        column: 1-based, in characters.
        what: what happens there.
    """

    file: str
    line: int
    column: int
    what: str


class Step(NamedTuple):
    """A step of a path, and those before it.

    Args:
        file: relative path.
        line: 1-based.
        column: 0-based, in bytes, as trees have it.
        what: what happens there.
        before: where the value was before.
        length: of the path up to here.
    """

    file: str
    line: int
    column: int
    what: str
    before: Step | None = None
    length: int = 1

    def path(self) -> tuple[Place, ...]:
        """All steps, the first one first."""
        found: list[Place] = []
        here: Step | None = self
        while here is not None:
            found.append(Place(file=here.file, line=here.line, column=here.column + 1, what=here.what))
            here = here.before
        return tuple(reversed(found))

    def onto(self, base: Step | None) -> Step:
        """This path behind another one."""
        if base is None:
            return self
        before = base if self.before is None else self.before.onto(base)
        return Step(self.file, self.line, self.column, self.what, before, before.length + 1)


class Value(NamedTuple):
    """A value.

    Args:
        level: 0 written in the program or made harmless, 1 of unknown origin, 2 from outside.
        step: the last step of the path by which it came.
        safe: classes of sinks it is harmless for.
        labels: parameters of the function under way that are in it, by position.
        tag: dotted name of what it is, with ``()`` for each call: ``"sqlite3.connect().cursor"``.
        text: the string that it certainly is.
        parts: the items of a list or tuple.
        own: a function or class of the program: its file and dotted name.
    """

    level: int = KNOWN
    step: Step | None = None
    safe: frozenset[str] = frozenset()
    labels: frozenset[int] = frozenset()
    tag: str = ""
    text: str | None = None
    parts: tuple[Value, ...] | None = None
    own: tuple[str, str] | None = None

    @property
    def trust(self) -> int:
        """Its level; that of a parameter is unknown."""
        return self.level or (OPAQUE if self.labels else KNOWN)

    def harmless(self, sink: str) -> bool:
        """Whether it may go to sinks of this class."""
        return self.trust == KNOWN or sink in self.safe or HARMLESS in self.safe

    def passing(self, step: Step | None = None) -> Value:
        """What is made of it, with a step more: the same origin, another content."""
        longest = self.step is not None and self.step.length >= _LONGEST
        return Value(self.level, self.step if longest or step is None else step, self.safe, self.labels)

    def tagged(self, tag: str) -> Value:
        """The same under another name."""
        return self._replace(tag=tag if len(tag) <= _TAG else "")

    def cleaned(self, *sinks: str) -> Value:
        """The same, harmless for these classes of sinks."""
        return Value(self.level, self.step, self.safe | frozenset(sinks), self.labels)


CLEAN = Value()
TAINTED = Value(HOSTILE)
UNKNOWN = Value(OPAQUE)


def unknown(tag: str = "") -> Value:
    """A value of unknown origin."""
    return Value(OPAQUE).tagged(tag)


def joined(values: Iterable[Value]) -> Value:
    """A value that may be any of these, or holds all of them."""
    iterator: Iterator[Value] = iter(values)
    first = next(iterator, CLEAN)
    for value in iterator:
        if value is not first and value != first:
            first = _join(first, value)
    return first


def _join(one: Value, other: Value) -> Value:
    worse, better = (one, other) if one.trust >= other.trust else (other, one)
    safe = worse.safe if better.trust == KNOWN else worse.safe & better.safe
    return Value(
        worse.level,
        worse.step or better.step,
        safe,
        one.labels | other.labels if one.labels or other.labels else one.labels,
        one.tag or other.tag,
        one.text if one.text == other.text else None,
        None,
        one.own or other.own,
    )
