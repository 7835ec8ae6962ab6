"""App, execution: what is told of an execution. These records are the JSON of `cambrian run --json`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from cambrian.core.limits import Limits
from cambrian.core.quantity import format_seconds, format_size
from cambrian.core.script import Raised
from cambrian.sandbox.scripts.facts import Ended, Left, Opened

from .advising import advised

__all__ = ["Execution", "Failure", "execution", "told_left"]


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """What went wrong.

    Args:
        type: name of the exception's class; where none was the reason, the status.
        message: its text.
        traceback: the script's part of it; "" if there is none.
        line: of the script, from 1; null if it is not known.
    """

    type: str
    message: str
    traceback: str = ""
    line: int | None = None


class Execution(msgspec.Struct, frozen=True, kw_only=True):
    """How a script ran.

    Args:
        run: id of its run in the workspace.
        status: ``"ok"``; ``"error"``: the code raised; ``"gap"``: no runtime that may run it can; ``"diverged"``; or
            a limit: ``"timeout"``, ``"memory"``, ``"output"``, ``"killed"``, ``"signal"``, ``"denied"``.
        value: of its last expression, a JSON value.
        shown: the representation of a value that is no JSON value; `value` is null then.
        stdout: what it printed.
        stderr: what it printed as an error.
        error: what went wrong, if anything did; null if all went well.
        runtime: the one that it ended on.
        level: of the jail that the runtime's workers are in.
        reasons: why that runtime.
        left: the runtimes that it was begun on before, and what each of them lacked.
        advice: of each thing that they lacked, what to write instead or where it would run; ``GAP: what to do``.
        calls: tool calls that it made.
        unknown: idempotency keys of the calls of which nobody knows whether they happened.
        wall_ms: milliseconds of the whole call, tools and journal included.
        code_ms: milliseconds that the code ran.
        cpu_ms: CPU milliseconds, likewise.
        cached: whether the result was kept from an earlier run.
    """

    run: str
    status: str
    value: Any
    shown: str
    stdout: str
    stderr: str
    error: Failure | None
    runtime: str
    level: str
    reasons: tuple[str, ...]
    left: tuple[str, ...]
    calls: int
    unknown: tuple[str, ...]
    wall_ms: float
    code_ms: float
    cpu_ms: float
    cached: bool = False
    advice: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the script ran to its end."""
        return self.status == "ok"


def execution(
    ended: Ended, *, opened: Opened, run: str, reasons: tuple[str, ...], left: Sequence[Left], wall_s: float
) -> Execution:  # fmt: skip
    """What is told of a run that ended so, under what it was opened with."""
    advice = advised(left, opened.script.language, reasons)
    error = None if ended.error is None else _failure(ended.error)
    if error is None and ended.status != "ok":
        error = Failure(type=ended.status, message=_told(ended, opened.limits, advice))
    elif error is not None and error.type == "NotCapable":
        error = _permitted(error)
    return Execution(
        run=run,
        status=ended.status,
        value=ended.value,
        shown=ended.shown,
        stdout=ended.stdout,
        stderr=ended.stderr,
        error=error,
        runtime=ended.runtime,
        level=ended.level,
        reasons=reasons,
        left=told_left(left),
        advice=advice,
        calls=ended.calls,
        unknown=ended.unknown,
        wall_ms=round(wall_s * 1000, 3),
        code_ms=round(ended.wall_s * 1000, 3),
        cpu_ms=round(ended.cpu_s * 1000, 3),
    )


def _failure(raised: Raised) -> Failure:
    return Failure(type=raised.type, message=raised.message, traceback=raised.traceback, line=raised.line)


def told_left(left: Sequence[Left]) -> tuple[str, ...]:
    """Runtimes that were left, and what each lacked."""
    return tuple(f"{each.runtime}: {each.gap}" for each in left)


def _permitted(error: Failure) -> Failure:
    """Deno's advice is for its own command line, which nobody has here."""
    message, advised, _ = error.message.partition(", run again with the --allow-")
    if not advised:
        return error
    message += "; what a script may reach is said with --allow net:HOST:PORT,read:DIR, or done by a tool"
    trace = error.traceback.replace(error.message, message)
    return Failure(type=error.type, message=message, traceback=trace, line=error.line)


def _told(ended: Ended, limits: Limits, advice: Sequence[str]) -> str:
    """Why a script has no value though it raised nothing: which limit of what size, and what to do."""
    detail = ended.detail or ended.status
    what = {
        "timeout:wall": f"it ran longer than wall={format_seconds(limits.wall)}; allow more, or have it do less",
        "timeout:cpu": f"it used more than cpu={format_seconds(limits.cpu)}; allow more, or have it do less",
        "memory:memory": f"it took more than memory={format_size(limits.memory)}; allow more, or have it keep less",
        "output:printed": f"more than output={format_size(limits.output)}; allow more, or have it print less",
        "denied:file": "it may not do that with a file; --allow read:DIR shows it a folder, and tools do the rest",
        "denied:socket": "it has no network; --allow net:HOST:PORT gives it a tool fetch for that host",
        "denied:clone": "it may start no process; have a tool do that",
        "error:driver": f"its engine broke down; memory={format_size(limits.memory)} may be too little for it",
    }.get(f"{ended.status}:{detail}")
    if what is not None:
        return f"{detail}: {what}"
    if ended.status == "gap":
        return "\n".join((f"no runtime that may run it has all that it needs: {detail}", *advice))
    return detail
