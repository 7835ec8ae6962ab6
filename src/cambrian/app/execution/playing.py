"""App, execution: plays a run again from its record alone. Nothing is done in the world, nothing is written down."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import anyio

from cambrian.core.errors import SandboxError
from cambrian.core.ids import RunId
from cambrian.core.ports import Exit
from cambrian.core.script import Calls, Gap
from cambrian.core.tool import Answer, Call, Tool
from cambrian.journal.clock import SystemClock
from cambrian.journal.memory import MemoryStore
from cambrian.sandbox.scripts.calling import Caller
from cambrian.sandbox.scripts.moments import Moment, changed, prepared
from cambrian.sandbox.scripts.port import Said, ScriptExecution, ScriptRuntime, Terms
from cambrian.sandbox.scripts.replay import Replay

from .history import History
from .record import ExecutionLog

__all__ = ["NoTools", "nowhere", "played"]


class NoTools:
    """Tools that are only described: whatever is not on record is refused. For replays.

    Args:
        tools: as the run had them.
    """

    def __init__(self, tools: tuple[Tool, ...]) -> None:
        self._tools = tools

    def tools(self) -> tuple[Tool, ...]:
        """See `ToolInvoker.tools`."""
        return self._tools

    def refusal(self, call: Call) -> str:
        """See `ToolInvoker.refusal`."""
        return f"{call.tool}() is not on record with these arguments, and nothing is done in a replay"

    async def approve(self, call: Call) -> str:
        """See `ToolInvoker.approve`."""
        return self.refusal(call)

    async def invoke(self, call: Call, *, key: str) -> Answer:
        """See `ToolInvoker.invoke`."""
        return Answer(call=call.id, error=f"{self.refusal(call)} ({key})")


def nowhere(history: History, clock: SystemClock) -> ExecutionLog:
    """A log that is forgotten."""
    return ExecutionLog(MemoryStore(), RunId("r-replay"), history.opened, clock)


@asynccontextmanager
async def played(
    history: History,
    runtime: ScriptRuntime,
    *,
    at: int | None = None,
    past: bool = False,
    terms: Terms | None = None,
    moment: Moment | None = None,
) -> AsyncGenerator[ScriptExecution]:
    """The script of a run, standing where it waits for a call; or gone on from there to its next turn; or ended.

    Args:
        history: of the run.
        runtime: one that the run's preset allows.
        at: the call; by default the script's end is meant.
        past: go on from the call.
        terms: those of the run, by default as they were.
        moment: begin there, if this runtime made it.

    Raises:
        SandboxError: played again, the script does not come there.
    """
    opened, record = history.opened, [each for _, each in history.record]
    if moment is not None:
        execution, said = await runtime.restore(moment.snapshot, opened.limits, now=moment.now, calls=moment.call)
        record = [each for each in record if each.call.id >= moment.call]
    else:
        script = prepared(opened.script, opened.tools, must=True) if history.edits else opened.script
        execution, said = await runtime.begin(script, opened.tools, opened.limits, terms or opened.terms)
    try:
        clock = SystemClock()
        caller = Caller(NoTools(opened.tools), nowhere(history, clock), clock, run="replay")
        await _walk(history, execution, said, caller, Replay(record), at=at, past=past)
        yield execution
    finally:
        with anyio.CancelScope(shield=True):
            await execution.close()


async def _walk(
    history: History,
    execution: ScriptExecution,
    said: Said | Exit,
    caller: Caller,
    replay: Replay,
    *,
    at: int | None,
    past: bool,
) -> None:
    while isinstance(said, Said) and isinstance(said.turn, Calls):
        there = at is not None and at <= said.turn.calls[-1].id
        if there and not past:
            return
        answers, now = await caller.answers(said.turn.calls, replay)
        said = await execution.resume(changed(answers, history.edits), now=now)
        if there:
            return
    if at is not None or isinstance(said, Exit) or isinstance(said.turn, Gap):
        where = "its end" if at is None else f"call {at}"
        raise SandboxError(f"played again, run {history.run!r} did not come to {where}: {said!r:.300}")
