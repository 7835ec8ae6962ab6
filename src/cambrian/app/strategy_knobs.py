"""``[strategy]`` of ``task.toml`` and ``--set strategy.…``: who becomes a parent. Reads and checks, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast, get_args

from cambrian.core.errors import UsageError
from cambrian.search.strategy_config import NAMES, BeamConfig, GridConfig, Kind, Migration, StrategyConfig

from . import values
from .document import Item, Table

T = TypeVar("T")

_KINDS: tuple[Kind, ...] = get_args(Kind)
_PAIRS = "a pair [low, high] for each dimension is wanted"
_PAIRS_FIX = "write for example bounds = [[0, 2000], [0, 50]]"
_MIGRATIONS: tuple[Migration, ...] = get_args(Migration)


def read_strategy(table: Table, base: StrategyConfig) -> StrategyConfig:
    """The strategy that a table gives.

    Args:
        table: a whole ``task.toml``, or one setting.
        base: gives what the table leaves out.

    Raises:
        TaskError: a value is wrong.
    """
    section = table.table("strategy")
    if section is None:
        return base
    kind: Callable[[Item], Kind] = values.one_of(_KINDS)
    migration: Callable[[Item], Migration] = values.one_of(_MIGRATIONS)
    about = section.item("archive") or section.item("name")
    config = _checked(
        about,
        lambda: StrategyConfig(
            name=section.get("name", values.one_of(NAMES), base.name),
            archive=section.get("archive", kind, base.archive),
            islands=section.get("islands", values.count, base.islands),
            capacity=section.get("capacity", values.count, base.capacity),
            migrate_every=section.get("migrate_every", values.count, base.migrate_every),
            migration=section.get("migration", migration, base.migration),
            patience=section.get("patience", values.count, base.patience),
            plateau=section.get("plateau", values.count, base.plateau),
            proposers=section.get("proposers", values.texts, base.proposers),
            members=section.get("members", _members, base.members),
            grid=_grid(section, base.grid),
            beam=_beam(section, base.beam),
        ),
    )
    section.done()
    return config


def _members(item: Item) -> tuple[str, ...]:
    names = values.texts(item)
    allowed = tuple(name for name in NAMES if name != "portfolio")
    for name in names:
        if name not in allowed:
            raise item.about(f"{name!r} is no member", fix=f"choose from {', '.join(allowed)}", element=name)
    if not names:
        raise item.wrong("at least one strategy is wanted", fix='write members = ["islands", "beam"]')
    return names


def _grid(table: Table, base: GridConfig) -> GridConfig:
    section = table.table("grid")
    if section is None:
        return base
    dimensions = section.get("dimensions", values.texts, base.dimensions)
    old = base.bounds if dimensions == base.dimensions else ()  # bounds of other dimensions mean nothing for these
    bounds = section.item("bounds")
    config = _checked(
        bounds or section.item("dimensions"),
        lambda: GridConfig(
            dimensions=dimensions,
            bins=section.get("bins", values.count, base.bins),
            cells=section.get("cells", values.count, base.cells),
            bounds=_bounds(bounds) if bounds else old,
        ),
    )
    section.done()
    return config


def _checked(item: Item | None, make: Callable[[], T]) -> T:
    """A value whose parts are each well formed; if they do not go together, the complaint names the item."""
    try:
        return make()
    except UsageError as error:
        if item is None or type(error) is not UsageError:
            raise
        said = str(error)
        told = said if said.startswith(item.name) else f"{item.name}: {said}"
        raise item.source.error(item.keys, told, fix="correct it, or leave it out") from None


def _bounds(item: Item) -> tuple[tuple[float, float], ...]:
    """A list of pairs of numbers."""
    raw = item.value
    if not isinstance(raw, list):
        raise item.wrong(_PAIRS, fix=_PAIRS_FIX)
    return tuple(_pair(item, pair) for pair in cast("list[object]", raw))


def _pair(item: Item, raw: object) -> tuple[float, float]:
    ends = cast("list[object]", raw) if isinstance(raw, list) else []
    numbers = [float(end) for end in ends if isinstance(end, int | float) and not isinstance(end, bool)]
    if len(ends) != 2 or len(numbers) != 2:
        raise item.wrong(_PAIRS, fix=_PAIRS_FIX)
    return numbers[0], numbers[1]


def _beam(table: Table, base: BeamConfig) -> BeamConfig:
    section = table.table("beam")
    if section is None:
        return base
    config = BeamConfig(
        width=section.get("width", values.count, base.width),
        children=section.get("children", values.count, base.children),
    )
    section.done()
    return config
