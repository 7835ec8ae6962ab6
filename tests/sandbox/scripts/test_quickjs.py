"""The runtime `quickjs`: the suite of JavaScript runtimes, and what is its own: gaps, reuse, speed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from cambrian.core.errors import CapabilityMissing, SandboxError
from cambrian.core.limits import Level
from cambrian.sandbox.scripts import quickjs
from cambrian.sandbox.scripts.runtime import DrivenRuntime
from cambrian.source.javascript import wrap

from .javascript_cases import VALUES
from .javascript_runs import run
from .javascript_suite import TOOLS, JavaScriptSuite


async def _started(level: Level | None, reuse: int = 200) -> DrivenRuntime:
    made = DrivenRuntime(quickjs.driver(reuse=reuse), workers=1, level=level)
    try:
        await made.warm()
    except SandboxError as error:
        pytest.skip(f"needs a jail: {error}")
    return made


@pytest.fixture(scope="module")
async def runtime(anyio_backend: str) -> AsyncIterator[DrivenRuntime]:
    made = await _started(None)
    yield made
    await made.aclose()


class TestQuickJS(JavaScriptSuite):
    pass


GAPS = {
    "global:fetch": "\nawait fetch('https://example.com')",
    "global:require": "const fs = require('fs')",
    "global:process": "process.env.HOME",
    "global:Deno": "Deno.readTextFileSync('/etc/passwd')",
    "global:Buffer": "Buffer.from('a')",
    "global:URL": "new URL('https://example.com').host",
    "global:structuredClone": "structuredClone({})",
    "global:Intl": "new Intl.NumberFormat('de')",
    "import:node:fs": "await import('node:fs')",
}


@pytest.mark.parametrize(("what", "code"), GAPS.items(), ids=GAPS)
async def test_what_only_others_have_is_a_gap(runtime: DrivenRuntime, what: str, code: str) -> None:
    assert (await run(runtime, code)).gap == what


async def test_an_unknown_name_is_the_scripts_error(runtime: DrivenRuntime) -> None:
    error = (await run(runtime, "1\nnope()")).error
    assert (error.type, error.message, error.line) == ("ReferenceError", "nope is not defined", 2)


async def test_a_script_can_ask_what_is_there(runtime: DrivenRuntime) -> None:
    assert (await run(runtime, "typeof fetch")).value == "undefined"


@pytest.mark.parametrize("code", [code for code, _ in VALUES.values()], ids=VALUES)
async def test_a_parser_finds_the_same_last_expression(runtime: DrivenRuntime, code: str) -> None:
    """The bridge finds it by asking the engine what compiles; a parser's `return` in its place changes nothing."""
    assert (await run(runtime, wrap(code))).end == (await run(runtime, code)).end


async def test_level_2_serves_as_well(anyio_backend: str) -> None:
    made = await _started(Level.L2)
    try:
        assert (await run(made, "await add(20, 22)", TOOLS)).value == 42
        assert made.level is Level.L2
    finally:
        await made.aclose()


async def test_workers_are_replaced_after_their_scripts(anyio_backend: str) -> None:
    made = await _started(None, reuse=3)
    try:
        assert [(await run(made, f"{n}")).value for n in range(8)] == list(range(8))
    finally:
        await made.aclose()


async def test_many_scripts_of_one_worker_leave_its_memory_flat(runtime: DrivenRuntime) -> None:
    """Each fills some megabytes; if they stayed, the jail would end the worker long before the last."""
    for n in range(120):
        code = f"globalThis.kept = Array.from({{length: 20000}}, (_, i) => ({{i, n: {n}}}))\nkept.length"
        assert (await run(runtime, code)).value == 20000


async def test_an_alarm_that_comes_late_takes_no_script_away(anyio_backend: str) -> None:
    """It is set for the time between two scripts; on a busy machine its handler runs when the next one has begun."""
    driver = quickjs.driver()
    begun = "        _runs.append(_Run(request))\n"
    text = driver.files["drivers/quickjs_driver.py"]
    late = text.replace(begun, f"{begun}        signal.raise_signal(signal.SIGALRM)\n")
    assert late != text
    files = {**driver.files, "drivers/quickjs_driver.py": late}
    made = DrivenRuntime(msgspec.structs.replace(driver, files=files), workers=1)
    try:
        assert [(await run(made, f"{n}")).value for n in range(3)] == [0, 1, 2]
    finally:
        await made.aclose()


def test_without_the_engine_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(name: str) -> None:
        """No module is installed."""

    monkeypatch.setattr(quickjs.util, "find_spec", nothing)
    with pytest.raises(CapabilityMissing, match="pip install quickjs-ng"):
        quickjs.driver()


def test_files_of_the_bridge_are_within_the_houses_size() -> None:
    folder = Path(quickjs.__file__).parents[1] / "inside" / "drivers" / "javascript"
    for file in folder.glob("*.js"):
        assert len(file.read_text(encoding="utf-8").splitlines()) < 300, file.name
