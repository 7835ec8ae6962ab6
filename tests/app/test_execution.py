"""`cambrian.run` and `Sandbox`: values, tools, limits, escalation, cache, speculation; nothing left behind."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
import weakref
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import anyio
import pytest

from cambrian.app.execution import running
from cambrian.app.execution.history import History, read_history
from cambrian.app.execution.running import Sandbox
from cambrian.app.workspace import Runs
from cambrian.core.errors import CapabilityMissing, RunNotFound, UsageError
from cambrian.core.limits import Level, Limits
from cambrian.core.script import Language
from cambrian.sandbox.scripts.runtime import DrivenRuntime
from cambrian.tools.functions import tool

LIMITS = Limits(wall=5.0, cpu=5.0, memory=128 * 2**20)


@pytest.fixture
async def sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Sandbox]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    async with Sandbox(workspace=tmp_path / "workspace", workers=2, limits=LIMITS) as made:
        yield made


def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


@pytest.mark.parametrize(
    ("code", "value", "runtime"),
    [
        ("sum(range(10))", 45, "monty"),
        ("class A:\n    pass\nclass B(A):\n    x = 3\nB().x", 3, "cpython"),
        ("[1, 2].map(x => x * 2)", [2, 4], "quickjs"),
        ("const xs: number[] = [1, 2]; xs.length", 2, "quickjs"),
        ("add(1, add(2, 3))", 6, "monty"),
        ("await add(1, await add(2, 3))", 6, "quickjs"),
    ],
)
async def test_each_language_finds_its_runtime(sandbox: Sandbox, code: str, value: object, runtime: str) -> None:
    named: Language | None = "javascript" if "await" in code else None  # it would be Python as well
    result = await sandbox.run(code, tools=[add], language=named)
    assert (result.value, result.error) == (value, None)
    assert result.runtime == runtime
    assert result.calls == code.count("add(")
    assert any(reason.startswith(f"{runtime}: ") for reason in result.reasons)


async def test_escalation_does_nothing_twice(sandbox: Sandbox) -> None:
    made: list[int] = []

    def book(n: int) -> int:
        """Book."""
        made.append(n)
        return n

    code = "x = book(1) + book(2)\nname = 'statis' + 'tics'\nmodule = __import__(name)\nbook(module.mean([x, 5]))"
    result = await sandbox.run(code, tools=[book])
    assert (result.runtime, result.value) == ("cpython", 4)
    assert made == [1, 2, 4]
    assert [left.partition(":")[0] for left in result.left] == ["monty"]


async def test_what_goes_wrong_is_told_in_the_result(sandbox: Sandbox) -> None:
    raised = await sandbox.run("x = 1\nx / 0")
    assert raised.error is not None
    assert (raised.status, raised.error.type, raised.error.line) == ("error", "ZeroDivisionError", 2)
    quick = Limits(wall=0.5, cpu=5.0, memory=128 * 2**20)
    looped = await sandbox.run("while True: pass", limits=quick)
    assert (looped.status, looped.value) == ("timeout", None)
    assert looped.left == (), "a stronger runtime is no way around a limit"
    assert looped.error is not None
    assert looped.error.message == "wall: it ran longer than wall=500ms; allow more, or have it do less"
    assert (await sandbox.run("1 + 1")).value == 2


async def test_what_was_asked_wrongly(sandbox: Sandbox) -> None:
    with pytest.raises(UsageError, match="'nope'"):
        await sandbox.run("1", runtime="nope")
    with pytest.raises(UsageError, match="language"):
        await sandbox.run("1", language="cobol")  # type: ignore[arg-type]
    with pytest.raises((UsageError, CapabilityMissing), match="quickjs"):
        await sandbox.run("1", language="python", runtime="quickjs")
    with pytest.raises(UsageError, match="preset"):
        Sandbox(preset="none")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"code": b"1"}, "code is b'1'; a text is wanted"),
        ({"limits": "wall=1s"}, "limits is 'wall=1s'; a Limits is wanted"),
        ({"tools": add}, r"a list is wanted; write tools=\[add\]"),
        ({"inputs": {"1x": 1}}, "inputs: '1x' is no name of a variable"),
        ({"inputs": {"x": object()}}, r"inputs\['x'\] is <object .*a JSON value is wanted"),
    ],
)
async def test_an_argument_of_another_kind_is_named(sandbox: Sandbox, given: dict[str, Any], told: str) -> None:
    untyped: Any = sandbox.run
    with pytest.raises(UsageError, match=told):
        await untyped(**{"code": "1", **given})


async def test_strict_leaves_out_engines_that_are_no_wall(tmp_path: Path) -> None:
    async with Sandbox(preset="strict", workspace=tmp_path, workers=1) as strict:
        assert (await strict.run("1 + 1")).runtime == "monty"
        result = await strict.run("import statistics\nstatistics.mean([1, 3])")
        assert result.status == "gap"
        with pytest.raises(UsageError, match="wall of its own"):
            await strict.run("1", runtime="cpython")


async def test_results_without_effects_are_kept(sandbox: Sandbox) -> None:
    count = 0

    @tool(read_only=True)
    def look(x: int) -> int:
        """Look."""
        nonlocal count
        count += 1
        return x

    first = await sandbox.run("look(3) + n", tools=[look], inputs={"n": 1}, cache=60.0)
    again = await sandbox.run("look(3) + n", tools=[look], inputs={"n": 1}, cache=60.0)
    assert (first.cached, again.cached, again.value, again.run, count) == (False, True, 4, first.run, 1)
    assert not (await sandbox.run("look(3) + n", tools=[look], inputs={"n": 2}, cache=60.0)).cached
    assert not (await sandbox.run("look(3) + n", tools=[look], inputs={"n": 1})).cached
    await anyio.sleep(0.02)
    assert not (await sandbox.run("look(3) + n", tools=[look], inputs={"n": 1}, cache=0.01)).cached


@pytest.mark.parametrize(
    ("code", "seed", "kept"),
    [
        ("add(1, 2)", None, False),
        ("import random\nrandom.random()", None, False),
        ("import random\nrandom.random()", 3, True),
        ("import time\ntime.time()", 3, False),
        ("Math.random()", None, False),
        ("new Date().getTime() > 0", 3, False),
        ("1 / 0", None, False),
        ("2 + 2", None, True),
    ],
)
async def test_results_with_effects_time_or_chance_are_not(
    sandbox: Sandbox, code: str, seed: int | None, kept: bool
) -> None:
    for _ in range(2):
        result = await sandbox.run(code, tools=[add], seed=seed, cache=60.0)
    assert result.cached == kept  # pyright: ignore[reportPossiblyUnboundVariable]


async def test_the_same_script_at_the_same_time_runs_once(sandbox: Sandbox) -> None:
    count = 0

    @tool(read_only=True)
    async def slow() -> int:
        """Slow."""
        nonlocal count
        count += 1
        await anyio.sleep(0.2)
        return count

    results = await asyncio.gather(*(sandbox.run("await slow()", tools=[slow], cache=60.0) for _ in range(4)))
    assert [result.value for result in results] == [1] * 4
    assert count == 1


def children() -> set[int]:
    found: set[int] = set()
    for task in Path(f"/proc/{os.getpid()}/task").iterdir():
        found |= {int(word) for word in (task / "children").read_text(encoding="ascii").split()}
    return found


def test_a_shared_sandbox_ends_with_its_event_loop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    before = children()

    async def twice() -> list[object]:
        return [(await running.run(code)).value for code in ("1 + 1", "2 + 2")]

    for _ in range(2):
        assert asyncio.run(twice()) == [2, 4]
    assert children() == before
    assert (tmp_path / ".cambrian" / "journal.db").exists()


async def test_a_jail_of_one_process_leaves_out_engines_of_several(tmp_path: Path) -> None:
    async with Sandbox(workspace=tmp_path, workers=1, level=Level.L2, preset="dev") as sandbox:
        result = await sandbox.run("1 + 1", language="python")
        assert (result.value, result.runtime, result.level) == (2, "cpython", "L2")
        assert any("'monty' is of several processes, and jail level 2 allows one" in each for each in result.reasons)
        with pytest.raises(UsageError, match=r"runtime 'monty' cannot be used.*no preset allows it at level 2"):
            await sandbox.run("1 + 1", language="python", runtime="monty")
    async with Sandbox(workspace=tmp_path, workers=1, level=Level.L2) as sandbox:
        with pytest.raises(UsageError, match="no runtime may run this python script") as refused:
            await sandbox.run("1 + 1", language="python")
        told = str(refused.value)
        assert "wants 'cpython' at jail level 3, and it has level 2; --preset dev allows it" in told
        assert "`cambrian doctor` says what level 3 wants" in told


async def test_a_level_that_turns_out_to_be_too_weak_is_refused_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a machine that has no level 3, which is known when the first worker starts."""
    warm = DrivenRuntime.warm

    async def weaker(self: DrivenRuntime) -> None:
        await warm(self)
        self.level = Level.L2

    monkeypatch.setattr(DrivenRuntime, "warm", weaker)
    async with Sandbox(workspace=tmp_path, workers=1) as sandbox:
        refused = await sandbox.run("1 + 1", language="python")
    assert (refused.status, refused.value) == ("gap", None)
    assert refused.error is not None
    assert "wants 'cpython' at jail level 3, and it has level 2; --preset dev allows it" in refused.error.message


async def test_typescript_that_cannot_be_erased_is_a_gap_of_who_has_only_javascript(sandbox: Sandbox) -> None:
    result = await sandbox.run("enum A { X = 7 }\nA.X", language="typescript", runtime="quickjs")
    assert (result.status, result.left) == ("gap", ("quickjs: syntax:typescript-enum",))
    erased = await sandbox.run("const x: number = 7\nx", language="typescript", runtime="quickjs")
    assert erased.value == 7, "the control: types that can be erased are"
    broken = await sandbox.run("const x: = 7", language="typescript", runtime="quickjs")
    assert broken.error is not None
    assert (broken.status, broken.error.type) == ("error", "SyntaxError")


async def test_a_run_that_is_given_up_keeps_what_it_had_called(sandbox: Sandbox) -> None:
    waits = anyio.Event()

    @tool(read_only=True)
    async def look(x: int) -> int:
        """Look."""
        if x == 2:
            waits.set()
            await anyio.sleep(60)
        return x

    async with anyio.create_task_group() as group:
        group.start_soon(lambda: sandbox.run("await look(1)\nawait look(2)", tools=[look], language="python"))
        with anyio.fail_after(30):
            await waits.wait()
        group.cancel_scope.cancel()
    history = await read_history(Runs(await sandbox.store()), "last")
    assert [each.call.args for _, each in history.record] == [[1]]
    assert history.ended is None
    assert (await sandbox.run("1 + 1")).value == 2, "the control: the sandbox goes on"


async def test_the_first_quick_script_of_a_process_teaches_the_router_nothing(tmp_path: Path) -> None:
    for _ in range(3):  # as the command line does: a sandbox for each script
        async with Sandbox(workspace=tmp_path, workers=1) as sandbox:
            result = await sandbox.run("1 + 1", language="python")
            assert any(reason.startswith("monty: first") for reason in result.reasons), result.reasons
    async with Sandbox(workspace=tmp_path, workers=1) as sandbox:
        took: list[float] = []
        for code in ("1 + 1", "1 + 2"):
            found = await sandbox.run(code, runtime="cpython", language="python")
            ended = (await read_history(Runs(await sandbox.store()), found.run)).ended
            assert ended is not None
            took.append(ended.took_s)
        assert took[0] == 0
        assert took[1] > 0, "the control: the second one does"


async def test_what_deno_may_not_do_is_told_with_the_option_of_this_command(sandbox: Sandbox) -> None:
    if sandbox.catalogue.missing("deno"):
        pytest.skip("needs runtime.deno: it is not installed here")
    result = await sandbox.run("await fetch('http://127.0.0.1:8080/')", language="javascript", runtime="deno")
    assert result.error is not None
    assert result.error.type == "NotCapable"
    assert "--allow net:HOST:PORT" in result.error.message
    assert "--allow-net" not in result.error.message + result.error.traceback


async def test_tools_that_are_made_anew_for_each_run_are_not_kept(sandbox: Sandbox) -> None:
    gone: list[weakref.ref[object]] = []
    for number in range(40):

        def answer(number: int = number) -> int:
            """Answer."""
            return number

        gone.append(weakref.ref(answer))
        assert (await sandbox.run("answer()", tools=[answer], runtime="monty")).value == number
        del answer
    await anyio.sleep(0.1)
    gc.collect()
    assert sum(each() is not None for each in gone) <= 20, "the latest sets of tools, and threads that are just ending"


SLOW_READER = """
import os, signal, sys
import anyio, cambrian

@cambrian.tool(read_only=True)
def look(n: int) -> int:
    "Look."
    import time
    time.sleep(0.4)
    if n == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
    return n

async def main():
    async with cambrian.Sandbox(workspace=sys.argv[1], workers=1) as sandbox:
        await sandbox.run("for n in range(9):\\n    look(n)", language="python", tools=[look])

anyio.run(main)
"""


@pytest.mark.parametrize(("killed", "kept"), [(0, None), (5, 3)])
async def test_a_script_that_only_reads_is_on_record_after_a_second(
    tmp_path: Path, killed: int, kept: int | None
) -> None:
    done = await anyio.run_process(
        [sys.executable, "-c", SLOW_READER, str(tmp_path / "w"), str(killed)], check=False, stderr=None
    )
    assert done.returncode == -signal.SIGKILL
    if kept is None:
        assert not list((tmp_path / "w").glob("journal*")) or await first_run(tmp_path / "w") is None
        return
    history = await first_run(tmp_path / "w")
    assert history is not None
    assert history.ended is None
    assert len(history.record) >= kept - 1, "all but the calls of the last second or so"
    assert [each.answer.value for _, each in history.record if each.answer] == list(range(len(history.record)))


async def first_run(workspace: Path) -> History | None:
    async with Sandbox(workspace=workspace) as sandbox, sandbox.workspace.reading() as runs:
        try:
            return await read_history(runs, "last")
        except RunNotFound:
            return None
