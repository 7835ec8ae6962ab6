"""The variants that no other beats in every objective."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import msgspec

from cambrian.core.ids import VariantId
from cambrian.search.facts import AddStatus

from .archive import REFUSED, Archive, Elite, Insert, Rank
from .front import Front, Planar, Spatial


class Pareto(Archive):
    """The non-dominated elites, thinned out where they stand closest when there are more than `capacity`.

    Crowding distance after Deb, K. et al. (2002), A fast and elitist multiobjective genetic algorithm: NSGA-II. The
    ends of the front and the best elite in the order of objectives stay. Of equal ranks the older one stays. Parents
    are drawn evenly. With two objectives every operation is O(log n), apart from the evicted, who each entered once;
    with one there is at most one elite; with three or more an insert is O(n) in the front, which `capacity` bounds.

    Args:
        capacity: elites held, at most.
    """

    def __init__(self, capacity: int) -> None:
        super().__init__()
        self.capacity = capacity
        self._front: Front | None = None

    def add(self, elite: Elite) -> Insert:
        """Insert if nobody is at least as good in every objective; those that it so beats leave."""
        if self._front is None:
            self._front = Planar() if len(elite.rank) == 2 else Spatial()
        front = self._front
        if elite.variant in self._ranked or front.covers(elite.rank):
            return REFUSED
        beaten = front.beaten(elite.rank)
        for variant in beaten:
            self._drop(front, variant)
        front.add(elite.variant, elite.rank)
        self._ranked.add(elite)
        thinned = self._thin(front)
        if thinned == elite.variant:
            return REFUSED  # nobody was beaten, or there would have been room
        evicted = (*beaten, thinned) if thinned is not None else beaten
        return Insert(AddStatus.IMPROVED if evicted else AddStatus.NEW, evicted)

    def revise(self, variant: VariantId, rank: Rank) -> tuple[VariantId, ...]:
        """See `Archive.revise`: it may now be beaten, or beat others."""
        if self._front is None or variant not in self._ranked:
            return ()
        elite = msgspec.structs.replace(self._ranked.get(variant), rank=rank)
        self._drop(self._front, variant)
        insert = self.add(elite)
        return insert.evicted if insert.status else (*insert.evicted, variant)

    def draw(self, rng: Random) -> Elite:
        """Draw an elite, each as often as any other.

        Raises:
            LookupError: the archive is empty.
        """
        return self.draw_evenly(rng)

    def _thin(self, front: Front) -> VariantId | None:
        """Who has to leave because the front is too full: the one that stands closest to its neighbours."""
        if len(self._ranked) <= self.capacity:
            return None
        crowded = front.most_crowded(keep=self._ranked.at(0).variant)
        self._drop(front, crowded)
        return crowded

    def _drop(self, front: Front, variant: VariantId) -> None:
        front.remove(variant, self._ranked.get(variant).rank)
        self._ranked.remove(variant)


def dominates(a: Rank, b: Rank) -> bool:
    """Whether `a` is at least as good in every objective and better in one."""
    return a != b and all(x >= y for x, y in zip(a, b, strict=True))


def non_dominated(elites: Sequence[Elite]) -> list[Elite]:
    """Those that no other dominates, by comparing each with each: O(n²), for small sets."""
    return [one for one in elites if not any(dominates(other.rank, one.rank) for other in elites)]
