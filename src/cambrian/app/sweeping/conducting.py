"""Runs the cells of a sweep, some at a time. Every cell is an ordinary run; what is finished is never run again."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

import anyio
import msgspec

from cambrian.app.evolution import Screen, begin, go_on, prepare
from cambrian.app.frameworks.finding import Named
from cambrian.app.machine import usable_cores
from cambrian.app.request import check_limits
from cambrian.app.results import Outcome
from cambrian.app.signals import Interruptions, Stoppable
from cambrian.app.workspace import Workspace
from cambrian.core.budget import Budget
from cambrian.core.errors import CambrianError, TaskError, UsageError
from cambrian.core.event import fact
from cambrian.core.ids import Digest, RunId, digest
from cambrian.journal.clock import SystemClock
from cambrian.journal.holder import this_process
from cambrian.journal.ids import new_run_id
from cambrian.journal.kernel import Run
from cambrian.search.task import Task

from .grid import ALONE, cells_of, parse_grid, settings_of
from .view import (
    BEGUN,
    ENDED,
    OPENED,
    STOPPED,
    Cell,
    CellBegun,
    CellEnded,
    SweepOpened,
    SweepStopped,
    SweepView,
    read_sweep,
)

__all__ = ["Observer", "Plan", "conduct", "plan_resume", "plan_sweep"]


class Observer(Protocol):
    """Is told what happens. May only watch."""

    def begun(self, view: SweepView, parallel: int) -> None:
        """Cells are about to run."""
        ...

    def ended(self, view: SweepView, cell: Cell, outcome: Outcome | None, error: str) -> None:
        """A cell is over; without an outcome it failed."""
        ...


class Plan(NamedTuple):
    """A sweep that can run: what is to be, what was already (``None`` for a new one), the task, cells that are gone."""

    opened: SweepOpened
    past: SweepView | None
    task: Task
    missing: int = 0


def plan_sweep(
    named: Named, grid: Sequence[str], *, budget: str | None, target: float | None, jobs: int | None, parallel: int
) -> Plan:
    """A new sweep. Reads the task, runs nothing.

    Raises:
        TaskError: the task is wrong.
        UsageError: the grid or an option is wrong; names the value.
    """
    if parallel < 1:
        raise UsageError(f"--parallel is {parallel!r}; a number from 1 is wanted")
    task = named.open()
    each = None if budget is None else Budget.parse(budget)
    seed = random.SystemRandom().getrandbits(31)
    cells = cells_of(parse_grid(grid), task, budget=budget, target=target, seed=seed)
    for chosen in dict.fromkeys(cell.chosen for cell in cells):
        check_limits(prepare(task, settings=settings_of(chosen)))
    share = max(1, usable_cores() // parallel) if jobs is None else jobs
    opened = SweepOpened(
        folder=task.folder, task=task.name, texts=_texts(task), cells=tuple(cells), budget=each, target=target,
        jobs=share, parallel=parallel, named=named.absolute,
    )  # fmt: skip
    return Plan(opened, None, task)


async def plan_resume(workspace: Workspace, name: str, *, jobs: int | None, parallel: int | None) -> Plan:
    """A sweep to be taken up again; a finished cell whose run is not in the workspace is to run again.

    Raises:
        RunNotFound, UsageError: see `read_sweep`.
        TaskError: the task's program or scorer is not the one that the sweep began with.
    """
    async with workspace.reading() as runs:
        view = await read_sweep(runs, name)
        missing = view.missing({head.run for head in await runs.reader.heads()})
    view.forget(missing)
    opened = view.opened
    if opened is None:
        raise AssertionError("read_sweep gives sweeps that have begun")
    task = (opened.named or Named(path=opened.folder)).open()
    if _texts(task) != opened.texts:
        raise TaskError(
            f"program or scorer are not those that sweep {view.run!r} began with, so its cells could not be compared",
            path=opened.folder, fix="put the old texts back, or begin a new sweep",
        )  # fmt: skip
    changed = msgspec.structs.replace(
        opened, jobs=opened.jobs if jobs is None else jobs, parallel=parallel or opened.parallel
    )
    return Plan(changed, view, task, len(missing))


def _texts(task: Task) -> Digest:
    return digest(msgspec.json.encode([sorted(task.program.items()), task.evaluator_text, task.problem]))


async def conduct(
    workspace: Workspace, plan: Plan, *, observer: Observer, signals: Interruptions | None = None
) -> SweepView:
    """Run what is left of a sweep.

    Args:
        workspace: where it is kept.
        plan: what to run.
        observer: is told.
        signals: turns signals into words for all cells at once; `None` leaves signals alone.

    Raises:
        LeaseHeld: another process conducts it.
    """
    clock = SystemClock()
    async with workspace.writing() as store:
        if plan.past is None:
            run = await Run.create(
                store, kind=SweepView.KIND, data={}, clock=clock, holder=this_process(),
                run=new_run_id(clock.wall(), random.SystemRandom()),
            )  # fmt: skip
        else:
            run = await Run.resume(store, plan.past.run, clock=clock, holder=this_process())
        async with run:
            if plan.past is None:
                await run.append(fact(OPENED, plan.opened))
            view = plan.past or SweepView(run=run.id)
            view.opened = plan.opened
            await _Conductor(workspace, plan, run, view, observer).run(signals)
    return view


class _Conductor:
    """The cells of one sweep in this process; to signals it is one search."""

    def __init__(self, workspace: Workspace, plan: Plan, run: Run, view: SweepView, observer: Observer) -> None:
        self._workspace, self._plan, self._run = workspace, plan, run
        self._view, self._observer = view, observer
        self._waiting = view.left
        self._searches: list[Stoppable] = []
        self.stopping = False

    def finish(self) -> None:
        """Begin no more cells; what is in flight in each running one ends."""
        self.stopping = True
        for search in self._searches:
            search.finish()

    def cancel(self) -> None:
        """Begin no more cells; what is in flight is killed."""
        self.stopping = True
        for search in self._searches:
            search.cancel()

    async def run(self, signals: Interruptions | None) -> None:
        """Run all that is left, or until somebody stops it."""
        self._observer.begun(self._view, self._plan.opened.parallel)
        async with anyio.create_task_group() as watching:
            if signals is not None:
                watching.start_soon(signals.watch, self)
            async with anyio.create_task_group() as workers:
                for _ in range(min(self._plan.opened.parallel, len(self._waiting))):
                    workers.start_soon(self._work)
            watching.cancel_scope.cancel()
        reason = "interrupted" if self._view.left else "finished"
        self._view.stop = reason
        await self._run.append(fact(STOPPED, SweepStopped(reason=reason)))

    async def _work(self) -> None:
        while self._waiting and not self.stopping:
            await self._cell(self._waiting.pop(0))

    async def _cell(self, cell: Cell) -> None:
        outcome, error = None, ""
        try:
            outcome = await self._search(cell)
        except CambrianError as wrong:
            error = str(wrong)
        if outcome is not None and outcome.status != "finished":
            return  # stopped by a person: it is taken up again with the sweep
        await self._run.append(fact(ENDED, CellEnded(cell=cell.number, error=error)))
        if error:
            self._view.errors[cell.number] = error
        else:
            self._view.done.add(cell.number)
        self._observer.ended(self._view, cell, outcome, error)

    async def _search(self, cell: Cell) -> Outcome:
        """Begin the cell's run, or go on with the one that it has."""
        opened, screen = self._plan.opened, Screen(interruptions=_Link(self._searches, lambda: self.stopping))
        run = self._view.runs.get(cell.number)
        if run is not None and await self._is_there(run):
            return await go_on(self._workspace, run, change=_as_it_is, jobs=opened.jobs, screen=screen)
        if run is None:
            run = new_run_id(SystemClock().wall(), random.SystemRandom())
            await self._run.append(fact(BEGUN, CellBegun(cell=cell.number, run=run)))
            self._view.runs[cell.number] = run
        return await begin(self._workspace, self._task(cell), seed=cell.seed, jobs=opened.jobs, screen=screen, run=run)

    def _task(self, cell: Cell) -> Task:
        """The task as this cell has it; its name tells the cell in lists."""
        opened = self._plan.opened
        settings = settings_of(cell.chosen)
        if "cache" not in dict(cell.chosen):
            settings.append(ALONE)
        task = prepare(self._plan.task, budget=opened.budget, target=opened.target, settings=settings)
        return msgspec.structs.replace(task, name=f"{task.name} [{cell.label}]")

    async def _is_there(self, run: RunId) -> bool:
        """Whether the run was made before the process that wanted to make it died."""
        async with self._workspace.reading() as runs:
            return bool(await runs.reader.heads(run))


def _as_it_is(task: Task) -> Task:
    return task


class _Link(Interruptions):
    """Ties a cell's search to the conductor instead of to the signals of the process."""

    def __init__(self, searches: list[Stoppable], is_stopping: Callable[[], bool]) -> None:
        super().__init__(lambda _: None, lambda: None)
        self._searches, self._is_stopping = searches, is_stopping

    async def watch(self, search: Stoppable) -> None:
        """Be one of those that are told to stop, until cancelled."""
        self._searches.append(search)
        try:
            if self._is_stopping():
                search.finish()
            await anyio.sleep_forever()
        finally:
            self._searches.remove(search)
