"""``cambrian runs report|compare|explain``: tells runs at length; never changes one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

from cyclopts import Parameter

from cambrian.app.display.width import width_of
from cambrian.app.workspace import LAST, Runs
from cambrian.core.errors import UsageError
from cambrian.core.quantity import format_size

from .opening import with_runs
from .output import answer, answer_json, say

if TYPE_CHECKING:
    from cambrian.app.results_study import Compared

T = TypeVar("T")
Json = Annotated[bool, Parameter(negative="")]


def report(run: str = LAST, /, *, out: Path | None = None, json: Json = False, workspace: Path | None = None) -> int:
    """Write a run as one HTML file that opens with no network.

    It shows score, evidence and cost, fitness over evaluations, CPU and time, the winner's descent, the family tree,
    the difference of any two variants, the archive, proposers, failures and a timeline.

    For example:
      cambrian runs report last

      cambrian runs report r-01hf --out report.html

    Parameters
    ----------
    run
        Id of the run, the beginning of it, or "last".
    out
        The file; only an older report of the same run is replaced. Default: RUN.html in this folder.
    json
        Write an object that says what was written.
    workspace
        Folder of the journal. Default: .cambrian, or CAMBRIAN_WORKSPACE.
    """
    from cambrian.app.report.gathering import gather
    from cambrian.app.report.writing import page_of, write_page
    from cambrian.app.results_study import Reported

    content = with_runs(workspace, lambda runs: gather(runs, run))
    name = content.outcome.run
    path = out or Path(f"{name}.html")
    size = write_page(path, page_of(content), run=name)
    if json:
        answer_json(
            Reported(
                run=name, path=str(path), size=size, evaluations=content.outcome.evaluations,
                drawn=len(content.points.n), variants=len(content.variants), left_out=tuple(content.left_out),
            )
        )  # fmt: skip
    say("\n".join([f"wrote {path} ({format_size(size)}); open it in a browser", *content.left_out]))
    return 0


def compare(
    *sides: str,
    target: float | None = None,
    pairs: Annotated[bool, Parameter(negative="")] = False,
    json: Json = False,
    workspace: Path | None = None,
) -> int:
    """Compare runs, or groups of runs, at equal effort.

    Tells the best at equal evaluations and at equal CPU, the mean of the best so far, the effort until a target, and
    what differs in their settings. Where a side has several runs, exact rank tests say what is more than chance.

    For example:
      cambrian runs compare r-01hf r-01hg

      cambrian runs compare r-01ha,r-01hb,r-01hc r-01hd,r-01he,r-01hf --json

      cambrian runs compare r-01hs

      cambrian runs compare r-01hs:strategy=islands r-01hs:strategy=topk

    Parameters
    ----------
    sides
        Each a run, runs joined by commas, a sweep (all of its settings), or SWEEP:KEY=VALUE for some of its cells.
    target
        Value of the first objective whose reaching is timed. Default: the task's, else the weakest run's best.
    pairs
        Runs of the same seed on two sides belong together.
    json
        Write an object.
    workspace
        Folder of the journal. Default: .cambrian, or CAMBRIAN_WORKSPACE.
    """
    from cambrian.app.comparison.comparing import compare as compare_groups
    from cambrian.app.comparison.groups import groups_of
    from cambrian.app.comparison.telling import told
    from cambrian.app.request import check_request

    check_request(target=target)
    if not sides:
        raise UsageError("which runs? name two or more, or a sweep; `cambrian runs list` shows those there are")

    async def work(runs: Runs) -> Compared:
        return await compare_groups(runs, await groups_of(runs, sides), target=target, pairs=pairs)

    compared = with_runs(workspace, work)
    if json:
        answer_json(compared)
    else:
        answer(told(compared, width_of(sys.stdout)))
    return 0


def explain(run: str = LAST, /, *, json: Json = False, workspace: Path | None = None) -> int:
    """Explain a run: what changed, by which steps and whom, on what evidence.

    For example:
      cambrian runs explain last

      cambrian runs explain r-01hf --json

    Parameters
    ----------
    run
        Id of the run, the beginning of it, or "last".
    json
        Write an object.
    workspace
        Folder of the journal. Default: .cambrian, or CAMBRIAN_WORKSPACE.
    """
    from cambrian.app.explanation.attribution import explain as explain_run
    from cambrian.app.explanation.telling import told

    explained = with_runs(workspace, lambda runs: explain_run(runs, run))
    if json:
        answer_json(explained)
    else:
        answer(told(explained, width_of(sys.stdout)))
    return 0
