"""The local pool: one cap, order of ends, failures and cancellation."""

from __future__ import annotations

import anyio
import pytest

from cambrian.compute.local import LocalPool
from cambrian.core.errors import TaskError, WorkerDied

pytestmark = pytest.mark.anyio


class Slot:
    """A worker that only counts."""

    made = 0
    closed = 0

    def __init__(self) -> None:
        type(self).made += 1

    async def aclose(self) -> None:
        type(self).closed += 1


@pytest.fixture(autouse=True)
def fresh_counts() -> None:
    Slot.made = Slot.closed = 0


async def new_slot() -> Slot:
    return Slot()


async def test_results_come_in_the_order_of_their_ends_and_workers_are_reused() -> None:
    async with LocalPool[Slot, str](new_slot, size=2) as pool:

        async def job(name: str, event: anyio.Event) -> str:
            await event.wait()
            return name

        first, second = anyio.Event(), anyio.Event()
        pool.start(1, lambda _slot: job("slow", first))
        pool.start(2, lambda _slot: job("quick", second))
        assert pool.free == 0
        second.set()
        done = await pool.next(timeout=5)
        assert done is not None
        assert (done.tag, done.result) == (2, "quick")
        first.set()
        pool.start(3, lambda _slot: job("third", first))
        tags = {(await pool.next(timeout=5) or pytest.fail("no result")).tag for _ in range(2)}
        assert tags == {1, 3}
        assert Slot.made == 2
    assert Slot.closed == 2


async def test_the_cap_is_a_cap() -> None:
    async with LocalPool[Slot, None](new_slot, size=1) as pool:
        pool.start(1, lambda _slot: anyio.sleep(60))
        with pytest.raises(RuntimeError, match="busy"):
            pool.start(2, lambda _slot: anyio.sleep(60))


async def test_a_dead_worker_costs_one_job_and_is_replaced() -> None:
    async def die(_slot: Slot) -> int:
        raise WorkerDied("gone")

    async def live(_slot: Slot) -> int:
        return 7

    async with LocalPool[Slot, int](new_slot, size=1) as pool:
        pool.start(1, die)
        done = await pool.next(timeout=5)
        assert done is not None
        assert isinstance(done.error, WorkerDied)
        pool.start(2, live)
        done = await pool.next(timeout=5)
        assert done is not None
        assert done.result == 7
        assert (Slot.made, Slot.closed) == (2, 1)


async def test_cancel_hands_every_running_job_out_as_cancelled() -> None:
    async with LocalPool[Slot, None](new_slot, size=2) as pool:
        pool.start(1, lambda _slot: anyio.sleep(60))
        pool.start(2, lambda _slot: anyio.sleep(60))
        assert await pool.next(timeout=0.05) is None
        pool.cancel()
        for _ in range(2):
            done = await pool.next(timeout=5)
            assert done is not None
            assert done.cancelled
        assert pool.running == 0
        assert Slot.closed == 2


async def test_what_nobody_foresaw_costs_one_job() -> None:
    async def broken(_slot: Slot) -> int:
        raise ZeroDivisionError("by zero")

    async with LocalPool[Slot, int](new_slot, size=1) as pool:
        pool.start(1, broken)
        done = await pool.next(timeout=5)
    assert done is not None
    assert str(done.error) == "ZeroDivisionError: by zero"
    assert Slot.closed == 1


async def test_an_error_that_concerns_every_job_ends_the_pool() -> None:
    async def broken(_slot: Slot) -> int:
        raise TaskError("the scorer is gone")

    with pytest.raises(ExceptionGroup) as caught:  # noqa: PT012 - leaving the block is what raises
        async with LocalPool[Slot, int](new_slot, size=1) as pool:
            pool.start(1, broken)
            await pool.next(timeout=5)
    assert caught.group_contains(TaskError)
