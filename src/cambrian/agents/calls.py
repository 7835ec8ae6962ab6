"""Calls of a round: ruled on, begun, carried out side by side, concluded.

An intent is on record before its tool starts.
"""

from __future__ import annotations

from collections.abc import Sequence

import anyio
import anyio.abc
import msgspec

from cambrian.core.effect import EffectState, Intent
from cambrian.core.errors import JournalError
from cambrian.core.message import Problem, ToolCall, ToolResult
from cambrian.core.tool import Call, Tool, ToolInvoker
from cambrian.journal.crashpoints import crash_point
from cambrian.journal.ledger import Begin, Change, Conclude, Start

from .book import Book
from .facts import AgentFact, Asked, Resulted
from .hooks import HookError, Hooks
from .machine import Stage
from .permission import Permissions, Verdict
from .state import CallState, effect_of
from .template import Template

__all__ = ["LABELS", "Calls", "Ruled"]

LABELS = ("agents.tool.intended", "agents.tool.invoked", "agents.tool.concluded")
"""Crash points."""


class Ruled(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of a call.

    Args:
        call: perhaps with other arguments than the model gave.
        verdict: whether it happens.
        reason: in a line.
        result: what it is taken to have given, if it does not happen.
    """

    call: ToolCall
    verdict: Verdict
    reason: str = ""
    result: ToolResult | None = None


class Calls:
    """Carries the calls of an agent out.

    Args:
        book: the agent's.
        template: what it was made from.
        tools: that it has.
        permissions: decides about calls.
        hooks: may alter or veto.
    """

    def __init__(
        self, book: Book, template: Template, tools: ToolInvoker, permissions: Permissions, hooks: Hooks
    ) -> None:
        self._book, self._template, self._tools = book, template, tools
        self._permissions, self._hooks = permissions, hooks
        self._known = {tool.name: tool for tool in tools.tools()}
        self._running: set[str] = set()
        self._stirred = anyio.Event()
        self._error: JournalError | None = None

    def stir(self) -> None:
        """Something has changed for the calls: one is over, or somebody has decided."""
        self._stirred.set()

    def tool(self, name: str) -> Tool | None:
        """A tool by its name."""
        return self._known.get(name)

    async def rule(self, call: ToolCall) -> Ruled:
        """What becomes of a call: whether it can be at all, then hooks, then the permission. What raises refuses."""
        tool = self._known.get(call.tool)
        refusal = self._tools.refusal(_invocation(call))
        if tool is None or refusal:
            return _refused(call, "invalid", refusal or f"there is no tool {call.tool!r}")
        verdict, reason = self._permissions.verdict(tool, call.input)
        if verdict == "deny" or not self._hooks:
            return Ruled(call=call, verdict=verdict, reason=reason) if verdict != "deny" else _denied(call, reason)
        return await self._ruled_by_hooks(call, tool, verdict, reason)

    async def _ruled_by_hooks(self, call: ToolCall, tool: Tool, verdict: Verdict, reason: str) -> Ruled:
        try:
            ruling = await self._hooks.before_tool(call, tool)
        except HookError as error:
            return _denied(call, str(error))
        if ruling is None:
            return Ruled(call=call, verdict=verdict, reason=reason)
        if ruling.verdict == "deny":
            return _denied(call, ruling.reason or "a hook refused it")
        if ruling.result is not None:
            result = ToolResult(call=call.id, value=ruling.result)
            return Ruled(call=call, verdict="deny", reason=ruling.reason, result=result)
        if ruling.input is not None:
            call = msgspec.structs.replace(call, input=ruling.input)
            if refusal := self._tools.refusal(_invocation(call)):
                return _refused(call, "invalid", f"after a hook changed its arguments: {refusal}")
        return Ruled(call=call, verdict="ask" if "ask" in (verdict, ruling.verdict) else "allow", reason=ruling.reason)

    def opened(self, ruled: Sequence[Ruled]) -> tuple[list[Change], list[AgentFact]]:
        """What is written down about the calls of an answer, in the transaction that holds the answer itself."""
        changes: list[Change] = []
        records: list[AgentFact] = []
        begun = 0
        for each in ruled:
            if each.result is not None:
                records.append(Resulted(result=each.result))
            elif each.verdict == "ask":
                changes.append(Begin(self._intent(each.call), EffectState.PENDING))
                records.append(Asked(call=each.call.id, why="permission", reason=each.reason))
            elif begun < self._template.allowance.at_once:
                begun += 1
                changes.append(Begin(self._intent(each.call)))
        return changes, records

    def _intent(self, call: ToolCall) -> Intent:
        tool = self._known[call.tool]
        return Intent(
            effect=effect_of(call.id), kind="tool", key=self._key(call),
            idempotent=tool.idempotent or tool.read_only, data={"tool": call.tool},
        )  # fmt: skip

    def _key(self, call: ToolCall) -> str:
        return f"{self._book.run.id} {call.id}"

    async def carry_out(self) -> None:
        """Carry out what may happen, until nothing more can without somebody's decision.

        Raises:
            JournalError: it could not be written.
        """
        self._error = None
        async with anyio.create_task_group() as group:
            while self._error is None:
                try:
                    await self._start(group)
                except JournalError as error:  # told below, and not as one of a group
                    self._error = error
                if not self._running or self._error is not None:
                    break
                await self._stirred.wait()
                self._stirred = anyio.Event()
            if self._error is not None:
                group.cancel_scope.cancel()
        if self._error is not None:
            raise self._error

    async def _start(self, group: anyio.abc.TaskGroup) -> None:
        """Start calls, as many as may run side by side."""
        free = self._template.allowance.at_once - len(self._running)
        startable = [each for each in self._book.state.open if self._startable(each)][: max(0, free)]
        changes = [change for each in startable if (change := self._beginning(each)) is not None]
        if changes:
            self._book.note(changes=changes)
            self._book.settle()
            await self._book.commit()
        for each in startable:
            self._running.add(each.call.id)
            group.start_soon(self._run, each)

    def _startable(self, each: CallState) -> bool:
        return each.stage is not Stage.AWAITING and each.call.id not in self._running

    def _beginning(self, each: CallState) -> Change | None:
        """What has to be on record before it starts; `None` if it is already."""
        if each.stage is Stage.EXECUTING or (each.stage is Stage.ALLOWED and each.unknown):
            return None
        return Start(effect_of(each.call.id)) if each.stage is Stage.ALLOWED else Begin(self._intent(each.call))

    async def _run(self, each: CallState) -> None:
        call = each.call
        try:
            result = await self._invoked(call)
            if self._hooks:
                try:
                    result = await self._hooks.after_tool(call, result)
                except HookError as error:
                    result = ToolResult(call=call.id, problem="failed", error=str(error))
            state = EffectState.FAILED if result.problem else EffectState.APPLIED
            await self._over(result, Conclude(effect_of(call.id), state, result.error[:200]))
        except JournalError as error:
            self._error = error
        finally:
            self._running.discard(call.id)
            self.stir()

    async def _over(self, result: ToolResult, conclusion: Conclude) -> None:
        """The last result of a round goes into the journal with the intent of the turn that follows."""
        last = len(self._book.state.open) == 1
        self._book.note(Resulted(result=result), changes=[conclusion])
        self._book.settle()
        if not last:
            await self._book.commit()
        crash_point("agents.tool.concluded")

    async def _invoked(self, call: ToolCall) -> ToolResult:
        crash_point("agents.tool.intended")
        answer = await self._tools.invoke(_invocation(call), key=self._key(call))
        crash_point("agents.tool.invoked")
        if answer.error:
            return ToolResult(call=call.id, problem="failed", error=answer.error)
        return self._fitting(ToolResult(call=call.id, value=answer.value))

    def _fitting(self, result: ToolResult) -> ToolResult:
        most = self._template.allowance.result
        text = msgspec.json.encode(result.value)
        if len(text) <= most:
            return result
        kept = text[:most].decode(errors="ignore")
        return ToolResult(
            call=result.call, problem="failed",
            error=f"the result has {len(text)} bytes as JSON, more than {most}; it begins with: {kept[:2000]}",
        )  # fmt: skip


def _invocation(call: ToolCall) -> Call:
    return Call(id=0, tool=call.tool, kwargs=call.input)


def _refused(call: ToolCall, problem: Problem, error: str) -> Ruled:
    result = ToolResult(call=call.id, problem=problem, error=error)
    return Ruled(call=call, verdict="deny", reason=error, result=result)


def _denied(call: ToolCall, reason: str) -> Ruled:
    return _refused(call, "denied", reason)
