"""Archives that keep one champion for every kind of program: MAP-Elites, whatever the shape of its cells."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from random import Random

from cambrian.core.ids import VariantId
from cambrian.search.facts import AddStatus

from .archive import REFUSED, Archive, Elite, Insert
from .scale import Scale

NOWHERE = -1
"""The cell of elites whose features are not known."""


class Cells(Archive):
    """The champion of each cell of feature space: it leaves only for a better one of the same cell.

    Mouret, J.-B. & Clune, J. (2015), Illuminating search spaces by mapping elites. Parents are drawn evenly over the
    filled cells. When the bounds follow what is seen and grow, cells merge: the better champion stays. That takes
    O(n log n), a logarithmic number of times in the span of the features.

    Args:
        scale: the dimensions' bounds.
    """

    def __init__(self, scale: Scale) -> None:
        super().__init__()
        self._scale = scale
        self._champions: dict[int, VariantId] = {}

    @abstractmethod
    def locate(self, point: tuple[float, ...]) -> int:
        """The number of the cell in which a point of the unit cube lies; not negative."""

    def cell(self, features: tuple[float, ...]) -> int:
        """The number of the cell where these features belong now."""
        return self.locate(self._scale.unit(features)) if features else NOWHERE

    @property
    def champions(self) -> Mapping[int, VariantId]:
        """Cell → who holds it."""
        return self._champions

    def add(self, elite: Elite) -> Insert:
        """Insert if its cell is free or it beats that cell's champion."""
        if elite.variant in self._ranked:
            return REFUSED
        merged = self._rearrange() if elite.features and self._scale.fit(elite.features) else ()
        status, loser = self._place(elite)
        if status is AddStatus.NOT_ADDED:
            return Insert(status, merged)
        self._ranked.add(elite)
        return Insert(status, merged if loser is None else (*merged, loser))

    def draw(self, rng: Random) -> Elite:
        """Draw a champion, each as often as any other.

        Raises:
            LookupError: the archive is empty.
        """
        return self.draw_evenly(rng)

    def _place(self, elite: Elite) -> tuple[AddStatus, VariantId | None]:
        """Make an elite its cell's champion if it is good enough; who had to leave."""
        cell = self.cell(elite.features)
        holder = self._champions.get(cell)
        if holder is not None and elite.row <= self._ranked.get(holder).row:
            return AddStatus.NOT_ADDED, None
        self._champions[cell] = elite.variant
        if holder is None:
            return AddStatus.NEW, None
        self._ranked.remove(holder)
        return AddStatus.IMPROVED, holder

    def _rearrange(self) -> tuple[VariantId, ...]:
        """Put every champion where it belongs under the new bounds, the best first; who lost their place."""
        self._champions.clear()
        losers: list[VariantId] = []
        for elite in list(self._ranked):
            cell = self.cell(elite.features)
            if cell in self._champions:
                self._ranked.remove(elite.variant)
                losers.append(elite.variant)
            else:
                self._champions[cell] = elite.variant
        return tuple(losers)
