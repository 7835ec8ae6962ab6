"""What a person calls a side → its runs: a run, several runs, a sweep's settings, or some cells of a sweep."""

from __future__ import annotations

from collections.abc import Sequence

from cambrian.app.sweeping.view import SweepView, read_sweep
from cambrian.app.workspace import Runs
from cambrian.core.errors import RunNotFound, UsageError

from .comparing import Group

__all__ = ["groups_of", "settings_of"]


async def groups_of(runs: Runs, names: Sequence[str]) -> list[Group]:
    """The sides that a person named.

    Args:
        runs: the workspace's.
        names: each a run, runs joined by commas, ``SWEEP`` (all of its settings), or ``SWEEP:key=value,…`` (the cells
            with those settings).

    Raises:
        UsageError: a name cannot be understood, a sweep has no finished cell there, or a side is named twice.
        RunNotFound: no such run.
    """
    found: list[Group] = []
    for name in names:
        found += await _groups(runs, name)
    if len({group.name for group in found}) < len(found):
        raise UsageError(f"the same side is named twice: {', '.join(names)}")
    return found


async def _groups(runs: Runs, name: str) -> list[Group]:
    start, colon, chosen = name.partition(":")
    if colon:
        view = await _whole(runs, start)
        return [_chosen(view, name, [part.strip() for part in chosen.split(",")])]
    heads = [await runs.find(part.strip()) for part in name.split(",")]
    if len(heads) == 1 and heads[0].kind == SweepView.KIND:
        return settings_of(await _whole(runs, heads[0].run))
    return [Group(", ".join(head.run for head in heads), tuple(head.run for head in heads))]


async def _whole(runs: Runs, name: str) -> SweepView:
    """A sweep all of whose finished cells are here."""
    view = await read_sweep(runs, name)
    missing = view.missing({head.run for head in await runs.reader.heads()})
    if missing:
        cell = missing[0]
        raise RunNotFound(
            f"{len(missing)} finished cells of sweep {view.run!r} are not in this workspace, such as {cell.label!r} "
            f"(run {view.runs[cell.number]!r}); import them, or run them again: cambrian sweep --resume {view.run}"
        )
    return view


def settings_of(view: SweepView) -> list[Group]:
    """The settings of a sweep, each with its finished cells.

    Raises:
        UsageError: no cell is finished.
    """
    found = [
        Group(setting, tuple(view.runs[cell.number] for cell in cells if cell.number in view.done))
        for setting, cells in view.settings.items()
    ]
    if not any(group.runs for group in found):
        raise UsageError(f"no cell of sweep {view.run!r} is finished yet")
    return [group for group in found if group.runs]


def _chosen(view: SweepView, name: str, wanted: Sequence[str]) -> Group:
    known = {f"{key}={value}" for cell in view.cells for key, value in cell.chosen}
    unknown = [part for part in wanted if part not in known]
    if unknown:
        raise UsageError(f"sweep {view.run!r} has nothing with {unknown[0]!r}; choose from {', '.join(sorted(known))}")
    cells = [cell for cell in view.cells if set(wanted) <= {f"{key}={value}" for key, value in cell.chosen}]
    runs = tuple(view.runs[cell.number] for cell in cells if cell.number in view.done)
    if not runs:
        raise UsageError(f"no cell of {name!r} is finished yet")
    return Group(name, runs)
