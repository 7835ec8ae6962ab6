"""Conformance of a runtime of scripts. Knows the port only, no engine.

A runtime of your own is tested in a few lines::

    class TestMine(ScriptRuntimeSuite):
        @pytest.fixture
        async def runtime(self) -> AsyncIterator[ScriptRuntime]:
            made = MyRuntime()
            yield made
            await made.aclose()

The fixture may be shared by all tests: what one script leaves behind for the next is an error that the suite finds.
Every case is run in each language that the runtime names.
"""

# ruff: noqa: D102 - the names of the tests say what they hold a runtime to

from __future__ import annotations

import time
from typing import ClassVar, cast

import anyio
import msgspec
import pytest

from cambrian.core.errors import SandboxError, UsageError
from cambrian.core.evaluation import Status
from cambrian.core.limits import Level, Limits
from cambrian.core.ports import Exit
from cambrian.core.script import LANGUAGES, Calls, Done, Gap, Language, Raised, Script
from cambrian.core.tool import Answer
from cambrian.sandbox.scripts.port import Said, ScriptExecution, ScriptRuntime, Terms

from .script_cases import ENDLESS, ERRORS, GLUTTONS, MARKS, SHOWN, TOOLS, VALUES, Case, ErrorCase, ToolCase
from .script_play import BEGUN, ROOMY, Function, Played, finish, play, tools_of

__all__ = ["ScriptRuntimeSuite"]

_SMALL = 2**14
_NOISE_S = 20.0


def _add(a: object, b: object = 0) -> object:
    return cast("int", a) + cast("int", b)


def _fail(*_: object, **__: object) -> object:
    raise UsageError("no such city")


def _echo(value: object) -> object:
    return value


FUNCTIONS: dict[str, Function] = {
    "add": _add, "slow_add": _add, "fail": _fail, "slow_fail": _fail, "echo": _echo,
}  # fmt: skip
_PYTHON_CHANCE = """
import datetime, random, time
print(random.random())
got = add(random.randint(0, 10 ** 9), time.time())
[random.random(), random.Random(5).random(), time.time(), time.monotonic(), str(datetime.datetime.now()), got]
"""
_JAVASCRIPT_CHANCE = """
console.log(Math.random())
const got = await add(Math.floor(Math.random() * 1e9), Date.now())
;[Math.random(), Date.now(), performance.now(), new Date().toISOString(), got]
"""
_CHANCE = Case(_PYTHON_CHANCE, _JAVASCRIPT_CHANCE)
_WAITS = Case("x = 5\ny = add(1, 2)\ny + add(x, y)", "const x = 5\nconst y = await add(1, 2)\ny + await add(x, y)", 11)


class ScriptRuntimeSuite:
    """What every runtime of scripts must do. Subclass it and give a fixture ``runtime``."""

    tight: ClassVar[Limits] = Limits(wall=1.5, cpu=10.0, memory=64 * 2**20, output=_SMALL, disk=2**20)
    """Limits under which what never ends is tried."""

    @pytest.fixture(scope="session")
    @classmethod
    def anyio_backend(cls) -> str:
        """Runtimes are asyncio's."""
        return "asyncio"

    async def _played(
        self, runtime: ScriptRuntime, case: Case, *, limits: Limits = ROOMY, **inputs: object
    ) -> list[Played]:
        """A case in each language of the runtime."""
        return [
            await play(runtime, case.code(language), FUNCTIONS, language=language, inputs=inputs, limits=limits)
            for language in runtime.languages
        ]

    async def _works(self, runtime: ScriptRuntime) -> None:
        for played in await self._played(runtime, Case("add(40, 2)", "await add(40, 2)")):
            assert played.value == 42

    async def _begun(self, runtime: ScriptRuntime, case: Case) -> tuple[ScriptExecution, Said | Exit]:
        language = runtime.languages[0]
        script = Script(code=case.code(language), language=language)
        return await runtime.begin(script, tools_of(FUNCTIONS), ROOMY, Terms(seed=1, now=BEGUN))

    # what it is

    async def test_it_says_what_it_is(self, runtime: ScriptRuntime) -> None:
        assert runtime.name.isidentifier()
        assert runtime.version
        assert runtime.languages
        assert set(runtime.languages) <= set(LANGUAGES)
        execution, said = await self._begun(runtime, Case("1", "1"))
        await execution.close()
        assert isinstance(said, Said)
        assert execution.level is runtime.level
        assert runtime.level in Level

    async def test_a_language_it_does_not_run_is_refused(self, runtime: ScriptRuntime) -> None:
        for language in set(LANGUAGES) - set(runtime.languages):
            with pytest.raises(UsageError, match=language):
                await play(runtime, "1", language=language)
        await self._works(runtime)

    # values, errors

    @pytest.mark.parametrize("case", VALUES.values(), ids=VALUES)
    async def test_values(self, runtime: ScriptRuntime, case: Case) -> None:
        for played in await self._played(runtime, case):
            assert played.value == case.value
            assert type(played.value) is type(case.value)

    @pytest.mark.parametrize("case", SHOWN.values(), ids=SHOWN)
    async def test_what_is_no_json_is_shown(self, runtime: ScriptRuntime, case: Case) -> None:
        for played in await self._played(runtime, case):
            assert isinstance(played.end, Done), played.told
            assert played.end.value is None
            assert 0 < len(played.end.shown) <= 1000

    @pytest.mark.parametrize("case", ERRORS.values(), ids=ERRORS)
    async def test_errors_have_type_message_and_line(self, runtime: ScriptRuntime, case: ErrorCase) -> None:
        for played in await self._played(runtime, case):
            assert played.error.type in case.types
            assert case.message in played.error.message
            assert played.error.line == case.line or case.line is None

    @pytest.mark.parametrize("name", ["no_such_module_anywhere", "no_such_package.part"])
    async def test_what_it_lacks_is_a_gap_that_names_it_or_an_error(self, runtime: ScriptRuntime, name: str) -> None:
        for played in await self._played(runtime, Case(f"import {name}", f"await import('{name}')")):
            end = played.end
            if isinstance(end, Gap):
                kind, _, what = end.what.partition(":")
                assert (kind, what.partition(".")[0]) == ("import", name.partition(".")[0])
            else:
                assert isinstance(end, Raised), played.told
                assert name.partition(".")[0] in end.message

    async def test_inputs_are_globals_and_come_before_tools(self, runtime: ScriptRuntime) -> None:
        case = Case("[x, add, tools.add(1, 2)]", "[x, add, await tools.add(1, 2)]")
        given = {"a": [None, 1.5, {"": "ü\0"}]}
        for played in await self._played(runtime, case, x=given, add="mine"):
            assert played.value == [given, "mine", 3]

    async def test_inputs_are_the_scripts_own(self, runtime: ScriptRuntime) -> None:
        given = [1]
        for played in await self._played(runtime, Case("x.append(2)\nx", "x.push(2)\nx"), x=given):
            assert played.value == [1, 2]
        assert given == [1]

    async def test_a_tool_hides_no_builtin(self, runtime: ScriptRuntime) -> None:
        for language in runtime.languages:
            name = "len" if language == "python" else "parseInt"
            case = Case(f"[len('abc'), tools.{name}(5)]", f"[parseInt('3'), await tools.{name}(5)]")
            played = await play(runtime, case.code(language), {name: _echo}, language=language)
            assert played.value == [3, 5]

    # calls

    @pytest.mark.parametrize("case", TOOLS.values(), ids=TOOLS)
    async def test_calls(self, runtime: ScriptRuntime, case: ToolCase) -> None:
        for played in await self._played(runtime, case):
            assert tuple(tuple(call.id for call in turn) for turn in played.turns) == case.ids, played.told
            assert played.value == case.value

    async def test_a_forgotten_call_is_made_even_if_the_script_raises(self, runtime: ScriptRuntime) -> None:
        case = Case("slow_add(1, 1)\nraise ValueError('x')", "slow_add(1, 1)\nthrow new TypeError('x')")
        for played in await self._played(runtime, case):
            assert played.calls == (("slow_add", [1, 1], {}),)
            assert played.error.message == "x"

    async def test_two_hundred_calls_side_by_side(self, runtime: ScriptRuntime) -> None:
        case = Case(
            "import asyncio\nawait asyncio.gather(*[slow_add(i, i) for i in range(200)])",
            "await Promise.all(Array.from({length: 200}, (_, i) => slow_add(i, i)))",
        )
        for played in await self._played(runtime, case):
            assert played.value == [2 * number for number in range(200)]
            assert [call.id for turn in played.turns for call in turn] == [*range(200)]

    async def test_answers_find_their_calls_in_any_order(self, runtime: ScriptRuntime) -> None:
        case = Case(
            "import asyncio\nawait asyncio.gather(slow_add(1), slow_add(2))",
            "await Promise.all([slow_add(1), slow_add(2)])",
        )
        execution, said = await self._begun(runtime, case)
        assert isinstance(said, Said)
        assert isinstance(said.turn, Calls)
        answers = [Answer(call=call.id, value=f"answer {call.id}") for call in said.turn.calls]
        played = await finish(execution, await execution.resume(answers[::-1], now=BEGUN), {})
        await execution.close()
        assert played.value == ["answer 0", "answer 1"]

    async def test_after_its_end_there_is_nothing_to_resume(self, runtime: ScriptRuntime) -> None:
        execution, said = await self._begun(runtime, Case("1", "1"))
        assert isinstance(said, Said)
        with pytest.raises(UsageError):
            await execution.resume([], now=BEGUN)
        await execution.close()
        await execution.close()

    # output, limits

    async def test_printing_goes_to_two_streams(self, runtime: ScriptRuntime) -> None:
        case = Case(
            "import sys\nprint('a', 1)\nprint('b', file=sys.stderr)\nadd(1, 1)\nprint('ü')",
            "console.log('a', 1)\nconsole.error('b')\nawait add(1, 1)\nconsole.log('ü')",
        )
        for played in await self._played(runtime, case):
            assert (played.stdout, played.stderr) == ("a 1\nü\n", "b\n")

    async def test_a_flood_is_cut_off(self, runtime: ScriptRuntime) -> None:
        """By which limit is the engine's affair; what comes out is not."""
        case = Case("while True:\n    print('x' * 100)", "for (;;) console.log('x'.repeat(100))")
        for played in await self._played(runtime, case, limits=self.tight):
            assert len(played.stdout) <= _SMALL
            assert played.told.startswith(("raised OutputLimit", "exit output", "exit timeout")), played.told
        await self._works(runtime)

    async def test_a_value_that_is_too_large_is_not_handed_out(self, runtime: ScriptRuntime) -> None:
        for played in await self._played(runtime, Case("'x' * 2 ** 22", "'x'.repeat(2 ** 22)"), limits=self.tight):
            assert played.told.startswith(("raised OutputLimit", "exit output")), played.told
        await self._works(runtime)

    @pytest.mark.parametrize("case", ENDLESS.values(), ids=ENDLESS)
    async def test_what_never_ends_is_ended(self, runtime: ScriptRuntime, case: Case) -> None:
        begun = time.monotonic()
        for played in await self._played(runtime, case, limits=self.tight):
            assert isinstance(played.end, Exit), played.told
            assert played.end.status is Status.TIMEOUT
        assert time.monotonic() - begun < len(runtime.languages) * (self.tight.wall + _NOISE_S)
        await self._works(runtime)

    @pytest.mark.parametrize("case", GLUTTONS.values(), ids=GLUTTONS)
    async def test_what_never_has_enough_is_ended(self, runtime: ScriptRuntime, case: Case) -> None:
        limits = msgspec.structs.replace(self.tight, wall=30.0, cpu=30.0)
        for played in await self._played(runtime, case, limits=limits):
            assert isinstance(played.end, Exit), played.told
            assert played.end.status is Status.MEMORY
        await self._works(runtime)

    async def test_waiting_for_a_tool_is_not_the_scripts_time(self, runtime: ScriptRuntime) -> None:
        execution, said = await self._begun(runtime, Case("add(1, 1)", "await add(1, 1)"))
        before = execution.wall_s
        await anyio.sleep(0.4)
        await finish(execution, said, FUNCTIONS)
        await execution.close()
        assert 0 < before <= execution.wall_s
        assert execution.wall_s < 0.4 + before or execution.cpu_s > 0.2  # a busy machine may make it compute long

    # repeatability, isolation

    async def test_the_same_seed_gives_the_same_and_another_does_not(self, runtime: ScriptRuntime) -> None:
        for language in runtime.languages:
            code = _CHANCE.code(language)
            runs = [await play(runtime, code, FUNCTIONS, language=language, seed=seed) for seed in (7, 7, 8)]
            assert runs[0] == runs[1]
            assert runs[0].value != runs[2].value
            assert runs[0].stdout != runs[2].stdout
            assert runs[0].calls != runs[2].calls

    async def test_the_clock_moves_by_being_told_and_by_sleep_alone(self, runtime: ScriptRuntime) -> None:
        case = Case(
            "import time\na = time.time()\nadd(1)\nb = time.time()\ntime.sleep(3600)\n"
            "[round(a), round(b), round(time.time())]",
            "const a = Date.now()\nawait add(1)\nconst b = Date.now()\n"
            "await new Promise((go) => setTimeout(go, 3600000));\n"
            "[a, b, Date.now()].map((each) => Math.round(each / 1000))",
        )
        for played in await self._played(runtime, case, limits=self.tight):
            assert played.value == [BEGUN, BEGUN + 1, BEGUN + 3601]

    @pytest.mark.parametrize("name", MARKS)
    async def test_nothing_is_left_for_the_next_script(self, runtime: ScriptRuntime, name: str) -> None:
        leave, look = MARKS[name]
        for _ in range(2):
            await self._played(runtime, leave)
            for played in await self._played(runtime, look):
                assert played.value == look.value

    async def test_scripts_that_take_turns_do_not_meet(self, runtime: ScriptRuntime) -> None:
        """Whether there is one worker or more: what waits for a worker waits, and each keeps its own state."""
        case = Case("y = add(x)\ny + add(x)", "const y = await add(x)\ny + await add(x)")
        found: list[object] = []
        language: Language = runtime.languages[0]

        async def one(number: int) -> None:
            played = await play(runtime, case.code(language), FUNCTIONS, language=language, inputs={"x": number})
            found.append(played.value)

        async with anyio.create_task_group() as group:
            for number in range(6):
                group.start_soon(one, number)
        assert sorted(cast("list[int]", found)) == [0, 2, 4, 6, 8, 10]

    async def test_a_cancelled_script_gives_its_place_back(self, runtime: ScriptRuntime) -> None:
        for _ in range(3):
            with anyio.move_on_after(0.3) as scope:
                await self._played(runtime, ENDLESS["loop"])
            assert scope.cancelled_caught
        with anyio.fail_after(_NOISE_S):
            await self._works(runtime)

    # snapshots

    async def test_snapshots_are_taken_back_or_refused(self, runtime: ScriptRuntime) -> None:
        execution, said = await self._begun(runtime, _WAITS)
        assert isinstance(said, Said)
        if not runtime.snapshots:
            with pytest.raises(UsageError):
                await execution.snapshot()
            await execution.close()
            with pytest.raises(UsageError):
                await runtime.restore(b"anything", ROOMY, now=BEGUN, calls=0)
            return
        state = await execution.snapshot()
        assert (await finish(execution, said, FUNCTIONS)).value == _WAITS.value
        await execution.close()
        for _ in range(2):
            again, waiting = await runtime.restore(state, ROOMY, now=BEGUN, calls=0)
            played = await finish(again, waiting, FUNCTIONS)
            await again.close()
            assert (played.value, len(played.calls)) == (_WAITS.value, 2)

    async def test_a_snapshot_that_is_none_harms_nobody(self, runtime: ScriptRuntime) -> None:
        if runtime.snapshots:
            with anyio.fail_after(_NOISE_S):
                try:
                    execution, said = await runtime.restore(b"\xff" * 100, ROOMY, now=BEGUN, calls=0)
                except SandboxError:
                    pass
                else:
                    await execution.close()
                    assert not isinstance(said, Said) or isinstance(said.turn, Raised | Gap)
        await self._works(runtime)

    async def test_variables_can_be_seen_or_not_at_all(self, runtime: ScriptRuntime) -> None:
        execution, _ = await self._begun(runtime, _WAITS)
        try:
            assert (await execution.inspect())["x"] == 5
        except UsageError:
            assert not runtime.snapshots, "who can be restored can be looked at"
        finally:
            await execution.close()
        await self._works(runtime)
