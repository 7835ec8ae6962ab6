"""One worker, many scripts: what is fresh, what is reused, what a broken worker costs."""

from __future__ import annotations

from collections.abc import AsyncIterator

import anyio
import pytest

from cambrian.core.errors import SandboxError, UsageError
from cambrian.core.evaluation import Status
from cambrian.core.limits import Limits
from cambrian.core.ports import Exit
from cambrian.core.script import Calls, Done, Raised, Script
from cambrian.core.tool import Answer
from cambrian.sandbox.scripts.driven import Driver
from cambrian.sandbox.scripts.port import Said, Terms
from cambrian.sandbox.scripts.runtime import DrivenRuntime

from .toy import toy

TERMS = Terms(seed=1, now=1000.0)
LIMITS = Limits(wall=5.0, cpu=5.0, memory=64 * 2**20, disk=2**20)
COUNT = "import sys\ndef main():\n    sys.n = getattr(sys, 'n', 0) + 1\n    return sys.n\n    yield\n"


@pytest.fixture
async def runtimes() -> AsyncIterator[list[DrivenRuntime]]:
    made: list[DrivenRuntime] = []
    yield made
    for each in made:
        await each.aclose()


def make(runtimes: list[DrivenRuntime], driver: Driver, workers: int = 1) -> DrivenRuntime:
    runtimes.append(DrivenRuntime(driver, workers=workers, limits=LIMITS))
    return runtimes[-1]


async def value_of(runtime: DrivenRuntime, code: str, limits: Limits = LIMITS) -> object:
    execution, said = await runtime.begin(Script(code=code, language="python"), (), limits, TERMS)
    await execution.close()
    if isinstance(said, Exit):
        return said
    assert isinstance(said.turn, Done), said
    return said.turn.value


async def test_use_once_shares_nothing_and_reuse_shares_the_process(runtimes: list[DrivenRuntime]) -> None:
    once, twice = make(runtimes, toy()), make(runtimes, toy(reuse=2))
    assert [await value_of(once, COUNT) for _ in range(3)] == [1, 1, 1]
    assert [await value_of(twice, COUNT) for _ in range(4)] == [1, 2, 1, 2]


async def test_turns_carry_calls_and_answers(runtimes: list[DrivenRuntime]) -> None:
    code = "def main():\n    first = yield [('add', 1), ('add', 2)]\n    second = yield [('add', 3)]\n"
    code += "    return [a['value'] for a in first + second]\n"
    execution, said = await make(runtimes, toy()).begin(Script(code=code, language="python"), (), LIMITS, TERMS)
    assert isinstance(said, Said)
    assert isinstance(said.turn, Calls)
    assert [call.id for call in said.turn.calls] == [0, 1]
    said = await execution.resume([Answer(call=0, value="a"), Answer(call=1, value="b")], now=1001.0)
    assert isinstance(said, Said)
    assert isinstance(said.turn, Calls)
    assert said.turn.calls[0].id == 2
    said = await execution.resume([Answer(call=2, value="c")], now=1002.0)
    assert isinstance(said, Said)
    assert said.turn == Done(value=["a", "b", "c"])
    with pytest.raises(UsageError, match="does not wait"):
        await execution.resume([], now=1003.0)
    await execution.close()
    assert execution.wall_s > 0


async def test_a_hit_limit_ends_the_script_and_the_next_one_works(runtimes: list[DrivenRuntime]) -> None:
    runtime = make(runtimes, toy(reuse=100))
    loop = "def main():\n    while True: pass\n    yield\n"
    for _ in range(2):
        ended = await value_of(runtime, loop, Limits(wall=0.3, cpu=5.0, memory=64 * 2**20, disk=2**20))
        assert isinstance(ended, Exit)
        assert (ended.status, ended.detail) == (Status.TIMEOUT, "wall")
    assert await value_of(runtime, COUNT) == 1


async def test_an_exception_of_the_script_is_its_own(runtimes: list[DrivenRuntime]) -> None:
    code = "def main():\n    raise ValueError('no')\n    yield\n"
    execution, said = await make(runtimes, toy()).begin(Script(code=code, language="python"), (), LIMITS, TERMS)
    await execution.close()
    assert isinstance(said, Said)
    assert said.turn == Raised(type="ValueError", message="no")


@pytest.mark.parametrize(
    "answer",
    [
        "{'turn': {'turn': 'calls', 'calls': []}}",
        "{'turn': {'turn': 'calls', 'calls': [{'id': 7, 'tool': 'add'}]}}",
        "{'turn': {'turn': 'owned'}}",
        "{'turn': 1}",
        "{'turn': {'turn': 'calls', 'calls': [{'id': 0, 'tool': ['add']}]}}",
        "{'turn': {'turn': 'done', 'value': '\\ud800'}, 'stdout': 3}",
        "{}",
    ],
)
async def test_what_is_no_answer_ends_the_script(runtimes: list[DrivenRuntime], answer: str) -> None:
    runtime = make(runtimes, toy(text=f"def step(request):\n    return {answer}\n"))
    ended = await value_of(runtime, "")
    assert isinstance(ended, Exit)
    assert (ended.status, ended.detail) == (Status.ERROR, "protocol")


async def test_a_worker_broken_by_an_earlier_script_is_replaced(runtimes: list[DrivenRuntime]) -> None:
    text = "import os\nn = 0\ndef step(request):\n    global n\n    n += 1\n    if n == 2: os._exit(3)\n"
    text += "    return {'turn': {'turn': 'done', 'value': n}}\n"
    runtime = make(runtimes, toy(reuse=100, text=text))
    assert [await value_of(runtime, "") for _ in range(3)] == [1, 1, 1]


async def test_workers_run_side_by_side_and_no_more_of_them(runtimes: list[DrivenRuntime]) -> None:
    runtime = make(runtimes, toy(), workers=2)
    code = "def main():\n    yield [('add', 1)]\n    return 1\n"
    script = Script(code=code, language="python")
    first, _ = await runtime.begin(script, (), LIMITS, TERMS)
    second, _ = await runtime.begin(script, (), LIMITS, TERMS)
    with anyio.move_on_after(0.3) as scope:
        await runtime.begin(script, (), LIMITS, TERMS)
    assert scope.cancelled_caught
    await first.close()
    third, said = await runtime.begin(script, (), LIMITS, TERMS)
    assert isinstance(said, Said)
    await second.close()
    await third.close()


async def test_a_language_it_does_not_run_and_a_closed_runtime(runtimes: list[DrivenRuntime]) -> None:
    runtime = make(runtimes, toy())
    with pytest.raises(UsageError, match="runs python, not 'javascript'"):
        await runtime.begin(Script(code="1", language="javascript"), (), LIMITS, TERMS)
    await runtime.aclose()
    with pytest.raises(SandboxError, match="closed"):
        await runtime.begin(Script(code="1", language="python"), (), LIMITS, TERMS)


async def test_a_driver_that_does_not_start_is_a_failure_of_the_machinery(runtimes: list[DrivenRuntime]) -> None:
    runtime = make(runtimes, toy(text="raise RuntimeError('no engine')\ndef step(request): ...\n"))
    with pytest.raises(SandboxError, match="no engine"):
        await value_of(runtime, "")
