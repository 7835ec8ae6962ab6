"""What every archive is: one insert contract over ids and ranks. No I/O, no program texts, no randomness of its own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator
from random import Random

import msgspec

from cambrian.core.ids import VariantId
from cambrian.search.facts import AddStatus

from .ranked import Ranked, Row, harmonic

Rank = tuple[float, ...]
"""Gains in the order of the objectives, more is better: compared from the left."""


class Elite(msgspec.Struct, frozen=True):
    """An archive's member.

    Args:
        variant: its id.
        rank: see `Rank`.
        born: number of its evaluation; the older one wins a tie.
        features: where it lies along the dimensions of a map (see `search.descriptors`); empty if nobody asked for
            them, or if one of them is not known.
    """

    variant: VariantId
    rank: Rank
    born: int
    features: tuple[float, ...] = ()

    @property
    def order(self) -> tuple[Rank, int]:
        """Sort key, best last."""
        return self.rank, -self.born

    @property
    def row(self) -> Row:
        """Sort key that no two elites share, best last."""
        return self.rank, -self.born, self.variant


def revised(elite: Elite, variant: VariantId, rank: Rank) -> Elite:
    """The elite, with another rank if it is that variant."""
    return msgspec.structs.replace(elite, rank=rank) if elite.variant == variant else elite


class Insert(msgspec.Struct, frozen=True):
    """An archive's answer to an insert.

    Args:
        status: whether the elite stands in it now. ``NOT_ADDED`` also if it stood there before.
        evicted: who left for it; never the elite itself.
    """

    status: AddStatus
    evicted: tuple[VariantId, ...] = ()


REFUSED = Insert(AddStatus.NOT_ADDED)


class Archive(ABC):
    """Elites, each variant once. Every operation is O(log n) in the elites held, unless its class says otherwise.

    The best elite by `Elite.order` is never lost: it leaves only when a better one comes.
    """

    def __init__(self) -> None:
        self._ranked = Ranked[Elite]()

    @abstractmethod
    def add(self, elite: Elite) -> Insert:
        """Insert if it belongs here."""

    def revise(self, variant: VariantId, rank: Rank) -> tuple[VariantId, ...]:
        """Take in another rank of a member, now that more is known of it; others are passed over.

        Returns:
            Who had to leave for that; it may be the member itself.
        """
        if variant in self._ranked:
            elite = self._ranked.get(variant)
            self._ranked.remove(variant)
            self._ranked.add(msgspec.structs.replace(elite, rank=rank))
        return ()

    def draw(self, rng: Random) -> Elite:
        """Draw a parent, better ones more often: the weight of the i-th best is 1/(i+1).

        Raises:
            LookupError: the archive is empty.
        """
        self._need_some()
        return self._ranked.at(harmonic(len(self._ranked), rng))

    def draw_evenly(self, rng: Random) -> Elite:
        """Draw a parent, each as often as any other.

        Raises:
            LookupError: the archive is empty.
        """
        self._need_some()
        return self._ranked.at(rng.randrange(len(self._ranked)))

    @property
    def best(self) -> Elite | None:
        """The best elite."""
        return self._ranked.at(0) if len(self._ranked) else None

    @property
    def held(self) -> Collection[VariantId]:
        """Every variant in it; looking for one is O(1)."""
        return self._ranked.variants

    def __iter__(self) -> Iterator[Elite]:
        """Best first."""
        return iter(self._ranked)

    def __len__(self) -> int:
        return len(self._ranked)

    def _need_some(self) -> None:
        if not len(self._ranked):
            raise LookupError("the archive is empty: tell the initial program first")


def draw_different(archive: Archive, count: int, rng: Random) -> tuple[Elite, ...]:
    """Draw up to `count` different elites, best first. What was drawn before is drawn again: O(count · log n) expected.

    Raises:
        LookupError: the archive is empty.
    """
    if len(archive) <= count:
        chosen = {elite.variant: elite for elite in archive}
    else:
        chosen: dict[VariantId, Elite] = {}
        for _ in range(32 * count):  # the rare rest of a large `count` over a small archive is left out
            elite = archive.draw(rng)
            chosen[elite.variant] = elite
            if len(chosen) == count:
                break
    if not chosen:
        raise LookupError("the archive is empty: tell the initial program first")
    return tuple(sorted(chosen.values(), key=lambda item: item.order, reverse=True))
