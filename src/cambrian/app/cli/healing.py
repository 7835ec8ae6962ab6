"""``cambrian heal``: a failing program or command → the smallest fix."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import anyio
from cyclopts import Parameter

from cambrian.core.errors import UsageError
from cambrian.core.quantity import seconds as read_seconds

from . import FAILED
from .options import Flag
from .output import answer_diff, answer_json, say

if TYPE_CHECKING:
    from cambrian.app.healing import Asked, Healing

_OTHERS = 4
"""Other fixes that are told."""


def heal(
    *words: Annotated[str, Parameter(allow_leading_hyphen=True)],
    expect: Path | None = None,
    apply: Flag = False,
    yes: Flag = False,
    budget: str = "60s",
    workspace: Path | None = None,
    json: Flag = False,
) -> int:
    """Find the smallest change that makes a failing program, or a failing command, pass.

    The program runs in a jail, a command on a copy of the folder. A fix passes in a process of its own before it is
    shown. Nothing is written without --apply or --yes. Ends with status 1 if no fix was found.

    For example:
      cambrian heal report.py

      cambrian heal report.py --expect report.out --apply

      cambrian heal -- pytest -q tests/test_orders.py

    Parameters
    ----------
    words
        A Python, JavaScript or TypeScript file, or after -- a command whose failure names a file of this folder.
    expect
        A file with what the program must print. By default it must run to its end.
    apply
        Write the fix if it follows from what the error names and nothing else passes; `cambrian undo` takes it back.
    yes
        Write the fix whatever it is.
    budget
        Time for all of it, such as 60s or 10min.
    workspace
        Folder of the journal, and of what fixes have taught. Default: .cambrian.
    json
        Write an object.
    """
    from cambrian.app.healing import Asked

    if not words:
        raise UsageError("nothing is named; write for example cambrian heal report.py, or cambrian heal -- pytest -q")
    asked = Asked(words=words, expect=expect, seconds=read_seconds(budget), workspace=workspace)
    result = anyio.run(_conduct, asked, apply, yes)
    if json:
        answer_json(result)
    else:
        _tell(result, " ".join(words))
    return 0 if result.passes or result.healed else FAILED


async def _conduct(asked: Asked, apply: bool, yes: bool) -> Healing:
    from cambrian.app.healing import conduct

    return await conduct(asked, apply=apply, large=yes)


def _tell(result: Healing, what: str) -> None:
    """The diff on stdout, the rest on stderr."""
    if result.passes:
        say(f"{what} passes; there is nothing to heal")
        return
    say(result.failure)
    if not result.healed:
        say(f"no fix was found among {result.tried} candidates")
        return
    say(f"fix{', a guess' if result.guess else ''}: {'; '.join(result.steps)}")
    for other in result.others[:_OTHERS]:
        say(f"  passes as well: {other}")
    if len(result.others) > _OTHERS:
        say(f"  … and {len(result.others) - _OTHERS} more")
    if not result.applied:
        answer_diff(result.diff)
    say(_advice(result))


def _advice(result: Healing) -> str:
    if result.applied:
        return f"written: {result.file}; `cambrian undo {result.undo}` takes it back"
    if result.others:
        return "nothing was written: no test tells these apart; --yes writes the first one"
    if result.unknown:
        return f"nothing was written: nothing binds {', '.join(map(repr, result.unknown))}; --yes writes it"
    if result.guess:
        return "nothing was written: no error names this, and a test may be passed by what is wrong; --yes writes it"
    if not result.silent:
        return "nothing was written: look at it first; --yes writes it"
    return "nothing was written; --apply writes it"
