"""Fixes of SQL, run: old and new function in a jail, on a database in memory, with harmless and with hostile values.

A recorder stands in for databases that are not SQLite. Benign values must give what they gave; hostile values must not
change which statement is executed. The program runs in a jail only; what comes back is data.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from cambrian.core import codec
from cambrian.core.errors import CodecError, IsolationUnavailable, SandboxError
from cambrian.core.limits import Limits
from cambrian.core.ports import Exit, Program, Runtime
from cambrian.sandbox import CPythonJail

from .report import Reported

__all__ = ["Trial", "check_fixes", "try_fix"]

_LIMITS = Limits(wall=10.0, cpu=8.0)
_LISTED = re.compile(r"(\?|%s)(?:,\s*(?:\?|%s))+")
_Outcomes = Sequence[tuple[tuple[str, ...], str, str, str]]
_MOST = 40
"""Fixes that are run."""
HOSTILE = ("x' OR '1'='1", "x'; DROP TABLE t; --", "1 OR 1=1", "%' OR 1=1 --", "x') OR ('1'='1", "\\' OR 1=1 #")
BENIGN = ("ann", "b", "", "O Neil", "42")
NUMBERS = (1, 0, -3, 42)


class Trial(NamedTuple):
    """What came of running a fix: how many calls were compared, and what spoke against it."""

    tried: int
    against: str = ""


async def check_fixes(
    found: Sequence[Reported], before: Mapping[str, str], after: Mapping[str, str], made: Sequence[tuple[str, int, str]]
) -> list[Reported]:
    """The findings, with what running their fixes showed. A fix that was refuted is none any more.

    Args:
        found: all findings.
        before: path → text.
        after: path → text with fixes.
        made: file, line and rule of what was fixed.
    """
    wanted = [each for each in found if (each.file, each.line, each.rule) in made and each.rule == "sql-injection"]
    if not wanted:
        return list(found)
    try:
        jail = await CPythonJail.start()
    except IsolationUnavailable:
        return list(found)
    trials: dict[str, Trial] = {}
    try:
        for each in wanted[:_MOST]:
            trials[each.fingerprint] = await try_fix(jail, before[each.file], after[each.file], each.scope)
    finally:
        await jail.aclose()
    return [_with(each, trials.get(each.fingerprint)) if each in wanted else each for each in found]


def _with(finding: Reported, trial: Trial | None) -> Reported:
    if trial is not None and trial.against:
        advice = f"a fix was tried, and did not hold ({trial.against}); hand the values over as parameters"
        return replace(finding, fix=False, evidence="", splices=(), assumes=(), advice=advice)
    if trial is None or not trial.tried:
        return finding
    return replace(finding, evidence="tested", tried=trial.tried)


async def try_fix(jail: Runtime, old: str, new: str, scope: str) -> Trial:
    """Run a function before and after, with a recorder in place of its database.

    Args:
        jail: where.
        old: the file before.
        new: the file after.
        scope: qualified name of the function.
    """
    values: list[object] = [*BENIGN, *NUMBERS, *HOSTILE]
    first = await _run(jail, new, scope, values, ())
    after = await _run(jail, new, scope, values, first.tables) if first is not None else None
    if after is None:
        return Trial(0)
    before = await _run(jail, old, scope, values, after.tables)
    return Trial(0) if before is None else _judged(before.outcomes, after.outcomes)


class _Observed(NamedTuple):
    """What each call executed, whether it raised, what it gave and left; and the tables that were made up."""

    outcomes: Sequence[tuple[tuple[str, ...], str, str, str]]
    tables: Sequence[object]


async def _run(
    jail: Runtime, text: str, scope: str, values: list[object], tables: Sequence[object]
) -> _Observed | None:
    """Call the function with each value; ``None`` if the program does not run by itself."""
    program = Program(files={"subject.py": text, "recorder.py": _recorder()}, entry="recorder.py:work")
    session = await jail.launch(program, _LIMITS)
    if isinstance(session, Exit):
        return None
    try:
        reply = await session.call(codec.encode((scope, values, list(tables))))
        if isinstance(reply, Exit) or reply.raised:
            return None
        return _observed(codec.decode(reply.payload, arrays=False))
    except (CodecError, SandboxError):
        return None
    finally:
        await session.close()


def _observed(value: object) -> _Observed | None:
    """Read what came out of the jail: an enemy's words."""
    try:
        outcomes, tables = msgspec.convert(value, tuple[list[tuple[tuple[str, ...], str, str, str]], list[object]])
    except msgspec.ValidationError:
        return None
    return _Observed(outcomes, tables) if outcomes else None


def _recorder() -> str:
    return (Path(__file__).parents[1] / "inside" / "sql_recorder.py").read_text(encoding="utf-8")


def _judged(old: _Outcomes, new: _Outcomes) -> Trial:
    """Harmless values give what they gave, and no value changes the text of a statement."""
    count = len(BENIGN) + len(NUMBERS)
    pairs = [(one, other) for one, other in zip(old, new, strict=False) if other[0]]
    harmless = [
        (one, other) for one, other in zip(old[:count], new[:count], strict=False) if other[0] and one[1] == "value"
    ]
    texts = {_shape(other[0]) for other in new[:count]}
    if not harmless:
        return Trial(0)
    texts_only = [pair for pair in zip(old[: len(BENIGN)], new, strict=False) if pair in harmless]
    if any(one[1:] != other[1:] for one, other in texts_only or harmless):  # a number in quotes was a text before
        return Trial(0, "a harmless value gives something else")
    if any(_shape(other[0]) not in texts for other in new[count:]):
        return Trial(0, "a hostile value changes the statement")
    return Trial(len(pairs))


def _shape(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Statements, with as many placeholders as there happen to be in a list written as one."""
    return tuple(_LISTED.sub(r"\1", text) for text in dict.fromkeys(texts))
