"""``cambrian sweep``: the same task under every combination of some settings."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import anyio
from cyclopts import Parameter

from cambrian.app.display.width import width_of
from cambrian.core.errors import UsageError
from cambrian.core.quantity import format_size

from . import FAILED
from .options import OWN, Origin
from .output import answer, answer_json, say

if TYPE_CHECKING:
    from cambrian.app.frameworks.finding import Named
    from cambrian.app.sweeping.conducting import Plan
    from cambrian.app.workspace import Workspace

Flag = Annotated[bool, Parameter(negative="")]


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Cells:
    """What a sweep runs."""

    grid: Annotated[
        tuple[str, ...],
        Parameter(
            negative="",
            consume_multiple=False,
            help="KEY=VALUE,VALUE …: any key of --set, strategy for strategy.name, seed; 1..5 is 1,2,3,4,5. "
            "May be repeated.",
        ),
    ] = ()
    budget: Annotated[
        str | None, Parameter(help="What each run may use, such as 60s,500ev. Default: the task's own.")
    ] = None
    target: Annotated[float | None, Parameter(help="Each run stops when the first objective reaches this value.")] = (
        None
    )
    jobs: Annotated[
        int | None,
        Parameter(help="Evaluations at a time, in each run. Default: the cores that may be used, shared by the runs."),
    ] = None
    parallel: Annotated[int | None, Parameter(help="Runs at a time. Default: 1.")] = None

    def begun(self, named: Named) -> Plan:
        """A sweep from its beginning."""
        from cambrian.app.sweeping.conducting import plan_sweep

        at_once = 1 if self.parallel is None else self.parallel
        return plan_sweep(
            named, self.grid, budget=self.budget, target=self.target, jobs=self.jobs, parallel=at_once
        )  # fmt: skip

    def resumed(
        self, resume: str, task: Path | None, evaluator: Path | None, origin: Origin, workspace: Path | None
    ) -> Plan:
        """An earlier sweep taken up again, which takes nothing that says what to run."""
        from cambrian.app.sweeping.conducting import plan_resume

        _alone(
            task=task, evaluator=evaluator, framework=origin.framework, config=origin.config, grid=self.grid or None,
            budget=self.budget, target=self.target,
        )  # fmt: skip
        place = _place(workspace)
        return anyio.run(lambda: plan_resume(place, resume, jobs=self.jobs, parallel=self.parallel))


USUAL_CELLS = Cells()
"""Nothing asked for."""


def sweep(
    task: Path | None = None,
    evaluator: Path | None = None,
    /,
    *,
    origin: Origin = OWN,
    cells: Cells = USUAL_CELLS,
    resume: str | None = None,
    report: Path | None = None,
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

      cambrian sweep --resume last --report sweep.html

    Parameters
    ----------
    task
        Folder of the task, or program of a task of OpenEvolve, ShinkaEvolve or GEPA.
    evaluator
        The evaluator of such a task. Default: evaluator.py or evaluate.py beside the program.
    resume
        Take up a sweep again: its id, the beginning of it, or "last".
    report
        Write the result as one HTML file too, for a browser without a network; only an older report of the same sweep
        is replaced.
    json
        Write an object.
    workspace
        Folder of the journal. Default: .cambrian, or CAMBRIAN_WORKSPACE.
    """
    from cambrian.app.report.writing import check_place
    from cambrian.app.request import check_request

    check_request(target=cells.target, jobs=cells.jobs)
    if resume is not None:
        plan = cells.resumed(resume, task, evaluator, origin, workspace)
    elif task is None:
        raise UsageError("which task? name its folder, or --resume a sweep")
    else:
        plan = cells.begun(origin.named(task, evaluator))
    if report is not None:
        check_place(report, run=plan.past.run if plan.past else "", option="--report")
    return anyio.run(lambda: _conducted(plan, workspace, target=cells.target, json=json, report=report))


def _place(workspace: Path | None) -> Workspace:
    from cambrian.app.settings import read_settings
    from cambrian.app.workspace import open_workspace

    return open_workspace(workspace, read_settings())


async def _conducted(
    plan: Plan, workspace: Path | None, *, target: float | None, json: bool, report: Path | None
) -> int:
    """Run the cells and tell the result; the exit status."""
    from cambrian.app.report.writing import write_page
    from cambrian.app.signals import Interruptions
    from cambrian.app.sweeping.conducting import conduct
    from cambrian.app.sweeping.page import page_of, pictured
    from cambrian.app.sweeping.telling import Progress, swept, table_of
    from cambrian.journal.clock import SystemClock

    if plan.missing:
        say(f"{plan.missing} finished cells are not in this workspace any more; they run again")
    place, signals = _place(workspace), Interruptions(say, lambda: None)
    view = await conduct(place, plan, observer=Progress(say, SystemClock()), signals=signals)
    async with place.reading() as runs:
        result = await swept(runs, view, target=target)
        page = page_of(await pictured(runs, result)) if report else ""
    if json:
        answer_json(result)
    else:
        answer(table_of(result, width_of(sys.stdout)))
    if report:
        size = write_page(report, page, run=view.run, option="--report")
        say(f"wrote {report} ({format_size(size)}); open it in a browser")
    if view.left:
        option = f" --workspace {workspace}" if workspace else ""
        say(f"{len(view.left)} cells are left; go on with: cambrian sweep --resume {view.run}{option}")
    return signals.exit_code or (FAILED if view.errors or not view.done else 0)


def _alone(**given: object) -> None:
    """Refuse what a sweep that is taken up again has already."""
    for name, value in given.items():
        if value is not None:
            what = f"the {name}" if name in ("task", "evaluator") else f"--{name}"
            raise UsageError(
                f"--resume goes with the sweep's own task, grid and budget; leave out {what} {str(value)!r}"
            )
