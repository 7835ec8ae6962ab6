"""``cambrian improve``: faster code that does the same, with its proof."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import anyio
from cyclopts import Parameter

from cambrian.app.display.width import columns
from cambrian.core.errors import UsageError

from . import FAILED
from .options import Flag
from .output import answer, answer_diff, answer_json, counted, fitted, say

if TYPE_CHECKING:
    from cambrian.app.improving import Asked, Improved

_ROWS = 20


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Proving:
    """What counts as proof."""

    tests: Annotated[str, Parameter(help="Command of the project's tests, such as 'pytest -q'; run on a copy.")] = ""
    inputs: Annotated[
        Path | None,
        Parameter(help="A file of calls: on each line a tuple of arguments, as a Python literal. They are timed."),
    ] = None
    cases: Annotated[int, Parameter(help="Calls on which old and new are compared. Default: 500.")] = 500
    least: Annotated[
        float, Parameter(help="The speed-up that counts, or by what factor less memory is taken. Default: 1.1.")
    ] = 1.1  # fmt: skip
    goal: Annotated[
        Literal["time", "memory"], Parameter(help="What is wanted: less time, or less memory at the peak of a call.")
    ] = "time"  # fmt: skip
    seed: Annotated[int, Parameter(help="Of cases, pairs and seeded mistakes. Default: 0.")] = 0
    prove: Annotated[
        Flag, Parameter(help="Look through all paths of Python functions, too; takes cambrian[prove].")
    ] = False


USUAL_PROOF = Proving()
"""Nothing asked for."""


def improve(
    where: str,
    /,
    *,
    list: Flag = False,
    apply: Flag = False,
    patch: Path | None = None,
    proving: Proving = USUAL_PROOF,
    budget: str = "60s",
    workspace: Path | None = None,
    json: Flag = False,
) -> int:
    """Look for faster or leaner code that does the same, and show that it does.

    Nothing is written without --apply. Functions are taken up in the order of what rules promise; each candidate must
    compile, pass the tests, agree with the old function on hundreds of calls, and be faster in paired measurements.
    Ends with status 1 if nothing was improved.

    For example:
      cambrian improve src --list

      cambrian improve src/shop/orders.py:Cart.total --tests 'pytest -q'

      cambrian improve shop.orders:match --inputs calls.txt --patch match.patch

      cambrian improve src --budget 10min --apply

      cambrian improve shop/report.py:summary --goal memory

      cambrian improve shop/ports.py:is_known --prove

    Parameters
    ----------
    where
        A file, a folder, file.py:function, file.py:Class.method, or package.module:function.
    list
        Only say where it would pay: by the text alone, or with --tests by their time too.
    apply
        Write what is shown; `cambrian undo` takes it back. What only weak inputs stand for is not written.
    patch
        Write the diff to this file.
    budget
        Time for all of it, such as 60s (the default) or 10min.
    workspace
        Folder of the journal. Default: .cambrian.
    json
        Write an object.
    """
    if list:
        if apply or patch is not None:
            raise UsageError("--list only looks, and writes nothing: give it without --apply and --patch")
        return _list(where, proving, json=json)
    from cambrian.app.improving import Asked

    asked = Asked(
        where=where, tests=proving.tests, inputs=proving.inputs, budget=budget, seed=proving.seed, cases=proving.cases,
        least=proving.least, goal=proving.goal, workspace=workspace, prove=proving.prove,
    )  # fmt: skip
    result = anyio.run(_conduct, asked, apply, json)
    if patch is not None:
        _write_patch(patch, result.diff)
    if json:
        answer_json(result)
    else:
        _tell(result, where, patch)
    return 0 if result.improved else FAILED


async def _conduct(asked: Asked, apply: bool, quiet: bool) -> Improved:
    from cambrian.app.improving import conduct

    return await conduct(asked, apply=apply, told=None if quiet or not sys.stderr.isatty() else say)


def _write_patch(path: Path, diff: str) -> None:
    try:
        path.write_text(diff, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"the patch {str(path)!r} cannot be written: {error.strerror}") from error


def _tell(result: Improved, where: str, patch: Path | None) -> None:
    """The diff on stdout, the rest on stderr."""
    from cambrian.improvement.telling import tell

    for found in result.found:
        if found.verdict != "nothing" or len(result.found) == 1:
            for line in tell(found):
                say(line)
    for each in result.skipped:
        say(f"not looked at: {each}")
    if not result.found:
        say(f"{where}: no rule finds anything in it")
    if result.left:
        say(f"not looked at, as the time was up: {counted(result.left, 'function')}; give more with --budget")
    if patch is not None:
        say(f"the diff is in {patch}; `git apply` takes it in {result.project}" if result.diff
            else f"{patch} is empty, as nothing was improved")  # fmt: skip
    elif result.diff and not result.applied:
        answer_diff(result.diff)
        say("nothing was written; --apply writes it, --patch FILE writes the diff")
    if result.applied:
        say(f"written in {result.project}: {', '.join(result.applied)}; `{_undo(result)}` takes it back")


def _undo(result: Improved) -> str:
    here = Path.cwd().is_relative_to(result.project)
    return f"cambrian undo {result.undo}" if here else f"cambrian undo {result.undo} --project {result.project}"


def _list(where: str, proving: Proving, *, json: bool) -> int:
    from cambrian.app.improving import list_targets
    from cambrian.improvement.telling import as_row

    found = anyio.run(partial(list_targets, where, tests=proving.tests, goal=proving.goal))
    if json:
        answer_json(found)
        return 0
    for each in found.skipped:
        say(f"not looked at: {each}")
    if not found.candidates:
        answer("no rule finds anything")
        return 0
    rows = [("FUNCTION", "GAIN", "SHARE", "RULES", "WHY"), *map(as_row, found.candidates[:_ROWS])]
    answer(columns(fitted(rows, 4)))
    if len(found.candidates) > _ROWS:
        say(f"{len(found.candidates) - _ROWS} more; --json has all")
    say("gains are predicted from the text, and no claim; `cambrian improve FUNCTION` measures")
    return 0
