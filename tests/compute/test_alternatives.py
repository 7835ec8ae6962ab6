"""Races: who wins, that losers end, and that none of them has changed anything."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cambrian.compute.alternatives import Alternative, Branch, NobodyWon, Odds, race
from cambrian.core.errors import UsageError
from cambrian.core.limits import Limits
from cambrian.core.ports import Exit, Program
from cambrian.sandbox import CPythonJail

pytestmark = pytest.mark.anyio
Run = Callable[[Branch], Awaitable[int]]


def after(seconds: float, value: int) -> Run:
    async def run(branch: Branch) -> int:
        assert not branch.won
        await anyio.sleep(seconds)
        if value < 0:
            raise ValueError(f"no luck with {value}")
        return value

    return run


async def test_the_first_valid_result_wins_and_the_others_end() -> None:
    began = time.monotonic()
    raced = await race(
        [Alternative("slow", after(30, 1)), Alternative("wrong", after(0, 2)), Alternative("quick", after(0.05, 3))],
        valid=lambda value: value % 2 == 1,
    )
    assert (raced.winner, raced.value) == ("quick", 3)
    assert raced.ends == {"slow": "cancelled", "wrong": "invalid", "quick": "won"}
    assert "not valid: 2" in raced.why["wrong"]
    assert time.monotonic() - began < 5


async def test_the_best_result_wins_when_all_have_run() -> None:
    alternatives = [Alternative("a", after(0, 1)), Alternative("b", after(0.05, 7)), Alternative("c", after(0, -1))]
    raced = await race(alternatives, best=float)
    assert (raced.winner, raced.value) == ("b", 7)
    assert raced.ends == {"a": "valid", "b": "won", "c": "failed"}


async def test_when_nobody_wins_each_is_named_with_its_reason() -> None:
    with pytest.raises(NobodyWon, match=r"a: ValueError: no luck with -1; b: not valid: 4"):
        await race([Alternative("a", after(0, -1)), Alternative("b", after(0, 4))], valid=lambda value: value < 0)


async def raises(branch: Branch) -> int:
    raise asyncio.CancelledError


async def waits_for_what_is_cancelled(branch: Branch) -> int:
    future = asyncio.get_running_loop().create_future()
    future.cancel()
    await future
    return 1


async def cancels_its_task(branch: Branch) -> int:
    task = asyncio.current_task()
    assert task is not None
    task.cancel()
    await anyio.sleep(0)
    return 1


async def cancels_its_task_and_returns(branch: Branch) -> int:
    task = asyncio.current_task()
    assert task is not None
    task.cancel()
    return 1


async def cancels_its_task_and_raises(branch: Branch) -> int:
    await cancels_its_task_and_returns(branch)
    raise ValueError("no luck")


SELF = [
    raises, waits_for_what_is_cancelled, cancels_its_task, cancels_its_task_and_returns, cancels_its_task_and_raises
]  # fmt: skip


@pytest.mark.parametrize("run", SELF)
async def test_who_cancels_itself_has_failed_and_the_others_go_on(run: Run) -> None:
    raced = await race([Alternative("odd", run), Alternative("good", after(0.05, 3))])
    assert (raced.winner, raced.ends["odd"], raced.why["odd"]) == ("good", "failed", "it cancelled itself")
    with pytest.raises(NobodyWon, match="odd: it cancelled itself"):
        await race([Alternative("odd", run)])
    await anyio.sleep(0)  # this task was not touched


async def test_a_judge_that_cancels_fails_only_what_it_judged() -> None:
    def valid(value: int) -> bool:
        if value == 1:
            raise asyncio.CancelledError
        return True

    raced = await race([Alternative("odd", after(0, 1)), Alternative("good", after(0.05, 3))], valid=valid)
    assert (raced.winner, raced.ends["odd"]) == ("good", "failed")


@pytest.mark.parametrize("run", [after(30, 1), *SELF])
async def test_cancelling_from_outside_ends_the_race(run: Run) -> None:
    ended: list[str] = []

    async def notes(branch: Branch) -> int:
        try:
            return await after(30, 1)(branch)
        finally:
            ended.append("ended")

    with anyio.move_on_after(0.05) as scope:
        await race([Alternative("one", run), Alternative("other", notes)])
    assert scope.cancelled_caught
    assert ended == ["ended"]


async def test_cancelling_the_task_that_waits_ends_the_race() -> None:
    task = asyncio.ensure_future(race([Alternative("one", after(30, 1)), Alternative("other", after(30, 2))]))
    await anyio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_only_the_winner_changes_the_world() -> None:
    world: list[str] = []

    def writer(name: str, seconds: float) -> Run:
        async def run(branch: Branch) -> int:
            async def read() -> int:
                world.append(f"{name} reads")
                return 1

            async def write() -> int:
                world.append(f"{name} writes")
                return 2

            await branch.effect(read, read_only=True)
            await anyio.sleep(seconds)
            return await branch.effect(write)

        return run

    raced = await race(
        [
            Alternative("early", writer("early", 0), confidence=0.3),
            Alternative("likely", writer("likely", 0.05), confidence=0.9),
            Alternative("late", after(0.02, -1)),
        ]
    )
    assert raced.winner == "likely", "of those that cannot go on without writing, the likelier one may"
    assert sorted(world) == ["early reads", "likely reads", "likely writes"]


async def test_who_needs_not_write_wins_over_who_waits_to() -> None:
    wrote: list[int] = []

    async def writes(branch: Branch) -> int:
        async def write() -> int:
            wrote.append(1)
            return 1

        return await branch.effect(write)

    raced = await race([Alternative("writes", writes), Alternative("reads", after(0.05, 5))])
    assert (raced.winner, wrote) == ("reads", [])


async def test_a_winner_that_fails_after_writing_is_no_reason_to_start_another() -> None:
    wrote: list[str] = []

    def fails(name: str) -> Run:
        async def run(branch: Branch) -> int:
            async def write() -> int:
                wrote.append(name)
                raise OSError("disk full")

            return await branch.effect(write)

        return run

    with pytest.raises(NobodyWon, match="disk full"):
        await race([Alternative("a", fails("a")), Alternative("b", fails("b"))])
    assert len(wrote) == 1


async def test_who_waits_to_write_is_not_waited_for_when_the_best_of_all_is_wanted() -> None:
    async def writes(branch: Branch) -> int:
        return await branch.effect(lambda: after(0, 9)(branch))

    with anyio.fail_after(5):
        raced = await race([Alternative("pure", after(0.02, 1)), Alternative("writes", writes)], best=float)
    assert raced.ends == {"pure": "won", "writes": "cancelled"}


async def test_a_result_without_a_worth_fails() -> None:
    alternatives = [
        Alternative("nan", after(0, 1)),
        Alternative("good", after(0.02, 2)),
        Alternative("odd", after(0, 3)),
    ]

    def worth(value: int) -> float:
        if value == 3:
            raise KeyError(value)
        return float("nan") if value == 1 else 1.0

    raced = await race(alternatives, best=worth)
    assert raced.winner == "good"
    assert raced.ends["nan"] == raced.ends["odd"] == "failed"


async def test_learnt_odds_save_work() -> None:
    started: list[str] = []

    def noted(name: str, run: Run) -> Run:
        async def go(branch: Branch) -> int:
            started.append(name)
            return await run(branch)

        return go

    odds = Odds()
    alternatives = [
        Alternative("hopeless", noted("hopeless", after(0.01, -1)), confidence=0.6),
        Alternative("good", noted("good", after(0.01, 1))),
    ]
    for _ in range(20):
        await race(alternatives, odds=odds, head_start_s=2.0)
    assert started[:2] == ["hopeless", "good"]
    assert started[-5:] == ["good"] * 5
    assert started.count("hopeless") < 6


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(-3, 9)), min_size=1, max_size=6), st.booleans())
def test_the_winner_is_valid_and_everybody_has_ended(plan: list[tuple[int, int]], want_best: bool) -> None:
    async def go() -> None:
        alternatives = [Alternative(str(i), after(ms / 1000, value)) for i, (ms, value) in enumerate(plan)]
        good = [value for _, value in plan if value >= 5]
        try:
            raced = await race(alternatives, valid=lambda value: value >= 5, best=float if want_best else None)
        except NobodyWon:
            assert not good
            return
        assert raced.value in good
        assert not want_best or raced.value == max(good)
        assert list(raced.ends.values()).count("won") == 1

    anyio.run(go)


@pytest.mark.parametrize(
    "wrong", [[], [Alternative("a", after(0, 1))] * 2, [Alternative("a", after(0, 1), confidence=1.0)]]
)
async def test_impossible_races_are_refused(wrong: list[Alternative[int]]) -> None:
    with pytest.raises(UsageError):
        await race(wrong)


LOOP = "def f():\n    while True:\n        pass\n"
QUICK = "def f():\n    return 1\n"


def _alive(pids: list[int]) -> list[int]:
    return [pid for pid in pids if Path(f"/proc/{pid}").exists()]


def _family(root: int) -> list[int]:
    found = [root]
    for pid in found:
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            found += [int(child) for child in task.read_text(encoding="ascii").split()]
    return found


async def test_losers_in_jails_are_dead_within_a_tenth_of_a_second_of_the_winner() -> None:
    """Their programs, that is; the jails belong to whoever started them and can be used again."""
    jails = [await CPythonJail.start() for _ in range(3)]
    idle = {pid for jail in jails for pid in _family(jail.zygote_pid)}
    programs: list[int] = []
    ends: list[float] = []

    def jailed(jail: CPythonJail, text: str) -> Run:
        async def run(branch: Branch) -> int:
            session = await jail.launch(Program(files={"p.py": text}, entry="p.py:f"), Limits(wall=30.0))
            assert not isinstance(session, Exit)
            try:
                programs.extend(pid for pid in _family(jail.zygote_pid) if pid not in idle)
                if text is QUICK:
                    while len(programs) < 3:
                        await anyio.sleep(0.005)
                assert not isinstance(await session.call(b'{"t":[]}'), Exit)
                ends.append(time.monotonic())
                return 1
            finally:
                await session.close()

        return run

    try:
        raced = await race(
            [Alternative(str(i), jailed(jail, QUICK if i == 2 else LOOP)) for i, jail in enumerate(jails)]
        )
        await anyio.sleep(max(0.0, ends[0] + 0.1 - time.monotonic()))
        left = _alive(programs)
        assert raced.winner == "2"
        assert len(programs) >= 3, "positive control: there was something to kill"
        assert os.getpid() not in programs
        assert left == []
        session = await jails[0].launch(Program(files={"p.py": QUICK}, entry="p.py:f"), Limits())
        assert not isinstance(session, Exit)
        await session.close()
    finally:
        for jail in jails:
            await jail.aclose()
