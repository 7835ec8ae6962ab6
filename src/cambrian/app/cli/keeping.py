"""``cambrian runs gc``: delete runs."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import anyio
from cyclopts import Parameter

from cambrian.app.evaluation_cache import EvaluationCache
from cambrian.app.results import Collected
from cambrian.app.settings import read_settings
from cambrian.app.workspace import Workspace, is_alive, open_workspace
from cambrian.core.errors import RunNotFound, UsageError
from cambrian.core.ids import RunId
from cambrian.core.quantity import format_size, seconds
from cambrian.journal.clock import SystemClock
from cambrian.journal.holder import this_process
from cambrian.journal.retention import delete_runs
from cambrian.journal.store import RunHead

from .output import answer_json, say

Flag = Annotated[bool, Parameter(negative="")]


def gc(
    *,
    keep: int | None = None,
    older_than: str | None = None,
    run: Annotated[tuple[str, ...], Parameter(negative="", consume_multiple=False)] = (),
    dry_run: Flag = False,
    json: Flag = False,
    workspace: Path | None = None,
) -> int:
    """Delete runs and free their room. A run that is going on is never touched.

    Without an option that names runs, only room that no run needs is freed, and evaluations that no search has asked
    for in 30 days. With several, a run must meet all.

    For example:
      cambrian runs gc --keep 10

      cambrian runs gc --older-than 30d --dry-run

      cambrian runs gc --run r-01hf

    Parameters
    ----------
    keep
        Keep the newest so many.
    older_than
        Only runs last written longer ago, such as 30d.
    run
        Only this run; may be repeated.
    dry_run
        Say what would be deleted.
    json
        Write an object that says what was done.
    workspace
        Folder of the journal. Default: .cambrian, or CAMBRIAN_WORKSPACE.
    """
    if keep is not None and keep < 0:
        raise UsageError(f"--keep is {keep!r}; a number from 0 is wanted")
    place = open_workspace(workspace, read_settings())
    if place.is_empty:
        raise RunNotFound(f"no journal in {str(place.path)!r}: nothing has run in this workspace yet")
    age = seconds(older_than) if older_than else None
    collected = anyio.run(_collect, place, keep, age, run, dry_run)
    if json:
        answer_json(collected)
    words, freed = "would delete" if dry_run else "deleted", format_size(collected.freed_bytes)
    say(f"{words} {len(collected.deleted)} run(s), kept {len(collected.kept)}; freed {freed}")
    return 0


async def _collect(
    place: Workspace, keep: int | None, age: float | None, names: tuple[str, ...], dry_run: bool
) -> Collected:
    async with place.reading() as runs:
        heads = await runs.reader.heads()
        named = [(await runs.find(name)).run for name in names]
    doomed = choose(heads, keep=keep, age=age, named=named, now=time.time())
    freed = 0
    if not dry_run:
        async with place.writing() as store:
            freed = await delete_runs(store, doomed, clock=SystemClock(), holder=this_process())
        freed += EvaluationCache(place.cache).trim()
        await place.keep_lines()
    kept = tuple(head.run for head in heads if head.run not in doomed)
    return Collected(deleted=tuple(doomed), kept=kept, freed_bytes=freed, dry_run=dry_run)


def choose(heads: list[RunHead], *, keep: int | None, age: float | None, named: list[RunId], now: float) -> list[RunId]:
    """The runs to delete: those that meet every condition given, none that is alive, none without a condition.

    Raises:
        UsageError: one that is named is alive.
    """
    if keep is None and age is None and not named:
        return []
    newest = sorted(heads, key=lambda head: (head.created, head.run), reverse=True)
    kept = {head.run for head in newest[:keep]} if keep is not None else set[RunId]()
    doomed: list[RunId] = []
    for head in heads:
        if head.run in kept or (age is not None and now - head.updated < age) or (named and head.run not in named):
            continue
        if not is_alive(head, now):
            doomed.append(head.run)
        elif named:
            raise UsageError(f"run {head.run!r} is going on; stop it first")
    return doomed
