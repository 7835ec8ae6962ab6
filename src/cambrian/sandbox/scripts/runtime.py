"""Sandbox, scripts: a runtime over one driver: a pool of workers, and the executions in them.

Workers are started when first needed and kept. A worker whose process is spent gets a new one as soon as it is given
back, so that the next script finds it waiting.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TypeVar

import anyio
import msgspec

from cambrian.core.errors import SandboxError, UsageError
from cambrian.core.evaluation import Status
from cambrian.core.limits import Level, Limits
from cambrian.core.ports import Exit
from cambrian.core.script import Calls, Script
from cambrian.core.tool import Answer, Tool

from .driven import Driver, Worker
from .port import (
    Begin,
    Inspect,
    Inspected,
    Profile,
    Profiled,
    Restore,
    Resume,
    Said,
    ScriptExecution,
    ScriptRuntime,
    Snapped,
    Snapshot,
    SnapshotLimit,
    Terms,
)

__all__ = ["DrivenRuntime"]

T = TypeVar("T")
_PROTOCOL = Exit(status=Status.ERROR, detail="protocol", text="the driver's answer is not one")


class DrivenRuntime(ScriptRuntime):
    """See `port.ScriptRuntime`.

    Args:
        driver: what speaks for the engine.
        workers: scripts that run at a time.
        level: of the jails; None takes the best there is.
        limits: those that workers are made ready for before anybody asks.
    """

    def __init__(
        self, driver: Driver, *, workers: int, level: Level | None = None, limits: Limits | None = None
    ) -> None:
        self.name, self.languages, self.version = driver.name, driver.languages, driver.version
        self.snapshots, self.variables = driver.snapshots, driver.variables
        self.abandons = driver.abandons
        self.level = Level.L3 if level is None else level  # until the first worker says which it is
        self._driver = driver
        self._asked_level = level
        self._ready_for = limits or Limits()
        self._slots = anyio.Semaphore(workers, fast_acquire=True)
        self._idle: list[Worker] = []
        self._renewing: dict[Worker, asyncio.Task[None]] = {}
        self._closed = False

    async def warm(self, workers: int = 1) -> None:
        """Start workers ahead of the first script.

        Raises:
            SandboxError: it cannot be done here; says why.
        """
        taken = [await self._take(self._ready_for) for _ in range(workers)]
        for worker in taken:
            self._give_back(worker)

    async def begin(
        self, script: Script, tools: Sequence[Tool], limits: Limits, terms: Terms
    ) -> tuple[ScriptExecution, Said | Exit]:
        """See `port.ScriptRuntime.begin`."""
        if script.language not in self.languages:
            raise UsageError(f"the runtime {self.name!r} runs {', '.join(self.languages)}, not {script.language!r}")
        ask = Begin(
            code=script.code,
            language=script.language,
            inputs=script.inputs,
            tools={tool.name: tool.asynchronous for tool in tools},
            seed=terms.seed,
            now=terms.now,
            memory=limits.memory,
            wall=limits.wall,
            output=limits.output,
            name=script.name,
            prelude=script.prelude,
            profile=terms.profile,
            window=terms.window,
        )
        return await self._open(ask, limits)

    async def restore(
        self, snapshot: bytes, limits: Limits, *, now: float, calls: int
    ) -> tuple[ScriptExecution, Said | Exit]:
        """See `port.ScriptRuntime.restore`."""
        if not self.snapshots:
            raise UsageError(f"the runtime {self.name!r} has no snapshots")
        ask = Restore(snapshot=snapshot, now=now, memory=limits.memory, wall=limits.wall, output=limits.output)
        return await self._open(ask, limits, calls)

    async def _open(self, ask: Begin | Restore, limits: Limits, calls: int = 0) -> tuple[ScriptExecution, Said | Exit]:
        while True:
            worker = await self._take(limits)
            execution = DrivenExecution(self, worker, limits, calls)
            try:
                said = await execution.ask(ask)
            except BaseException:
                with anyio.CancelScope(shield=True):
                    await execution.close()
                raise
            if not (isinstance(said, Exit) and said.status is not Status.TIMEOUT and execution.inherited):
                return execution, said
            await execution.close()  # perhaps the scripts before it broke the worker; it has had no effect yet

    async def _take(self, limits: Limits) -> Worker:
        if self._closed:
            raise SandboxError(f"the runtime {self.name!r} is closed")
        await self._slots.acquire()
        try:
            worker = self._idle.pop() if self._idle else await Worker.start(self._driver, level=self._asked_level)
        except BaseException:
            self._slots.release()
            raise
        try:
            await self._renewed(worker)
            await worker.prepare(limits)
        except BaseException:
            with anyio.CancelScope(shield=True):
                await worker.aclose()
            self._slots.release()
            raise
        self.level = worker.level
        return worker

    async def _renewed(self, worker: Worker) -> None:
        """Wait for the new process that was begun when the worker was given back."""
        task = self._renewing.pop(worker, None)
        if task is not None:
            await asyncio.wait([task])
            if not task.cancelled() and task.exception() is not None:
                await worker.retire()  # `prepare` tries again, and its error reaches somebody

    def _give_back(self, worker: Worker) -> None:
        if not self._closed and worker.spent:
            self._renewing[worker] = asyncio.create_task(worker.prepare(self._ready_for))
        self._idle.append(worker)
        self._slots.release()

    async def release(self, worker: Worker, *, clean: bool) -> None:
        """Take a worker back; `clean` says that its script has ended in order."""
        if clean:
            worker.finish()
        if not clean or worker.spent:
            await worker.retire()
        if self._closed:
            await worker.aclose()
        self._give_back(worker)

    async def aclose(self) -> None:
        """See `port.ScriptRuntime.aclose`. Executions that are open end with their own `close`."""
        self._closed = True
        with anyio.CancelScope(shield=True):
            while self._idle:
                worker = self._idle.pop()
                await self._renewed(worker)
                await worker.aclose()


class DrivenExecution(ScriptExecution):
    """See `port.ScriptExecution`."""

    def __init__(self, runtime: DrivenRuntime, worker: Worker, limits: Limits, calls: int) -> None:
        self.level = worker.level
        self.inherited = worker.served > 0
        self._runtime, self._worker, self._limits = runtime, worker, limits
        self._printed, self._calls = 0, calls
        self.wall_s = self.cpu_s = 0.0
        self._waiting = False
        self._clean = False
        self._open = True

    async def resume(self, answers: Sequence[Answer], *, now: float) -> Said | Exit:
        """See `port.ScriptExecution.resume`."""
        if not self._waiting:
            raise UsageError("this script does not wait for answers")
        return await self.ask(Resume(answers=list(answers), now=now))

    async def ask(self, request: Begin | Resume | Restore) -> Said | Exit:
        """One step of the script."""
        self._waiting = False
        said = await self._spoken(request, Said)
        if isinstance(said, Exit):
            return said
        self._printed += len(said.stdout) + len(said.stderr)
        if self._printed > self._limits.output:
            return Exit(status=Status.OUTPUT, detail="printed", level=self.level)
        if isinstance(said.turn, Calls):
            if not self._in_order(said.turn):
                return _PROTOCOL
            self._waiting = True
        else:
            self._clean = True
        return said

    def _in_order(self, turn: Calls) -> bool:
        first, self._calls = self._calls, self._calls + len(turn.calls)
        return bool(turn.calls) and [call.id for call in turn.calls] == list(range(first, self._calls))

    async def _spoken(self, request: msgspec.Struct, kind: type[T]) -> T | Exit:
        left = self._limits.wall - self.wall_s
        if left <= 0:
            return Exit(status=Status.TIMEOUT, detail="wall", level=self.level)
        spoken = await self._worker.ask(request, wall=left)
        if isinstance(spoken, Exit):
            return spoken
        self.wall_s += spoken.wall_s
        self.cpu_s += spoken.cpu_s
        try:
            return msgspec.json.decode(msgspec.json.decode(spoken.text, type=str), type=kind)
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            return _PROTOCOL

    async def snapshot(self) -> bytes:
        """See `port.ScriptExecution.snapshot`."""
        if not self._runtime.snapshots:
            raise UsageError(f"the runtime {self._runtime.name!r} has no snapshots; replay the run from its journal")
        if not self._waiting:
            raise UsageError("a script can be snapshotted only where it waits for answers")
        snapped = await self._spoken(Snapshot(), Snapped)
        if isinstance(snapped, Exit):
            raise SandboxError(f"no snapshot: {snapped.status} {snapped.detail}")
        if not snapped.snapshot:
            raise SnapshotLimit(
                f"the state of the script takes {snapped.too_large} bytes, more than may leave the sandbox at "
                f"output={self._limits.output} bytes; replay the run from its journal, or allow more output"
            )
        return snapped.snapshot

    async def inspect(self) -> dict[str, object]:
        """See `port.ScriptExecution.inspect`."""
        if not self._runtime.variables:
            raise UsageError(f"the runtime {self._runtime.name!r} cannot show variables")
        seen = await self._spoken(Inspect(), Inspected)
        if isinstance(seen, Exit):
            raise SandboxError(f"the variables cannot be seen: {seen.status} {seen.detail}")
        return seen.variables

    async def profile(self) -> Profiled:
        """See `port.ScriptExecution.profile`."""
        told = await self._spoken(Profile(), Profiled)
        if isinstance(told, Exit):
            raise UsageError(f"the runtime {self._runtime.name!r} cannot tell what lines took: {told.detail}")
        return told

    async def close(self) -> None:
        """See `port.ScriptExecution.close`."""
        if self._open:
            self._open = False
            with anyio.CancelScope(shield=True):
                clean = self._clean or (self._waiting and self._runtime.abandons)
                await self._runtime.release(self._worker, clean=clean)
