"""Strategies that are one archive: children go into it, parents are drawn from it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from random import Random

from cambrian.core.ids import VariantId
from cambrian.search.archives import (
    CVT,
    Archive,
    Elite,
    Grid,
    Insert,
    Pareto,
    Rank,
    Scale,
    TopK,
    draw_different,
    spread,
)
from cambrian.search.archives.archive import REFUSED
from cambrian.search.strategy_config import Kind, StrategyConfig

from .strategy import Ask, Strategy, Told


def archive_maker(kind: Kind, config: StrategyConfig) -> Callable[[], Archive]:
    """What makes an empty archive of a kind."""
    grid = config.grid
    if kind == "topk":
        return lambda: TopK(config.capacity)
    if kind == "pareto":
        return lambda: Pareto(config.capacity)
    if kind == "grid":
        return lambda: Grid(Scale(grid.bounds), bins=grid.bins)
    centroids = spread(grid.cells, len(grid.dimensions))
    return lambda: CVT(Scale(grid.bounds), centroids)


class Archived(Strategy):
    """One archive.

    Args:
        archive: an empty one.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def ask(self, count: int, rng: Random) -> Ask:
        """See `Strategy`."""
        return Ask(parents=tuple(elite.variant for elite in draw_different(self._archive, count, rng)), niche=0)

    def tell(self, told: Told) -> Insert:
        """See `Strategy`."""
        return self._archive.add(told.elite) if told.elite else REFUSED

    def hear(self, elite: Elite) -> Insert:
        """See `Strategy`: whoever found it, it belongs here or it does not."""
        return self._archive.add(elite)

    def revise(self, variant: VariantId, rank: Rank) -> tuple[VariantId, ...]:
        """See `Strategy`."""
        return self._archive.revise(variant, rank)

    @property
    def best(self) -> Elite | None:
        """See `Strategy`."""
        return self._archive.best

    @property
    def held(self) -> Collection[VariantId]:
        """See `Strategy`."""
        return self._archive.held


class TopKStrategy(Archived):
    """The best of all; better ones become parents more often."""

    def __init__(self, config: StrategyConfig) -> None:
        super().__init__(archive_maker("topk", config)())


class ParetoStrategy(Archived):
    """Those that no other beats in every objective; each becomes a parent as often as any other."""

    def __init__(self, config: StrategyConfig) -> None:
        super().__init__(archive_maker("pareto", config)())


class MapElites(Archived):
    """The best of each kind of program; each becomes a parent as often as any other."""

    def __init__(self, config: StrategyConfig) -> None:
        self.dimensions = config.grid.dimensions
        super().__init__(archive_maker(config.archive or "grid", config)())
