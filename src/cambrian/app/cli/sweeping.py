"""``cambrian sweep``: the same task under every combination of some settings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import anyio
from cyclopts import Parameter

from cambrian.core.errors import UsageError

from . import FAILED
from .output import answer, answer_json, say

Flag = Annotated[bool, Parameter(negative="")]


def sweep(
    task: Path | None = None,
    /,
    *,
    grid: Annotated[tuple[str, ...], Parameter(negative="", consume_multiple=False)] = (),
    budget: str | None = None,
    target: float | None = None,
    jobs: int | None = None,
    parallel: int | None = None,
    resume: str | None = None,
    json: Flag = False,
    workspace: Path | None = None,
) -> int:
    """Run a task under every combination of some settings, several seeds each, and compare.

    Each cell is an ordinary run. The grid is checked whole before anything runs. Cells recall no evaluations of other
    runs, so that their CPU can be compared; --grid cache=true lets them. Ctrl-C ends in good order; what is finished
    is not run again when the sweep is taken up with --resume.

    For example:
      cambrian sweep mytask --grid 'strategy=islands,topk seed=1..5' --budget 200ev

      cambrian sweep mytask --grid strategy.islands=2,4,8 --grid seed=1..10 --parallel 2 --jobs 1

      cambrian sweep --resume last

    Parameters
    ----------
    task
        Folder of the task.
    grid
        KEY=VALUE,VALUE …: any key of --set, strategy for strategy.name, seed; 1..5 is 1,2,3,4,5. May be repeated.
    budget
        What each run may use, such as 60s,500ev. Default: the task's own.
    target
        Each run stops when the first objective reaches this value.
    jobs
        Evaluations at a time, in each run. Default: the cores that may be used, shared by the runs.
    parallel
        Runs at a time. Default: 1.
    resume
        Take up a sweep again: its id, the beginning of it, or "last".
    json
        Write an object.
    workspace
        Folder of the journal. Default: .cambrian, or CAMBRIAN_WORKSPACE.
    """
    from cambrian.app.request import check_request
    from cambrian.app.settings import read_settings
    from cambrian.app.signals import Interruptions
    from cambrian.app.sweeping.conducting import Plan, conduct, plan_resume, plan_sweep
    from cambrian.app.sweeping.telling import Progress, swept, table_of
    from cambrian.app.workspace import open_workspace
    from cambrian.journal.clock import SystemClock

    check_request(target=target, jobs=jobs)
    place = open_workspace(workspace, read_settings())
    signals = Interruptions(say, lambda: None)

    async def work(plan: Plan) -> int:
        if plan.missing:
            say(f"{plan.missing} finished cells are not in this workspace any more; they run again")
        view = await conduct(place, plan, observer=Progress(say, SystemClock()), signals=signals)
        async with place.reading() as runs:
            result = await swept(runs, view, target=target)
        if json:
            answer_json(result)
        else:
            answer(table_of(result))
        if view.left:
            option = f" --workspace {workspace}" if workspace else ""
            say(f"{len(view.left)} cells are left; go on with: cambrian sweep --resume {view.run}{option}")
        return signals.exit_code or (FAILED if view.errors or not view.done else 0)

    if resume is not None:
        _alone(task=task, grid=grid or None, budget=budget, target=target)
        return anyio.run(work, anyio.run(lambda: plan_resume(place, resume, jobs=jobs, parallel=parallel)))
    if task is None:
        raise UsageError("which task? name its folder, or --resume a sweep")
    plan = plan_sweep(task, grid, budget=budget, target=target, jobs=jobs, parallel=1 if parallel is None else parallel)
    return anyio.run(work, plan)


def _alone(**given: object) -> None:
    """Refuse what a sweep that is taken up again has already."""
    for name, value in given.items():
        if value is not None:
            what = "a task" if name == "task" else f"--{name}"
            raise UsageError(f"--resume goes with the sweep's own grid and budget; leave out {what} {value!r}")
