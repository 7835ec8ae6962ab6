"""A sweep's facts and what they add up to. A sweep is a run of kind ``"sweep"``; its cells are runs of their own.

=================  ==================================================
type               record
=================  ==================================================
``sweep.opened``   `SweepOpened`  once: all cells, before any has run
``sweep.begun``    `CellBegun`    before a cell's run is made
``sweep.ended``    `CellEnded`    a cell has its result, or cannot have one
``sweep.stopped``  `SweepStopped` the conductor left in good order
=================  ==================================================
"""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar, Literal

import msgspec

from cambrian.app.frameworks.finding import Named
from cambrian.app.workspace import LAST, Runs
from cambrian.core.budget import Budget
from cambrian.core.errors import RunNotFound, StoreDamaged, UsageError
from cambrian.core.event import Event
from cambrian.core.ids import Digest, RunId
from cambrian.version import VERSION

__all__ = ["Cell", "CellBegun", "CellEnded", "SweepOpened", "SweepStopped", "SweepView", "read_sweep"]

OPENED, BEGUN, ENDED, STOPPED = "sweep.opened", "sweep.begun", "sweep.ended", "sweep.stopped"

Reason = Literal["finished", "interrupted"]


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One run of a sweep.

    Args:
        number: from 0.
        chosen: key and value of each axis but the seed, as they were written.
        seed: of the run.
    """

    number: int
    chosen: tuple[tuple[str, str], ...]
    seed: int

    @property
    def setting(self) -> str:
        """What cells that differ only in their seed share."""
        return " ".join(f"{key}={value}" for key, value in self.chosen) or "as the task has it"

    @property
    def label(self) -> str:
        """What tells it from all other cells."""
        return " ".join([*(f"{key}={value}" for key, value in self.chosen), f"seed={self.seed}"])


class SweepOpened(msgspec.Struct, frozen=True, kw_only=True):
    """A sweep begins.

    Args:
        folder: of the task.
        task: its name.
        texts: digest of program and scorer; a sweep is not taken up again with others.
        cells: all of them, in order.
        budget: of each run, instead of the task's own.
        target: likewise.
        jobs: evaluations at a time, in each run.
        parallel: runs at a time.
        named: how a person named the task; sweeps of old have a folder only.
        version: of Cambrian.
    """

    folder: str
    task: str
    texts: Digest
    cells: tuple[Cell, ...]
    budget: Budget | None = None
    target: float | None = None
    jobs: int = 1
    parallel: int = 1
    named: Named | None = None
    version: str = VERSION


class CellBegun(msgspec.Struct, frozen=True, kw_only=True):
    """A cell's run is about to be made."""

    cell: int
    run: RunId


class CellEnded(msgspec.Struct, frozen=True, kw_only=True):
    """A cell is over.

    Args:
        cell: its number.
        error: why it has no result; empty if it has one.
    """

    cell: int
    error: str = ""


class SweepStopped(msgspec.Struct, frozen=True, kw_only=True):
    """The conductor left: everything is done, or a person stopped it."""

    reason: Reason


class SweepView(msgspec.Struct, kw_only=True):
    """A sweep, folded.

    Args:
        run: its id.
        opened: its first fact.
        runs: cell → its run, once begun.
        done: cells with a result.
        errors: cell → why it has none.
        stop: why the conductor left, if it has not been taken up again.
    """

    KIND: ClassVar[str] = "sweep"

    run: RunId
    opened: SweepOpened | None = None
    runs: dict[int, RunId] = {}
    done: set[int] = set()
    errors: dict[int, str] = {}
    stop: Reason | None = None

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All of them, in order."""
        return self.opened.cells if self.opened else ()

    @property
    def left(self) -> list[Cell]:
        """Cells without a result and without an error."""
        return [cell for cell in self.cells if cell.number not in self.done and cell.number not in self.errors]

    @property
    def settings(self) -> dict[str, list[Cell]]:
        """Setting → its cells, in order."""
        found: dict[str, list[Cell]] = {}
        for cell in self.cells:
            found.setdefault(cell.setting, []).append(cell)
        return found

    def missing(self, here: Collection[RunId]) -> list[Cell]:
        """Finished cells whose runs are not among these: deleted since, or left behind by an import."""
        return [cell for cell in self.cells if cell.number in self.done and self.runs[cell.number] not in here]

    def forget(self, cells: Collection[Cell]) -> None:
        """Take cells for not begun."""
        for cell in cells:
            self.done.discard(cell.number)
            self.runs.pop(cell.number, None)

    def apply(self, event: Event) -> None:
        """Take one event in; unknown types are passed over."""
        if event.type == OPENED:
            self.opened = msgspec.json.decode(event.data, type=SweepOpened)
        elif event.type == BEGUN:
            begun = msgspec.json.decode(event.data, type=CellBegun)
            self.runs[begun.cell], self.stop = begun.run, None
            self.done.discard(begun.cell)  # its first run was deleted, or did not come with an import
        elif event.type == ENDED:
            ended = msgspec.json.decode(event.data, type=CellEnded)
            if ended.error:
                self.errors[ended.cell] = ended.error
            else:
                self.done.add(ended.cell)
        elif event.type == STOPPED:
            self.stop = msgspec.json.decode(event.data, type=SweepStopped).reason


async def read_sweep(runs: Runs, name: str) -> SweepView:
    """A sweep by its id, the beginning of it, or ``last``, the sweep that was begun last.

    Raises:
        UsageError: it is another kind of run.
        RunNotFound: there is no such run, or it ended before its cells were written down.
        StoreDamaged: it cannot be read.
    """
    sweeps = [head for head in await runs.reader.heads() if head.kind == SweepView.KIND] if name == LAST else []
    head = max(sweeps, key=lambda head: (head.created, head.run)) if sweeps else await runs.find(name)
    if head.kind != SweepView.KIND:
        raise UsageError(
            f"run {head.run!r} is of kind {head.kind!r}, not a sweep; `cambrian runs list` shows the kinds"
        )
    view = SweepView(run=head.run)
    try:
        async for event in runs.reader.read(head.run):
            view.apply(event)
    except msgspec.MsgspecError as error:
        raise StoreDamaged(f"sweep {head.run!r} cannot be read: {error}") from error
    if view.opened is None:
        raise RunNotFound(f"sweep {head.run!r} ended before it began; begin it again with `cambrian sweep`")
    return view
