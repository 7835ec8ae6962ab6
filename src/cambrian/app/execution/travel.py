"""App, execution: time travel: stand at a moment of a run, look at it, change it, go on from it or replay it.

Going back needs no recording beyond the journal: the script runs again with its recorded answers, seed and clock. Where
a snapshot was kept, it begins there instead.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from functools import partial

import anyio
import msgspec

from cambrian.core.errors import SandboxError, UsageError
from cambrian.core.event import fact
from cambrian.core.ids import RunId
from cambrian.core.ports import Exit
from cambrian.core.script import Calls
from cambrian.core.tool import Answer, Call, Tool, ToolInvoker
from cambrian.journal.clock import SystemClock
from cambrian.journal.holder import this_process
from cambrian.journal.ids import new_run_id
from cambrian.journal.kernel import Run
from cambrian.journal.memory import MemoryStore
from cambrian.sandbox.scripts.calling import Caller
from cambrian.sandbox.scripts.facts import EDITED, Edited, Recorded
from cambrian.sandbox.scripts.moments import Keeper, Moment, changed, prepared
from cambrian.sandbox.scripts.port import Said, ScriptExecution
from cambrian.sandbox.scripts.recovery import recover
from cambrian.sandbox.scripts.replay import Replay
from cambrian.sandbox.scripts.runtime import DrivenRuntime
from cambrian.sandbox.scripts.session import Candidate, ScriptSession
from cambrian.source.edits import settable
from cambrian.tools.registry import Toolbox

from .history import History, LineStep, read_history
from .record import ExecutionLog
from .results import Execution, execution
from .running import Sandbox
from .sealing import Sealer

__all__ = ["NoTools", "Traveller"]


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


class Traveller:
    """Goes to moments of the runs of a sandbox's workspace.

    Args:
        sandbox: whose runtimes are used.
        sealer: tells which snapshots may be loaded.
    """

    def __init__(self, sandbox: Sandbox, sealer: Sealer) -> None:
        self._sandbox, self._sealer = sandbox, sealer
        self._clock = SystemClock()

    async def history(self, run: str) -> History:
        """See `read_history`."""
        async with self._sandbox.workspace.reading() as runs:
            return await read_history(runs, run)

    async def inspect(self, history: History, at: int) -> dict[str, object]:
        """The variables of the script's top level where it waits for a call.

        Raises:
            UsageError: there is no such call, or the runtime cannot show variables.
            SandboxError: the script did not get there again.
        """
        _refuse_unknown(history, at)
        async with self._standing(history, at) as standing:
            return await standing.inspect()

    @asynccontextmanager
    async def _standing(self, history: History, at: int) -> AsyncGenerator[ScriptExecution]:
        runtime = self._sandbox.catalogue.get(_runtime(history))
        opened, record = history.opened, [each for _, each in history.record]
        moment = await self._moment(history, at)
        if moment is not None:
            execution, said = await runtime.restore(moment.snapshot, opened.limits, now=moment.now, calls=moment.call)
            record = [each for each in record if each.call.id >= moment.call]
        else:
            script = prepared(opened.script, opened.tools, must=True) if history.edits else opened.script
            execution, said = await runtime.begin(script, opened.tools, opened.limits, opened.terms)
        try:
            await self._walk(history, execution, said, record, at)
            yield execution
        finally:
            with anyio.CancelScope(shield=True):
                await execution.close()

    async def _walk(
        self,
        history: History,
        execution: ScriptExecution,
        said: Said | Exit,
        record: list[Recorded],
        at: int,
        *,
        past: bool = False,
    ) -> None:
        """Answer from the record until the script waits for a call; or, if `past`, until it has gone on from there."""
        replay, opened = Replay(record), history.opened
        log = ExecutionLog(MemoryStore(), RunId("r-replay"), opened, self._clock)
        caller = Caller(NoTools(opened.tools), log, self._clock, run="replay")
        while isinstance(said, Said) and isinstance(said.turn, Calls):
            there = at <= said.turn.calls[-1].id
            if there and not past:
                return
            answers, now = await caller.answers(said.turn.calls, replay)
            said = await execution.resume(changed(answers, history.edits), now=now)
            if there:
                return
        raise SandboxError(f"run again, the script did not come to call {at}: {said!r:.300}")

    async def _moment(self, history: History, at: int) -> Moment | None:
        """The last snapshot at or before a call, if this runtime's version can load it.

        Raises:
            StoreDamaged: its seal is not valid.
        """
        runtime = self._sandbox.catalogue.get(_runtime(history))
        usable = [each for each in history.checkpoints if each.call <= at and each.version == runtime.version]
        if not usable or not runtime.snapshots:
            return None
        made = max(usable, key=lambda each: each.call)
        snapshot = await (await self._sandbox.store()).blob(made.snapshot)
        self._sealer.check(snapshot, history.opened.script.code, made)
        before = [each.now for _, each in history.record if each.call.id < made.call]
        now = max(before, default=history.opened.terms.now)
        return Moment(runtime=made.runtime, snapshot=snapshot, call=made.call, now=now)

    async def steps(self, history: History, at: int) -> tuple[LineStep, ...]:
        """What each line changed from the answer of a call to the next call, or the script's end.

        The run is played again on CPython from its record, with that stretch traced.

        Raises:
            UsageError: there is no such call, or it is no Python.
            SandboxError: the script did not get there again.
        """
        _refuse_unknown(history, at)
        opened = history.opened
        if opened.script.language != "python":
            raise UsageError(f"lines are traced of Python scripts; run {history.run!r} is {opened.script.language}")
        terms = msgspec.structs.replace(opened.terms, window=(at + 1, at + 1))
        record = [each for _, each in history.record]
        texts = opened.script.code.split("\n")
        execution, said = await self.runtime("cpython").begin(opened.script, opened.tools, opened.limits, terms)
        try:
            await self._walk(history, execution, said, record, at, past=True)
            found = (await execution.profile()).steps
        finally:
            with anyio.CancelScope(shield=True):
                await execution.close()
        return tuple(
            LineStep(line=line, function=function, text=texts[line - 1].strip(), changed=changed)
            for line, function, changed in found
            if 0 < line <= len(texts)
        )

    async def replay(self, history: History, *, edits: Mapping[int, Mapping[str, object]] | None = None) -> Execution:
        """Run it again from the record alone: nothing is done in the world, nothing is written down."""
        begun, opened = time.perf_counter(), history.opened
        log = ExecutionLog(MemoryStore(), RunId("r-replay"), opened, self._clock)
        session = ScriptSession(
            opened, NoTools(opened.tools), log, self._clock, run="replay",
            record=[each for _, each in history.record], edits={**history.edits, **(edits or {})},
        )  # fmt: skip
        try:
            ended = await session.run([self._candidate(history, "replayed there")])
        finally:
            await log.aclose()
        wall_s = time.perf_counter() - begun
        return execution(
            ended,
            limits=history.opened.limits,
            run=history.run,
            reasons=("replayed from the record",),
            left=(),
            wall_s=wall_s,
        )

    async def take_up(self, history: History, tools: Toolbox) -> Execution:
        """Bring a run to its end whose process was killed. What is on record is not done again.

        Calls that were under way when it was killed may have happened: those of idempotent tools are made again with
        their keys, the others are not, the script is told, and they are named in the result.

        Raises:
            UsageError: it has ended, or a tool that it names is not given: the run would end there, for good.
            LeaseHeld: another process is at it.
        """
        if history.ended is not None:
            raise UsageError(
                f"run {history.run!r} has ended ({history.ended.status}); say --at call=N to go on from a moment of it"
            )
        begun, opened = time.perf_counter(), history.opened
        box = self._sandbox.reach.over(tools)
        _refuse_missing(history, box)
        store = await self._sandbox.store()
        resumed = await Run.resume(store, history.run, clock=self._clock, holder=this_process())
        features = self._sandbox.dispatcher.features(opened.script, [tool.name for tool in opened.tools])
        candidates, route = self._sandbox.dispatcher.route(features, "auto")
        async with resumed:
            recovered = await recover(resumed)
            log = ExecutionLog.over(store, resumed, opened, self._clock)
            session = ScriptSession(
                opened, box, log, self._clock, run=history.run, record=recovered.record,
                unknown=recovered.unknown, edits=history.edits,
            )  # fmt: skip
            ended = await session.run(candidates)
        left = tuple(f"{each.runtime}: {each.gap}" for each in session.left)
        wall_s = time.perf_counter() - begun
        return execution(
            ended, limits=history.opened.limits, run=history.run, reasons=route.reasons, left=left, wall_s=wall_s
        )

    async def fork(
        self, history: History, at: int, tools: Toolbox, *, edits: Mapping[str, object] | None = None
    ) -> Execution:
        """Begin a run whose past is this run's up to the answer of a call, and go on from there, live.

        Args:
            history: of the run; it is not changed.
            at: the call; it is not made again.
            tools: carry out what comes after it.
            edits: variables that are set when its answer comes.

        Raises:
            UsageError: there is no such call, or the variables cannot be set.
        """
        begun = time.perf_counter()
        _refuse_unknown(history, at)
        opened = history.opened
        if edits:
            prepared(opened.script, opened.tools, must=True)
            _refuse_strange(opened.script.code, edits)
        moment = await self._moment(history, at)
        seq = max(seq for number, (seq, _) in history.calls.items() if number <= at)
        run = new_run_id(self._clock.wall(), random.SystemRandom())
        store = await self._sandbox.store()
        forked = await Run.fork(store, history.run, run=run, clock=self._clock, holder=this_process(), at=seq)
        async with forked:
            recovered = await recover(forked)
            if edits:
                await forked.append(fact(EDITED, Edited(call=at, variables=dict(edits))))
            log = ExecutionLog.over(store, forked, opened, self._clock)
            session = ScriptSession(
                opened, self._sandbox.reach.over(tools), log, self._clock, run=run, record=recovered.record,
                moment=moment,
                keeper=Keeper(run, opened.script, self._sealer), edits=_edits(history, at, edits or {}),
            )  # fmt: skip
            ended = await session.run([self._candidate(history, f"goes on from call {at} of {history.run}")])
        wall_s = time.perf_counter() - begun
        return execution(
            ended,
            limits=history.opened.limits,
            run=run,
            reasons=(f"call {at} of {history.run}",),
            left=(),
            wall_s=wall_s,
        )

    def _candidate(self, history: History, reason: str) -> Candidate:
        name = _runtime(history)
        return Candidate(name, (reason,), partial(self._runtime, name))

    def runtime(self, name: str) -> DrivenRuntime:
        """A runtime of the sandbox."""
        return self._sandbox.catalogue.get(name)

    async def _runtime(self, name: str) -> DrivenRuntime:
        return self._sandbox.catalogue.get(name)


def _edits(history: History, at: int, more: Mapping[str, object]) -> dict[int, Mapping[str, object]]:
    """What was set before the moment, and what is set at it."""
    before: dict[int, Mapping[str, object]] = {call: given for call, given in history.edits.items() if call <= at}
    return {**before, at: {**before.get(at, {}), **more}} if more else before


def _runtime(history: History) -> str:
    if not history.attempts:
        raise UsageError(f"run {history.run!r} ended before a runtime had begun; there is nothing to go back to")
    return history.attempts[-1].runtime


def _refuse_missing(history: History, given: ToolInvoker) -> None:
    here = {tool.name for tool in given.tools()}
    code = history.opened.script.code
    named = [each.name for each in history.opened.tools if re.search(rf"\b{re.escape(each.name)}\b", code)]
    missing = [name for name in named if name not in here]
    if missing:
        raise UsageError(
            f"run {history.run!r} was begun with the tool {missing[0]!r}, and it is not given now; "
            "say --tools, --mcp and --allow as for the run itself"
        )


def _refuse_unknown(history: History, at: int) -> None:
    if at not in history.calls:
        there = f"calls 0 to {max(history.calls)}" if history.calls else "no calls"
        raise UsageError(f"run {history.run!r} has no call {at}; it made {there}")


def _refuse_strange(code: str, edits: Mapping[str, object]) -> None:
    known = settable(code)
    for name in edits:
        if name not in known:
            some = ", ".join(sorted(known)) or "none"
            raise UsageError(f"the script's top level has no variable {name!r} that could be set; it has {some}")
