"""App, execution: a script that failed, healed and gone on with. What it called before is not called again.

Candidates are played from the record alone: nothing is done in the world. One that gets past the failure, and is the
only likely one, goes on live in a run of its own, whose past is the failed run's.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from functools import partial

import msgspec

from cambrian.core.event import fact
from cambrian.improvement.healing.commands import sought
from cambrian.improvement.healing.python import PythonHealer
from cambrian.journal.clock import SystemClock
from cambrian.journal.holder import this_process
from cambrian.journal.ids import new_run_id
from cambrian.journal.kernel import Run
from cambrian.sandbox.scripts.facts import HEALED, Ended, Healed, Opened
from cambrian.sandbox.scripts.recovery import recover
from cambrian.sandbox.scripts.session import Candidate, ScriptSession
from cambrian.source.diff import unified
from cambrian.source.repair.report import Failure, Fix
from cambrian.tools.registry import Toolbox

from .history import History, read_history
from .playing import NoTools, nowhere
from .record import ExecutionLog
from .results import Execution, execution
from .running import Sandbox

__all__ = ["Mended", "Mender"]

_MOST = 40
"""Candidates that are played."""
_MARGIN = 0.45
"""Another candidate that gets as far and is not dearer than this makes a fix ambiguous."""
_BEYOND = "is not on record with these arguments, and nothing is done in a replay"
"""By this a candidate is known that got past its record: the words of `NoTools`."""
_TRACED = re.compile(r"line (\d+), in")


class Mended(msgspec.Struct, frozen=True, kw_only=True):
    """What came of mending.

    Args:
        execution: of the mended script; of the failed one if nothing was done.
        steps: what the fix does; empty if there is none.
        others: what other candidates would do that get as far; then nothing was run.
        diff: of the script.
        repeated: calls of the failed run that were made again; always 0.
    """

    execution: Execution
    steps: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    diff: str = ""
    repeated: int = 0


class Mender:
    """Mends scripts of a sandbox's workspace.

    Args:
        sandbox: whose runtimes and journal are used.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._clock = SystemClock()

    async def mend(self, failed: Execution, tools: Toolbox, told: Callable[[str], None] | None = None) -> Mended:
        """Go on with a failed script, mended, if there is one likely fix.

        Args:
            failed: how it ended. Anything but an error of Python's own is left as it is.
            tools: carry out what it calls beyond its record.
            told: is told each step.
        """
        if failed.error is None or failed.status != "error":
            return Mended(execution=failed)
        async with self._sandbox.workspace.reading() as runs:
            history = await read_history(runs, failed.run)
        if history.opened.script.language != "python" or history.executing:
            return Mended(execution=failed)
        fixes = await self._getting_further(history, failed)
        if not fixes:
            return Mended(execution=failed)
        first, *rest = fixes
        code = history.opened.script.code
        diff = unified({history.opened.script.name: code}, {history.opened.script.name: first.text})
        others = tuple(fix.what for fix in rest if fix.cost <= first.cost + _MARGIN)
        if others or not first.named:
            return Mended(execution=failed, steps=(first.what,), others=others, diff=diff)
        if told is not None:
            told(f"healed: {first.what} (line {first.line}); its {failed.calls} recorded calls are not made again")
        return Mended(execution=await self._go_on(history, first, tools), steps=(first.what,), diff=diff)

    async def _getting_further(self, history: History, failed: Execution) -> list[Fix]:
        """Fixes with which the script, played from its record, ends well or comes to a call that is not on record."""
        failure = _failure(history, failed)
        found: list[Fix] = []
        for fix in PythonHealer().named(history.opened.script.code, failure)[:_MOST]:
            if found and fix.cost > found[0].cost + 2 * _MARGIN:
                break
            ended = await self._played(history, fix.text)
            error = ended.error.message if ended.error else ""
            if ended.status == "ok" or _BEYOND in error:
                found.append(fix)
        return found

    async def _played(self, history: History, code: str) -> Ended:
        opened = _with(history.opened, code)
        log = nowhere(history, self._clock)
        session = ScriptSession(
            opened, NoTools(opened.tools), log, self._clock, run="replay",
            record=[each for _, each in history.record], edits=history.edits,
        )  # fmt: skip
        try:
            return await session.run([self._candidate(history)])
        finally:
            await log.aclose()

    async def _go_on(self, history: History, fix: Fix, tools: Toolbox) -> Execution:
        """Live, in a fork of the failed run."""
        begun = time.perf_counter()
        opened = _with(history.opened, fix.text)
        store = await self._sandbox.store()
        run = new_run_id(self._clock.wall(), random.SystemRandom())
        at = max((seq for seq, _ in history.record), default=1)
        forked = await Run.fork(store, history.run, run=run, clock=self._clock, holder=this_process(), at=at)
        async with forked:
            recovered = await recover(forked)
            await forked.append(fact(HEALED, Healed(code=fix.text, what=fix.what)))
            log = ExecutionLog.over(store, forked, opened, self._clock)
            session = ScriptSession(
                opened, self._sandbox.reach.over(tools), log, self._clock, run=run, record=recovered.record,
                edits=history.edits,
            )  # fmt: skip
            ended = await session.run([self._candidate(history)])
        wall_s = time.perf_counter() - begun
        reasons = (f"{history.run}, healed: {fix.what}",)
        return execution(ended, opened=opened, run=run, reasons=reasons, left=(), wall_s=wall_s)

    def _candidate(self, history: History) -> Candidate:
        name = history.attempts[-1].runtime if history.attempts else "cpython"
        start = partial(self._sandbox.dispatcher.start, name, history.opened.preset)
        return Candidate(name, ("where it failed",), start)


def _with(opened: Opened, code: str) -> Opened:
    return msgspec.structs.replace(opened, script=msgspec.structs.replace(opened.script, code=code))


def _failure(history: History, failed: Execution) -> Failure:
    """The error as repair wants it."""
    error = failed.error
    assert error is not None
    lines = [int(number) for number in _TRACED.findall(error.traceback)][::-1]
    name, owner, members = sought(error.message)
    tools = {tool.name: "function" for tool in history.opened.tools}
    return Failure(
        type=error.type, message=error.message, file=history.opened.script.name, line=error.line or (lines or [0])[0],
        lines=tuple(lines[:12]), name=name, owner=owner, members=members,
        visible={**tools, **dict.fromkeys(history.opened.script.inputs, "object")},
    )  # fmt: skip
