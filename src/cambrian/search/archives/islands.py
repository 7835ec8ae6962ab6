"""Several archives that breed apart, with migration between them and a new start for those that stand still."""

from __future__ import annotations

from collections.abc import Callable, KeysView
from random import Random

from cambrian.core.ids import VariantId
from cambrian.search.facts import AddStatus
from cambrian.search.strategy_config import Migration

from .archive import Archive, Elite, Insert, Rank
from .holdings import Holdings


class Islands:
    """Islands of any archive. A variant leaves when no island holds it any more.

    Tanese, R. (1989), Distributed genetic algorithms. The new start after Romera-Paredes, B. et al. (2023),
    Mathematical discoveries from program search with large language models: an island that stands still is given up
    and settled anew by the best of another one. The island that alone holds the best of all is never given up.

    Args:
        make: makes an empty island.
        count: number of islands.
        migration: see `Migration`.
    """

    def __init__(self, make: Callable[[], Archive], count: int, *, migration: Migration = "ring") -> None:
        self._make = make
        self._migration: Migration = migration
        self._islands = [make() for _ in range(count)]
        self._holdings = Holdings()

    def __len__(self) -> int:
        return len(self._islands)

    def __getitem__(self, niche: int) -> Archive:
        return self._islands[niche]

    @property
    def held(self) -> KeysView[VariantId]:
        """Every variant that some island holds."""
        return self._holdings.held

    @property
    def best(self) -> Elite | None:
        """The best elite of all islands."""
        bests = [island.best for island in self._islands]
        return max((elite for elite in bests if elite is not None), key=lambda item: item.row, default=None)

    def settle(self, elite: Elite) -> Insert:
        """Insert into every island."""
        status = max(self._add(niche, elite) for niche in range(len(self._islands)))
        return Insert(status, self._holdings.left())

    def add(self, niche: int, elite: Elite) -> Insert:
        """Insert into one island."""
        status = self._add(niche, elite)
        return Insert(status, self._holdings.left())

    def revise(self, variant: VariantId, rank: Rank) -> tuple[VariantId, ...]:
        """Take in another rank of a variant wherever it stands; who left for that."""
        for island in self._islands:
            self._holdings.release(island.revise(variant, rank))
        return self._holdings.left()

    def migrate(self, seed: str) -> tuple[VariantId, ...]:
        """The best of each island moves to another one, and stays where it was.

        Args:
            seed: of the random ring.

        Returns:
            Who left for them.
        """
        ring = list(range(len(self._islands)))
        if self._migration == "random":
            Random(seed).shuffle(ring)
        emigrants = [self._islands[niche].best for niche in ring]
        for niche, elite in zip(ring[1:] + ring[:1], emigrants, strict=True):
            if elite is not None:
                self._add(niche, elite)
        return self._holdings.left()

    def restart(self, niche: int, seed: str) -> tuple[VariantId, ...]:
        """Give an island up and settle it by the best of another one, unless it alone holds the best of all.

        Args:
            niche: the island.
            seed: of the choice of the other one.

        Returns:
            Who left.
        """
        own = self._islands[niche].best
        others = [elite for at, island in enumerate(self._islands) if at != niche and (elite := island.best)]
        if not others or (own is not None and all(own.row > elite.row for elite in others)):
            return ()
        gone = [elite.variant for elite in self._islands[niche]]
        self._islands[niche] = self._make()
        self._add(niche, Random(seed).choice(others))
        self._holdings.release(gone)
        return self._holdings.left()

    def _add(self, niche: int, elite: Elite) -> AddStatus:
        insert = self._islands[niche].add(elite)
        if insert.status:
            self._holdings.hold(elite.variant)
        self._holdings.release(insert.evicted)
        return insert.status
