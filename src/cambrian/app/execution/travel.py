"""App, execution: time travel: stand at a moment of a run, look at it, change it, go on from it or replay it.

Going back needs no recording beyond the journal: the script runs again with its recorded answers, seed and clock. Where
a snapshot was kept, it begins there instead.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Mapping
from functools import partial

import msgspec

from cambrian.core.errors import UsageError
from cambrian.core.event import fact
from cambrian.core.tool import ToolInvoker
from cambrian.journal.clock import SystemClock
from cambrian.journal.holder import this_process
from cambrian.journal.ids import new_run_id
from cambrian.journal.kernel import Run
from cambrian.sandbox.scripts.facts import EDITED, Edited
from cambrian.sandbox.scripts.moments import Keeper, Moment, prepared
from cambrian.sandbox.scripts.port import ScriptRuntime
from cambrian.sandbox.scripts.recovery import recover
from cambrian.sandbox.scripts.session import Candidate, ScriptSession
from cambrian.source.edits import settable
from cambrian.tools.registry import Toolbox

from .history import History, LineStep, read_history
from .playing import NoTools, nowhere, played
from .record import ExecutionLog
from .results import Execution, execution
from .running import Sandbox
from .sealing import Sealer
from .watching import watch

__all__ = ["NoTools", "Traveller"]


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
        runtime = await self._runtime(history)
        if history.opened.script.language != "python":
            return await watch(history, runtime, at)
        moment = await self._moment(history, runtime, at)
        async with played(history, runtime, at=at, moment=moment) as standing:
            return await standing.inspect()

    async def _moment(self, history: History, runtime: ScriptRuntime, at: int) -> Moment | None:
        """The last snapshot at or before a call, if this runtime's version can load it.

        Raises:
            StoreDamaged: its seal is not valid.
        """
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
        terms = msgspec.structs.replace(history.opened.terms, window=(at + 1, at + 1))
        async with played(history, await self._tracer(history), at=at, past=True, terms=terms) as execution:
            found = (await execution.profile()).steps
        texts = history.opened.script.code.split("\n")
        told: list[LineStep] = []
        for line, function, changes in found:
            again = bool(told) and (told[-1].line, told[-1].function) == (line, function)
            if 0 < line <= len(texts) and (changes or not again):  # a line of two statements is told of twice
                told.append(LineStep(line=line, function=function, text=texts[line - 1].strip(), changed=changes))
        return tuple(told)

    async def timed(self, history: History) -> list[tuple[int, int, float]]:
        """Lines of the script, how often each ran, and its seconds: the run is played again on CPython.

        Raises:
            UsageError: it is no Python.
            IsolationUnavailable: the run's preset does not allow CPython.
            SandboxError: the script did not come to its end again.
        """
        terms = msgspec.structs.replace(history.opened.terms, profile=True)
        async with played(history, await self._tracer(history), terms=terms) as execution:
            return (await execution.profile()).lines

    async def _tracer(self, history: History) -> ScriptRuntime:
        """The runtime that can trace lines."""
        opened = history.opened
        if opened.script.language != "python":
            raise UsageError(f"lines are traced of Python scripts; run {history.run!r} is {opened.script.language}")
        return await self._sandbox.dispatcher.start("cpython", opened.preset)

    async def replay(self, history: History, *, edits: Mapping[int, Mapping[str, object]] | None = None) -> Execution:
        """Run it again from the record alone: nothing is done in the world, nothing is written down."""
        begun, opened = time.perf_counter(), history.opened
        log = nowhere(history, self._clock)
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
            opened=opened,
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
        candidates, route = self._sandbox.dispatcher.route(features, "auto", opened.preset)
        async with resumed:
            recovered = await recover(resumed)
            log = ExecutionLog.over(store, resumed, opened, self._clock)
            session = ScriptSession(
                opened, box, log, self._clock, run=history.run, record=recovered.record,
                unknown=recovered.unknown, edits=history.edits,
            )  # fmt: skip
            ended = await session.run(candidates)
        wall_s = time.perf_counter() - begun
        return execution(ended, opened=opened, run=history.run, reasons=route.reasons, left=session.left, wall_s=wall_s)

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
        moment = await self._moment(history, await self._runtime(history), at)
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
            opened=opened,
            run=run,
            reasons=(f"call {at} of {history.run}",),
            left=(),
            wall_s=wall_s,
        )

    def _candidate(self, history: History, reason: str) -> Candidate:
        return Candidate(_name(history), (reason,), partial(self._runtime, history))

    async def _runtime(self, history: History) -> ScriptRuntime:
        """The runtime that the run was on at last, if its preset still allows that here."""
        return await self._sandbox.dispatcher.start(_name(history), history.opened.preset)


def _edits(history: History, at: int, more: Mapping[str, object]) -> dict[int, Mapping[str, object]]:
    """What was set before the moment, and what is set at it."""
    before: dict[int, Mapping[str, object]] = {call: given for call, given in history.edits.items() if call <= at}
    return {**before, at: {**before.get(at, {}), **more}} if more else before


def _name(history: History) -> str:
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
