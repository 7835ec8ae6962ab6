"""Runs Python scripts on a runtime, answering their calls with functions, and remembers every turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from cambrian.core.limits import Limits
from cambrian.core.ports import Exit
from cambrian.core.script import Calls, Done, Gap, Raised, Script, Turn
from cambrian.core.tool import Answer, Call, Tool
from cambrian.sandbox.scripts.port import Said, ScriptRuntime, Terms

LIMITS = Limits(wall=20.0, cpu=20.0, memory=128 * 2**20, output=2**16)
BEGUN = 1_700_000_000.0
SEVERAL = "several"
"""Tools whose names begin so are awaited."""

Function = Callable[..., object]


class Ran(NamedTuple):
    """A script's run: what it came to, the calls of each turn, and all that it printed."""

    end: Turn | Exit
    turns: list[list[Call]]
    stdout: str
    stderr: str

    @property
    def value(self) -> object:
        assert isinstance(self.end, Done), self.end
        assert self.end.shown == "", self.end
        return self.end.value

    @property
    def error(self) -> Raised:
        assert isinstance(self.end, Raised), self.end
        return self.end

    @property
    def gap(self) -> str:
        assert isinstance(self.end, Gap), self.end
        return self.end.what

    @property
    def exit(self) -> Exit:
        assert isinstance(self.end, Exit), self.end
        return self.end

    @property
    def calls(self) -> list[tuple[str, list[object], dict[str, object]]]:
        return [(call.tool, call.args, call.kwargs) for turn in self.turns for call in turn]


def tools_of(functions: Mapping[str, Function]) -> tuple[Tool, ...]:
    return tuple(Tool(name=name, asynchronous=name.startswith(SEVERAL)) for name in functions)


def answer_to(call: Call, functions: Mapping[str, Function]) -> Answer:
    try:
        return Answer(call=call.id, value=functions[call.tool](*call.args, **call.kwargs))
    except LookupError as error:
        return Answer(call=call.id, error=str(error.args[0]))


async def run(
    runtime: ScriptRuntime,
    code: str,
    functions: Mapping[str, Function] | None = None,
    *,
    inputs: dict[str, Any] | None = None,
    limits: Limits = LIMITS,
    seed: int = 1,
) -> Ran:
    given = functions or {}
    script = Script(code=code, language="python", inputs=inputs or {}, name="task.py")
    execution, said = await runtime.begin(script, tools_of(given), limits, Terms(seed=seed, now=BEGUN))
    turns: list[list[Call]] = []
    out, err = "", ""
    try:
        while isinstance(said, Said):
            out, err = out + said.stdout, err + said.stderr
            if not isinstance(said.turn, Calls):
                return Ran(said.turn, turns, out, err)
            turns.append(said.turn.calls)
            answers = [answer_to(call, given) for call in said.turn.calls]
            said = await execution.resume(answers, now=BEGUN + len(turns))
        return Ran(said, turns, out, err)
    finally:
        await execution.close()
