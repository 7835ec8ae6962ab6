"""One script, one seed, one host: the Python runtimes make the same calls, so that one can take over from another."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from cambrian.core.errors import CapabilityMissing, SandboxError
from cambrian.sandbox.scripts import cpython, monty
from cambrian.sandbox.scripts.runtime import DrivenRuntime

from .python_cases import BOTH
from .python_runs import Function, run


@pytest.fixture(scope="module")
async def runtimes(anyio_backend: str) -> AsyncIterator[list[DrivenRuntime]]:
    made: list[DrivenRuntime] = []
    try:
        for driver in (monty.driver, cpython.driver):
            made.append(DrivenRuntime(driver(), workers=1))
            await made[-1].warm()
    except (CapabilityMissing, SandboxError) as error:
        pytest.skip(f"needs both runtimes: {error}")
    yield made
    for each in made:
        await each.aclose()


def add(a: Any, b: Any) -> object:
    return str(a) + str(b)


FUNCTIONS: Mapping[str, Function] = {"add": add, "several_add": add}


async def test_the_same_calls_in_the_same_turns(runtimes: list[DrivenRuntime]) -> None:
    light, full = [await run(each, BOTH, FUNCTIONS, seed=7) for each in runtimes]
    assert light.turns == full.turns
    assert light.end == full.end
    assert len(light.calls) == 7
    other = await run(runtimes[0], BOTH, FUNCTIONS, seed=8)
    assert other.turns != light.turns


LOST = "warning: the call of several_add() in line {} was made and never awaited: its answer and errors are lost"


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("several_add(1, 2)\n", 1),
        ("x = [several_add(1, 2)]\nx\n", 1),
        ("def go():\n    return several_add(1, 2)\n{'a': go()}\n", 2),
    ],
)
async def test_a_value_that_nobody_awaited_is_an_error(runtimes: list[DrivenRuntime], code: str, line: int) -> None:
    for runtime in runtimes:
        ran = await run(runtime, code, FUNCTIONS)
        assert ran.calls == [("several_add", [1, 2], {})], "it was made all the same"
        assert (ran.error.type, ran.error.line) == ("NotAwaited", line)
        assert "write `await several_add(…)`" in ran.error.message
        assert ran.stderr == ""


async def test_a_coroutine_as_value_is_an_error(runtimes: list[DrivenRuntime]) -> None:
    for runtime in runtimes:
        ran = await run(runtime, "async def main():\n    return 1\nmain()\n")
        assert (ran.error.type, ran.error.message) == (
            "NotAwaited", "the value is main(), which was never run; write `await main(…)`",
        )  # fmt: skip


@pytest.mark.parametrize(
    "code",
    [
        "several_add(1, 2)\n5\n",
        "several_add(1, 2)\nawait several_add(3, 4)\n5\n",
        "several_add(1, 2)\nraise ValueError('x')\n",
        "x = several_add(1, 2)\nx['a']\n",
    ],
)
async def test_a_call_that_nobody_awaits_is_told(runtimes: list[DrivenRuntime], code: str) -> None:
    for runtime in runtimes:
        ran = await run(runtime, code, FUNCTIONS)
        assert ran.stderr.startswith(LOST.format(1))
        assert ran.stderr.count("\n") == 1


async def test_calls_that_somebody_awaits_are_not(runtimes: list[DrivenRuntime]) -> None:
    code = (
        "import asyncio\nx = several_add(1, 2)\na = await x\nstr(await several_add(1, 2))\n"
        "b = await asyncio.gather(several_add(3, 4), several_add(5, 6))\n"
        "async def go():\n    return await several_add(7, 8)\n[a, b, await go()]\n"
    )
    for runtime in runtimes:
        ran = await run(runtime, code, FUNCTIONS)
        assert (ran.value, ran.stderr) == (["12", ["34", "56"], "78"], "")
