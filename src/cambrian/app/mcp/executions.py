"""App, MCP: executions that may outlive the call that began them, each under a handle. Bounded in number and in time.

A result is kept for a while after its end, so that it can be fetched again; the oldest goes first. Whatever still runs
when the server ends is cancelled with it.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Awaitable, Callable

import anyio
from anyio.abc import TaskGroup

from cambrian.app.execution.results import Execution
from cambrian.core.errors import CambrianError, UsageError

__all__ = ["Executions", "Job"]

_CANCELLING_S = 10.0


class Job:
    """One execution.

    Attributes:
        handle: its name.
        result: how it went, once it has ended.
        error: why there is none: the machinery's words.
        cancelled: whether somebody ended it.
    """

    def __init__(self, handle: str) -> None:
        self.handle = handle
        self.result: Execution | None = None
        self.error: CambrianError | None = None
        self.cancelled = False
        self.ended_at: float | None = None
        self._scope = anyio.CancelScope()
        self._ended = anyio.Event()

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return not self._ended.is_set()

    async def live(self, work: Callable[[], Awaitable[Execution]], clock: Callable[[], float]) -> None:
        """Do it, whatever comes of it."""
        try:
            with self._scope:
                self.result = await work()
        except CambrianError as error:
            self.error = error
        except Exception as error:  # noqa: BLE001 - a request handler's boundary: one execution must not end the rest
            self.error = CambrianError(f"internal error: {type(error).__name__}: {error}")
        finally:
            self.cancelled = self._scope.cancelled_caught
            self.ended_at = clock()
            self._ended.set()

    async def wait(self, seconds: float) -> None:
        """Until it has ended, or so long."""
        with anyio.move_on_after(seconds):
            await self._ended.wait()

    def cancel(self) -> None:
        """Have it end."""
        self._scope.cancel()


class Executions:
    """The executions of one server.

    Args:
        tasks: they run there.
        most_running: at a time; some of them may wait for a free worker.
        most_kept: results that are kept.
        keep_s: seconds for which they are.
        clock: seconds that only grow.
    """

    def __init__(
        self,
        tasks: TaskGroup,
        *,
        most_running: int = 16,
        most_kept: int = 64,
        keep_s: float = 900.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tasks = tasks
        self._most_running, self._most_kept, self._keep_s = most_running, most_kept, keep_s
        self._clock = clock
        self._jobs: dict[str, Job] = {}

    def __len__(self) -> int:
        """Executions that run or are kept."""
        self._clean()
        return len(self._jobs)

    def start(self, work: Callable[[], Awaitable[Execution]]) -> Job:
        """Begin an execution.

        Raises:
            UsageError: too many are running.
        """
        self._clean()
        running = [each.handle for each in self._jobs.values() if each.running]
        if len(running) >= self._most_running:
            raise UsageError(
                f"{len(running)} executions are running, and no more than that may; wait for one with get_result, or "
                f"cancel one: {', '.join(running)}"
            )
        job = Job(f"x-{secrets.token_hex(8)}")
        self._jobs[job.handle] = job
        self._tasks.start_soon(job.live, work, self._clock)
        return job

    def get(self, handle: str) -> Job:
        """An execution.

        Raises:
            UsageError: there is none of that name, or not any more.
        """
        self._clean()
        job = self._jobs.get(handle)
        if job is None:
            raise UsageError(
                f"there is no execution {handle!r}; results are kept for {self._keep_s:g} s after the end, the last "
                f"{self._most_kept} of them; call execute_code again"
            )
        return job

    def forget(self, job: Job) -> None:
        """Nobody has its handle; what still runs of it ends."""
        job.cancel()
        self._jobs.pop(job.handle, None)

    async def cancel(self, job: Job) -> None:
        """End an execution, and wait until it has."""
        job.cancel()
        await job.wait(_CANCELLING_S)

    def _clean(self) -> None:
        ended = [each for each in self._jobs.values() if each.ended_at is not None]
        ended.sort(key=lambda each: each.ended_at or 0.0)
        old = [each for each in ended if (each.ended_at or 0.0) < self._clock() - self._keep_s]
        for each in {*old, *ended[: max(0, len(ended) - self._most_kept)]}:
            self._jobs.pop(each.handle, None)
