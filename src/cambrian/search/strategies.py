"""Strategies: who becomes a parent, and where a child belongs. Ask/tell, no I/O.

A strategy's state is a function of its configuration and of the `tell`s in order; randomness is handed in. So a
resume that tells it the recorded outcomes stands where the search stood.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from random import Random

import msgspec

from cambrian.core.errors import UsageError
from cambrian.core.ids import VariantId

from .archive import Elite, TopK
from .facts import AddStatus
from .task import StrategyConfig


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """A strategy's answer: parents, best first, and the niche that the child will belong to."""

    parents: tuple[VariantId, ...]
    niche: int


class Strategy(ABC):
    """Chooses parents and places children. The first variant told is the initial program."""

    @abstractmethod
    def ask(self, count: int, rng: Random) -> Ask:
        """Choose up to `count` different parents.

        Raises:
            LookupError: nothing has been told yet.
        """

    @abstractmethod
    def tell(self, elite: Elite, niche: int) -> AddStatus:
        """Take in a variant that was evaluated well."""

    @abstractmethod
    def kept(self) -> set[VariantId]:
        """Every variant that `ask` may still name."""


def by_rank(archive: TopK, count: int, rng: Random) -> tuple[VariantId, ...]:
    """Draw different elites, better ones more often: the weight of the i-th best is 1/(i+1)."""
    pool = list(archive)
    chosen: list[Elite] = []
    while pool and len(chosen) < count:
        weights = [1 / (index + 1) for index in range(len(pool))]
        [elite] = rng.choices(pool, weights)
        pool.remove(elite)
        chosen.append(elite)
    if not chosen:
        raise LookupError("the archive is empty: tell the initial program first")
    return tuple(elite.variant for elite in sorted(chosen, key=lambda item: item.order, reverse=True))


class TopKStrategy(Strategy):
    """One archive of the best; parents drawn by rank."""

    def __init__(self, config: StrategyConfig) -> None:
        self._archive = TopK(config.capacity)

    def ask(self, count: int, rng: Random) -> Ask:
        """See `Strategy`."""
        return Ask(parents=by_rank(self._archive, count, rng), niche=0)

    def tell(self, elite: Elite, niche: int) -> AddStatus:
        """See `Strategy`."""
        del niche
        return self._archive.add(elite)

    def kept(self) -> set[VariantId]:
        """See `Strategy`."""
        return {elite.variant for elite in self._archive}


class RandomStrategy(Strategy):
    """The baseline: every child is a child of the initial program, so nothing accumulates.

    What it finds is what the proposers find by themselves. A strategy that does not beat it adds nothing.
    """

    def __init__(self, config: StrategyConfig) -> None:
        self._initial: VariantId | None = None
        self._archive = TopK(config.capacity)

    def ask(self, count: int, rng: Random) -> Ask:
        """See `Strategy`."""
        del count, rng
        if self._initial is None:
            raise LookupError("the archive is empty: tell the initial program first")
        return Ask(parents=(self._initial,), niche=0)

    def tell(self, elite: Elite, niche: int) -> AddStatus:
        """See `Strategy`."""
        del niche
        self._initial = self._initial or elite.variant
        return self._archive.add(elite)

    def kept(self) -> set[VariantId]:
        """See `Strategy`."""
        return {elite.variant for elite in self._archive} | ({self._initial} if self._initial else set())


class IslandsStrategy(Strategy):
    """Several populations that breed apart; every `migrate_every` children the best of each moves to the next (ring).

    Tanese, R. (1989), Distributed genetic algorithms. Islands are drawn evenly, so that each really gets children.
    """

    def __init__(self, config: StrategyConfig) -> None:
        self._islands = [TopK(config.capacity) for _ in range(config.islands)]
        self._migrate_every = config.migrate_every
        self._told = 0

    def ask(self, count: int, rng: Random) -> Ask:
        """See `Strategy`."""
        niche = rng.randrange(len(self._islands))
        return Ask(parents=by_rank(self._islands[niche], count, rng), niche=niche)

    def tell(self, elite: Elite, niche: int) -> AddStatus:
        """See `Strategy`."""
        self._told += 1
        if self._told == 1:  # the initial program settles every island
            return max([island.add(elite) for island in self._islands])
        status = self._islands[niche].add(elite)
        if self._told % self._migrate_every == 0:
            self._migrate()
        return status

    def _migrate(self) -> None:
        emigrants = [island.best for island in self._islands]
        for index, elite in enumerate(emigrants):
            if elite is not None:
                self._islands[(index + 1) % len(self._islands)].add(elite)

    def kept(self) -> set[VariantId]:
        """See `Strategy`."""
        return {elite.variant for island in self._islands for elite in island}


STRATEGIES: dict[str, type[IslandsStrategy] | type[TopKStrategy] | type[RandomStrategy]] = {
    "islands": IslandsStrategy,
    "topk": TopKStrategy,
    "random": RandomStrategy,
}


def make_strategy(config: StrategyConfig) -> Strategy:
    """The strategy of a configuration.

    Raises:
        UsageError: no such strategy.
    """
    kind = STRATEGIES.get(config.name)
    if kind is None:
        raise UsageError(f"strategy.name is {config.name!r}; choose from {', '.join(STRATEGIES)}")
    return kind(config)
