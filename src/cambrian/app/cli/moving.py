"""``cambrian runs export|import``: runs out of a workspace, and into another."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import anyio
from cyclopts import Parameter

from cambrian.app.export import export_run
from cambrian.app.importing import find_incoming, take_in
from cambrian.app.results import Exported
from cambrian.app.settings import read_settings
from cambrian.app.workspace import LAST, Runs, open_workspace
from cambrian.core.ids import RunId

from .output import answer_json, say

Flag = Annotated[bool, Parameter(negative="")]


def export(run: str = LAST, /, *, out: Path, json: Flag = False, workspace: Path | None = None) -> int:
    """Write a run as plain files, readable without Cambrian, or as one file that another workspace can import.

    For example:
      cambrian runs export last --out run.tar.gz

      cambrian runs export last --out run.jsonl

    Parameters
    ----------
    run
        Id of the run, the beginning of it, or "last".
    out
        A new folder; an archive if it ends in .tar.gz or .tgz; a file for `runs import` if it ends in .jsonl.
    json
        Write an object that says what was written.
    workspace
        Folder of the journal. Default: .cambrian, or CAMBRIAN_WORKSPACE.
    """
    place = open_workspace(workspace, read_settings())

    async def work() -> tuple[Exported, list[RunId]]:
        async with place.reading() as runs:
            return await export_run(runs, run, out), await _cells(runs, run)

    exported, cells = anyio.run(work)
    if json:
        answer_json(exported)
    say(f"wrote {exported.events} events and {exported.variants} variants to {exported.path}")
    if cells:
        option = f" --workspace {workspace}" if workspace else ""
        say(f"the {len(cells)} cells of this sweep are runs of their own and are not in that file; export them, too:")
        say("\n".join(f"  cambrian runs export {cell} --out {cell}.jsonl{option}" for cell in cells))
    return 0


async def _cells(runs: Runs, name: str) -> list[RunId]:
    """The runs of a sweep's cells that are here; none for another kind of run."""
    from cambrian.app.sweeping.view import SweepView, read_sweep

    head = await runs.find(name)
    if head.kind != SweepView.KIND:
        return []
    begun = (await read_sweep(runs, head.run)).runs.values()
    here = {each.run for each in await runs.reader.heads()}
    return [run for run in begun if run in here]


def import_runs(
    path: Path,
    /,
    *,
    run: Annotated[tuple[str, ...], Parameter(negative="", consume_multiple=False)] = (),
    partial: Flag = False,
    json: Flag = False,
    workspace: Path | None = None,
) -> int:
    """Take in runs that were exported, or the runs of a journal in plain files.

    Each comes in wholly or not at all, with its id, its events and their times. One that is there already is refused.

    For example:
      cambrian runs import run.jsonl

      cambrian runs import backup/journal --run r-01hf7yat00e03m4hkm

    Parameters
    ----------
    path
        A .jsonl file of `cambrian runs export`, or the folder of a journal in plain files.
    run
        Only this run, by its whole id; may be repeated.
    partial
        Of a file that is cut off, take in what is whole.
    json
        Write an object that says what was taken in.
    workspace
        Folder of the journal. Default: .cambrian, or CAMBRIAN_WORKSPACE.
    """
    place = open_workspace(workspace, read_settings())
    incoming = find_incoming(path, names=run, partial=partial)
    imported = anyio.run(take_in, place, path, incoming)
    if json:
        answer_json(imported)
    for warning in imported.warnings:
        say(f"warning: {warning}")
    say(f"took in {len(imported.runs)} run(s) with {imported.events} events: {', '.join(imported.runs)}")
    return 0
