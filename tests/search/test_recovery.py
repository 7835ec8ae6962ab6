"""What dies costs what it was doing and no more: a worker one evaluation, the engine what was in flight."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import anyio
import pytest

from cambrian.core.budget import Budget
from cambrian.core.ids import RunId

from .conftest import Lab
from .tasks import RandomNumber, Scripted, number_task

pytestmark = pytest.mark.anyio

SLEEPY = "import time\n\ndef f():\n    time.sleep({seconds})\n    return {value}\n"


def _children() -> list[int]:
    """Pids of this process's children (proc_pid_task_children(5))."""
    listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii")
    return [int(pid) for pid in listed.split()]


async def _until_evaluated(lab: Lab, run: RunId, count: int) -> None:
    with anyio.fail_after(20):
        while True:
            seen = 0
            async for event in lab.store.read(run):
                seen += event.type == "search.evaluated"
            if seen >= count:
                return
            await anyio.sleep(0.02)


async def test_dead_workers_cost_their_evaluation_and_the_run_goes_on(lab: Lab, tmp_path: Path) -> None:
    run = await lab.new()
    task = number_task(tmp_path, budget=Budget(evaluations=25))
    search = lab.search(run, task, RandomNumber(), jobs=2)
    before = set(_children())

    async with run, anyio.create_task_group() as group:

        async def kill_workers() -> None:
            await _until_evaluated(lab, run.id, 5)
            victims = set(_children()) - before
            assert victims, "the jails are children of this process"
            for pid in victims:
                os.kill(pid, signal.SIGKILL)

        group.start_soon(kill_workers)
        assert await search.run() == "evaluations"
    view = await lab.summary(run)
    assert view.evaluations == 25
    assert sum(view.failures.get(status, 0) for status in ("killed", "scorer_error")) <= 2
    assert set(_children()) <= before


async def test_what_was_in_flight_when_the_engine_died_is_run_again(lab: Lab, tmp_path: Path) -> None:
    task = number_task(tmp_path, budget=Budget(evaluations=4))
    texts = [SLEEPY.format(seconds=0.0, value=2.0), SLEEPY.format(seconds=0.6, value=3.0)]
    run = await lab.new()
    with anyio.CancelScope() as scope:  # the engine's death: nothing gets to say anything
        async with anyio.create_task_group() as group:

            async def die() -> None:
                await _until_evaluated(lab, run.id, 2)
                await anyio.sleep(0.2)
                scope.cancel()

            group.start_soon(die)
            await lab.search(run, task, Scripted(texts)).run()
    view = await lab.summary(run)
    assert [record.id for record in view.in_flight.values()]
    lost = next(iter(view.in_flight.values()))

    again = Scripted([SLEEPY.format(seconds=0.0, value=4.0)])
    resumed = await lab.resume(run.id)
    async with resumed:
        await lab.search(resumed, task, again).run()
    view = await lab.summary(resumed)
    assert not view.in_flight
    assert [point.objectives["x"] for point in view.history] == [1.0, 2.0, 3.0, 4.0]
    assert view.history[2].variant.id == lost.id
    assert view.evaluations == 4
