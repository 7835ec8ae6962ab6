"""Timing of calls alone, in real jails: what is slow is told from what is quick, the rest is not in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from random import Random

import pytest

from cambrian.core.errors import UsageError
from cambrian.core.ports import Program
from cambrian.sandbox import CPythonJail
from cambrian.verify.cases import Case
from cambrian.verify.laps import Lap, Laps, compare, first_lap
from cambrian.verify.timed import Timed, choose, climb, keeps_answers, may_wait

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def jail(anyio_backend: str) -> AsyncIterator[CPythonJail]:
    made = await CPythonJail.start()
    yield made
    await made.aclose()


def program(body: str) -> Program:
    return Program(files={"m.py": body}, entry="m.py:f")


SLOW = program("def f(n):\n    total = 0\n    for i in range(n):\n        total += i\n    return total\n")
QUICK = program("def f(n):\n    return sum(range(n))\n")
LONG = Case(arguments=(300_000,), origin="test")


async def test_what_is_faster_is_shown_with_an_interval(jail: CPythonJail) -> None:
    laps = Laps(jail, {"control": SLOW, "candidate": QUICK}, [LONG])
    shown = await compare(laps, pairs=5, rng=Random(1))
    assert shown.kind == "measured"
    assert shown.estimate is not None
    assert shown.estimate > 1.3
    assert shown.lower is not None
    assert shown.upper is not None
    assert 1 < shown.lower <= shown.estimate <= shown.upper


async def test_what_is_slower_is_not_shown(jail: CPythonJail) -> None:
    laps = Laps(jail, {"control": QUICK, "candidate": SLOW}, [LONG])
    assert not (await compare(laps, pairs=5, rng=Random(1))).shown


async def test_too_few_pairs_show_nothing(jail: CPythonJail) -> None:
    laps = Laps(jail, {"control": SLOW, "candidate": QUICK}, [Case(arguments=(20_000,))])
    assert not (await compare(laps, pairs=3, rng=Random(1))).shown


async def test_carrying_arguments_and_answers_is_not_timed(jail: CPythonJail) -> None:
    echo = program("def f(values):\n    return values\n")
    large = Case(arguments=(list(range(200_000)),))
    lap = await first_lap(jail, echo, large)
    assert lap is not None
    assert lap.cpu_s < 0.005, "to decode and encode that list takes a multiple"


async def test_arguments_are_new_for_each_round(jail: CPythonJail) -> None:
    picky = program("def f(values):\n    values.pop()\n    assert len(values) == 2\n")
    laps = Laps(jail, {"control": picky}, [Case(arguments=([1, 2, 3],))], rounds=5)
    assert await laps("control", 0) is not None


async def test_what_raises_has_no_time(jail: CPythonJail) -> None:
    assert await first_lap(jail, program("def f(n):\n    raise ValueError(n)\n"), LONG) is None
    assert await first_lap(jail, program("import no_such_module\n"), LONG) is None


async def test_iterators_are_exhausted(jail: CPythonJail) -> None:
    lazy = program("def f(n):\n    for i in range(n):\n        yield i * i\n")
    lap = await first_lap(jail, lazy, LONG)
    assert lap is not None
    assert lap.cpu_s > 0.002


async def test_the_slowest_bearable_cases_are_chosen(jail: CPythonJail) -> None:
    cases = [Case(arguments=(n,)) for n in (10, 30_000, 100_000)] + [Case(arguments=("no number",))]
    timed = await choose(jail, SLOW, cases, most=2)
    assert timed is not None
    assert {case.arguments for case in timed.cases} == {(100_000,), (30_000,)}
    assert timed.cases[0].arguments == (100_000,)
    assert await choose(jail, SLOW, [cases[-1]]) is None


WAITING = "import asyncio\n\n\ndef f(n):\n    asyncio.run(main(n))\n\n\nasync def main(n):\n"


async def test_calls_that_wait_are_timed_by_the_wall_clock(jail: CPythonJail) -> None:
    patient = program(f"{WAITING}    for _ in range(n):\n        await asyncio.sleep(0.02)\n")
    at_once = program(f"{WAITING}    await asyncio.gather(*[asyncio.sleep(0.02) for _ in range(n)])\n")
    timed = await choose(jail, patient, [Case(arguments=(10,))])
    assert timed is not None
    assert timed.clock == "wall"
    assert timed.seconds >= 0.2
    laps = timed.laps(jail, patient, at_once)
    shown = await compare(laps, pairs=5, rng=Random(1), clock=timed.clock)
    assert shown.method.startswith("wall time")
    assert (shown.lower or 0) > 2


async def test_calls_that_work_are_timed_by_the_cpu_clock(jail: CPythonJail) -> None:
    timed = await choose(jail, SLOW, [LONG])
    assert timed is not None
    assert timed.clock == "cpu"


def test_a_busy_machine_makes_no_waiting_call() -> None:
    assert Lap(0.1, 0.35).clock == "cpu"
    assert Lap(0.001, 0.005).clock == "cpu"
    assert Lap(0.001, 0.2).clock == "wall"


def test_what_waits_for_nothing_is_known_by_its_words() -> None:
    assert may_wait(program(WAITING))
    assert may_wait(program("import time\n\n\ndef f():\n    time.sleep(1)\n"))
    assert not may_wait(SLOW)


async def test_a_chain_is_climbed_as_far_as_it_bears(jail: CPythonJail) -> None:
    chain = [Case(arguments=(10**power,)) for power in range(1, 12)]
    top = await climb(jail, SLOW, chain)
    assert top is not None
    [n] = top.arguments
    assert isinstance(n, int)
    assert 10**5 <= n <= 10**8


def test_fewer_pairs_of_what_takes_long_or_gains_much() -> None:
    brief, long = (Timed(cases=(LONG,), rounds=1, seconds=seconds, first_s=seconds) for seconds in (0.01, 3.0))
    assert brief.pairs(1.0) > brief.pairs(4.0) >= 5
    assert brief.pairs(1.0) > long.pairs(1.0) >= 5


def test_a_program_that_keeps_answers_is_known_by_its_words() -> None:
    cached = program(f"import functools\n\n\n@functools.lru_cache\n{SLOW.files['m.py']}")
    assert keeps_answers(SLOW, cached)
    assert not keeps_answers(SLOW, QUICK)
    assert not keeps_answers(cached, cached)


async def test_no_rounds_are_refused(jail: CPythonJail) -> None:
    with pytest.raises(UsageError, match="0 rounds"):
        Laps(jail, {"control": SLOW}, [LONG], rounds=0)
    with pytest.raises(UsageError, match="1 rounds"):
        Laps(jail, {"control": SLOW}, [LONG], laps=0)


async def test_what_is_quick_is_timed_as_often_as_it_takes(jail: CPythonJail) -> None:
    brief = Case(arguments=(50,), origin="test")
    timed = await choose(jail, SLOW, [brief])
    assert timed is not None
    assert timed.seconds * timed.rounds > 0.002
    assert timed.seconds < 0.001, "not the first call's, which has more to do"
    times = [await timed.laps(jail, SLOW, SLOW)("control", number) for number in range(3)]
    assert all(times)


async def test_what_stands_ready_is_no_work_of_the_collector(jail: CPythonJail) -> None:
    """A function that makes objects has the collector look at all there are, unless they are set aside."""
    makes = program("def f(rows):\n    return len([[1] for _ in range(3000)])\n")
    alone = Laps(jail, {"control": makes}, [Case(arguments=([],))], rounds=60, laps=4)
    among = Laps(jail, {"control": makes}, [Case(arguments=([[n] for n in range(4000)],))], rounds=60, laps=4)
    quick, slow = await alone("control", 0), await among("control", 0)
    assert quick is not None
    assert slow is not None
    assert slow < 4 * quick
