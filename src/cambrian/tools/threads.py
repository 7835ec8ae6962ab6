"""Tools, threads: where functions that block are called, so that a wait for one of them holds nobody up.

A thread cannot be killed. A function that outlives its time limit is *abandoned*: its caller is told, its result is
thrown away, and it goes on until it returns. There may be so many of those and no more. The threads are daemons, unlike
those of `anyio.to_thread`, so that an abandoned one does not keep the process from ending.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue

import anyio

from .entry import Outcome

__all__ = ["Threads"]

_Job = Callable[[], None]

_IDLE = 10.0
"""Seconds after which a thread that has nothing to do ends."""


class Threads:
    """Threads for blocking functions, started when first needed and used again. For one event loop.

    Args:
        side_by_side: calls at a time; others wait, which does not count against their time limit.
        most_abandoned: abandoned calls, still running, from which on nothing new is started.
    """

    def __init__(self, *, side_by_side: int = 32, most_abandoned: int = 16) -> None:
        self._places = anyio.Semaphore(side_by_side, fast_acquire=True)
        self._most_abandoned = most_abandoned
        self._idle: deque[_Thread] = deque()
        self._closed = False
        self.abandoned = 0
        """How many calls were given up and still run."""

    async def run(self, function: Callable[[], object], *, limit: float) -> Outcome:
        """Call a function in a thread; what it raises is the outcome's error.

        Args:
            function: called in a copy of the current context (PEP 567).
            limit: seconds.
        """
        async with self._places:
            if self.abandoned >= self._most_abandoned:
                return Outcome(
                    error=f"not started: {self.abandoned} earlier calls outlived their time limits and still run in "
                    f"threads, which cannot be killed; make those functions return, or write them as async functions"
                )
            done = self._start(function)
            try:
                with anyio.move_on_after(limit):
                    return await asyncio.shield(done)
            finally:
                self._give_up(done)
            return Outcome(
                error=f"TimeoutError: it took longer than {limit:g} s; it still runs in a thread, which cannot be "
                f"killed, and may yet have its effect; its result will be thrown away"
            )

    def close(self) -> None:
        """End the threads that have nothing to do, and the others once they have. Idempotent."""
        self._closed = True
        while self._idle:
            self._idle.pop().end()

    def _start(self, function: Callable[[], object]) -> asyncio.Future[Outcome]:
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Outcome] = loop.create_future()
        context = contextvars.copy_context()
        thread = self._idle.pop() if self._idle else _Thread(self._idle)

        def perform() -> None:
            outcome = _outcome(lambda: context.run(function))
            try:
                loop.call_soon_threadsafe(finish, outcome)
            except RuntimeError:  # the loop is closed: nobody waits any more
                thread.end()

        def finish(outcome: Outcome) -> None:
            self._idle.append(thread)
            if self._closed:
                self.close()
            done.set_result(outcome)

        thread.give(perform)
        return done

    def _give_up(self, done: asyncio.Future[Outcome]) -> None:
        if not done.done():
            self.abandoned += 1
            done.add_done_callback(self._came_back)

    def _came_back(self, _done: asyncio.Future[Outcome]) -> None:
        self.abandoned -= 1


def describe(error: BaseException) -> str:
    """An exception as running code is to see it: its type and words, no trace of the host's files."""
    text = str(error)
    return f"{type(error).__name__}: {text[:2000]}" if text else type(error).__name__


def _outcome(function: Callable[[], object]) -> Outcome:
    try:
        return Outcome(value=function())
    except BaseException as error:  # noqa: BLE001 - a request handler's boundary: whatever the tool raises is its answer
        return Outcome(error=describe(error))


class _Thread:
    """One thread, doing what it is given until it is told to end, or has been idle for a while.

    Args:
        idle: the threads that may be given something; whoever takes one from there gives it a job.
    """

    def __init__(self, idle: deque[_Thread]) -> None:
        self._idle = idle
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        threading.Thread(target=self._serve, name="cambrian tool", daemon=True).start()

    def give(self, job: _Job) -> None:
        self._jobs.put(job)

    def end(self) -> None:
        self._jobs.put(None)

    def _serve(self) -> None:
        while (job := self._next()) is not None:
            job()

    def _next(self) -> _Job | None:
        while True:
            try:
                return self._jobs.get(timeout=_IDLE)
            except Empty:
                with suppress(ValueError):  # somebody has taken this one, or it is not given back yet: a job comes
                    self._idle.remove(self)
                    return None
