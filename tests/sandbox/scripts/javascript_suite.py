"""The suite that each runtime of JavaScript passes: its test class inherits it, its module has a fixture `runtime`."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cambrian.core.evaluation import Status
from cambrian.core.limits import Limits
from cambrian.core.script import Done, Raised
from cambrian.sandbox.scripts.runtime import DrivenRuntime

from .javascript_cases import ERRORS, POLLUTION, SAME_TWICE, SHOWN, VALUES
from .javascript_runs import run

_SMALL = 2**14


def add(a: Any, b: Any = 0) -> Any:
    return a + b


def echo(*args: object, **named: object) -> object:
    return list(args) if args else named


def fail(*_: object, **__: object) -> object:
    raise LookupError("no such city")


TOOLS = {"add": add, "echo": echo, "fail": fail, "a-b": add, "Map": add, "constructor": add, "__proto__": add}


class JavaScriptSuite:
    """Inherited by the test class of a runtime."""

    breaks: frozenset[tuple[str, str]] = frozenset()
    """Runtimes and changes after which the engine itself, and not only the script, goes on no more."""

    tight = Limits(wall=1.5, cpu=5.0, memory=64 * 2**20, output=_SMALL)

    @pytest.mark.parametrize(("code", "value"), VALUES.values(), ids=VALUES)
    async def test_values(self, runtime: DrivenRuntime, code: str, value: object) -> None:
        assert (await run(runtime, code)).value == value

    @pytest.mark.parametrize(("code", "shown"), SHOWN.values(), ids=SHOWN)
    async def test_what_is_no_json_is_shown(self, runtime: DrivenRuntime, code: str, shown: str) -> None:
        end = (await run(runtime, code)).end
        assert isinstance(end, Done)
        assert end.value is None
        assert end.shown.startswith(shown)
        assert len(end.shown) <= 1000

    @pytest.mark.parametrize(("code", "kind", "message", "line"), ERRORS.values(), ids=ERRORS)
    async def test_errors_name_kind_message_and_line(
        self, runtime: DrivenRuntime, code: str, kind: str, message: str, line: int | None
    ) -> None:
        error = (await run(runtime, code)).error
        assert error.type == kind
        assert error.message.rstrip(".") == message or not message
        assert error.line == line or line is None
        assert line is None or f"task.js:{line}" in error.traceback

    async def test_inputs_are_globals(self, runtime: DrivenRuntime) -> None:
        inputs: dict[str, object] = {"x": [1, {"a": None}], "Map": 5, "__proto__": 7, "console": "mine"}
        ran = await run(runtime, "[x, Map, globalThis['__proto__'], console]", inputs=inputs)
        assert ran.value == [[1, {"a": None}], 5, 7, "mine"]

    async def test_console_goes_to_two_streams(self, runtime: DrivenRuntime) -> None:
        code = (
            "console.log('a', 1, {b: 'c', d: [1, 'x']}, null)\nconsole.error('bad %d%% %s', 5, 'y', 6)\n"
            "console.info(new Map([[1, {}]]))\nconsole.warn([])\nconsole.assert(1 > 2, 'no')\nconsole.log()"
        )
        ran = await run(runtime, code)
        assert ran.stdout == "a 1 { b: 'c', d: [ 1, 'x' ] } null\nMap(1) { 1 => {} }\n\n"
        assert ran.stderr == "bad 5% y 6\n[]\nAssertion failed no\n"

    async def test_calls_one_after_the_other_have_ids_in_order(self, runtime: DrivenRuntime) -> None:
        code = "const x = await add(1, 2)\nconst y = await tools.add({a: x, b: 3})\nawait tools['a-b'](y)"
        ran = await run(runtime, code, TOOLS)
        assert ran.value == 6
        assert [[call.id for call in turn] for turn in ran.turns] == [[0], [1], [2]]
        assert ran.calls == [("add", [1, 2], {}), ("add", [], {"a": 3, "b": 3}), ("a-b", [6], {})]

    async def test_calls_made_before_anything_waits_come_together(self, runtime: DrivenRuntime) -> None:
        code = "const f = async (i) => (await add(i, 10)) + (await add(i, 1))\nawait Promise.all([f(1), f(2), add(3)])"
        ran = await run(runtime, code, TOOLS)
        assert ran.value == [13, 15, 3]
        assert [[call.id for call in turn] for turn in ran.turns] == [[0, 1, 2], [3, 4]]

    async def test_calls_that_nobody_waits_for_are_made_before_the_end(self, runtime: DrivenRuntime) -> None:
        for code, kind in (("add(1); 7", "Done"), ("add(1)\nthrow new Error()", "Raised")):
            ran = await run(runtime, code, TOOLS)
            assert [len(turn) for turn in ran.turns] == [1]
            assert type(ran.end).__name__ == kind

    async def test_a_failed_call_raises_a_tool_error(self, runtime: DrivenRuntime) -> None:
        code = "let r\ntry { await fail('x') } catch (e) { r = [e.name, e.message, e instanceof ToolError, e.tool] }\nr"
        assert (await run(runtime, code, TOOLS)).value == ["ToolError", "no such city", True, "fail"]
        error = (await run(runtime, "\nawait fail('x')", TOOLS)).error
        assert (error.type, error.message, error.line) == ("ToolError", "no such city", 2)

    @pytest.mark.parametrize(
        ("code", "lines"),
        [
            ("1\nconst p = fail('x')\nawait add(1)\nawait p", [2]),
            ("const f = async (x) => {\n  return await tools.fail(x) }\nawait add(1)\nawait f(1)", [2, 4]),
            ("\n\nawait Promise.all([add(1),\n  fail('x')])", [4]),
        ],
    )
    async def test_a_failed_call_names_the_line_where_it_was_made(
        self, runtime: DrivenRuntime, code: str, lines: list[int]
    ) -> None:
        error = (await run(runtime, code, TOOLS)).error
        assert error.line == lines[0]
        assert [int(line) for line in re.findall(r"task\.js:(\d+)", error.traceback)] == lines

    async def test_a_script_that_forges_stacks_fools_itself_only(self, runtime: DrivenRuntime) -> None:
        code = (
            "Error.stackTraceLimit = 0\nError.prepareStackTrace = () => ({ toString() { throw 1 } })\n"
            "let r\ntry { await fail('x') } catch (e) { r = e.message }\n[r, await add(1)]"
        )
        assert (await run(runtime, code, TOOLS)).value == ["no such city", 1]

    async def test_names_that_would_hide_something_are_under_tools_only(self, runtime: DrivenRuntime) -> None:
        code = (
            "const m = new Map([[1, 2]]).size\n[m, await tools.Map(1), await tools.constructor(2), typeof tools.nope]"
        )
        ran = await run(runtime, code, TOOLS)
        assert ran.value == [1, 1, 2, "undefined"]

    async def test_a_name_that_the_script_takes_stays_its_own(self, runtime: DrivenRuntime) -> None:
        code = (
            "globalThis.add = 5\nglobalThis.tools = 'mine'\ndelete globalThis.fail\n"
            "const got = await echo(1)\n[add, tools, typeof fail, got, typeof ToolError]"
        )
        assert (await run(runtime, code, TOOLS)).value == [5, "mine", "undefined", [1], "function"]

    async def test_an_input_hides_a_tool_of_its_name(self, runtime: DrivenRuntime) -> None:
        inputs: dict[str, object] = {"add": 5, "ToolError": 6}
        ran = await run(runtime, "[add, await tools.add(1, 2), ToolError]", TOOLS, inputs=inputs)
        assert ran.value == [5, 3, 6]

    async def test_arguments_are_plain_data(self, runtime: DrivenRuntime) -> None:
        ran = await run(runtime, "await echo([1, {a: new Date(0)}], null, undefined)", TOOLS)
        assert ran.value == [[1, {"a": "1970-01-01T00:00:00.000Z"}], None, None]
        for bad in ("NaN", "() => 1", "{a: 1n}", "new Map()", "'\\ud800'"):
            ran = await run(runtime, f"await echo([{bad}])", TOOLS)
            assert ran.error.type == "TypeError"
            assert "no JSON value" in ran.error.message
            assert ran.calls == []

    async def test_tools_reach_nothing_of_the_host(self, runtime: DrivenRuntime) -> None:
        """Attack: from a tool to the functions behind it. There are none: the tool is the script's own realm's."""
        code = (
            "const make = tools.add.constructor\n[make === (() => 1).constructor, "
            "make('return this')() === globalThis,\n"
            "Object.isFrozen(tools), Object.isFrozen(tools.add), Object.getPrototypeOf(tools)]"
        )
        assert (await run(runtime, code, TOOLS)).value == [True, True, True, True, None]

    @pytest.mark.parametrize(("name", "change"), POLLUTION.items(), ids=POLLUTION)
    async def test_a_script_that_changes_its_world_does_not_change_the_bridge(
        self, runtime: DrivenRuntime, name: str, change: str
    ) -> None:
        code = f"{change}\nconsole.log('said')\nlet failed = false\nconst got = await add(1, 2)\n"
        code += "try { await fail([1]) } catch (error) { failed = error.message }\n({got, failed, list: [1, 'a']})"
        ran = await run(runtime, code, TOOLS)
        if (runtime.name, name) in self.breaks:
            assert isinstance(ran.end, Raised), ran.end
            assert (await run(runtime, "2")).value == 2
            return
        assert ran.value == {"got": 3, "failed": "no such city", "list": [1, "a"]}
        assert ran.calls == [("add", [1, 2], {}), ("fail", [[1]], {})]
        assert ran.stdout == "said\n"

    async def test_same_script_and_seed_give_the_same(self, runtime: DrivenRuntime) -> None:
        first, second = [await run(runtime, SAME_TWICE, TOOLS, seed=7) for _ in range(2)]
        assert first == second
        other = await run(runtime, SAME_TWICE, TOOLS, seed=8)
        assert other.value != first.value

    async def test_nothing_of_a_script_is_left_for_the_next(self, runtime: DrivenRuntime) -> None:
        leave = (
            "globalThis.left = 1\nArray.prototype.left = 2\nObject.prototype.left = 3\nsetInterval(() => {}, 1)\n"
            "Math.random = () => 0.5\nconsole.log = () => {}\nglobalThis.Promise = null"
        )
        assert isinstance((await run(runtime, leave)).end, Done)
        ran = await run(runtime, "[typeof left, [].left, ({}).left, Math.random() === 0.5, await 1]")
        assert ran.value == ["undefined", None, None, False, 1]

    async def test_es_imports_are_a_gap(self, runtime: DrivenRuntime) -> None:
        ran = await run(runtime, "import fs from 'node:fs'\nfs.readFileSync('/etc/passwd')")
        assert ran.gap == "syntax:import"

    @pytest.mark.parametrize(
        "code",
        [
            "while (true) {}",
            "for (;;) { try { for (;;) {} } catch {} finally { continue } }",
            "const f = async () => { for (;;) await null }\nawait f()",
            "const t = 'a'.repeat(2 ** 24)\nfor (;;) t.indexOf('ab')",
            "setInterval(() => {}, 1)\nawait new Promise(() => {})",
        ],
        ids=["loop", "catch-all", "microtasks", "native", "timers"],
    )
    async def test_a_script_without_end_is_ended(self, runtime: DrivenRuntime, code: str) -> None:
        assert (await run(runtime, code, limits=self.tight)).exit.status is Status.TIMEOUT
        assert (await run(runtime, "2", limits=self.tight)).value == 2

    @pytest.mark.parametrize(
        "code",
        [
            "const a = []\nfor (;;) a.push(new Array(10000).fill(1.5))",
            "const a = []\nfor (;;) a.push(new Uint8Array(2 ** 20).fill(1))",
            "let t = 'abcdefgh'\nconst a = []\nfor (let i = 0; ; i++) a.push((t + i).repeat(2 ** 17))",
            "const a = []\nfor (let i = 0; ; i++) a.push({i})",
        ],
        ids=["arrays", "buffers", "text", "objects"],
    )
    async def test_a_memory_bomb_is_ended(self, runtime: DrivenRuntime, code: str) -> None:
        limits = Limits(wall=20.0, cpu=20.0, memory=64 * 2**20, output=_SMALL)
        end = (await run(runtime, code, limits=limits)).exit
        assert end.status is Status.MEMORY, end
        assert (await run(runtime, "2", limits=self.tight)).value == 2

    async def test_a_flood_of_output_is_ended(self, runtime: DrivenRuntime) -> None:
        ran = await run(runtime, "for (;;) console.log('x'.repeat(100))", limits=self.tight)
        assert ran.error.type == "OutputLimit"
        assert 0 < len(ran.stdout) <= _SMALL

    async def test_a_large_value_does_not_get_out(self, runtime: DrivenRuntime) -> None:
        ran = await run(runtime, "'x'.repeat(2 ** 21)", limits=self.tight)
        assert ran.error.type == "OutputLimit"
        assert (await run(runtime, "1 + 1", limits=self.tight)).value == 2
