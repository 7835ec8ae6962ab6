"""Timing real programs in a jail, each run in a fresh process: faster is found, nothing lives on, failures end it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from random import Random

import pytest

from cambrian.core.codec import decode, encode
from cambrian.core.errors import IsolationUnavailable, UsageError
from cambrian.core.limits import Limits
from cambrian.core.ports import Exit, Program, Reply
from cambrian.sandbox import CPythonJail
from cambrian.verify.fresh import FreshRuns
from cambrian.verify.timing import Arm, PairedTiming, TimingPlan

LIMITS = Limits(wall=20.0, cpu=20.0)
COUNTS = "calls = 0\ndef f(n):\n    global calls\n    calls += 1\n    return (calls, n)\n"


@pytest.fixture(scope="module")
async def jail(anyio_backend: str) -> AsyncIterator[CPythonJail]:
    try:
        made = await CPythonJail.start()
    except IsolationUnavailable as error:
        pytest.skip(f"needs jail.L2: {error}")
    yield made
    await made.aclose()


def program(text: str) -> Program:
    return Program(files={"m.py": text}, entry="m.py:f")


def work(rounds: int) -> Program:
    return program(
        f"def f(n):\n    total = 0\n    for i in range({rounds} + n % 7):\n        total += i\n    return total\n"
    )


def arms(control: Program, candidate: Program) -> dict[Arm, Program]:
    return {"control": control, "candidate": candidate}


def argument(pair: int) -> bytes:
    return encode((pair,))


async def test_half_the_work_is_shown_to_be_faster(jail: CPythonJail) -> None:
    measure = FreshRuns(jail, arms(work(20_000), work(10_000)), argument, LIMITS)
    found = await PairedTiming(measure, TimingPlan(pairs=200), Random(1)).run()
    assert found.shown
    assert found.n < 100
    assert found.estimate is not None
    assert 1.3 < found.estimate < 3


async def test_every_run_is_a_process_of_its_own_warmed_as_told(jail: CPythonJail) -> None:
    measure = FreshRuns(jail, arms(program(COUNTS), program(COUNTS)), argument, LIMITS, warm=2, repeat=3)
    for pair in range(3):
        assert await measure("candidate", pair) is not None
        assert isinstance(measure.last, Reply)
        assert decode(measure.last.payload) == (5, pair)


async def test_waiting_shows_on_one_clock_only(jail: CPythonJail) -> None:
    sleeps = program("import time\ndef f(n):\n    time.sleep(0.05)\n")
    times: list[float] = []
    for clock in ("cpu", "wall"):
        taken = await FreshRuns(jail, arms(sleeps, sleeps), argument, LIMITS, clock=clock, warm=0)("control", 0)
        assert taken is not None
        times.append(taken)
    assert times[0] < 0.04
    assert times[1] >= 0.05


@pytest.mark.parametrize(
    "text", ["def f(n):\n    return 1 // 0\n", "import os\ndef f(n):\n    os._exit(0)\n", "def f(:\n"]
)
async def test_a_program_that_fails_gives_no_time_and_leaves_the_jail_usable(jail: CPythonJail, text: str) -> None:
    measure = FreshRuns(jail, arms(work(10), program(text)), argument, LIMITS)
    assert await measure("candidate", 0) is None
    assert isinstance(measure.last, Exit) or (measure.last is not None and measure.last.raised)
    assert await measure("control", 0) is not None


async def test_calls_that_are_timed_together_add_up(jail: CPythonJail) -> None:
    sleeps = program("import time\ndef f(n):\n    time.sleep(0.02)\n")
    taken = await FreshRuns(jail, arms(sleeps, sleeps), argument, LIMITS, clock="wall", warm=0, repeat=3)("control", 0)
    assert taken is not None
    assert taken >= 0.06


@pytest.mark.parametrize("calls", [{"warm": -1}, {"repeat": 0}])
async def test_numbers_of_calls_that_cannot_be_are_refused(jail: CPythonJail, calls: dict[str, int]) -> None:
    with pytest.raises(UsageError, match=next(iter(calls))):
        FreshRuns(
            jail, arms(work(1), work(1)), argument, LIMITS, warm=calls.get("warm", 1), repeat=calls.get("repeat", 1)
        )
