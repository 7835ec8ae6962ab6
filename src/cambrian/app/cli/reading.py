"""``cambrian runs list|show|best|events|diff``: looks at runs; never creates or changes anything."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Annotated, TypeVar

from cyclopts import Parameter

from cambrian.app.display.closing import closing
from cambrian.app.display.frame import number, scores
from cambrian.app.display.width import columns, width_of
from cambrian.app.export import write_files
from cambrian.app.results import Change, EventLine, Outcome, RunLine, timestamp
from cambrian.app.settings import read_settings
from cambrian.app.workspace import LAST, Runs, open_workspace
from cambrian.core.errors import RunNotFound
from cambrian.core.event import Event
from cambrian.core.ids import RunId
from cambrian.core.quantity import format_seconds
from cambrian.journal.views import follow
from cambrian.source.diff import stat, unified

from .opening import with_runs
from .output import answer, answer_diff, answer_json, answer_line, fitted, say

T = TypeVar("T")
SHORT = 12
"""Characters of an id that tell it from the others of a run."""
Json = Annotated[bool, Parameter(negative="")]


def runs_list(*, json: Json = False, workspace: Path | None = None) -> int:
    """List the runs of the workspace, the newest first.

    For example:
      cambrian runs list

      cambrian runs list --json

    Parameters
    ----------
    json
        Write an array of objects.
    workspace
        Folder of the journal. Default: .cambrian, or CAMBRIAN_WORKSPACE.
    """
    place = open_workspace(workspace, read_settings())
    lines: list[RunLine] = [] if place.is_empty else with_runs(workspace, lambda runs: runs.lines())
    if json:
        answer_json(lines)
    elif lines:
        head = ("RUN", "TASK", "STATUS", "CREATED", "EVALUATIONS", "TIME", "BEST")
        answer(columns(fitted([head, *map(_row, lines)], column=1)))
    else:
        say(f"no runs in {str(place.path)!r} yet; begin one with: cambrian evolve TASK")
    return 0


def _row(line: RunLine) -> tuple[str, ...]:
    best = scores(line.best.objectives) if line.best else "–"
    time = format_seconds(line.wall_s) if line.wall_s else "–"
    task = line.task if line.kind == "search" else f"{line.task} ({line.kind})".strip()
    return line.run, task or line.kind, line.status, line.created, str(line.evaluations), time, best


def show(run: str = LAST, /, *, json: Json = False, workspace: Path | None = None) -> int:
    """Show everything about a run.

    For example:
      cambrian runs show last

      cambrian runs show r-01hf --json

    Parameters
    ----------
    run
        Id of the run, the beginning of it, or "last".
    json
        Write the same object that `cambrian evolve` ends with.
    workspace
        Folder of the journal. Default: .cambrian, or CAMBRIAN_WORKSPACE.
    """
    outcome = with_runs(workspace, lambda runs: runs.outcome(run))
    if json:
        answer_json(outcome)
        return 0
    place = str(workspace) if workspace else ""
    answer(closing(outcome, workspace=place, width=width_of(sys.stdout)).strip("\n"))
    answer("\n".join(_front(outcome)))
    answer(_promotion(outcome))
    return 0


def _front(outcome: Outcome) -> Iterator[str]:
    """The variants that no other beats in all objectives, a line each."""
    if not outcome.front:
        return
    shown, size = len(outcome.front), outcome.front_size
    cut = f", {shown} of them shown, evenly along it" if shown < size else ""
    yield f"\nFront  {size} variant(s) that no other beats in all objectives{cut}"
    rows = [tuple(f"{name} {number(score.objectives[name])}" for name in outcome.objectives) for score in outcome.front]
    ids = [score.variant[:SHORT] for score in outcome.front]
    yield from (
        f"  {line}" for line in columns([(each, *row) for each, row in zip(ids, rows, strict=True)]).splitlines()
    )
    yield ""


def _promotion(outcome: Outcome) -> str:
    promotion = outcome.promotion
    if promotion is None:
        return "  not written back"
    files = ", ".join(promotion.files)
    return f"  {promotion.variant} written back ({files}) by {promotion.approver}; signature {promotion.signature}"


def best(
    run: str = LAST,
    /,
    *,
    variant: str = "best",
    out: Path | None = None,
    json: Json = False,
    workspace: Path | None = None,
) -> int:
    """Print the best program found, or write its files.

    For example:
      cambrian runs best last

      cambrian runs best last --out winner/

      cambrian runs best last --variant 9f86d081

    Parameters
    ----------
    run
        Id of the run, the beginning of it, or "last".
    variant
        Another one: the beginning of its id, such as one of the front that `runs show` tells; or initial.
    out
        Write the files into this folder, which must be new or empty.
    json
        Write an object with the variant, its objectives and its files.
    workspace
        Folder of the journal. Default: .cambrian, or CAMBRIAN_WORKSPACE.
    """
    found = with_runs(workspace, lambda runs: runs.outcome(run) if variant == "best" else runs.scored(run, variant))
    chosen = found.best if isinstance(found, Outcome) else found
    if chosen is None:
        raise RunNotFound(f"run {run!r} has scored nothing yet")
    if out is not None:
        write_files(out, chosen.files)
        say(f"wrote {', '.join(sorted(chosen.files))} into {out}")
    if json:
        answer_json(chosen)
    elif out is None:
        for path, text in sorted(chosen.files.items()):
            say(f"--- {path}")
            answer(text.removesuffix("\n"))
    return 0


def events(
    run: str = LAST,
    /,
    *,
    after: int = 0,
    live: Annotated[bool, Parameter(name="--follow", negative="")] = False,
    json: Json = False,
    workspace: Path | None = None,
) -> int:
    """Print a run's journal, one event per line.

    For example:
      cambrian runs events last --json

      cambrian runs events last --after 120 --follow

    Parameters
    ----------
    run
        Id of the run, the beginning of it, or "last".
    after
        Only events with a greater sequence number.
    live
        Wait for more until Ctrl-C.
    json
        Write JSON Lines: seq, time, type, channel, data.
    workspace
        Folder of the journal. Default: .cambrian, or CAMBRIAN_WORKSPACE.
    """

    async def work(runs: Runs) -> int:
        head = await runs.find(run)
        async for event in _events(runs, head.run, after=after, live=live):
            _show_event(event, json=json)
        return 0

    return with_runs(workspace, work)


def _events(runs: Runs, run: RunId, *, after: int, live: bool) -> AsyncIterator[Event]:
    return follow(runs.reader, run, after=after) if live else runs.reader.read(run, after=after)


def _show_event(event: Event, *, json: bool) -> None:
    if json:
        line = EventLine(seq=event.seq, time=event.time, type=event.type, channel=event.channel, data=event.data)
        answer_line(line)
    else:
        data = bytes(event.data).decode()
        answer(f"{event.seq:6}  {timestamp(event.time)}  {event.type:18}  {data[:160]}{'…' if len(data) > 160 else ''}")


def diff(
    run: str = LAST, a: str = "initial", b: str = "best", /, *, json: Json = False, workspace: Path | None = None
) -> int:
    """Show what changed between two variants of a run: by default from the task's own program to the best.

    For example:
      cambrian runs diff last

      cambrian runs diff last initial 9f86d081

    Parameters
    ----------
    run
        Id of the run, the beginning of it, or "last".
    a
        initial, best, or the beginning of a variant's id.
    b
        initial, best, or the beginning of a variant's id.
    json
        Write an object with the two ids, the size of the change and the diff.
    workspace
        Folder of the journal. Default: .cambrian, or CAMBRIAN_WORKSPACE.
    """

    async def work(runs: Runs) -> Change:
        view = await runs.search(await runs.find(run))
        old, new = await runs.variant(view, a), await runs.variant(view, b)
        before, after = await runs.files(old), await runs.files(new)
        size = stat(before, after)
        return Change(
            run=view.run, a=old.id, b=new.id, files=size.files, added=size.added, removed=size.removed,
            diff=unified(before, after),
        )  # fmt: skip

    change = with_runs(workspace, work)
    if json:
        answer_json(change)
    elif change.diff:
        answer_diff(change.diff)
    else:
        say(f"{change.a} and {change.b} are the same text")
    return 0
