"""What was tried in vain lately: changes that are nearly the same, and lines that were just taken out. No I/O.

Both are functions of outcomes in their recorded order, so a resume knows the same. Memory and time are bounded: a
change is compared with the few that share one of its signatures, a lineage remembers its latest deletions.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from random import Random
from typing import Literal, NamedTuple
from zlib import crc32

import msgspec

from cambrian.core.errors import UsageError
from cambrian.core.ids import VariantId
from cambrian.core.variant import Variant
from cambrian.source.embedding import Vector, change, cosine

Files = Mapping[str, str]

TABLES, BITS = 4, 12
"""Signatures of a change, and random hyperplanes of each: changes with cosine 0.95 share one with 97 % (Charikar 2002).
"""
CHANGES, BUCKET = 2000, 16
"""Changes remembered, and changes with one signature that are compared."""
DELETED = 2000
"""Lines that a lineage remembers to have lost, the latest."""


class Novelty(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What need not be evaluated because nearly the same was; ``[novelty]`` of ``task.toml``.

    Args:
        near: cosine from which a change counts as one that was tried lately and did not help: 1 for the very same
            change of another program; above 1, as it is by default, nothing is turned down, and nothing is spent on it.
        memory: evaluations for which a change that did not help is remembered.
        tabu: evaluations for which a change that only brings back deleted lines of its lineage is turned down; 0: none.
    """

    near: float = 2.0
    memory: int = 200
    tabu: int = 50

    def __post_init__(self) -> None:
        if not self.near > 0:
            raise UsageError(f"novelty.near is {self.near!r}; it must be above 0, such as 0.95")
        if self.memory < 0 or self.tabu < 0:
            raise UsageError(f"novelty has memory {self.memory!r} and tabu {self.tabu!r}; neither may be negative")


class _Change(NamedTuple):
    """A change that did not help, and the evaluation by which that was known."""

    vector: Vector
    when: int


class Vain:
    """Changes that did not help, found again by likeness in bounded time.

    Args:
        near: see `Novelty`.
        memory: see `Novelty`.
    """

    def __init__(self, near: float, memory: int) -> None:
        self._near = near
        self._memory = memory
        self._kept: deque[tuple[int, ...]] = deque()
        self._buckets: dict[int, deque[_Change]] = {}

    @property
    def asks(self) -> bool:
        """Whether anything can be turned down."""
        return self._near <= 1 and self._memory > 0

    def knows(self, vector: Vector, now: int) -> bool:
        """Whether nearly this change was tried in vain lately.

        Args:
            vector: of the change.
            now: evaluations finished.
        """
        if not vector:
            return False
        limit = min(self._near, 1 - 1e-9)
        return any(
            now - known.when <= self._memory and cosine(vector, known.vector) >= limit
            for signature in _signatures(vector)
            for known in self._buckets.get(signature, ())
        )

    def remember(self, vector: Vector, now: int) -> None:
        """A change did not help."""
        if not vector:
            return
        signatures = _signatures(vector)
        for signature in signatures:
            self._buckets.setdefault(signature, deque(maxlen=BUCKET)).append(_Change(vector, now))
        self._kept.append(signatures)
        if len(self._kept) > min(self._memory, CHANGES):
            self._forget(self._kept.popleft())

    def _forget(self, signatures: Iterable[int]) -> None:
        """Drop the oldest change of each of these buckets."""
        for signature in signatures:
            bucket = self._buckets[signature]
            if len(bucket) == 1:
                del self._buckets[signature]
            elif len(bucket) < BUCKET:  # a full one has dropped its oldest already
                bucket.popleft()


def _signatures(vector: Vector) -> tuple[int, ...]:
    """On which side of random hyperplanes a vector lies, as numbers that no two tables share."""
    sums = [0.0] * (TABLES * BITS)
    for place, value in vector.items():
        signs = _signs(place)
        for plane in range(TABLES * BITS):
            sums[plane] += value if signs >> plane & 1 else -value
    side = sum(1 << plane for plane, total in enumerate(sums) if total > 0)
    return tuple((table << BITS) | (side >> (table * BITS)) & ((1 << BITS) - 1) for table in range(TABLES))


@cache
def _signs(place: int) -> int:
    """Components of all hyperplanes along one dimension, as bits: the same in every process."""
    return Random(place).getrandbits(TABLES * BITS)


class Lines(NamedTuple):
    """Lines that a change adds, how many of these its lineage had lost before, and how many of those lately."""

    added: int
    returned: int
    lately: int


class Losses:
    """Which lines each lineage has lost, and when. A child knows what its first parent knew.

    Args:
        tabu: see `Novelty`.
    """

    def __init__(self, tabu: int) -> None:
        self._tabu = tabu
        self._lost: dict[VariantId, OrderedDict[int, int]] = {}

    def judge(self, parents: Sequence[Variant], files: Files, now: int) -> Lines:
        """What a candidate adds, and what of it comes back. Lines of any parent are not added.

        Args:
            parents: first the one whose lineage it goes on with.
            files: the candidate.
            now: evaluations finished.
        """
        if not parents:
            return Lines(0, 0, 0)
        lost = self._of(parents[0])
        added = _only_in(files, [parent.files for parent in parents])
        back = [code for code in added if code in lost]
        return Lines(len(added), len(back), sum(now - lost[code] < self._tabu for code in back))

    def keep(self, variant: Variant, parent: Variant | None, now: int) -> None:
        """A variant may become a parent: note what its lineage has lost by now. Without a parent a lineage begins."""
        if parent is None:
            self._lost[variant.id] = OrderedDict()
            return
        lost, before, files = self._of(parent).copy(), parent.files, variant.files
        for code in sorted(_only_in(before, [files])):
            lost[code] = now
            lost.move_to_end(code)
        for code in _only_in(files, [before]) & lost.keys():
            del lost[code]  # it is back; when it goes again, that counts
        while len(lost) > DELETED:
            lost.popitem(last=False)
        self._lost[variant.id] = lost

    def _of(self, variant: Variant) -> OrderedDict[int, int]:
        return self._lost.get(variant.id) or OrderedDict()

    def drop(self, variants: Iterable[VariantId]) -> None:
        """These will not be parents any more."""
        for variant in variants:
            self._lost.pop(variant, None)


class Past:
    """What a search knows of changes that were tried: asked before a candidate runs, told when one has.

    Args:
        novelty: the knobs.
        language: of the programs.
    """

    def __init__(self, novelty: Novelty, language: str) -> None:
        self._novelty = novelty
        self._language = language
        self._vain = Vain(novelty.near, novelty.memory)
        self._losses = Losses(novelty.tabu)

    def judge(
        self, parents: Sequence[Variant], files: Files, now: int, *, structural: bool
    ) -> tuple[Literal["tabu", "near"] | None, Lines]:
        """Why a candidate need not run, if so, and what it brings back.

        Args:
            parents: of the candidate.
            files: the candidate.
            now: evaluations finished.
            structural: see `Proposer.structural`.
        """
        lines = self._losses.judge(parents, files, now)
        if not (structural and parents):
            return None, lines
        if lines.added and lines.lately == lines.added:
            return "tabu", lines
        if self._vain.asks and self._vain.knows(change(parents[0].files, files, self._language), now):
            return "near", lines
        return None, lines

    def learn(self, variant: Variant, parent: Variant | None, now: int, *, vain: bool, kept: bool) -> None:
        """An evaluation is finished.

        Args:
            variant: what was evaluated.
            parent: its first parent, if that is still one.
            now: evaluations finished.
            vain: it did not help.
            kept: it may become a parent.
        """
        if vain and parent is not None and self._vain.asks:
            self._vain.remember(change(parent.files, variant.files, self._language), now)
        if kept:
            self._losses.keep(variant, parent, now)

    def drop(self, variants: Iterable[VariantId]) -> None:
        """These will not be parents any more."""
        self._losses.drop(variants)


def _only_in(files: Files, others: Sequence[Files]) -> set[int]:
    """Lines of a program that none of the others has in that file, as numbers; blank ones are left out."""
    found: set[int] = set()
    for path, text in files.items():
        if any(other.get(path) == text for other in others):
            continue
        here = set(text.split("\n")).difference(*(other.get(path, "").split("\n") for other in others))
        start = crc32(path.encode())
        found |= {crc32(line.encode("utf-8", "surrogatepass"), start) for line in here if line.strip()}
    return found
