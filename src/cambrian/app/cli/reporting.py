"""``cambrian runs report|compare|explain``: tells runs at length; never changes one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import anyio
from cyclopts import Parameter

from cambrian.app.settings import read_settings
from cambrian.app.workspace import LAST, Runs, open_workspace
from cambrian.core.quantity import format_size

from .output import answer_json, say

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
        The file, replaced if it is there. Default: RUN.html in this folder.
    json
        Write an object that says what was written.
    workspace
        Folder of the journal. Default: .cambrian, or CAMBRIAN_WORKSPACE.
    """
    from cambrian.app.report.gathering import gather
    from cambrian.app.report.writing import page_of, write_page
    from cambrian.app.results_study import Reported

    content = _read(workspace, lambda runs: gather(runs, run))
    name = content.outcome.run
    path = out or Path(f"{name}.html")
    size = write_page(path, page_of(content))
    if json:
        answer_json(
            Reported(
                run=name, path=str(path), size=size, evaluations=content.outcome.evaluations,
                drawn=len(content.points.n), variants=len(content.variants), left_out=tuple(content.left_out),
            )
        )  # fmt: skip
    say("\n".join([f"wrote {path} ({format_size(size)}); open it in a browser", *content.left_out]))
    return 0


def _read(workspace: Path | None, work: Callable[[Runs], Awaitable[T]]) -> T:
    """Open the workspace for reading and do something with its runs."""
    place = open_workspace(workspace, read_settings())

    async def with_runs() -> T:
        async with place.reading() as runs:
            return await work(runs)

    return anyio.run(with_runs)
