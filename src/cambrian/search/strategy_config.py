"""The knobs of strategies, as values: the same keys as ``[strategy]`` of ``task.toml``."""

from __future__ import annotations

import math
from typing import Literal

import msgspec

from cambrian.core.checks import check_whole
from cambrian.core.errors import UsageError

Migration = Literal["ring", "random"]
"""Where an island's emigrants go: to the next one, or along a ring that is drawn anew each time."""
NAMES = (
    "islands", "map_elites", "pareto", "topk", "beam", "best_of_n", "hill_climbing", "random_restart", "random",
    "portfolio",
)  # fmt: skip
"""Every strategy; what each is made by stands in `strategies.STRATEGIES`."""

Kind = Literal["topk", "grid", "cvt", "pareto"]
"""What an island, or the map of map_elites, is made of."""
MAPS: tuple[Kind, ...] = ("grid", "cvt")
"""Those that need dimensions."""


def _at_least_one(where: str, **fields: int) -> None:
    for name, value in fields.items():
        check_whole(f"{where}.{name}", value, example=f"{name}=4")


class GridConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The map of MAP-Elites; the keys of ``[strategy.grid]``.

    Args:
        dimensions: measures or objectives that the scorer reports, or features of the source (`source.features`).
        bins: parts of each dimension (grid).
        cells: number of cells (cvt).
        bounds: lower and upper end of each dimension; empty: they follow what is seen.
    """

    dimensions: tuple[str, ...] = ("length", "complexity")
    bins: int = 12
    cells: int = 128
    bounds: tuple[tuple[float, float], ...] = ()

    def __post_init__(self) -> None:
        if not self.dimensions or len(set(self.dimensions)) < len(self.dimensions):
            raise UsageError(f"strategy.grid.dimensions is {self.dimensions!r}; name at least one, each once")
        if self.bounds and len(self.bounds) != len(self.dimensions):
            raise UsageError(
                f"strategy.grid.bounds has {len(self.bounds)!r} pairs for {len(self.dimensions)!r} dimensions; "
                f"give one [low, high] for each, or none at all"
            )
        for low, high in self.bounds:
            if not (math.isfinite(low) and math.isfinite(high) and low < high):
                raise UsageError(f"strategy.grid.bounds has {[low, high]!r}; write [low, high] with low < high")
        _at_least_one("strategy.grid", bins=self.bins, cells=self.cells)


class BeamConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rounds of children; the keys of ``[strategy.beam]``.

    Args:
        width: members of a beam.
        children: children of each member of a beam before the next level; of best_of_n: children in a round.
    """

    width: int = 4
    children: int = 8

    def __post_init__(self) -> None:
        _at_least_one("strategy.beam", width=self.width, children=self.children)


class StrategyConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The search's knobs; the same keys as ``[strategy]`` of ``task.toml``.

    Args:
        name: one of `NAMES`.
        archive: what each island is made of (islands), or the map (map_elites: grid or cvt); ``None``: the strategy's
            own, topk and grid.
        islands: number of populations (islands only).
        capacity: elites kept, per island.
        migrate_every: evaluations between two migrations (islands only).
        migration: where emigrants go (islands only), see `Migration`.
        patience: how long no progress is borne, in evaluations. islands: of one island, before it is settled anew;
            hill_climbing: sideways moves in a row; random_restart: before it starts again; portfolio: before the
            strategy that spent the most has to rest.
        plateau: stop after so many evaluations without a new best; ``None`` never.
        proposers: names of the proposers that share the budget; empty means all that fit the task. A name ending in
            a dot names a family: ``"template."``.
        members: strategies that a portfolio runs.
        grid: see `GridConfig`.
        beam: see `BeamConfig`.
    """

    name: str = "islands"
    archive: Kind | None = None
    islands: int = 4
    capacity: int = 16
    migrate_every: int = 40
    migration: Migration = "ring"
    patience: int = 60
    plateau: int | None = None
    proposers: tuple[str, ...] = ()
    members: tuple[str, ...] = ("islands", "map_elites", "hill_climbing", "beam")
    grid: GridConfig = GridConfig()
    beam: BeamConfig = BeamConfig()

    def __post_init__(self) -> None:
        if self.name not in NAMES:
            raise UsageError(f"strategy.name is {self.name!r}; choose from {', '.join(NAMES)}")
        _at_least_one(
            "strategy", islands=self.islands, capacity=self.capacity, migrate_every=self.migrate_every,
            patience=self.patience, plateau=1 if self.plateau is None else self.plateau,
        )  # fmt: skip
        if self.name == "map_elites" and self.archive not in {None, *MAPS}:
            raise UsageError(f"strategy.archive is {self.archive!r}, which is no map; map_elites takes grid or cvt")
        allowed = [name for name in NAMES if name != "portfolio"]
        for name in self.members:
            if name not in allowed:
                raise UsageError(f"strategy.members names {name!r}; choose from {', '.join(allowed)}")
        if not self.members or len(set(self.members)) < len(self.members):
            raise UsageError(f"strategy.members is {list(self.members)!r}; name at least one strategy, each once")
