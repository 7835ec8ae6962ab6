"""Probing finds what a runtime has, in few scripts and bounded time, and keeps it by version."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import msgspec
import pytest

from cambrian.core.errors import CapabilityMissing, SandboxError
from cambrian.core.evaluation import Status
from cambrian.core.limits import Level, Limits
from cambrian.core.ports import Exit
from cambrian.core.script import Done, Gap, Language, Script
from cambrian.core.tool import Answer, Tool
from cambrian.journal.clock import SystemClock
from cambrian.sandbox.scripts import cpython, monty, quickjs
from cambrian.sandbox.scripts.driven import Driver
from cambrian.sandbox.scripts.port import Said, ScriptExecution, ScriptRuntime, Terms
from cambrian.sandbox.scripts.router.probe import BUDGET_S, probe, probed
from cambrian.sandbox.scripts.router.snippets import joined, snippets
from cambrian.sandbox.scripts.router.table import Capabilities
from cambrian.sandbox.scripts.runtime import DrivenRuntime
from cambrian.testing.clock import ManualClock


class Nothing(ScriptExecution):
    level = Level.L3

    async def resume(self, answers: Sequence[Answer], *, now: float) -> Said | Exit:
        raise AssertionError(answers)

    async def close(self) -> None:
        pass


class Lacking(ScriptRuntime):
    """Runs nothing: a script that holds a word that it lacks is a gap, one that holds a slow word hits a limit."""

    name = "lacking"
    version = "1"
    level = Level.L3

    def __init__(
        self, clock: ManualClock, *, lacks: Sequence[str] = (), slow: Sequence[str] = (), takes: float = 0.001
    ):
        self.languages: tuple[Language, ...] = ("python",)
        self.scripts = 0
        self._clock, self._lacks, self._slow, self._takes = clock, lacks, slow, takes

    async def begin(
        self, script: Script, tools: Sequence[Tool], limits: Limits, terms: Terms
    ) -> tuple[ScriptExecution, Said | Exit]:
        self.scripts += 1
        self._clock.advance(self._takes)
        if any(word in script.code for word in self._slow):
            return Nothing(), Exit(status=Status.TIMEOUT, detail="wall")
        missing = [word for word in self._lacks if word in script.code]
        return Nothing(), Said(turn=Gap(what=missing[0]) if missing else Done(value=True))

    async def restore(
        self, snapshot: bytes, limits: Limits, *, now: float, calls: int
    ) -> tuple[ScriptExecution, Said | Exit]:
        raise AssertionError(snapshot)

    async def aclose(self) -> None:
        pass


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


ALL = {part.feature for part in snippets("python")}


async def test_a_runtime_that_has_everything_is_known_after_one_script(clock: ManualClock) -> None:
    runtime = Lacking(clock)
    found = await probe(runtime, clock=clock)
    assert found.features == dict.fromkeys(ALL, True)
    assert runtime.scripts <= 6
    assert found.start_ms == pytest.approx(1.0)


async def test_what_is_missing_is_found_and_nothing_else_is_blamed(clock: ManualClock) -> None:
    runtime = Lacking(clock, lacks=["import statistics", "yield", "import zlib"])
    found = await probe(runtime, clock=clock)
    missing = {name for name, there in found.features.items() if not there}
    assert missing == {"import:statistics", "import:zlib", "syntax:yield"}
    assert set(found.features) == ALL
    assert runtime.scripts < 70


async def test_a_limit_says_nothing(clock: ManualClock) -> None:
    found = await probe(Lacking(clock, slow=["import zlib"]), clock=clock)
    assert set(found.features) == ALL - {"import:zlib"}


async def test_the_budget_ends_it_and_the_next_time_goes_on(clock: ManualClock, tmp_path: Path) -> None:
    runtime = Lacking(clock, lacks=["import ", "class"], takes=0.05)
    start = clock.monotonic()
    first = await probed(runtime, tmp_path, clock=clock)
    assert clock.monotonic() - start < BUDGET_S + 0.5
    assert 0 < len(first.features) < len(ALL)
    known = 0
    while known < len(first.features):
        known, first = len(first.features), await probed(runtime, tmp_path, clock=clock)
    assert set(first.features) == ALL


async def test_a_table_is_kept_by_version(clock: ManualClock, tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    runtime = Lacking(clock, lacks=["yield"])
    found = await probed(runtime, folder, clock=clock)
    asked = runtime.scripts
    assert await probed(runtime, folder, clock=clock) == found
    assert runtime.scripts == asked
    runtime.version = "2"
    assert (await probed(runtime, folder, clock=clock)).version == "2"
    assert runtime.scripts > asked
    assert len(list(folder.iterdir())) == 2


@pytest.mark.parametrize("damage", [b"", b"{", b'{"runtime": "other", "version": "1"}', b"\xff\xfe", b'{"runtime": 3}'])
async def test_a_damaged_table_is_made_anew(clock: ManualClock, tmp_path: Path, damage: bytes) -> None:
    found = await probed(Lacking(clock), tmp_path, clock=clock)
    [path] = tmp_path.iterdir()
    path.write_bytes(damage)
    assert await probed(Lacking(clock), tmp_path, clock=clock) == found
    assert msgspec.json.decode(path.read_bytes(), type=Capabilities) == found


def test_snippets_succeed_in_this_interpreter_together() -> None:
    """And each name that features have is probed, so that a table can say something about it."""
    import ast

    code = joined(snippets("python"), "python")
    compile(code, "snippets", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    from cambrian.source.features_script import script_features

    for part in snippets("python"):
        assert part.feature in script_features(joined([part], "python"), "python").needs, part
    for part in snippets("javascript"):
        assert part.feature in script_features(part.code, "javascript").needs, part
    for part in snippets("typescript"):
        assert part.feature in script_features(part.code, "typescript").needs, part


def _driver(name: str) -> Driver:
    return {"cpython": cpython.driver, "monty": monty.driver, "quickjs": quickjs.driver}[name]()


@pytest.fixture(params=["cpython", "monty", "quickjs"])
async def runtime(request: pytest.FixtureRequest, anyio_backend: str) -> AsyncIterator[DrivenRuntime]:
    try:
        made = DrivenRuntime(_driver(str(request.param)), workers=1)
        await made.warm()
    except (CapabilityMissing, SandboxError) as error:
        pytest.skip(f"needs the runtime in a jail: {error}")
    yield made
    await made.aclose()


async def test_real_runtimes(runtime: DrivenRuntime) -> None:
    clock = SystemClock()
    start = clock.monotonic()
    found = await probe(runtime, clock=clock)
    assert clock.monotonic() - start < BUDGET_S + 3.0  # one script may be under way when the budget ends
    wanted = {
        "cpython": ({"import:statistics", "class:inheritance", "syntax:yield", "global:super"}, set[str]()),
        "monty": ({"import:json", "class:definition", "syntax:match"}, {"class:inheritance", "syntax:yield"}),
        "quickjs": ({"class:private", "literal:bigint", "syntax:yield"}, {"global:fetch", "global:Deno"}),
    }[runtime.name]
    assert {name for name in wanted[0] if found.features.get(name) is not True} == set()
    assert {name for name in wanted[1] if found.features.get(name) is not False} == set()
    assert found.start_ms > 0
