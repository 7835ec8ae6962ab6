"""``cambrian review``: security, dependencies, speed and style in one report, conflicts resolved by a stated rule."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import anyio

from cambrian.app.display.width import columns

from . import FAILED
from .options import Flag, Several
from .output import answer, answer_diff, answer_json, counted, fitted, say

if TYPE_CHECKING:
    from cambrian.app.reviewing import Asked, Reviewed
    from cambrian.improvement.reviewing import Remark

_ROWS = 12
"""Remarks of a kind that are shown without --all."""


def review(
    where: Path | None = None,
    /,
    *,
    only: Several = (),
    fix: Flag = False,
    tests: Flag = False,
    all: Flag = False,
    advisories: Path | None = None,
    jobs: int | None = None,
    json: Flag = False,
) -> int:
    """Let specialists for security, dependencies, speed and style look at a project side by side; one report.

    Nothing is written, nothing of the project is run. Where two specialists want different things of the same place,
    one yields: security before speed before style. Ends with status 1 for a remark on security or dependencies.

    For example:
      cambrian review src

      cambrian review . --only security --only speed --fix

      cambrian review . --json --jobs 4

    Parameters
    ----------
    where
        A file or a folder. Default: this one.
    only
        A specialist: security, dependencies, speed or style. May be repeated. Default: all.
    fix
        Show the rewrites that stand together, as a diff.
    tests
        Look at files of tests, too.
    all
        Show every remark.
    advisories
        Folder of advisories in the format of OSV, as JSON files: packages are held against them.
    jobs
        Processes at a time. Default: one for each core.
    json
        Write an object.
    """
    from cambrian.app.reviewing import Asked

    asked = Asked(where=where or Path(), jobs=jobs, fix=fix, tests=tests, advisories=advisories, only=only)
    result = anyio.run(_review, asked, json)
    if json:
        answer_json(result)
    elif fix:
        answer_diff(result.diff)
    else:
        _tell(result, whole=all)
    if not json:
        _summary(result)
    return FAILED if any(each.kind in ("security", "dependencies") for each in result.remarks) else 0


async def _review(asked: Asked, quiet: bool) -> Reviewed:
    from cambrian.app.reviewing import conduct

    return await conduct(asked, told=None if quiet or not sys.stderr.isatty() else say)


def _tell(result: Reviewed, *, whole: bool) -> None:
    """A table, the first of each kind."""
    yielding = result.yielding
    rows = [("KIND", "PLACE", "RULE", "WEIGHT", "STATE", "WHAT")]
    shown: dict[str, int] = {}
    for index, remark in enumerate(result.remarks):
        shown[remark.kind] = shown.get(remark.kind, 0) + 1
        if whole or shown[remark.kind] <= _ROWS:
            conflict = yielding.get(index)
            state = "stands" if conflict is None else f"yields to {result.remarks[conflict.stands].place}"
            rows.append((remark.kind, remark.place, remark.rule, _weight(remark), state, remark.what))
    if len(rows) > 1:
        answer(columns(fitted(rows, 5)))
    for kind, count in shown.items():
        if not whole and count > _ROWS:
            say(f"{count - _ROWS} more on {kind}; --all shows them")


def _weight(remark: Remark) -> str:
    if remark.severity:
        return remark.severity
    return f"{remark.gain:g} ×" if remark.kind == "speed" and remark.gain > 1 else "-"


def _summary(result: Reviewed) -> None:
    for line in (*result.skipped, *result.notes):
        say(f"note: {line}")
    for conflict in result.conflicts:
        stands, yields = result.remarks[conflict.stands], result.remarks[conflict.yields]
        say(f"{yields.place} {yields.rule} yields to {stands.place} {stands.rule}: {conflict.why}")
    parts = ", ".join(f"{each.kind} {each.seconds:.1f} s" for each in result.specialists)
    whole = sum(each.seconds for each in result.specialists)
    say(f"{counted(len(result.remarks), 'remark')}, {counted(len(result.conflicts), 'conflict')} ({result.rule})")
    jobs = counted(result.jobs, "process", "es")
    say(f"{result.seconds:.1f} s with {jobs} at a time; one after the other {whole:.1f} s ({parts})")
