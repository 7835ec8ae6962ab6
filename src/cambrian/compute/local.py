"""A pool of workers on this machine. Knows nothing of what a job does; a job gets a worker for itself.

One cap holds for everything: a job waits in no queue of ours, since whoever has a job asks for a free worker first.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Generic, Protocol, Self, TypeVar

import anyio
import anyio.abc
import msgspec

from cambrian.core.errors import CambrianError, SandboxError, WorkerDied


class Worker(Protocol):
    """What a pool holds: something that can be closed. Its `aclose` is idempotent and ends its processes."""

    async def aclose(self) -> None:
        """End everything it started."""
        ...


W = TypeVar("W", bound=Worker)
R = TypeVar("R")


class Done(msgspec.Struct, Generic[R], frozen=True, kw_only=True):
    """A job that ended.

    Args:
        tag: what `LocalPool.start` was given.
        result: what the job returned, or `None`.
        error: the failure of the worker's machinery that ended it, or `None`. The worker is replaced. An exception
            that nobody foresaw counts as one too, so that no job can end the others.
        cancelled: the pool was told to end what is in flight.
    """

    tag: int
    result: R | None = None
    error: SandboxError | None = None
    cancelled: bool = False


class LocalPool(Generic[W, R]):
    """At most `size` jobs at a time, each with a worker of its own; workers are started when first needed.

    Use as an async context manager; leaving it ends every job and every worker. Only one task may use it.

    Args:
        start: makes a worker.
        size: the cap.
    """

    def __init__(self, start: Callable[[], Awaitable[W]], *, size: int) -> None:
        self._start_worker = start
        self.size = size
        self._idle: list[W] = []
        self._running: dict[int, anyio.CancelScope] = {}
        self._done: list[Done[R]] = []
        self._wake = anyio.Event()
        self._group: anyio.abc.TaskGroup | None = None

    @property
    def running(self) -> int:
        """Jobs that have not been handed out by `next`."""
        return len(self._running) + len(self._done)

    @property
    def free(self) -> int:
        """How many jobs may be started now."""
        return self.size - self.running

    async def __aenter__(self) -> Self:
        self._group = await anyio.create_task_group().__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        group, self._group = self._group, None
        if group is None:
            return
        group.cancel_scope.cancel()
        try:
            await group.__aexit__(kind, error, traceback)
        finally:
            with anyio.CancelScope(shield=True):
                for worker in self._idle:
                    await worker.aclose()
            self._idle.clear()

    def add(self, worker: W) -> None:
        """Hand in a worker that is there already; the pool closes it in the end."""
        self._idle.append(worker)

    def start(self, tag: int, job: Callable[[W], Awaitable[R]]) -> None:
        """Start a job at once.

        Raises:
            RuntimeError: no worker is free, or the pool is not open.
        """
        if self._group is None:
            raise RuntimeError("the pool is not open")
        if self.free < 1:
            raise RuntimeError(f"all {self.size} workers are busy; take a result first")
        scope = self._running[tag] = anyio.CancelScope()
        self._group.start_soon(self._run, tag, job, scope)

    async def next(self, *, timeout: float | None = None) -> Done[R] | None:
        """The next job that ended, in the order of their ends; `None` after `timeout` seconds without one."""
        with anyio.move_on_after(timeout):
            while not self._done:
                self._wake = anyio.Event()
                await self._wake.wait()
        return self._done.pop(0) if self._done else None

    def cancel(self) -> None:
        """Kill what is running; each such job still comes out of `next`, marked cancelled."""
        for scope in self._running.values():
            scope.cancel()

    async def _run(self, tag: int, job: Callable[[W], Awaitable[R]], scope: anyio.CancelScope) -> None:
        done = Done[R](tag=tag, cancelled=True)
        try:
            with scope:
                done = Done[R](tag=tag, result=await self._with_worker(job))
        except CambrianError as error:
            if not isinstance(error, SandboxError):
                raise
            done = Done[R](tag=tag, error=error)
        except Exception as error:  # noqa: BLE001 - the worker loop's boundary: no job may end all the others
            done = Done[R](tag=tag, error=WorkerDied(f"{type(error).__name__}: {error}"))
        del self._running[tag]
        self._done.append(done)
        self._wake.set()

    async def _with_worker(self, job: Callable[[W], Awaitable[R]]) -> R:
        """Lend the job a worker; one that failed or was interrupted is in an unknown state and is closed."""
        worker = self._idle.pop() if self._idle else await self._start_worker()
        sound = False
        try:
            result = await job(worker)
            sound = True
            return result
        finally:
            if sound:
                self._idle.append(worker)
            else:
                with anyio.CancelScope(shield=True):
                    await worker.aclose()
