"""Beam search: every member has so many children, then the best of all are the next level."""

from __future__ import annotations

from collections.abc import Collection
from random import Random

from cambrian.core.ids import VariantId
from cambrian.search.archives import Elite, Insert, TopK
from cambrian.search.archives.archive import REFUSED
from cambrian.search.archives.holdings import Holdings
from cambrian.search.facts import AddStatus
from cambrian.search.strategy_config import StrategyConfig

from .strategy import Ask, Strategy, Told

UNLIKELY = 0.05
"""Weight of a member that has its children already: if the others can have none, the search goes on with it."""


class Beam(Strategy):
    """Up to `beam.width` members, each with `beam.children` children before the next level.

    The best of members and children are the next level, so the best is never lost. Members that lack children are
    asked for first. Children that come late belong to the level of the day. Niches count levels and members.
    """

    def __init__(self, config: StrategyConfig) -> None:
        self._width, self._children = config.beam.width, config.beam.children
        self._level = 0
        self._told = 0
        self._begun: list[int] = []
        self._members: list[Elite] = []
        self._pool = TopK(self._width)
        self._holdings = Holdings()

    def ask(self, count: int, rng: Random) -> Ask:
        """See `Strategy`: the member first, then others of its level by chance."""
        if not self._members:
            raise LookupError("the beam is empty: tell the initial program first")
        weights = [max(UNLIKELY, self._children - begun) for begun in self._begun]
        [slot] = rng.choices(range(len(self._members)), weights)
        others = [elite for elite in self._members if elite is not self._members[slot]]
        chosen = [self._members[slot], *rng.sample(others, min(count - 1, len(others)))]
        chosen.sort(key=lambda item: item.row, reverse=True)
        return Ask(parents=tuple(elite.variant for elite in chosen), niche=self._level * self._width + slot)

    def started(self, niche: int) -> None:
        """See `Strategy`."""
        self._count(niche, 1)

    def tell(self, told: Told) -> Insert:
        """See `Strategy`."""
        if told.cancelled:
            self._count(told.niche, -1)
            return REFUSED
        status = self._take(told.elite) if told.elite else AddStatus.NOT_ADDED
        if not self._members:
            self._advance()
        else:
            self._told += 1
            if self._told >= self._children * len(self._members):
                self._advance()
        return Insert(status, self._holdings.left())

    def hear(self, elite: Elite) -> Insert:
        """See `Strategy`: it competes for the next level."""
        status = self._take(elite)
        if not self._members:
            self._advance()
        return Insert(status, self._holdings.left())

    def _take(self, elite: Elite) -> AddStatus:
        """Let an elite compete for the next level."""
        insert = self._pool.add(elite)
        if insert.status:
            self._holdings.hold(elite.variant)
        self._holdings.release(insert.evicted)
        return insert.status

    def _advance(self) -> None:
        """The pool becomes the level; it stays the pool as well, so that members compete with their children."""
        before = self._members
        self._members = list(self._pool)
        for elite in self._members:
            self._holdings.hold(elite.variant)
        self._holdings.release(elite.variant for elite in before)
        self._begun = [0] * len(self._members)
        self._level += 1
        self._told = 0

    def _count(self, niche: int, change: int) -> None:
        level, slot = divmod(niche, self._width)
        if level == self._level and slot < len(self._begun):
            self._begun[slot] += change

    @property
    def held(self) -> Collection[VariantId]:
        """See `Strategy`."""
        return self._holdings.held
