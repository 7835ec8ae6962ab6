"""Functions and statements exchanged between two parents. Pure; no I/O, nothing is executed.

What travels must find its names: a child with a name that certainly resolves nowhere, and that its first parent did not
have, is not proposed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from random import Random
from typing import NamedTuple

from cambrian.core.errors import ProposalError, UsageError
from cambrian.core.ids import Digest
from cambrian.core.variant import Origin, Variant
from cambrian.search.proposer import Candidate, Proposer, Scored, Setting
from cambrian.source import blocks, names, normalise, syntax
from cambrian.source.blocks import Span
from cambrian.source.reading import Reading, read

from .exchange import Pair, differing, half_of

_ATTEMPTS = 12
_DRAWS = 120
"""Exchanges looked at and children made of them, at most, until one is sound."""
_PAIRS = 8
"""Pairs of chunks that one proposal chooses among."""


class Crossover(Proposer):
    """The first parent with a function, or a statement of a function, of the second.

    A function is exchanged for one of the same qualified name and arity; a statement for one of the same type in a
    function of the same qualified name. Only editable lines of the first parent change.

    Args:
        setting: the task.
        name: registered name.
    """

    parents = 2

    def __init__(self, setting: Setting, *, name: str = "crossover") -> None:
        self.name = name
        self._language = setting.initial.language

    async def propose(self, parents: Sequence[Scored], rng: Random) -> Candidate:
        """Cross the first two parents.

        Raises:
            ProposalError: fewer than two parents, not Python, or nothing of theirs can be exchanged to any effect.
        """
        if len(parents) < 2:
            raise ProposalError(f"{self.name!r} needs two parents and was given {len(parents)!r}")
        one, other = parents[0].variant, parents[1].variant
        meetings = _meetings(one, other, self.name)
        known = _Known.of(one, other) if meetings else None
        attempts = _ATTEMPTS
        for child in _children(one, rng.sample(meetings, min(_PAIRS, len(meetings))), rng):
            if known is not None and known.is_sound(one, child.files):
                why = f"{child.what} from {other.id}"
                return Candidate(files=child.files, origin=Origin(proposer=self.name, why=why))
            attempts -= 1
            if not attempts:
                break
        raise ProposalError(f"{self.name!r} finds nothing to exchange between {one.id!r} and {other.id!r}")


class _Known(NamedTuple):
    """What a child is held against: its parents' digests, and the names that the first lacks anyway."""

    parents: frozenset[Digest]
    missing: frozenset[str]

    @classmethod
    def of(cls, one: Variant, other: Variant) -> _Known:
        """Look at two parents."""
        digests = (normalise.canonical(parent.files, "python") for parent in (one, other))
        return cls(frozenset(digests), frozenset(item.name for item in names.undefined(one.files)))

    def is_sound(self, one: Variant, files: dict[str, str]) -> bool:
        """Whether a child is neither of its parents, compiles, keeps the frozen lines and finds its names."""
        if normalise.canonical(files, "python") in self.parents or not syntax.compiles(files, "python"):
            return False
        if not blocks.same_outside(one.files, files):
            return False
        return self.missing.issuperset(item.name for item in names.undefined(files))


class _Meeting(NamedTuple):
    """A chunk of the first parent and one of the second, by their numbers in a file, with what may change of it."""

    name: str
    mine: Reading
    theirs: Reading
    numbers: tuple[int, int]
    spans: tuple[Span, ...]

    def pair(self) -> Pair | None:
        """Their exchanges."""
        first, second = self.numbers
        mine, theirs = self.mine.chunks[first], self.theirs.chunks[second]
        taker = half_of(self.name, mine.text, blocks.within(self.spans, _lines(self.mine, first), mine.lines))
        giver = half_of(self.name, theirs.text, (Span(1, theirs.lines + 1),))
        return None if taker is None or giver is None else Pair(taker, giver)

    def whole(self, text: str) -> str:
        """The first parent's file with another text for the chunk."""
        parts = [chunk.text for chunk in self.mine.chunks]
        parts[self.numbers[0]] = text
        return "".join(parts)


class _Child(NamedTuple):
    files: dict[str, str]
    what: str


def _meetings(one: Variant, other: Variant, proposer: str) -> list[_Meeting]:
    if one.language != "python" or other.language != "python":
        raise ProposalError(f"{proposer!r} reads Python, and {one.id!r} and {other.id!r} are not both that")
    try:
        editable = blocks.editable(one.files)
    except UsageError as error:
        raise ProposalError(f"{proposer!r} cannot edit variant {one.id!r}: {error}") from error
    found: list[_Meeting] = []
    for name, text in sorted(one.files.items()):
        if editable[name] and name in other.files and syntax.is_python(name, "python") and text != other.files[name]:
            mine, theirs = read(text, name), read(other.files[name], name)
            if isinstance(mine, Reading) and isinstance(theirs, Reading):
                found += (_Meeting(name, mine, theirs, pair, editable[name]) for pair in differing(mine, theirs))
    return found


def _children(one: Variant, meetings: Sequence[_Meeting], rng: Random) -> Iterator[_Child]:
    """Children of exchanges drawn one after the other, none twice."""
    pairs = [(meeting, pair) for meeting in meetings if (pair := meeting.pair()) is not None]
    ends = list(accumulate(pair.count for _, pair in pairs))
    total = ends[-1] if ends else 0
    for number in rng.sample(range(total), min(_DRAWS, total)):
        at = bisect_right(ends, number)
        meeting, pair = pairs[at]
        exchange = pair.exchange(number - (ends[at] - pair.count))
        text = exchange.made()
        if text is not None:
            what = exchange.what(_lines(meeting.theirs, meeting.numbers[1]))
            yield _Child({**one.files, meeting.name: meeting.whole(text)}, what)


def _lines(found: Reading, chunk: int) -> int:
    """Lines of a file above one of its chunks."""
    return sum(item.lines for item in found.chunks[:chunk])
