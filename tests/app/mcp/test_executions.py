"""Handles: bounded in number and time; nothing goes on that nobody can ask for."""

from __future__ import annotations

import anyio
import pytest

from cambrian.app.execution.results import Execution, Failure
from cambrian.app.mcp.answers import MAX_TEXT, MAX_VALUE, told
from cambrian.app.mcp.executions import Executions, Job
from cambrian.core.errors import SandboxError, UsageError


class Clock:
    """Stands still until it is told."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def executed(value: object = None, *, stdout: str = "", error: Failure | None = None) -> Execution:
    return Execution(
        run="r-1", status="error" if error else "ok", value=value, shown="", stdout=stdout, stderr="", error=error,
        runtime="monty", level="L3", reasons=("the only one",), left=(), calls=0, unknown=(), wall_ms=1.0, code_ms=1.0,
        cpu_ms=1.0,
    )  # fmt: skip


async def at_once() -> Execution:
    return executed(1)


async def never() -> Execution:
    await anyio.sleep_forever()
    raise AssertionError


async def test_results_are_kept_for_a_while() -> None:
    clock = Clock()
    async with anyio.create_task_group() as tasks:
        executions = Executions(tasks, keep_s=60.0, clock=clock)
        job = executions.start(at_once)
        await job.wait(5)
        clock.now = 59.0
        assert executions.get(job.handle).result == executed(1)
        clock.now = 61.0
        with pytest.raises(UsageError, match=r"there is no execution .* kept for 60 s"):
            executions.get(job.handle)


async def test_the_oldest_results_go_first_and_running_ones_stay() -> None:
    async with anyio.create_task_group() as tasks:
        executions = Executions(tasks, most_kept=2, most_running=3)
        running = executions.start(never)
        jobs = [executions.start(at_once) for _ in range(2)]
        for job in jobs:
            await job.wait(5)
        later = [executions.start(at_once) for _ in range(2)]
        for job in later:
            await job.wait(5)
        assert len(executions) == 3
        for job in (running, *later):
            assert executions.get(job.handle) is job
        for job in jobs:
            with pytest.raises(UsageError, match="no execution"):
                executions.get(job.handle)
        tasks.cancel_scope.cancel()


async def test_no_more_than_so_many_run() -> None:
    async with anyio.create_task_group() as tasks:
        executions = Executions(tasks, most_running=2)
        first, _ = executions.start(never), executions.start(never)
        with pytest.raises(UsageError, match=f"2 executions are running.*{first.handle}"):
            executions.start(never)
        await executions.cancel(first)
        assert (first.cancelled, first.running) == (True, False)
        executions.start(never)
        tasks.cancel_scope.cancel()


async def test_one_that_fails_takes_no_other_along() -> None:
    async def fails(error: Exception) -> Execution:
        raise error

    async with anyio.create_task_group() as tasks:
        executions = Executions(tasks)
        running = executions.start(never)
        known = executions.start(lambda: fails(SandboxError("no jail")))
        unknown = executions.start(lambda: fails(ValueError("a bug")))
        for job in (known, unknown):
            await job.wait(5)
        assert isinstance(known.error, SandboxError)
        assert "internal error: ValueError: a bug" in str(unknown.error)
        assert running.running
        tasks.cancel_scope.cancel()


async def test_the_end_of_the_server_is_the_end_of_what_runs() -> None:
    jobs: list[Job] = []
    async with anyio.create_task_group() as tasks:
        jobs.append(Executions(tasks).start(never))
        await anyio.wait_all_tasks_blocked()
        tasks.cancel_scope.cancel()
    assert [job.running for job in jobs] == [False]


def test_short_results_stay_what_they_are() -> None:
    whole = told(executed({"a": ["x" * 1000]}, stdout="y" * MAX_TEXT))
    assert (whole.value, whole.stdout, whole.cut) == ({"a": ["x" * 1000]}, "y" * MAX_TEXT, ())


def test_long_results_keep_beginning_and_end() -> None:
    error = Failure(type="E" * 10_000, message="<" + "m" * 10**6 + ">", traceback="t" * 10**6)
    cut = told(executed("<" + "☃" * MAX_VALUE + ">", stdout="<" + "z" * 10**6 + ">", error=error))
    assert cut.value is None
    assert cut.error is not None
    assert set(cut.cut) == {"value", "stdout", "error.message", "error.traceback"}
    for text in (cut.stdout, cut.error.message, cut.shown.strip('"')):
        assert text.startswith("<")
        assert text.endswith(">")
        assert len(text) <= MAX_TEXT
    assert len(cut.error.type) <= 200
