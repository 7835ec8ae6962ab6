"""App, execution: what `cambrian runtimes` tells: each runtime, whether it is here, and how long it takes."""

from __future__ import annotations

import statistics
import time

import msgspec

from cambrian.core.errors import CapabilityMissing, SandboxError
from cambrian.core.limits import Limits
from cambrian.core.ports import Exit
from cambrian.core.script import Language, Script
from cambrian.sandbox.scripts.driven import Driver
from cambrian.sandbox.scripts.port import Terms
from cambrian.sandbox.scripts.runtime import DrivenRuntime

from .catalogue import NAMES, find_driver
from .running import SCRIPT_LIMITS

__all__ = ["Present", "inventory", "timed_once"]

_ROUNDS = 5


class Present(msgspec.Struct, frozen=True, kw_only=True):
    """One runtime.

    Args:
        name: of the runtime.
        languages: what it runs.
        version: of the engine; "" if it is not here.
        level: of the jail, if it was measured.
        missing: why it is not here; "" if it is.
        fix: the command that adds it.
        first_ms: milliseconds from nothing to the first result.
        warm_ms: milliseconds of a fresh script on a warm worker, the median of five.
        failed: why it could not be measured.
    """

    name: str
    languages: tuple[Language, ...] = ()
    version: str = ""
    level: str = ""
    missing: str = ""
    fix: str = ""
    first_ms: float | None = None
    warm_ms: float | None = None
    failed: str = ""


async def inventory(measure: bool) -> list[Present]:
    """All runtimes there are; with `measure`, those that are here are started and timed."""
    return [await _look(name, measure=measure) for name in NAMES]


async def _look(name: str, *, measure: bool) -> Present:
    try:
        driver = find_driver(name)
    except CapabilityMissing as error:
        return Present(name=name, missing=str(error), fix=error.fix)
    here = Present(name=name, languages=driver.languages, version=driver.version)
    if not measure:
        return here
    try:
        return await _timed(driver, here)
    except SandboxError as error:
        return msgspec.structs.replace(here, failed=str(error))


async def _timed(driver: Driver, here: Present) -> Present:
    runtime = DrivenRuntime(driver, workers=1, limits=SCRIPT_LIMITS)
    try:
        times = [await timed_once(runtime, SCRIPT_LIMITS) for _ in range(1 + _ROUNDS)]
        return msgspec.structs.replace(
            here, level=runtime.level.name, first_ms=times[0], warm_ms=statistics.median(times[1:])
        )
    finally:
        await runtime.aclose()


async def timed_once(runtime: DrivenRuntime, limits: Limits) -> float:
    """Milliseconds that ``1 + 1`` takes on a runtime.

    Raises:
        SandboxError: it cannot be had, or the worker was ended.
    """
    begun = time.perf_counter()
    script = Script(code="1 + 1", language=runtime.languages[0])
    execution, said = await runtime.begin(script, (), limits, Terms(seed=0, now=0.0))
    seconds = time.perf_counter() - begun
    await execution.close()
    if isinstance(said, Exit):
        raise SandboxError(f"1 + 1 ended as {said.status.value}: {said.detail} {said.text[-200:]}")
    return 1000 * seconds
