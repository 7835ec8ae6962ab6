"""How a report's heat map is cut, and what is said of it. Pure."""

from __future__ import annotations

from cambrian.search.strategy_config import StrategyConfig

from .content import Lattice

__all__ = ["archive_of", "lattice_of"]


def archive_of(strategy: StrategyConfig) -> str:
    """What a strategy keeps its elites in: topk, grid, cvt, pareto, or its own name where it has no archive."""
    own = {"islands": "topk", "map_elites": "grid"}
    return (strategy.archive if strategy.name in own else None) or own.get(strategy.name, strategy.name)


def lattice_of(strategy: StrategyConfig, dimensions: int) -> Lattice:
    """The archive's own cells where the task gives them, else the page's."""
    grid, made = strategy.grid, archive_of(strategy)
    bounds = grid.bounds if len(grid.bounds) == dimensions else ()
    regular = made == "grid" or (strategy.name == "portfolio" and "map_elites" in strategy.members)
    bins = grid.bins if regular else Lattice().bins
    cells = f"{bins} parts of each dimension"
    if regular and bounds:
        told = f"The best of each cell; the cells are the archive's own, {cells} within strategy.grid.bounds."
    elif regular:
        told = (
            f"The best of each cell; {cells} as in the archive, but this page bins by itself: strategy.grid.bounds is "
            "not given, so that the archive's bounds followed what was seen."
        )
    else:
        told = f"The best of each cell; the archive's cells ({made}) are no regular grid, so this page bins by itself."
    if dimensions > 2:
        told += " Two dimensions are drawn; each cell shows the best over the others."
    return Lattice(bins=bins, bounds=bounds, told=told)
