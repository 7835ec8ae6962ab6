"""The runtime `cpython` as a script meets it: values, tools, threads, limits, determinism, isolation."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import pytest

from cambrian.core.errors import SandboxError
from cambrian.core.limits import Level, Limits
from cambrian.core.script import Calls, Done, Script
from cambrian.core.tool import Answer
from cambrian.sandbox.scripts import cpython
from cambrian.sandbox.scripts.port import Said, Terms
from cambrian.sandbox.scripts.runtime import DrivenExecution, DrivenRuntime

from .python_cases import ERRORS, SAME_TWICE, SHOWN, VALUES
from .python_runs import BEGUN, LIMITS, run, tools_of

TIGHT = Limits(wall=1.0, cpu=5.0, memory=64 * 2**20, output=2**14)


@pytest.fixture(scope="module")
async def runtime(anyio_backend: str) -> AsyncIterator[DrivenRuntime]:
    try:
        made = DrivenRuntime(cpython.driver(), workers=1)
        await made.warm()
    except SandboxError as error:
        pytest.skip(f"needs a jail: {error}")
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


OWN_VALUES: dict[str, tuple[str, object]] = {
    "nothing": ("", None),
    "a text alone is no comment": ("'doc'", "doc"),
    "inheritance": ("class A(Exception): pass\nclass B(A): pass\nissubclass(B, Exception)", True),
    "generators": ("def f():\n    yield from (1, 2)\nlist(f())", [1, 2]),
    "the standard library": ("import statistics\nstatistics.mean([1, 3])", 2),
    "an installed package": ("import numpy\nint(numpy.arange(5).sum())", 10),
    "main": ("import pickle\nclass A: pass\n[__name__, type(pickle.loads(pickle.dumps(A()))).__name__]",
             ["__main__", "A"]),
    "a task of a task": ("import asyncio\nasync def f():\n    return 3\nt = asyncio.create_task(f())\nawait t", 3),
    "time runs out at once": (
        "import asyncio\ntry:\n    await asyncio.wait_for(asyncio.Event().wait(), 3600)\n"
        "except TimeoutError:\n    late = True\nlate",
        True,
    ),
    "threads wait in real time": (
        "import asyncio, threading\nevent = threading.Event()\n"
        "def f():\n    event.wait(0.05)\n    return 4\nawait asyncio.wait_for(asyncio.to_thread(f), 30)",
        4,
    ),
    "dates are of the usual kind": (
        "import datetime, copy\nd = datetime.datetime.now()\n"
        "[isinstance(d, datetime.datetime), isinstance(d, datetime.date), type(d - d).__name__,\n"
        " repr(datetime.datetime(2020, 1, 2)), copy.deepcopy(d) == d, isinstance(3, datetime.datetime),\n"
        " d.year, datetime.datetime.utcnow().year, datetime.datetime.today().year]",
        [True, True, "timedelta", "datetime.datetime(2020, 1, 2, 0, 0)", True, False, 2023, 2023, 2023],
    ),
    "other faces of the clock": (
        "import time\n[time.strftime('%Y'), time.gmtime().tm_year, time.ctime()[-4:], time.ctime(0)[-4:],\n"
        " time.strftime('%Y', time.gmtime(0)), time.clock_gettime(0) > 1e9]",
        ["2023", 2023, "2023", "1970", "1970", True],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("code", "value"), OWN_VALUES.values(), ids=OWN_VALUES)
async def test_values_that_only_cpython_has(runtime: DrivenRuntime, code: str, value: object) -> None:
    assert (await run(runtime, code)).value == value


@pytest.mark.parametrize(("code", "shown"), SHOWN.values(), ids=SHOWN)
async def test_what_is_no_json_is_shown(runtime: DrivenRuntime, code: str, shown: str) -> None:
    end = (await run(runtime, code)).end
    assert isinstance(end, Done)
    assert end.value is None
    assert end.shown.startswith(shown[:100])
    assert len(end.shown) <= 1000


async def test_a_representation_that_raises_is_told(runtime: DrivenRuntime) -> None:
    end = (await run(runtime, "class A:\n    def __repr__(self): return 1 / 0\nA()")).end
    assert isinstance(end, Done)
    assert "ZeroDivisionError" in end.shown


OWN_ERRORS = {
    "exit": ("import sys\nsys.exit(3)", "SystemExit", "3", 2),
    "own class": ("class Odd(Exception): pass\n\nraise Odd('a', 2)", "Odd", "('a', 2)", 3),
    "refusal of its own": ("raise PermissionError('no')", "PermissionError", "no", 1),
    "deepest source": ("-" * 100_000 + "1", "SyntaxError", "", 1),
    "null": ("1\0", "SyntaxError", "", 1),
    "in a library": ("import json\n\njson.loads('{')", "JSONDecodeError", "", 3),
}


@pytest.mark.parametrize(
    ("code", "kind", "message", "line"), [*ERRORS.values(), *OWN_ERRORS.values()], ids=[*ERRORS, *OWN_ERRORS]
)
async def test_errors_name_kind_message_and_line(
    runtime: DrivenRuntime, code: str, kind: str, message: str, line: int
) -> None:
    error = (await run(runtime, code)).error
    assert (error.type, error.line) == (kind, line)
    assert error.message == message or not message
    assert kind in error.traceback
    assert "task.py" in error.traceback
    assert "driver" not in error.traceback
    assert not any(line.lstrip().startswith('File "/') for line in error.traceback.splitlines())


async def test_tracebacks_show_the_source_and_what_led_to_it(runtime: DrivenRuntime) -> None:
    error = (
        await run(runtime, "try:\n    1 / 0\nexcept ArithmeticError as e:\n    raise ValueError('b') from e")
    ).error
    assert "direct cause" in error.traceback
    assert "    1 / 0\n" in error.traceback
    assert "raise ValueError('b') from e" in error.traceback


async def test_calls_one_after_the_other_have_ids_in_order(runtime: DrivenRuntime) -> None:
    ran = await run(runtime, "x = add(1, b=2)\ny = tools.add(x, 3)\ntools['a-b'](y, 1) + tools.print(1)", TOOLS)
    assert ran.value == 8
    assert [[call.id for call in turn] for turn in ran.turns] == [[0], [1], [2], [3]]
    assert ran.calls[0] == ("add", [1], {"b": 2})
    assert ran.calls[3] == ("print", [1], {})


TOGETHER = {
    "gather at top level": "await asyncio.gather(f(1), f(2), several_add(3))",
    "gather in a loop of its own": "async def g():\n    return await asyncio.gather(f(1), f(2), several_add(3))\n"
    "asyncio.run(g())",
    "tasks": "t = [asyncio.create_task(c) for c in (f(1), f(2), several_add(3))]\n[await each for each in t]",
    "made first, awaited later": "c = [several_add(1, 10), several_add(2, 10), several_add(3)]\n[await x for x in c]",
}


@pytest.mark.parametrize("code", TOGETHER.values(), ids=TOGETHER)
async def test_calls_made_before_anything_waits_come_together(runtime: DrivenRuntime, code: str) -> None:
    before = "import asyncio\nasync def f(i):\n    return await several_add(i, 10)\n"
    ran = await run(runtime, before + code, TOOLS)
    assert ran.value == [11, 12, 3]
    assert [len(turn) for turn in ran.turns] == [3]
    assert [call.id for call in ran.turns[0]] == [0, 1, 2]


async def test_a_call_that_blocks_takes_the_others_along(runtime: DrivenRuntime) -> None:
    ran = await run(runtime, "a = several_add(1)\nb = add(2)\nc = add(3)\n[await a, b, c, await a]", TOOLS)
    assert ran.value == [1, 2, 3, 1]
    assert [[call.tool for call in turn] for turn in ran.turns] == [["several_add", "add"], ["add"]]


async def test_threads_may_call(runtime: DrivenRuntime) -> None:
    pool = "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(4) as pool:\n"
    ran = await run(runtime, pool + "    found = list(pool.map(add, range(12)))\nfound", TOOLS)
    assert ran.value == list(range(12))
    assert len(ran.calls) == 12
    loop = await run(
        runtime, "import asyncio\nawait asyncio.gather(*[asyncio.to_thread(add, i) for i in (1, 2)])", TOOLS
    )
    assert loop.value == [1, 2]


async def test_a_call_that_came_too_late_was_made(runtime: DrivenRuntime) -> None:
    code = "import asyncio\ntask = asyncio.create_task(several_add(1))\nawait asyncio.sleep(0)\ntask.cancel()\n5"
    ran = await run(runtime, code, TOOLS)
    assert ran.value == 5
    assert len(ran.calls) == 1


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


@pytest.mark.parametrize("end", ["", "\n"])
@pytest.mark.parametrize(
    "code", ["x = {}\nx['a']", "x = {}\ny = 1 + x['a']", "x = 5 5", "(1 +", "def f():\n  1 / 0\nf()"]
)
async def test_marks_stand_where_the_interpreter_puts_them(
    runtime: DrivenRuntime, tmp_path: Path, code: str, end: str
) -> None:
    (tmp_path / "task.py").write_text(code + end)
    done = subprocess.run([sys.executable, "task.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    own = done.stderr.replace(f"{tmp_path}/", "")
    assert (await run(runtime, code + end)).error.traceback.strip() == own.strip()


async def test_an_argument_that_is_no_json_is_the_scripts_error(runtime: DrivenRuntime) -> None:
    ran = await run(runtime, "add({1})", TOOLS)
    assert ran.error.type == "TypeError"
    assert ran.calls == []


async def test_inputs_are_globals_and_win_over_tools(runtime: DrivenRuntime) -> None:
    ran = await run(runtime, "[add, tools.add(1), data['k']]", TOOLS, inputs={"add": 5, "data": {"k": [1]}})
    assert ran.value == [5, 1, [1]]


async def test_prints_go_to_their_streams(runtime: DrivenRuntime) -> None:
    code = "import sys\nprint('a')\nadd(1)\nprint('b', file=sys.stderr)\nsys.stdout.buffer.write(b'c')\nNone"
    ran = await run(runtime, code, TOOLS)
    assert (ran.stdout, ran.stderr) == ("a\nc", "b\n")


async def test_the_same_terms_give_the_same_run(runtime: DrivenRuntime) -> None:
    more = """
import secrets, uuid, numpy
more = [str(uuid.uuid4()), str(uuid.uuid1()), secrets.token_hex(4), random.SystemRandom().random(),
        random.Random().random(), numpy.random.rand(), numpy.random.default_rng().random()]
[*more, """
    code = SAME_TWICE.replace("\n[drawn", more + "drawn")
    first, again = [await run(runtime, code, TOOLS, seed=5) for _ in range(2)]
    other = await run(runtime, code, TOOLS, seed=6)
    assert first.value == again.value
    assert (first.turns, first.stdout) == (again.turns, again.stdout)
    drawn, others = [cast("list[object]", each.value)[:7] for each in (first, other)]
    assert all(a != b for a, b in zip(drawn, others, strict=True))


LIMITED = {
    "endless loop that catches all": (
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        ("timeout", "wall"),
    ),
    "arithmetic in C": ("10 ** 10 ** 8", ("timeout", "wall")),
    "a regular expression": ("import re\nre.match('(a|aa)+$', 'a' * 100 + 'b')", ("timeout", "wall")),
    "waiting for nobody": ("import threading\nthreading.Event().wait()", ("timeout", "wall")),
    "appending": ("x = []\nwhile True: x.append('a' * 10000)", ("memory", "")),
    "one big object": ("bytes(10**10)", ("memory", "")),
    "a file": ("open('/etc/made', 'w')", ("denied", "file")),
    "a socket": ("import socket\nsocket.socket()", ("denied", "socket")),
    "a process": ("import subprocess\nsubprocess.run(['true'])", ("denied", "clone")),
    "leaving": ("import os\nos._exit(3)", ("error", "exit 3")),
    "a forged answer": ("import os\nos.write(3, b'x' * 100)\n5", ("error", "protocol")),
}


@pytest.mark.parametrize(("code", "exit_"), LIMITED.values(), ids=LIMITED)
async def test_limits_end_the_script_and_the_next_one_runs(
    runtime: DrivenRuntime, code: str, exit_: tuple[str, str]
) -> None:
    end = (await run(runtime, code, limits=TIGHT)).exit
    assert (end.status, end.detail) == exit_
    assert (await run(runtime, "1 + 1", limits=TIGHT)).value == 2


PROBES = {
    "a socket": "import socket\nsocket.socket().close()\n'done'",
    "a process": "import subprocess\nsubprocess.run(['/bin/true'], check=True)\n'done'",
    "another process": "import os\nos.kill(os.getppid(), 0)\n'done'",
    "the environment of a process": "open('/proc/self/environ').read()\n'done'",
    "a file beside": "import os\nos.stat('/etc/passwd')\n'done'",
}


async def test_what_the_jail_holds_back_can_be_done_without_it(runtime: DrivenRuntime) -> None:
    if runtime.level != Level.L3:
        pytest.skip("needs jail.L3")
    bare = DrivenRuntime(cpython.driver(), workers=1, level=Level.L0)
    try:
        for code in PROBES.values():
            assert (await run(bare, code, limits=Limits(processes=4))).value == "done"
            assert not isinstance((await run(runtime, code)).end, Done)
    finally:
        await bare.aclose()


async def test_a_flood_ends_the_script(runtime: DrivenRuntime) -> None:
    for code in (
        "while True: print('x' * 1000)",
        "try:\n    print('x' * 2**15)\nexcept BaseException: pass",
        "import threading\nthread = threading.Thread(target=print, args=('x' * 2**15,))\nthread.start()\nthread.join()",
    ):
        assert (await run(runtime, code, limits=TIGHT)).error.type == "OutputLimit"


async def test_a_forged_answer_with_the_right_frame_is_the_scripts_own(runtime: DrivenRuntime) -> None:
    """A script may answer for itself, which it can do with an expression too; never for another script."""
    forged = '{"turn":{"turn":"done","value":"forged","shown":""},"stdout":"","stderr":""}'
    code = f"""
import json, os, struct, time
body = json.dumps({forged!r}).encode()
os.write(3, struct.pack('<BxxxIII', 4, 1, len(body), 0) + body)
import threading
threading.Event().wait(0.2)
"""
    assert (await run(runtime, code)).value == "forged"
    assert (await run(runtime, "1 + 1")).value == 2


async def test_nothing_of_a_script_is_left_for_the_next(runtime: DrivenRuntime) -> None:
    left = "import builtins, math, os\nbuiltins.secret = math.secret = 2\n"
    left += "open(os.environ['TMPDIR'] + '/secret', 'w').write('x')\nsecret"
    assert (await run(runtime, left)).value == 2
    looks = "hasattr(math, 'secret'), hasattr(builtins, 'secret'), os.path.exists(os.environ['TMPDIR'] + '/secret')"
    code = f"import math, os, builtins\n[{looks}]"
    assert (await run(runtime, code)).value == [False, False, False]


async def test_variables_can_be_seen_where_it_waits(runtime: DrivenRuntime) -> None:
    script = Script(code="import math\nx = [1]\ny = {1}\nz = add(1)\nx + [z]", language="python")
    execution, said = await runtime.begin(script, tools_of(TOOLS), LIMITS, Terms(seed=1, now=BEGUN))
    assert isinstance(execution, DrivenExecution)
    assert isinstance(said, Said)
    assert isinstance(said.turn, Calls)
    assert await execution.inspect() == {"x": [1], "y": "{1}"}
    said = await execution.resume([Answer(call=0, value=9)], now=BEGUN)
    await execution.close()
    assert isinstance(said, Said)
    assert said.turn == Done(value=[1, 9])
