"""Sandbox, scripts: one run of a script, from its first turn to its end, over as many runtimes as it takes.

A runtime that lacks something is left for the next one of the route, which runs the same script from its beginning:
calls that were made are answered from the record, so nothing happens twice. A limit that is hit ends the run: a
stronger runtime is no way around a limit.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import NamedTuple

import anyio
import msgspec

from cambrian.core.errors import CapabilityMissing, SandboxError
from cambrian.core.event import Fact, fact
from cambrian.core.ports import Clock, EffectLog, Exit
from cambrian.core.script import Calls, Done, Gap, Raised, Script
from cambrian.core.tool import Answer, Call, ToolInvoker
from cambrian.source.typescript import Erased, erase

from .calling import Caller
from .facts import ATTEMPTED, ENDED, LEFT, Attempted, Ended, Left, Opened, Recorded
from .moments import Keeper, Moment, as_written, changed, prepared
from .port import Said, ScriptExecution, ScriptRuntime
from .replay import Diverged, Replay

__all__ = ["Candidate", "ScriptSession", "fitted"]

_LONG_S = 0.25
"""Seconds from which on what a script took is told by itself and not by its runtime's first pages."""


class Candidate(NamedTuple):
    """A runtime that the script may run on: its name, why it stands here in the route, and how to get it.

    `cold` is for the first script that a process runs there: what a quick one takes then, others do not.
    """

    name: str
    reasons: tuple[str, ...]
    start: Callable[[], Awaitable[ScriptRuntime]]
    cold: bool = False


class ScriptSession:
    """Runs one script. Made for one run.

    Args:
        opened: what was asked for.
        tools: carries the calls out.
        log: the run.
        clock: tells the code's time.
        run: the run's id; part of the idempotency keys.
        record: what earlier attempts, of this process or of one that was killed, have called already.
        unknown: calls on record of which nobody knows whether they happened.
        progress: told of each attempt, call and runtime left, one line each.
        keeper: keeps snapshots on the way.
        moment: begin there instead of at the beginning, if the first candidate is its runtime.
        edits: call → variables that are set when its answer comes.
    """

    def __init__(
        self,
        opened: Opened,
        tools: ToolInvoker,
        log: EffectLog,
        clock: Clock,
        *,
        run: str,
        record: Sequence[Recorded] = (),
        unknown: tuple[str, ...] = (),
        progress: Callable[[str], None] | None = None,
        keeper: Keeper | None = None,
        moment: Moment | None = None,
        edits: Mapping[int, Mapping[str, object]] | None = None,
    ) -> None:
        self._opened = opened
        self._caller = Caller(tools, log, clock, run=run, record=record)
        self._keeper, self._moment, self._edits = keeper, moment, edits or {}
        self._unknown = unknown
        self._tell = progress
        self.left: list[Left] = []

    async def run(self, route: Sequence[Candidate]) -> Ended:
        """Try the candidates in order; the first that can run the script to its end decides.

        Raises:
            JournalError: something could not be recorded; no effect has happened unrecorded.
        """
        for candidate in route:
            try:
                ended = await self._try(candidate)
            except anyio.get_cancelled_exc_class():
                with anyio.CancelScope(shield=True):  # it can be taken up again from what it has called so far
                    await self._caller.keep()
                raise
            if isinstance(ended, Ended):
                break
            self.left.append(ended)
            self._progress(f"{ended.runtime} cannot go on: {ended.gap}")
            self._caller.later(fact(LEFT, ended))
        else:
            ended = Ended(status="gap", detail=_why(self.left))
        error = ended.error
        if error is not None and (self._edits or self._keeper):
            error = as_written(error, self._opened.script, self._opened.tools)
        ended = msgspec.structs.replace(ended, unknown=self._unknown, error=error)
        await self._caller.finish(fact(ENDED, ended, channel="control"))
        return ended

    def _progress(self, line: str) -> None:
        if self._tell is not None:
            self._tell(" ".join(line.splitlines()))  # names of tools and gaps are the code's words

    async def _try(self, candidate: Candidate) -> Ended | Left:
        try:
            runtime = await candidate.start()
            tried = await self._attempt(runtime, candidate.reasons)
        except (SandboxError, CapabilityMissing) as error:
            return Left(runtime=candidate.name, gap=str(error), failure=True)
        if candidate.cold and isinstance(tried, Ended):
            return msgspec.structs.replace(tried, took_s=tried.wall_s if tried.wall_s >= _LONG_S else 0.0)
        return tried

    async def _attempt(self, runtime: ScriptRuntime, reasons: tuple[str, ...]) -> Ended | Left:
        script = fitted(self._opened.script, runtime)
        if isinstance(script, Gap):
            return Left(runtime=runtime.name, gap=script.what, line=script.line)
        self._progress(f"runs on {runtime.name}")
        begun = time.perf_counter()
        replay, execution, said = await self._begin(runtime, script)
        waited = time.perf_counter() - begun - execution.wall_s
        self._caller.later(_attempted(runtime, execution, reasons, len(replay)))
        try:
            ended = await self._turns(runtime, execution, said, replay)
            return msgspec.structs.replace(ended, took_s=waited + execution.wall_s)
        finally:
            with anyio.CancelScope(shield=True):
                await execution.close()

    async def _begin(self, runtime: ScriptRuntime, script: Script) -> tuple[Replay, ScriptExecution, Said | Exit]:
        opened, record = self._opened, self._caller.record
        moment, self._moment = self._moment, None
        if moment is not None and moment.runtime == runtime.name:
            later = Replay(each for each in record if each.call.id >= moment.call)
            limits = opened.limits
            return later, *await runtime.restore(moment.snapshot, limits, now=moment.now, calls=moment.call)
        if self._edits or self._keeper:
            script = prepared(script, opened.tools, must=bool(self._edits))
        return Replay(record), *await runtime.begin(script, opened.tools, opened.limits, opened.terms)

    async def _turns(
        self, runtime: ScriptRuntime, execution: ScriptExecution, said: Said | Exit, replay: Replay
    ) -> Ended | Left:
        out, err, calls, refused = list[str](), list[str](), 0, None
        while isinstance(said, Said):
            out.append(said.stdout)
            err.append(said.stderr)
            if not isinstance(said.turn, Calls):
                break
            calls += len(said.turn.calls)
            if calls > self._opened.most_calls:
                refused = Ended(status="denied", detail=f"more than {self._opened.most_calls} tool calls")
                break
            try:
                if self._keeper is not None:
                    await self._keeper.keep(runtime, execution, said.turn, self._caller)
                answers, now = await self._answers(said.turn.calls, replay)
            except Diverged as error:
                refused = Ended(status="diverged", detail=str(error))
                break
            said = await execution.resume(answers, now=now)
        ended = refused or _verdict(said)
        if isinstance(ended, Gap):
            return Left(runtime=runtime.name, gap=ended.what, line=ended.line)
        if len(replay) and ended.status == "ok":
            ended = msgspec.structs.replace(ended, status="diverged", detail=f"{len(replay)} recorded calls not made")
        return msgspec.structs.replace(
            ended,
            stdout="".join(out),
            stderr="".join(err),
            runtime=runtime.name,
            level=execution.level.name,
            wall_s=execution.wall_s,
            cpu_s=execution.cpu_s,
            calls=calls,
        )

    async def _answers(self, calls: Sequence[Call], replay: Replay) -> tuple[list[Answer], float]:
        for call in calls:
            self._progress(f"calls {call.tool}")
        answers, now = await self._caller.answers(calls, replay)
        return changed(answers, self._edits), now


def _attempted(runtime: ScriptRuntime, execution: ScriptExecution, reasons: tuple[str, ...], recorded: int) -> Fact:
    return fact(
        ATTEMPTED,
        Attempted(
            runtime=runtime.name,
            version=runtime.version,
            level=execution.level.name,
            reasons=reasons,
            recorded=recorded,
        ),
    )


def _verdict(said: Said | Exit) -> Ended | Gap:
    if isinstance(said, Exit):
        return Ended(status=said.status.value, detail=said.detail, stderr=said.text)
    match said.turn:
        case Done(value=value, shown=shown):
            return Ended(status="ok", value=value, shown=shown)
        case Raised() as error:
            return Ended(status="error", error=error)
        case Gap() as gap:
            return gap
        case Calls():
            raise AssertionError("calls have been answered")


def fitted(script: Script, runtime: ScriptRuntime) -> Script | Gap:
    """The script as the runtime takes it: TypeScript without its types, where it runs only JavaScript."""
    if script.language in runtime.languages or script.language != "typescript":
        return script
    erased = erase(script.code, script.name)
    if not isinstance(erased, Erased):  # unreadable as TypeScript: the engine will say what is wrong with it
        return msgspec.structs.replace(script, language="javascript")
    if erased.kept:
        return Gap(what=erased.kept[0].feature, line=erased.kept[0].line)
    return msgspec.structs.replace(script, code=erased.code, language="javascript")


def _why(left: Sequence[Left]) -> str:
    if not left:
        return "no runtime here may and can run it"
    return "; ".join(f"{each.runtime}: {each.gap}" for each in left)
