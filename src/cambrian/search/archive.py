"""Archives: the variants worth keeping. No I/O; an archive keeps ids and ranks, the engine keeps the variants."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from cambrian.core.ids import VariantId

from .facts import AddStatus

Rank = tuple[float, ...]
"""Gains in the order of the objectives, more is better: compared from the left."""


class Elite(msgspec.Struct, frozen=True):
    """An archive's member.

    Args:
        variant: its id.
        rank: see `Rank`.
        born: number of its evaluation; the older one wins a tie.
    """

    variant: VariantId
    rank: Rank
    born: int

    @property
    def order(self) -> tuple[Rank, int]:
        """Sort key, best last."""
        return self.rank, -self.born


class TopK:
    """The `capacity` best variants, best first. Each variant stands in it once.

    The best elite is never lost: it leaves only when a better one comes.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self._elites: list[Elite] = []

    def __iter__(self) -> Iterator[Elite]:
        return iter(self._elites)

    def __len__(self) -> int:
        return len(self._elites)

    @property
    def best(self) -> Elite | None:
        """The best elite."""
        return self._elites[0] if self._elites else None

    def add(self, elite: Elite) -> AddStatus:
        """Insert if it belongs here."""
        if any(other.variant == elite.variant for other in self._elites):
            return AddStatus.NOT_ADDED
        full = len(self._elites) >= self.capacity
        if full and elite.order <= self._elites[-1].order:
            return AddStatus.NOT_ADDED
        if full:
            self._elites.pop()
        self._elites.append(elite)
        self._elites.sort(key=lambda item: item.order, reverse=True)
        return AddStatus.IMPROVED if full else AddStatus.NEW
