"""A handful of elites under a name each, for strategies that stand at a point rather than keep an archive."""

from __future__ import annotations

from collections.abc import KeysView

from cambrian.core.ids import VariantId
from cambrian.search.archives import Elite, Insert, Rank
from cambrian.search.archives.archive import revised
from cambrian.search.archives.holdings import Holdings
from cambrian.search.facts import AddStatus


class Slots:
    """Elites by name; the same elite may stand under several."""

    def __init__(self) -> None:
        self._elites: dict[str, Elite] = {}
        self._holdings = Holdings()

    @property
    def held(self) -> KeysView[VariantId]:
        """Every variant that stands somewhere."""
        return self._holdings.held

    def get(self, name: str) -> Elite | None:
        """Who stands there."""
        return self._elites.get(name)

    def need(self, name: str) -> Elite:
        """Who stands there.

        Raises:
            LookupError: nobody does.
        """
        elite = self._elites.get(name)
        if elite is None:
            raise LookupError("nothing is held yet: tell the initial program first")
        return elite

    def put(self, name: str, elite: Elite | None) -> None:
        """Let an elite, or nobody, stand there."""
        before = self._elites.pop(name, None)
        if elite is not None:
            self._elites[name] = elite
            self._holdings.hold(elite.variant)
        if before is not None:
            self._holdings.release((before.variant,))

    def revise(self, variant: VariantId, rank: Rank) -> None:
        """Another rank of an elite, wherever it stands."""
        for name, elite in self._elites.items():
            self._elites[name] = revised(elite, variant, rank)

    @property
    def best(self) -> Elite | None:
        """The best of them."""
        return max(self._elites.values(), key=lambda elite: elite.row, default=None)

    def raised(self, name: str, elite: Elite) -> bool:
        """Let an elite stand there if it is better than who does; whether it is."""
        before = self._elites.get(name)
        if before is not None and elite.rank <= before.rank:
            return False
        self.put(name, elite)
        return True

    def answer(self, *, kept: bool) -> Insert:
        """What happened since the last answer."""
        return Insert(AddStatus.IMPROVED if kept else AddStatus.NOT_ADDED, self._holdings.left())
