"""Begin a search, or take one up again: from Python and from the command line. The engine does the searching.

`evolve` and `resume` are `evolve_async` and `resume_async` for code without an event loop (`app.facade`).
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable, Sequence
from typing import Literal, TextIO

import anyio
import msgspec

from cambrian.core.budget import Budget
from cambrian.core.errors import CambrianError, TaskError, UsageError
from cambrian.core.ids import RunId
from cambrian.journal.clock import SystemClock
from cambrian.journal.holder import this_process
from cambrian.journal.ids import new_run_id
from cambrian.journal.kernel import Run
from cambrian.journal.store import Store
from cambrian.search.engine import Search
from cambrian.search.facts import OPENED, Opened
from cambrian.search.task import Task
from cambrian.search.view import Summary

from .display import DisplayName
from .display.watcher import Renderer, Watcher
from .evaluation_cache import recall_of
from .facade import blocking
from .frameworks.finding import opened_task
from .inline import materialise
from .machine import usual_jobs
from .programs import read_text
from .request import check_limits, check_request, checked
from .results import Outcome, line_of
from .settings import Settings, read_settings
from .signals import Interruptions
from .surroundings import read_surroundings
from .taskfile import apply_settings
from .workspace import Workspace, not_a_search, open_workspace

__all__ = ["Screen", "begin", "evolve", "evolve_async", "go_on", "prepare", "resume", "resume_async"]


class Screen(msgspec.Struct, frozen=True, kw_only=True):
    """Where progress goes, and whether signals are listened to.

    Args:
        renderer: draws frames; `None` draws nothing and reads nothing.
        interruptions: turns signals into words for the search; `None` leaves signals alone.
    """

    renderer: Renderer | None = None
    interruptions: Interruptions | None = None


async def evolve_async(
    task: Task | str | os.PathLike[str],
    evaluator: str | os.PathLike[str] | None = None,
    *,
    framework: str | None = None,
    config: str | os.PathLike[str] | None = None,
    budget: Budget | str | None = None,
    target: float | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    settings: Sequence[str] = (),
    workspace: str | os.PathLike[str] | None = None,
    display: DisplayName = "none",
) -> Outcome:
    """Make a program better.

    >>> outcome = cambrian.evolve("examples/circle_packing", budget="60s")  # doctest: +SKIP
    >>> outcome.best.objectives  # doctest: +SKIP
    {'sum_of_radii': 2.63}

    Args:
        task: a task's folder; a task, such as `define_task` makes; or a program of OpenEvolve, ShinkaEvolve or GEPA.
        evaluator: of such a program; by default the one beside it.
        framework: whose evaluator it is, ``"openevolve"``, ``"shinka"`` or ``"gepa"``; by default found out.
        config: the ``config.yaml`` of such a task; by default the one beside the evaluator.
        budget: of the run, instead of the task's own.
        target: value of the first objective at which to stop, instead of the task's own.
        seed: of all randomness; drawn and recorded if not given.
        jobs: evaluations at a time; by default one more than the cores that may be used, in callable mode as many.
        settings: further knobs as ``"key=value"``, see the command line's ``--set``.
        workspace: folder of the journal; by default ``.cambrian``.
        display: how progress is shown, on stderr.

    Returns:
        What was found. The run is in the workspace and can be taken up again by `resume`.

    Raises:
        TaskError: the task is wrong, or its own program gives no score.
        UsageError: an argument is wrong.
        IsolationUnavailable: this machine cannot confine programs as the task asks.
    """
    check_request(
        task=task, evaluator=evaluator, framework=framework, config=config, budget=budget, target=target, seed=seed,
        jobs=jobs, settings=settings, workspace=workspace, display=display,
    )  # fmt: skip
    environment = read_settings()
    found = opened_task(task, evaluator, framework=framework, config=config)
    chosen = prepare(found, budget=budget, target=target, settings=settings)
    screen = Screen(renderer=make_renderer(display, sys.stderr, environment))
    return await begin(open_workspace(workspace, environment), chosen, seed=seed, jobs=jobs, screen=screen)


async def resume_async(
    run: str = "last",
    *,
    budget: Budget | str | None = None,
    target: float | None = None,
    jobs: int | None = None,
    settings: Sequence[str] = (),
    workspace: str | os.PathLike[str] | None = None,
    display: DisplayName = "none",
) -> Outcome:
    """Take a run up again; nothing that is finished is evaluated twice.

    Args:
        run: its id, the beginning of it, or ``"last"``.
        budget: over all of the run, what is used already included; by default the one that it has.
        target: see `evolve`.
        jobs: see `evolve`.
        settings: see `evolve`.
        workspace: see `evolve`.
        display: see `evolve`.

    Raises:
        RunNotFound: no such run.
        LeaseHeld: another process is at it.
        TaskError: its scorer, or a file beside it, is not the one that it began with.
    """
    check_request(
        run=run, budget=budget, target=target, jobs=jobs, settings=settings, workspace=workspace, display=display
    )
    environment = read_settings()
    screen = Screen(renderer=make_renderer(display, sys.stderr, environment))
    return await go_on(
        open_workspace(workspace, environment), run, screen=screen, jobs=jobs,
        change=lambda task: prepare(task, budget=budget, target=target, settings=settings),
    )  # fmt: skip


evolve = blocking(evolve_async, "evolve")
resume = blocking(resume_async, "resume")


def prepare(
    task: Task, *, budget: Budget | str | None = None, target: float | None = None, settings: Sequence[str] = ()
) -> Task:
    """The task with what the caller wants otherwise.

    Raises:
        TaskError, UsageError: an argument is wrong.
    """
    chosen = apply_settings(task, settings)
    if budget is not None:
        chosen = msgspec.structs.replace(chosen, budget=Budget.parse(budget) if isinstance(budget, str) else budget)
    return chosen if target is None else msgspec.structs.replace(chosen, target=target)


def make_renderer(display: DisplayName | Literal["auto"], out: TextIO, environment: Settings) -> Renderer | None:
    """The renderer of that name; ``"auto"`` is live on a terminal, lines otherwise."""
    if display == "auto":
        display = "rich" if out.isatty() and not environment.dumb else "plain"
    if display == "rich":
        from .display.live import Panels

        return Panels(out, color=environment.color)
    from .display.lines import JsonLines, Plain

    return {"plain": Plain(out), "json": JsonLines(out)}.get(display)


async def begin(
    workspace: Workspace, task: Task, *, seed: int | None, jobs: int | None, screen: Screen, run: RunId | None = None
) -> Outcome:
    """Begin a run and see it through.

    Args:
        workspace: where it is kept.
        task: what is searched.
        seed: of all randomness; drawn if not given.
        jobs: evaluations at a time; by default one more than the cores that may be used, in callable mode as many.
        screen: see `Screen`.
        run: its id, by default a fresh one.

    Raises:
        TaskError, UsageError, IsolationUnavailable: it cannot begin; the workspace keeps no trace of it.
    """
    check_request(seed=seed, jobs=jobs)
    check_limits(task)
    clock, chance = SystemClock(), random.SystemRandom()
    seed = chance.getrandbits(31) if seed is None else seed
    intended = checked(Opened(task=task, seed=seed, jobs=usual_jobs(task) if jobs is None else jobs))
    async with workspace.writing() as store:
        task = materialise(task, workspace.tasks)
        intended = msgspec.structs.replace(intended, task=task)
        made = await Run.create(
            store, kind="search", data=intended, clock=clock, holder=this_process(),
            run=run or new_run_id(clock.wall(), chance),
        )  # fmt: skip
        try:
            async with made:
                search = Search(
                    run=made, task=task, seed=seed, jobs=intended.jobs, clock=clock,
                    recall=recall_of(task, workspace.cache), surroundings=read_surroundings(task),
                )  # fmt: skip
                await _see_through(search, store, made.id, screen)
        except CambrianError:
            await _forget_if_never_opened(store, made.id)
            raise
    return await _told(workspace, made.id)


async def go_on(
    workspace: Workspace, name: str, *, change: Callable[[Task], Task], jobs: int | None, screen: Screen
) -> Outcome:
    """Take a run up again and see it through.

    Args:
        workspace: where it is kept.
        name: see `Runs.find`.
        change: what is wanted otherwise of its task.
        jobs: evaluations at a time; by default as many as it had.
        screen: see `Screen`.

    Raises:
        UsageError: the run is no search, or its own program has no score to go on from.
        StoreDamaged: it cannot be read.
    """
    check_request(jobs=jobs)
    async with workspace.reading() as runs:
        head = await runs.find(name)
        if head.kind != "search":
            raise not_a_search(head)
        view = await runs.summary(head.run)
    opened = view.opened or view.intended
    if opened is None:
        raise UsageError(f"run {head.run!r} ended before it was written down what it should be; begin it again")
    if view.has_no_start:
        raise UsageError(
            f"run {head.run!r} failed: the task's own program gives no score, so there is nothing to go on from; "
            f"correct the program and begin a new run with `cambrian evolve {opened.task.folder}`"
        )
    task = checked(change(_with_scorer_of_today(view.task or opened.task)))
    clock = SystemClock()
    async with workspace.writing() as store:
        run = await Run.resume(store, head.run, clock=clock, holder=this_process())
        async with run:
            search = Search(
                run=run, task=task, seed=opened.seed, jobs=jobs or opened.jobs, clock=clock,
                recall=recall_of(task, workspace.cache), surroundings=read_surroundings(task),
            )  # fmt: skip
            await _see_through(search, store, run.id, screen, past=view)
    return await _told(workspace, head.run)


async def _see_through(
    search: Search, store: Store, run: RunId, screen: Screen, *, past: Summary | None = None
) -> None:
    """Search, with somebody watching and signals taken, until it ends."""
    watcher = Watcher(store, run, SystemClock(), past)
    failure: CambrianError | None = None
    renderer = screen.renderer
    try:
        async with anyio.create_task_group() as group:
            if screen.interruptions is not None:
                group.start_soon(screen.interruptions.watch, search)
            if renderer is not None:
                group.start_soon(watcher.watch, renderer)
            try:
                await search.run()
            except CambrianError as error:  # out of the group's wrapping
                failure = error
            group.cancel_scope.cancel()
        if renderer is not None:
            await watcher.look_last(renderer)
    finally:
        if renderer is not None:
            renderer.close()
    if failure is not None:
        raise failure


async def _forget_if_never_opened(store: Store, run: RunId) -> None:
    """A run that could not begin is no run."""
    async for _ in store.read(run, types={OPENED}, limit=1):
        return
    await store.gc(delete=[run], now=SystemClock().wall())


async def _told(workspace: Workspace, run: RunId) -> Outcome:
    async with workspace.reading() as runs:
        (head,) = await runs.reader.heads(run)
        outcome = await runs.outcome(run)
    if outcome.status != "running":  # somebody else may have taken it up again already
        workspace.listing.keep(head, line_of(outcome))
    return outcome


def _with_scorer_of_today(task: Task) -> Task:
    """The recorded task with the text that its evaluator has now; the search refuses another one than it began with."""
    file = task.path / task.evaluator
    if not file.is_file():
        raise TaskError("the run's scorer is gone", path=str(file), fix="put the task's folder back where it was")
    return msgspec.structs.replace(task, evaluator_text=read_text(file))
