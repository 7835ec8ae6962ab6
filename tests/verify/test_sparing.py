"""Memory in place of time: what is counted, what counts as less, and what is refused though it takes less."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from cambrian.core.ports import Program
from cambrian.sandbox import CPythonJail
from cambrian.verify.arena import Arena
from cambrian.verify.cascade import Terms
from cambrian.verify.cases import Case
from cambrian.verify.generators import FromHints
from cambrian.verify.policy import Policy
from cambrian.verify.reference import Reference, refer
from cambrian.verify.sparing import Sparing, show_bytes, weigh
from cambrian.verify.timed import Timed

pytestmark = pytest.mark.anyio

OLD = "def f(a: list[int]) -> int:\n    return sum([x * x for x in a])\n"
LEAN = OLD.replace("[x * x for x in a]", "x * x for x in a")
SLOW = OLD.replace("[x * x for x in a]", "x * x * len(str(10**400)) // 401 for x in a")
CASE = Case(arguments=(list(range(20_000)),), origin="given")
TERMS = Terms(cases=60, seed=1, seconds=10.0)


def program(text: str) -> Program:
    return Program(files={"m.py": text}, entry="m.py:f")


def timed(*cases: Case) -> Timed:
    return Timed(cases=cases or (CASE,), rounds=2, seconds=0.002, first_s=0.002)


@pytest.fixture(scope="module")
async def arena(anyio_backend: str) -> AsyncIterator[Arena]:
    async with await Arena.start(Policy(exceptions="type"), wall=2.0) as made:
        yield made


@pytest.fixture(scope="module")
async def jail(anyio_backend: str) -> AsyncIterator[CPythonJail]:
    made = await CPythonJail.start()
    yield made
    await made.aclose()


@pytest.fixture(scope="module")
async def reference(arena: Arena) -> Reference:
    return await refer(program(OLD), FromHints(OLD, "f"), arena, known=[CASE], n=TERMS.cases, seed=1)


@pytest.fixture
def sparing(reference: Reference, arena: Arena, jail: CPythonJail) -> Sparing:
    return Sparing(reference, timed(), arena, jail, TERMS)


async def test_the_count_is_the_same_in_every_run_and_an_iterator_is_used_up(jail: CPythonJail) -> None:
    first, again = [await weigh(jail, program(OLD), timed()) for _ in range(2)]
    lean = await weigh(jail, program(LEAN), timed())
    stream = await weigh(jail, program("def f(a):\n    yield from (x for x in list(a))\n"), timed())
    assert first is not None
    assert lean is not None
    assert stream is not None
    assert first == again
    assert first[0] > 20_000 * 8
    assert lean[0] < 4096
    assert stream[0] > 20_000 * 8


async def test_what_raises_is_not_counted(jail: CPythonJail) -> None:
    assert await weigh(jail, program("def f(a):\n    return a[-1] // 0\n"), timed()) is None


async def test_less_memory_is_shown_in_bytes_and_confirmed(sparing: Sparing) -> None:
    proof = await sparing.measure(program(LEAN), await sparing.check(program(LEAN)))
    assert [stage.name for stage in proof.stages][-1] == "memory"
    proof = await sparing.confirm(program(LEAN), proof)
    assert proof.failed is None, proof.reason
    assert proof.better
    assert proof.saved is not None
    assert (proof.saved.kind, proof.saved.unit, proof.saved.n) == ("tested", "bytes", 1)
    assert (proof.saved.estimate or 0) > 20_000 * 8
    assert proof.same is not None
    assert "→" in proof.saved.detail


async def test_no_less_memory_is_refused(sparing: Sparing) -> None:
    same = OLD.replace("x * x", "x ** 2")
    proof = await sparing.measure(program(same), await sparing.check(program(same)))
    assert proof.reason.startswith("memory: ")
    assert not proof.better


@pytest.mark.slow
async def test_what_takes_twice_the_time_is_refused(sparing: Sparing) -> None:
    proof = await sparing.measure(program(SLOW), await sparing.check(program(SLOW)))
    assert proof.better
    proof = await sparing.confirm(program(SLOW), proof)
    assert "× the time" in proof.reason


async def test_a_change_that_saves_nothing_is_not_needed(sparing: Sparing) -> None:
    assert await sparing.as_good(program(LEAN), program(LEAN.replace("x * x", "x ** 2")))
    assert not await sparing.as_good(program(OLD), program(LEAN))


@pytest.mark.parametrize(("count", "told"), [(0, "0 bytes"), (999, "999 bytes"), (1500, "1.5 kB"), (2.5e9, "2.5 GB")])
def test_bytes_are_told_as_people_read_them(count: int, told: str) -> None:
    assert show_bytes(count) == told
