"""Strategies that stand at one point: hill climbing, random restart, best of n, and the random baseline."""

from __future__ import annotations

from collections.abc import Collection
from random import Random

from cambrian.core.ids import VariantId
from cambrian.search.archives import Elite, Insert, Rank
from cambrian.search.archives.archive import REFUSED
from cambrian.search.strategy_config import StrategyConfig

from .slots import Slots
from .strategy import Ask, Strategy, Told

HERE, INITIAL, BEST, CHAMPION = "here", "initial", "best", "champion"


class Single(Strategy):
    """The parent is who stands at ``HERE``. Niches are numbers of rounds."""

    def __init__(self) -> None:
        self._slots = Slots()
        self._round = 0
        self._told = 0

    def ask(self, count: int, rng: Random) -> Ask:
        """See `Strategy`."""
        del count, rng
        return Ask(parents=(self._slots.need(HERE).variant,), niche=self._round)

    def revise(self, variant: VariantId, rank: Rank) -> tuple[VariantId, ...]:
        """See `Strategy`."""
        self._slots.revise(variant, rank)
        return ()

    @property
    def best(self) -> Elite | None:
        """See `Strategy`."""
        return self._slots.best

    @property
    def held(self) -> Collection[VariantId]:
        """See `Strategy`."""
        return self._slots.held


class RandomStrategy(Single):
    """The baseline: every child is a child of the initial program, so nothing accumulates.

    What it finds is what the proposers find by themselves. A strategy that does not beat it adds nothing.
    """

    def __init__(self, config: StrategyConfig) -> None:
        super().__init__()
        del config

    def tell(self, told: Told) -> Insert:
        """See `Strategy`."""
        if told.elite is None:
            return REFUSED
        kept = self._slots.raised(BEST, told.elite)
        if self._slots.get(HERE) is None:
            self._slots.put(HERE, told.elite)
        return self._slots.answer(kept=kept)


class HillClimbing(Single):
    """Goes to the first child that is better, and up to `patience` times in a row to one that is as good."""

    def __init__(self, config: StrategyConfig) -> None:
        super().__init__()
        self._patience = config.patience
        self._sideways = 0

    def tell(self, told: Told) -> Insert:
        """See `Strategy`."""
        if told.elite is None:
            self._told += not told.cancelled
            return REFUSED
        self._told += 1
        return self._go(told.elite)

    def _go(self, elite: Elite) -> Insert:
        here = self._slots.get(HERE)
        better = here is None or elite.rank > here.rank
        sideways = here is not None and elite.rank == here.rank and self._sideways < self._patience
        if not (better or sideways):
            return REFUSED
        self._sideways = 0 if better else self._sideways + 1
        self._told = 0 if better else self._told
        self._slots.put(HERE, elite)
        return self._slots.answer(kept=True)

    def hear(self, elite: Elite) -> Insert:
        """See `Strategy`: it goes where others are once its own climb has found nothing for `patience` children."""
        here = self._slots.get(HERE)
        if here is not None and (self._told < self._patience or elite.rank <= here.rank):
            return REFUSED
        return self._go(elite)


class RandomRestart(Single):
    """Climbs from the initial program; after `patience` children without a better one it starts from there again.

    It does not hear of what others find: that its climbs are independent is what it is good for.
    """

    def __init__(self, config: StrategyConfig) -> None:
        super().__init__()
        self._patience = config.patience

    def tell(self, told: Told) -> Insert:
        """See `Strategy`."""
        if told.cancelled:
            return REFUSED
        if self._slots.get(INITIAL) is None:
            return self._begin(told.elite) if told.elite else REFUSED
        kept = told.elite is not None and self._slots.raised(BEST, told.elite)
        if told.niche == self._round:  # a late child of an earlier climb is no step of this one
            kept = self._step(told.elite) or kept
        return self._slots.answer(kept=kept)

    def _begin(self, elite: Elite) -> Insert:
        for name in (INITIAL, HERE, BEST):
            self._slots.put(name, elite)
        return self._slots.answer(kept=True)

    def _step(self, elite: Elite | None) -> bool:
        if elite is not None and self._slots.raised(HERE, elite):
            self._told = 0
            return True
        self._told += 1
        if self._told >= self._patience:
            self._round, self._told = self._round + 1, 0
            self._slots.put(HERE, self._slots.get(INITIAL))
        return False


class BestOfN(Single):
    """Makes `beam.children` children of one parent, then the best of them is the next parent if it is better.

    The honest baseline of a search: what it reaches with the same evaluations needs no population.
    """

    def __init__(self, config: StrategyConfig) -> None:
        super().__init__()
        self._children = config.beam.children

    def tell(self, told: Told) -> Insert:
        """See `Strategy`."""
        if told.cancelled:
            return REFUSED
        if self._slots.get(HERE) is None:
            return self._begin(told.elite)
        kept = told.elite is not None and self._slots.raised(CHAMPION, told.elite)
        self._told += 1
        if self._told >= self._children:
            self._round, self._told = self._round + 1, 0
            self._slots.put(HERE, self._slots.get(CHAMPION))
        return self._slots.answer(kept=kept)

    def hear(self, elite: Elite) -> Insert:
        """See `Strategy`: it takes part in the round as if it were one of the children, uncounted."""
        if self._slots.get(HERE) is None:
            return self._begin(elite)
        return self._slots.answer(kept=self._slots.raised(CHAMPION, elite))

    def _begin(self, elite: Elite | None) -> Insert:
        if elite is None:
            return REFUSED
        self._slots.put(HERE, elite)
        self._slots.put(CHAMPION, elite)
        return self._slots.answer(kept=True)
