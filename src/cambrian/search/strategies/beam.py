"""Beam search: every member has so many children, then the best of all are the next level."""

from __future__ import annotations

from collections.abc import Collection
from random import Random

from cambrian.core.ids import VariantId
from cambrian.search.archives import Elite, Insert, Rank, TopK, draw_different
from cambrian.search.archives.archive import REFUSED, revised
from cambrian.search.archives.holdings import Holdings
from cambrian.search.facts import AddStatus
from cambrian.search.strategy_config import StrategyConfig

from .strategy import Ask, Strategy, Told

LEVELS = 2
"""Levels that a member may stand in."""
UNLIKELY = 0.05
"""Weight of a member that has its children already, and chance that the next level's candidates are asked early: if
nothing new can be made of those whose turn it is, the search goes on with these."""


class Beam(Strategy):
    """Up to `beam.width` members, each with `beam.children` children before the next level.

    The best of members and children are the next level. A member that stood in `LEVELS` levels makes room for its
    children, whatever they are, so that a level whose children are all worse is left; the best of all is held, and
    comes back as a parent only if it is among the children. Members that lack children are asked for first. Children
    that come late belong to the level of the day. Niches count levels and members.
    """

    def __init__(self, config: StrategyConfig) -> None:
        self._width, self._children = config.beam.width, config.beam.children
        self._level = 0
        self._told = 0
        self._begun: list[int] = []
        self._members: list[Elite] = []
        self._ages: dict[VariantId, int] = {}
        self._best: Elite | None = None
        self._pool = TopK(self._width)
        self._holdings = Holdings()

    def ask(self, count: int, rng: Random) -> Ask:
        """See `Strategy`: the member first, then others of its level by chance."""
        if not self._members:
            raise LookupError("the beam is empty: tell the initial program first")
        if rng.random() < UNLIKELY and len(self._pool):
            return Ask(parents=tuple(elite.variant for elite in draw_different(self._pool, count, rng)), niche=0)
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

    def revise(self, variant: VariantId, rank: Rank) -> tuple[VariantId, ...]:
        """See `Strategy`."""
        self._pool.revise(variant, rank)
        self._members = [revised(member, variant, rank) for member in self._members]
        self._best = self._best and revised(self._best, variant, rank)
        return ()

    @property
    def best(self) -> Elite | None:
        """See `Strategy`."""
        standing = [*self._members, self._pool.best, self._best]
        return max((elite for elite in standing if elite is not None), key=lambda elite: elite.row, default=None)

    def _take(self, elite: Elite) -> AddStatus:
        """Let an elite compete for the next level."""
        insert = self._pool.add(elite)
        if insert.status:
            self._holdings.hold(elite.variant)
        self._holdings.release(insert.evicted)
        if self._best is None or elite.rank > self._best.rank:
            self._holdings.hold(elite.variant)
            self._holdings.release((self._best.variant,) if self._best else ())
            self._best = elite
        return insert.status

    def _advance(self) -> None:
        """The pool becomes the level; those who may stay for another one compete with their children."""
        level = list(self._pool)
        if not level:
            return
        self._ages = {elite.variant: self._ages.get(elite.variant, 0) + 1 for elite in level}
        for elite in level:
            self._holdings.hold(elite.variant)
        self._holdings.release(elite.variant for elite in self._members)
        self._members = level
        self._begun = [0] * len(level)
        self._level += 1
        self._told = 0
        self._pool = TopK(self._width)
        for elite in level:
            if self._ages[elite.variant] < LEVELS:
                self._take(elite)
        self._holdings.release(elite.variant for elite in level)

    def _count(self, niche: int, change: int) -> None:
        level, slot = divmod(niche, self._width)
        if level == self._level and slot < len(self._begun):
            self._begun[slot] += change

    @property
    def held(self) -> Collection[VariantId]:
        """See `Strategy`."""
        return self._holdings.held
