"""What is too large to leave the jail is told in words; the worker lives on, and nothing was called."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from cambrian.core.errors import CapabilityMissing, SandboxError
from cambrian.core.limits import Limits
from cambrian.core.script import Calls, Done, Language, Raised, Script
from cambrian.core.tool import Answer, Tool
from cambrian.sandbox.scripts import cpython, deno, driven, monty, quickjs
from cambrian.sandbox.scripts.port import Said, SnapshotLimit, Terms
from cambrian.sandbox.scripts.runtime import DrivenRuntime

OUTPUT = 2**14
LIMITS = Limits(wall=20.0, cpu=20.0, memory=256 * 2**20, output=OUTPUT)
ENVELOPE = driven._ENVELOPE  # pyright: ignore[reportPrivateUsage]  # the driver's side is looked at below
MOST = 6 * OUTPUT + ENVELOPE
DRIVERS = {"monty": monty.driver, "cpython": cpython.driver, "quickjs": quickjs.driver, "deno": deno.driver}


@pytest.fixture(scope="module", params=DRIVERS)
async def runtime(request: pytest.FixtureRequest, anyio_backend: str) -> AsyncIterator[DrivenRuntime]:
    try:
        made = DrivenRuntime(DRIVERS[request.param](), workers=1)
        await made.warm()
    except (CapabilityMissing, SandboxError) as error:
        pytest.skip(f"needs runtime.{request.param}: {error}")
    yield made
    await made.aclose()


async def ended(runtime: DrivenRuntime, python: str, javascript: str) -> object:
    """What the first turn comes to."""
    language: Language = "python" if "python" in runtime.languages else "javascript"
    script = Script(code=python if language == "python" else javascript, language=language)
    execution, said = await runtime.begin(script, (Tool(name="tell"),), LIMITS, Terms(seed=1, now=0.0))
    await execution.close()
    assert isinstance(said, Said), said
    return said.turn


def test_both_sides_allow_the_same() -> None:
    assert f"\nENVELOPE = {ENVELOPE // 1024} * 1024\n" in driven.driver_text("entry.py")


async def test_a_value_that_just_fits_leaves(runtime: DrivenRuntime) -> None:
    fits = MOST - 2000
    turn = await ended(runtime, f"'x' * {fits}", f"'x'.repeat({fits})")
    assert isinstance(turn, Done)
    assert len(str(turn.value)) == fits


@pytest.mark.parametrize("sign", ["x", "é", '\\"', "\\n"])
async def test_a_value_that_does_not_is_an_error(runtime: DrivenRuntime, sign: str) -> None:
    turn = await ended(runtime, f'"{sign}" * {MOST}', f'"{sign}".repeat({MOST})')
    assert isinstance(turn, Raised)
    assert turn.type == "OutputLimit"
    assert "its value takes" in turn.message
    assert f"of which {MOST} may leave the sandbox" in turn.message
    assert isinstance(await ended(runtime, "1 + 1", "1 + 1"), Done), "the next one is served"


async def test_arguments_that_do_not_are_an_error_and_nothing_was_called(runtime: DrivenRuntime) -> None:
    turn = await ended(runtime, f"tell('x' * {MOST})", f"await tell('x'.repeat({MOST}))")
    assert isinstance(turn, Raised), "and no turn of calls"
    assert "the arguments of its calls take" in turn.message
    assert isinstance(await ended(runtime, "tell(1)", "await tell(1)"), Calls)


async def test_a_state_that_is_too_large_is_not_kept_and_the_script_goes_on() -> None:
    runtime = DrivenRuntime(monty.driver(), workers=1)
    code = f"import random\nx = [random.randint(0, 1000000) for i in range({MOST})]\ny = tell(1)\ny + 1"
    try:
        script = Script(code=code, language="python")
        execution, said = await runtime.begin(script, (Tool(name="tell"),), LIMITS, Terms(seed=1, now=0.0))
        assert isinstance(said, Said)
        with pytest.raises(SnapshotLimit, match="replay the run from its journal"):
            await execution.snapshot()
        said = await execution.resume([Answer(call=0, value=41)], now=1.0)
        assert isinstance(said, Said)
        assert said.turn == Done(value=42)
        await execution.close()
    except CapabilityMissing as error:
        pytest.skip(str(error))
    finally:
        await runtime.aclose()
