"""App, execution: what is told of an execution. These records are the JSON of `cambrian run --json`."""

from __future__ import annotations

from typing import Any

import msgspec

from cambrian.core.script import Raised
from cambrian.sandbox.scripts.facts import Ended

__all__ = ["Execution", "execution"]


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
    error: Raised | None
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

    @property
    def ok(self) -> bool:
        """Whether the script ran to its end."""
        return self.status == "ok"


def execution(
    ended: Ended, *, run: str, reasons: tuple[str, ...], left: tuple[str, ...], wall_s: float
) -> Execution:  # fmt: skip
    """What is told of a run that ended so."""
    error = ended.error
    if error is None and ended.status != "ok":
        error = Raised(type=ended.status, message=ended.detail or ended.status)
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
        left=left,
        calls=ended.calls,
        unknown=ended.unknown,
        wall_ms=round(wall_s * 1000, 3),
        code_ms=round(ended.wall_s * 1000, 3),
        cpu_ms=round(ended.cpu_s * 1000, 3),
    )
