"""The runtime `monty` as a script meets it: values, tools, gaps, limits, determinism, snapshots, reuse."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from typing import Any

import pytest

from cambrian.core.errors import CapabilityMissing, SandboxError
from cambrian.core.evaluation import Status
from cambrian.core.limits import Limits
from cambrian.core.ports import Exit
from cambrian.core.script import Calls, Done, Script
from cambrian.core.tool import Answer
from cambrian.sandbox.scripts import monty
from cambrian.sandbox.scripts.port import Said, Terms
from cambrian.sandbox.scripts.runtime import DrivenExecution, DrivenRuntime

from .python_cases import ERRORS, SAME_TWICE, SHOWN, VALUES
from .python_runs import BEGUN, LIMITS, answer_to, run, tools_of

TIGHT = Limits(wall=1.0, cpu=5.0, memory=64 * 2**20, output=2**14)


@pytest.fixture(scope="module")
async def runtime(anyio_backend: str) -> AsyncIterator[DrivenRuntime]:
    try:
        made = DrivenRuntime(monty.driver(), workers=1)
        await made.warm()
    except (CapabilityMissing, SandboxError) as error:
        pytest.skip(f"needs runtime.monty: {error}")
    yield made
    await made.aclose()


def add(a: Any, b: Any = 0) -> Any:
    return a + b


def fail(*_: object) -> object:
    raise LookupError("no such city")


TOOLS = {"add": add, "several_add": add, "fail": fail, "several_fail": fail, "print": add, "a-b": add}


@pytest.mark.parametrize(("code", "value"), VALUES.values(), ids=VALUES)
async def test_values(runtime: DrivenRuntime, code: str, value: object) -> None:
    assert (await run(runtime, code)).value == value


@pytest.mark.parametrize(("code", "shown"), SHOWN.values(), ids=SHOWN)
async def test_what_is_no_json_is_shown(runtime: DrivenRuntime, code: str, shown: str) -> None:
    end = (await run(runtime, code)).end
    assert isinstance(end, Done)
    assert end.value is None
    assert end.shown.startswith(shown[:100])
    assert len(end.shown) <= 1000


@pytest.mark.parametrize(("code", "kind", "message", "line"), ERRORS.values(), ids=ERRORS)
async def test_errors_name_kind_message_and_line(
    runtime: DrivenRuntime, code: str, kind: str, message: str, line: int
) -> None:
    error = (await run(runtime, code)).error
    assert (error.type, error.line) == (kind, line)
    assert error.message == message or not message
    assert kind in error.traceback
    assert "task.py" in error.traceback


GAPS = {
    "import:statistics": ("x = 1\nimport statistics", 2),
    "import:numpy": ("import numpy", 1),
    "import:collections.ChainMap": ("from collections import ChainMap", 1),
    "import:sys.exit": ("import sys\nsys.exit(1)", 2),
    "class:inheritance": ("class A(Exception):\n    pass", 1),
    "syntax:yield": ("def f():\n    yield 1", 2),
    "syntax:del": ("x = 1\ndel x", 2),
    "syntax:import-star": ("from math import *", 1),
    "builtin:super": ("\nsuper", 2),
    "builtin:compile": ("compile('1', '', 'eval')", 1),
    "os:open": ("open('/etc/passwd')", 1),
    "os:os.environ": ("import os\nos.environ", 2),
}


@pytest.mark.parametrize(("what", "code", "line"), [(what, *case) for what, case in GAPS.items()], ids=GAPS)
async def test_what_only_cpython_has_is_a_gap(runtime: DrivenRuntime, what: str, code: str, line: int) -> None:
    ran = await run(runtime, code)
    assert ran.gap == what
    assert ran.end.line == line  # type: ignore[union-attr]


async def test_a_gap_that_a_script_would_catch_is_one_all_the_same(runtime: DrivenRuntime) -> None:
    assert (await run(runtime, "try:\n    import numpy\nexcept ImportError:\n    pass")).gap == "import:numpy"


async def test_calls_one_after_the_other_have_ids_in_order(runtime: DrivenRuntime) -> None:
    ran = await run(runtime, "x = add(1, b=2)\ny = tools.add(x, 3)\ntools['a-b'](y, 1) + tools.print(1)", TOOLS)
    assert ran.value == 8
    assert [[call.id for call in turn] for turn in ran.turns] == [[0], [1], [2], [3]]
    assert ran.calls[0] == ("add", [1], {"b": 2})
    assert ran.calls[3] == ("print", [1], {})


async def test_calls_made_before_anything_waits_come_together(runtime: DrivenRuntime) -> None:
    code = "import asyncio\nasync def f(i):\n    return await several_add(i, 10)\n"
    ran = await run(runtime, code + "await asyncio.gather(f(1), f(2), several_add(3))", TOOLS)
    assert ran.value == [11, 12, 3]
    assert [len(turn) for turn in ran.turns] == [3]
    assert [call.id for call in ran.turns[0]] == [0, 1, 2]


async def test_a_call_that_blocks_takes_the_others_along(runtime: DrivenRuntime) -> None:
    ran = await run(runtime, "a = several_add(1)\nb = add(2)\nc = add(3)\n[await a, b, c]", TOOLS)
    assert ran.value == [1, 2, 3]
    assert [[call.tool for call in turn] for turn in ran.turns] == [["several_add", "add"], ["add"]]


async def test_calls_that_nobody_waits_for_are_made_before_the_end(runtime: DrivenRuntime) -> None:
    for code, kind in (("several_add(1)\n7", "Done"), ("several_add(1)\n1 / 0", "Raised")):
        ran = await run(runtime, code, TOOLS)
        assert [len(turn) for turn in ran.turns] == [1]
        assert type(ran.end).__name__ == kind


@pytest.mark.parametrize("call", ["fail('x')", "await several_fail('x')", "tools.fail('x')"])
async def test_a_failed_call_raises_a_tool_error(runtime: DrivenRuntime, call: str) -> None:
    caught = await run(runtime, f"try:\n    {call}\nexcept ToolError as error:\n    found = str(error)\nfound", TOOLS)
    assert caught.value == "no such city"
    error = (await run(runtime, f"\n{call}", TOOLS)).error
    assert (error.type, error.message, error.line) == ("ToolError", "no such city", 2)


async def test_an_argument_that_is_no_json_is_the_scripts_error(runtime: DrivenRuntime) -> None:
    ran = await run(runtime, "add({1})", TOOLS)
    assert ran.error.type == "TypeError"
    assert ran.calls == []


async def test_inputs_are_globals_and_win_over_tools(runtime: DrivenRuntime) -> None:
    ran = await run(runtime, "[add, tools.add(1), data['k']]", TOOLS, inputs={"add": 5, "data": {"k": [1]}})
    assert ran.value == [5, 1, [1]]


async def test_prints_go_to_their_streams(runtime: DrivenRuntime) -> None:
    ran = await run(runtime, "import sys\nprint('a')\nadd(1)\nprint('b', file=sys.stderr)\nprint('c', end='')", TOOLS)
    assert (ran.stdout, ran.stderr) == ("a\nc", "b\n")


async def test_the_same_terms_give_the_same_run(runtime: DrivenRuntime) -> None:
    first, again = [await run(runtime, SAME_TWICE, TOOLS, seed=5) for _ in range(2)]
    other = await run(runtime, SAME_TWICE, TOOLS, seed=6)
    assert first.value == again.value
    assert (first.turns, first.stdout) == (again.turns, again.stdout)
    assert other.value != first.value


LIMITED = {
    "endless loop": ("while True: pass", "timeout"),
    "endless loop that catches all": (
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        "timeout",
    ),
    "appending": ("x = []\nwhile True: x.append('a' * 1000)", "memory"),
    "a source of a million lines": ("x = 1\n" * 1_000_000, "memory or timeout"),  # whichever is reached first
}


@pytest.mark.parametrize(("code", "status"), LIMITED.values(), ids=LIMITED)
async def test_limits_end_the_worker_and_the_next_script_runs(runtime: DrivenRuntime, code: str, status: str) -> None:
    assert (await run(runtime, code, limits=TIGHT)).exit.status in status.split(" or ")
    assert (await run(runtime, "1 + 1", limits=TIGHT)).value == 2


@pytest.mark.parametrize("code", ["10 ** 10 ** 7", "import re\nre.match('(a|aa)+$', 'a' * 40 + 'b')", "'a' * 10**10"])
async def test_work_in_native_code_ends(runtime: DrivenRuntime, code: str) -> None:
    await run(runtime, code, limits=TIGHT)
    assert (await run(runtime, "1 + 1", limits=TIGHT)).value == 2


async def test_a_flood_ends_the_script(runtime: DrivenRuntime) -> None:
    for code in ("while True: print('x' * 1000)", "try:\n    print('x' * 2**15)\nexcept BaseException: pass"):
        flooded = await run(runtime, code, limits=TIGHT)
        late = isinstance(flooded.end, Exit) and flooded.end.status is Status.TIMEOUT  # busy machine
        assert late or flooded.error.type == "OutputLimit"
        assert len(flooded.stdout) <= TIGHT.output


async def test_nothing_of_a_script_is_left_for_the_next(runtime: DrivenRuntime) -> None:
    left = "secret = 1\nimport math\nmath.secret = 2\nprint('left', end='')\nseveral_add(1)"
    assert (await run(runtime, "secret = 1\nsecret")).value == 1
    for code in (left, "secret = 1\n1 / 0", "secret = 1\nadd(secret)"):
        await run(runtime, code, TOOLS)
        after = await run(runtime, "import math\nhasattr(math, 'secret')")
        assert (after.value, after.stdout) == (False, "")
        assert (await run(runtime, "secret")).error.type == "NameError"


async def test_a_snapshot_goes_on_where_it_was_made(runtime: DrivenRuntime) -> None:
    code = """
import asyncio, os, random, time
before = several_add(1)
x = add(41)
y = await asyncio.gather(before, several_add(x))
z = several_add(9)
[x, y, random.random(), os.urandom(2).hex(), time.time()]
"""
    script = Script(code=code, language="python")
    whole = await run(runtime, code, TOOLS)
    execution, said = await runtime.begin(script, tools_of(TOOLS), LIMITS, Terms(seed=1, now=BEGUN))
    for turn in range(len(whole.turns)):
        assert isinstance(said, Said)
        assert isinstance(said.turn, Calls)
        assert isinstance(execution, DrivenExecution)
        kept = await execution.snapshot()
        made = said.turn.calls
        await execution.close()
        first = made[0].id
        execution, said = await runtime.restore(kept, LIMITS, now=BEGUN + turn, calls=first)
        assert isinstance(said, Said)
        assert said.turn == Calls(calls=made)
        answers = [answer_to(call, TOOLS) for call in made]
        said = await execution.resume(answers, now=BEGUN + turn + 1)
    await execution.close()
    assert isinstance(said, Said)
    assert said.turn == whole.end
    assert len(whole.turns) == 3


async def test_a_large_state_can_be_saved(runtime: DrivenRuntime) -> None:
    script = Script(code="x = list(range(100_000))\ny = add(1)\nsum(x) + y", language="python")
    execution, _ = await runtime.begin(script, tools_of(TOOLS), LIMITS, Terms(seed=1, now=BEGUN))
    kept = await execution.snapshot()
    await execution.close()
    execution, _ = await runtime.restore(kept, LIMITS, now=BEGUN, calls=0)
    said = await execution.resume([Answer(call=0, value=1)], now=BEGUN)
    await execution.close()
    assert isinstance(said, Said)
    assert said.turn == Done(value=sum(range(100_000)) + 1)


async def test_a_worker_is_replaced_without_anybody_noticing(runtime: DrivenRuntime) -> None:
    for number in range(monty.driver().reuse + 20):
        assert (await run(runtime, f"{number} + 1")).value == number + 1


async def test_scripts_that_break_their_worker_cost_the_others_nothing(runtime: DrivenRuntime) -> None:
    bad = "x = []\nwhile True: x.append('a' * 10000)"
    open_: list[int] = []
    for number in range(10):
        assert (await run(runtime, bad, limits=TIGHT)).exit.status == "memory"
        assert (await run(runtime, f"{number} + 1", limits=TIGHT)).value == number + 1
        open_.append(len(os.listdir("/proc/self/fd")))
    assert open_[-1] <= open_[0]


async def test_variables_can_be_seen_and_the_run_goes_on(runtime: DrivenRuntime) -> None:
    code = "x = [1, 2]\ntry:\n    y = {1}\n    z = add(1)\nfinally:\n    w = 4\nx + [z]"
    script = Script(code=code, language="python")
    execution, _ = await runtime.begin(script, tools_of(TOOLS), LIMITS, Terms(seed=1, now=BEGUN))
    assert isinstance(execution, DrivenExecution)
    assert await execution.inspect() == {"x": [1, 2], "y": "{1}", "w": 4}
    said = await execution.resume([Answer(call=0, value=9)], now=BEGUN)
    await execution.close()
    assert isinstance(said, Said)
    assert said.turn == Done(value=[1, 2, 9])


def test_without_monty_the_error_names_the_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(name: str, path: str | None = None) -> None: ...

    monkeypatch.setattr("shutil.which", nowhere)
    with pytest.raises(CapabilityMissing, match="pip install pydantic-monty"):
        monty.driver()


async def test_a_script_that_waits_can_be_left_and_nothing_of_it_stays(runtime: DrivenRuntime) -> None:
    script = Script(code="secret = 7\nadd(secret, 1)", language="python")
    execution, said = await runtime.begin(script, tools_of(TOOLS), LIMITS, Terms(seed=1, now=BEGUN))
    assert isinstance(said, Said)
    assert isinstance(said.turn, Calls)
    await execution.close()
    assert (await run(runtime, "1 + 1")).value == 2
    assert (await run(runtime, "secret")).error.type == "NameError"
