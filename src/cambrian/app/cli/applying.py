"""``cambrian runs apply``: write what a run found back to its task's folder, and take it back again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import anyio
from cyclopts import Parameter

from cambrian.app.promotion import Plan, plan_promotion, promote
from cambrian.app.results import Applied
from cambrian.app.settings import Settings, read_settings
from cambrian.app.signing import Signer
from cambrian.app.trail import read_trail
from cambrian.app.workspace import LAST, Workspace, is_alive, open_workspace
from cambrian.core.errors import RunNotFound, UsageError
from cambrian.core.ids import RunId
from cambrian.journal.clock import SystemClock
from cambrian.journal.holder import this_process
from cambrian.journal.kernel import Run
from cambrian.source.diff import unified

from . import FAILED
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

    Shows the change and asks first. Refuses if the folder's files are no longer those that the run began with. Going
    back also removes files that the run had added. An earlier call that was cut off is settled, and told.

    For example:
      cambrian runs apply last --dry-run

      cambrian runs apply last --yes

      cambrian runs apply last --variant initial

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
    place = open_workspace(workspace, environment)
    name, plan = anyio.run(_plan, place, run, variant, force)
    for line in plan.cut_off:
        say(f"note: {line}")
    if not json:
        answer_diff(_diff(plan))
    if plan.changes and not dry_run and not yes and not _agreed(plan):
        say("nothing was written")
        return FAILED
    if not dry_run and (plan.changes or plan.cut_off):
        anyio.run(_promote, place, name, plan, environment)
    if json:
        answer_json(_applied(name, plan, written=plan.changes and not dry_run))
    say(_told(plan, written=not dry_run))
    return 0


async def _plan(place: Workspace, name: str, variant: str, force: bool) -> tuple[RunId, Plan]:
    async with place.reading() as runs:
        head = await runs.find(name)
        view = await runs.search(head)
        if is_alive(head):
            raise UsageError(f"run {head.run!r} is still going; wait for its end or stop it, then apply")
        if view.opened is None:
            raise RunNotFound(f"run {head.run!r} has no task")
        record = await runs.variant(view, variant)
        task = view.opened.task
        promoted = await runs.files(await runs.variant(view, view.promoted.variant)) if view.promoted else None
        plan = plan_promotion(
            task, record.id, await runs.files(record), initial=task.program, promoted=promoted, force=force,
            trail=await read_trail(runs.reader, head.run),
        )  # fmt: skip
    return head.run, plan


async def _promote(place: Workspace, run: RunId, plan: Plan, environment: Settings) -> None:
    async with (
        place.writing() as store,
        await Run.resume(store, run, clock=SystemClock(), holder=this_process()) as held,
    ):
        await promote(held, plan, Signer(environment.signing_key), approver=environment.user)
    await place.keep_lines([run])


def _diff(plan: Plan) -> str:
    return unified(plan.before, plan.after)


def _applied(run: RunId, plan: Plan, *, written: bool) -> Applied:
    return Applied(
        run=run, variant=plan.variant, folder=str(plan.folder), files=tuple(sorted(plan.after)), removed=plan.remove,
        cut_off=plan.cut_off, unlisted=plan.unlisted, written=written, diff=_diff(plan),
    )  # fmt: skip


def _agreed(plan: Plan) -> bool:
    """Ask the person; nobody there means no."""
    if not sys.stdin.isatty():
        raise UsageError("there is nobody to ask (stdin is no terminal); say --yes, or --dry-run to look only")
    sys.stderr.write(f"{_words(plan, 'Write', 'remove')}? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _words(plan: Plan, write: str, remove: str) -> str:
    """What happens to which files, in one sentence."""
    parts = [f"{write} {', '.join(sorted(plan.after))} into {plan.folder}"] if plan.after else []
    if plan.remove:
        parts.append(f"{remove} {', '.join(plan.remove)}" + ("" if plan.after else f" from {plan.folder}"))
    return ", ".join(parts)


def _told(plan: Plan, *, written: bool) -> str:
    told = _words(plan, "wrote", "removed") if written else _words(plan, "would write", "would remove")
    if not plan.changes:
        told = f"{plan.folder} holds variant {plan.variant} already"
    if plan.cut_off:
        told += "; what was cut off is settled" if written else "; would settle what was cut off"
    if plan.unlisted:
        told += f"\nnote: before evolving it further, write into task.toml: {plan.program_line}"
    return told
