"""The optimiser's process: exact replay, bounded memory, and an end with its owner."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import AsyncIterator, Sequence
from random import Random

import anyio
import pytest

from cambrian.compute.optimiser import OptimiserWorker
from cambrian.core.errors import WorkerDied


@pytest.fixture
async def worker() -> AsyncIterator[OptimiserWorker]:
    started = OptimiserWorker()
    yield started
    await started.aclose()


def gain(point: Sequence[float]) -> float | None:
    """A long valley whose top is at 1; some points fail."""
    if point[0] > 2.5:
        return None
    return -sum((x - 1) ** 2 * 10**k for k, x in enumerate(point))


async def climb(
    worker: OptimiserWorker, rounds: int, told: Sequence[list[float]] = (), key: str = "k", dimension: int = 4
) -> list[list[float]]:
    points = list(told)
    for point in points:
        await worker.tell(key, point, gain(point))
    for seed in range(len(points), rounds):
        points.append(await worker.ask(key, dimension, seed))
        await worker.tell(key, points[-1], gain(points[-1]))
    return points


def is_running(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return file.read().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except (FileNotFoundError, ProcessLookupError):
        return False


async def gone(pid: int) -> bool:
    for _ in range(200):
        if not is_running(pid):
            return True
        await anyio.sleep(0.05)
    return False


async def test_it_climbs_where_random_search_does_not(worker: OptimiserWorker) -> None:
    points = await climb(worker, 600)
    best = max(value for point in points if (value := gain(point)) is not None)
    rng = Random(0)
    blind = [gain([rng.gauss(0, 0.6) for _ in range(4)]) for _ in range(600)]
    assert best > -0.05
    assert best > 10 * max(value for value in blind if value is not None)


async def test_telling_again_restores_a_search(worker: OptimiserWorker) -> None:
    points = await climb(worker, 60)
    other = OptimiserWorker()
    try:
        assert await climb(other, 60, points[:31]) == points
    finally:
        await other.aclose()


async def test_an_ask_leaves_no_trace(worker: OptimiserWorker) -> None:
    await climb(worker, 20)
    first = await worker.ask("k", 4, 7)
    await worker.ask("k", 4, 8)
    await worker.ask("other", 9, 8)
    assert await worker.ask("k", 4, 7) == first
    assert await worker.ask("k", 4, 8) != first


@pytest.mark.parametrize("dimension", [1, 2, 60])
async def test_any_number_of_coordinates(worker: OptimiserWorker, dimension: int) -> None:
    points = await climb(worker, 40, dimension=dimension, key=f"d{dimension}")
    assert {len(point) for point in points} == {dimension}


async def test_failures_alone_shrink_the_search(worker: OptimiserWorker) -> None:
    for seed in range(60):
        await worker.tell("k", await worker.ask("k", 3, seed), None)
    assert max(map(abs, await worker.ask("k", 3, 1))) < 0.1


async def test_searches_are_apart_and_the_oldest_are_forgotten() -> None:
    small = OptimiserWorker(sessions=2)
    try:
        fresh = await small.ask("a", 4, 3)
        await climb(small, 30, key="a")
        learnt = await small.ask("a", 4, 3)
        assert learnt != fresh
        assert await small.ask("b", 4, 3) == fresh
        await climb(small, 1, key="b")
        assert await small.ask("a", 4, 3) == learnt
        await climb(small, 1, key="c")
        assert await small.ask("a", 4, 3) == fresh
    finally:
        await small.aclose()


async def test_it_starts_late_and_ends_with_aclose() -> None:
    worker = OptimiserWorker()
    assert worker.pid is None
    await worker.ask("k", 2, 0)
    pid = worker.pid
    assert pid is not None
    assert is_running(pid)
    await worker.aclose()
    await worker.aclose()
    assert await gone(pid)
    with pytest.raises(WorkerDied, match="closed"):
        await worker.ask("k", 2, 0)


async def test_a_killed_child_is_said_and_not_replaced(worker: OptimiserWorker) -> None:
    await worker.ask("k", 2, 0)
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL)
    with pytest.raises(WorkerDied, match="gone"):
        await worker.ask("k", 2, 0)
    with pytest.raises(WorkerDied, match="ended unasked"):
        await worker.tell("k", [0.0, 0.0], 1.0)


async def test_a_wrong_request_is_said(worker: OptimiserWorker) -> None:
    await worker.tell("k", [0.0, 0.0], 1.0)
    with pytest.raises(WorkerDied, match="3 coordinates"):
        await worker.tell("k", [0.0, 0.0, 0.0], 1.0)


async def test_a_cancelled_ask_leaves_the_pipe_in_order(worker: OptimiserWorker) -> None:
    expected = {seed: await worker.ask("k", 3, seed) for seed in range(5)}
    for _ in range(5):
        with anyio.move_on_after(0):
            await worker.ask("k", 50, 99)
    assert {seed: await worker.ask("k", 3, seed) for seed in range(5)} == expected


async def test_concurrent_asks_get_their_own_answers(worker: OptimiserWorker) -> None:
    answers: dict[int, list[float]] = {}

    async def one(dimension: int) -> None:
        answers[dimension] = await worker.ask(f"d{dimension}", dimension, dimension)

    async with anyio.create_task_group() as group:
        for dimension in range(1, 9):
            group.start_soon(one, dimension)
    assert {dimension: len(point) for dimension, point in answers.items()} == {n: n for n in range(1, 9)}


OWNER = textwrap.dedent(
    """
    import anyio
    from cambrian.compute.optimiser import OptimiserWorker
    async def main():
        worker = OptimiserWorker()
        await worker.ask("k", 2, 0)
        print(worker.pid, flush=True)
        await anyio.sleep(120)
    anyio.run(main)
    """
)


async def test_it_dies_with_its_owner() -> None:
    with subprocess.Popen([sys.executable, "-c", OWNER], stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        pid = int(owner.stdout.readline())
        assert is_running(pid)
        owner.kill()
    assert await gone(pid)


def test_the_owner_never_imports_numpy() -> None:
    code = "import cambrian.compute.optimiser, sys; sys.exit('numpy' in sys.modules or 'cma' in sys.modules)"
    started = time.monotonic()
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 0
    assert time.monotonic() - started < 60
