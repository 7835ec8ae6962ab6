"""``cambrian runs apply|gc``: use what runs found, and delete them."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated

import anyio
from cyclopts import Parameter

from cambrian.app.promotion import Plan, Signer, plan_promotion, promote
from cambrian.app.results import Applied, Collected
from cambrian.app.settings import read_settings
from cambrian.app.workspace import LAST, Workspace, is_alive, open_workspace
from cambrian.core.errors import RunNotFound, UsageError
from cambrian.core.ids import RunId
from cambrian.core.quantity import format_size, seconds
from cambrian.journal.clock import SystemClock
from cambrian.journal.holder import this_process
from cambrian.journal.kernel import Run
from cambrian.journal.store import RunHead
from cambrian.source.diff import unified

from .output import answer_diff, answer_json, say

Flag = Annotated[bool, Parameter(negative="")]


def apply(
    run: str = LAST,
    /,
    *,
    variant: str = "best",
    yes: Flag = False,
    dry_run: Flag = False,
    force: Flag = False,
    json: Flag = False,
    workspace: Path | None = None,
) -> int:
    """Write the winner back to the task's folder, signed and recorded.

    Shows the change and asks first. Refuses if the folder's files are no longer those that the run began with.

    For example:
      cambrian runs apply last --dry-run

      cambrian runs apply last --yes

    Parameters
    ----------
    run
        Id of the run, the beginning of it, or "last".
    variant
        best, initial (to go back), or the beginning of a variant's id.
    yes
        Do not ask.
    dry_run
        Show the change, write nothing.
    force
        Write even if the folder's files have changed meanwhile.
    json
        Write an object that says what was done.
    workspace
        Folder of the journal. Default: .cambrian, or CAMBRIAN_WORKSPACE.
    """
    environment = read_settings()
    place, signer = open_workspace(workspace, environment), Signer(environment.signing_key)
    head, plan = anyio.run(_plan, place, run, variant, force)
    change = unified(plan.before, plan.after)
    write = bool(plan.after) and not dry_run
    if not json:
        answer_diff(change)
    if write and not yes and not _agreed(plan):
        say("nothing was written")
        return 1
    if write:
        anyio.run(_promote, place, head.run, plan, signer, environment.user)
    if json:
        answer_json(
            Applied(
                run=head.run,
                variant=plan.variant,
                folder=str(plan.folder),
                files=tuple(sorted(plan.after)),
                unlisted=plan.unlisted,
                written=write,
                diff=change,
            )
        )
    say(_told(plan, written=write))
    return 0


async def _plan(place: Workspace, name: str, variant: str, force: bool) -> tuple[RunHead, Plan]:
    async with place.reading() as runs:
        head = await runs.find(name)
        view = await runs.search(head)
        if is_alive(head):
            raise UsageError(f"run {head.run!r} is still going; wait for its end or stop it, then apply")
        if view.opened is None:
            raise RunNotFound(f"run {head.run!r} has no task")
        record = await runs.variant(view, variant)
        task = view.opened.task
        files = await runs.files(record)
        known = [view.promoted.variant] if view.promoted else []
        promoted = [await runs.files(await runs.variant(view, item)) for item in known]
    return head, plan_promotion(
        task, record.id, files, initial=task.program, promoted=promoted[0] if promoted else None, force=force
    )


async def _promote(place: Workspace, run: RunId, plan: Plan, signer: Signer, approver: str) -> None:
    async with (
        place.writing() as store,
        await Run.resume(store, run, clock=SystemClock(), holder=this_process()) as held,
    ):
        await promote(held, plan, signer, approver=approver)


def _agreed(plan: Plan) -> bool:
    """Ask the person; nobody there means no."""
    if not sys.stdin.isatty():
        raise UsageError("there is nobody to ask (stdin is no terminal); say --yes, or --dry-run to look only")
    sys.stderr.write(f"Write {', '.join(sorted(plan.after))} into {plan.folder}? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _told(plan: Plan, *, written: bool) -> str:
    words = "wrote" if written else "would write"
    told = f"{words} {', '.join(sorted(plan.after))} into {plan.folder}"
    if not plan.after:
        told = f"{plan.folder} holds variant {plan.variant} already"
    if plan.unlisted:
        told += f"\nnote: before evolving it further, write into task.toml: {plan.program_line}"
    return told


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

    Without an option that names runs, only room that no run needs is freed. With several, a run must meet all.

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
            freed = await store.gc(delete=doomed, now=time.time())
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
