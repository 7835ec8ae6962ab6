"""The suite that the test kit ships, held against every runtime that is here, at every level that it can have."""

from __future__ import annotations

import importlib
from collections.abc import AsyncIterator
from typing import Protocol, cast

import pytest

from cambrian.core.errors import CapabilityMissing, IsolationUnavailable
from cambrian.core.limits import Level
from cambrian.sandbox.scripts.driven import Driver
from cambrian.sandbox.scripts.port import ScriptRuntime
from cambrian.sandbox.scripts.runtime import DrivenRuntime
from cambrian.testing.script_runtime import ScriptRuntimeSuite


class _Module(Protocol):
    def driver(self) -> Driver: ...


async def started(name: str, level: Level) -> DrivenRuntime:
    try:
        driver = cast("_Module", importlib.import_module(f"cambrian.sandbox.scripts.{name}")).driver()
        made = DrivenRuntime(driver, workers=2, level=level)
        await made.warm()
    except CapabilityMissing as error:
        pytest.skip(f"needs runtime.{name}: {error}")
    except IsolationUnavailable as error:
        pytest.skip(f"needs jail.{level.name}: {error}")
    return made


SINGLE = ("cpython", "quickjs")
"""Runtimes whose worker is one process, so that they run at level 2 as well. The others need level 3."""
WHERE = [
    *((name, Level.L3) for name in ("monty", "cpython", "quickjs", "deno", "node", "bun")),
    *((name, Level.L2) for name in SINGLE),
]


@pytest.fixture(scope="module", params=WHERE, ids=lambda where: f"{where[0]}-{where[1].name}")
async def runtime(request: pytest.FixtureRequest, anyio_backend: str) -> AsyncIterator[ScriptRuntime]:
    name, level = cast("tuple[str, Level]", request.param)
    made = await started(name, level)
    yield made
    await made.aclose()


@pytest.mark.slow
class TestEveryRuntime(ScriptRuntimeSuite):
    """Of a fresh clone's fast tests, `test_monty`, `test_cpython` and `test_quickjs` hold as much."""
