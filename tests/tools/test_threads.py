"""Threads for functions that block: bounded, used again, and never in the way of the process's end."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import anyio
import pytest

from cambrian.tools import threads as room
from cambrian.tools.entry import Outcome
from cambrian.tools.threads import Threads


def started() -> int:
    return sum(thread.name == "cambrian tool" for thread in threading.enumerate())


async def test_threads_are_used_again_and_end() -> None:
    before = started()
    pool = Threads()
    seen = {(await pool.run(threading.get_ident, limit=10)).value for _ in range(20)}
    assert len(seen) == 1
    assert started() == before + 1
    pool.close()
    with anyio.fail_after(10):
        while started() > before:
            await anyio.sleep(0.01)


async def test_idle_threads_end_by_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_IDLE", 0.05)
    before = started()
    pool = Threads()
    assert (await pool.run(lambda: 1, limit=10)).value == 1
    with anyio.fail_after(10):
        while started() > before:
            await anyio.sleep(0.01)
    assert (await pool.run(lambda: 2, limit=10)) == Outcome(value=2), "another one is started"
    pool.close()


async def test_no_more_than_so_many_at_a_time() -> None:
    pool = Threads(side_by_side=3)
    now: list[int] = []
    peak: list[int] = []

    def work() -> None:
        now.append(1)
        peak.append(len(now))
        time.sleep(0.02)
        now.pop()

    async with anyio.create_task_group() as tasks:
        for _ in range(12):
            tasks.start_soon(lambda: pool.run(work, limit=10))
    assert max(peak) <= 3
    pool.close()


async def test_waiting_for_a_thread_does_not_count() -> None:
    pool = Threads(side_by_side=1)
    outcomes: list[Outcome] = []

    async def one() -> None:
        outcomes.append(await pool.run(lambda: time.sleep(0.3), limit=1.5))

    async with anyio.create_task_group() as tasks:
        for _ in range(8):
            tasks.start_soon(one)
    assert [each.error for each in outcomes] == [""] * 8, "together they take longer than the limit"
    pool.close()


async def test_a_caller_that_is_cancelled_abandons_its_call() -> None:
    pool, over = Threads(), threading.Event()
    with anyio.move_on_after(0.05):
        await pool.run(lambda: over.wait(30), limit=30)
    assert pool.abandoned == 1
    over.set()
    with anyio.fail_after(10):
        while pool.abandoned:
            await anyio.sleep(0.01)
    pool.close()


def test_an_abandoned_call_does_not_keep_the_process() -> None:
    script = (
        "import anyio, time\n"
        "from cambrian.tools.threads import Threads\n"
        "async def main():\n"
        "    print((await Threads().run(lambda: time.sleep(300), limit=0.1)).error[:12])\n"
        "anyio.run(main)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "TimeoutError\n"
    assert done.stderr == ""
