"""``cambrian runs cases``: inputs on which candidates failed, as a list or as a test file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from cambrian.app.display.terminal import clean, one_line
from cambrian.app.display.width import columns
from cambrian.app.workspace import LAST, Runs
from cambrian.core.errors import UsageError
from cambrian.core.ids import RunId

from .opening import with_runs
from .output import answer, answer_json, say

if TYPE_CHECKING:
    from cambrian.app.regression import Known

Json = Annotated[bool, Parameter(negative="")]


def cases(run: str = LAST, /, *, write: Path | None = None, json: Json = False, workspace: Path | None = None) -> int:
    """List inputs on which candidates failed; the run asks them first of every later candidate.

    Only callable mode has such: there inputs differ from evaluation to evaluation.

    For example:
      cambrian runs cases last

      cambrian runs cases last --write examples/slow_function/test_cases.py

    Parameters
    ----------
    run
        Id of the run, the beginning of it, or "last".
    write
        Write a pytest file with them; nothing may stand there. Its right answers are those of the evaluator's check()
        or expected(), or of the task's own program, which is run in a jail for that.
    json
        Write an array of objects.
    workspace
        Folder of the journal. Default: .cambrian, or CAMBRIAN_WORKSPACE.
    """
    if write is not None and write.exists():
        raise UsageError(f"{str(write)!r} is there already; name a file that is not")

    async def work(runs: Runs) -> tuple[RunId, list[Known], str]:
        from cambrian.app.regression import known_cases, regression_tests

        view = await runs.search(await runs.find(run))
        found = await known_cases(runs, view.run)
        assert view.task is not None  # of a search that has begun
        text = await regression_tests(view.run, view.task, found, write) if write is not None else ""
        return view.run, found, text

    name, found, text = with_runs(workspace, work)
    if write is not None:
        _write(write, text)
    if json:
        answer_json([known.line for known in found])
    elif write is None and found:
        answer(columns([("EVALUATION", "STATUS", "BYTES", "ARGUMENTS"), *map(_row, found)]))
    elif not found:
        say(f"run {name} has kept no input on which a candidate failed")
    return 0


def _row(known: Known) -> tuple[str, ...]:
    case = known.case
    arguments = one_line(clean(known.text), 60) if known.text is not None else "(no plain values)"
    return str(case.index), case.status.value, str(case.size), arguments


def _write(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise UsageError(f"{str(path)!r} cannot be written: {error.strerror}; name another file") from error
    say(f"wrote {path}; run it with: pytest {path}")
