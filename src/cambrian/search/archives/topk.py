"""The best of all, up to a number."""

from __future__ import annotations

from cambrian.search.facts import AddStatus

from .archive import REFUSED, Archive, Elite, Insert


class TopK(Archive):
    """The `capacity` best variants.

    Args:
        capacity: elites held, at most.
    """

    def __init__(self, capacity: int) -> None:
        super().__init__()
        self.capacity = capacity

    def add(self, elite: Elite) -> Insert:
        """Insert if it is one of the best; the worst makes room."""
        if elite.variant in self._ranked:
            return REFUSED
        if len(self._ranked) < self.capacity:
            self._ranked.add(elite)
            return Insert(AddStatus.NEW)
        worst = self._ranked.at(-1)
        if elite.row <= worst.row:
            return REFUSED
        self._ranked.remove(worst.variant)
        self._ranked.add(elite)
        return Insert(AddStatus.IMPROVED, (worst.variant,))
