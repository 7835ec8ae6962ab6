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
