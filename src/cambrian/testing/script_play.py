"""Plays a script on a runtime to its end, answering its calls with Python functions. Knows the port, no runtime."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from cambrian.core.errors import UsageError
from cambrian.core.limits import Limits
from cambrian.core.ports import Exit
from cambrian.core.script import Calls, Done, Gap, Language, Raised, Script, Turn
from cambrian.core.tool import Answer, Call, Tool
from cambrian.sandbox.scripts.port import Said, ScriptExecution, ScriptRuntime, Terms

__all__ = ["BEGUN", "ROOMY", "Function", "Played", "finish", "play", "tools_of"]

ROOMY = Limits(wall=30.0, cpu=30.0, memory=192 * 2**20, output=2**16, disk=2**20)
"""More than any case needs that is not about limits."""
BEGUN = 1_700_000_000.0
"""When every run begins, in seconds since the Unix epoch."""

Function = Callable[..., object]


class Played(NamedTuple):
    """How a script went.

    Args:
        end: its last turn, or how its worker ended.
        turns: the calls of each turn before it.
        stdout: all that it printed.
        stderr: likewise.
    """

    end: Turn | Exit
    turns: tuple[tuple[Call, ...], ...] = ()
    stdout: str = ""
    stderr: str = ""

    @property
    def calls(self) -> tuple[tuple[str, list[object], dict[str, object]], ...]:
        """Name and arguments of every call, in order."""
        return tuple((call.tool, call.args, call.kwargs) for turn in self.turns for call in turn)

    @property
    def value(self) -> object:
        """The script's value, which has to be a JSON value."""
        assert isinstance(self.end, Done), f"no value: {self.told}"
        assert not self.end.shown, f"no JSON value: {self.told}"
        return self.end.value

    @property
    def error(self) -> Raised:
        """The exception that ended it."""
        assert isinstance(self.end, Raised), f"no exception: {self.told}"
        return self.end

    @property
    def told(self) -> str:
        """The end in a line."""
        end = self.end
        if isinstance(end, Done):
            return f"shown {end.shown:.80}" if end.shown else f"value {end.value!r:.80}"
        if isinstance(end, Raised):
            return f"raised {end.type}: {end.message:.120}"
        if isinstance(end, Gap):
            return f"gap {end.what:.80}"
        return f"exit {end.status} {end.detail:.80}" if isinstance(end, Exit) else "waits"


def tools_of(functions: Mapping[str, Function]) -> tuple[Tool, ...]:
    """Descriptions of functions; Python code awaits those whose names begin with ``slow_``."""
    return tuple(Tool(name=name, asynchronous=name.startswith("slow_")) for name in functions)


async def play(
    runtime: ScriptRuntime,
    code: str,
    functions: Mapping[str, Function] | None = None,
    *,
    language: Language,
    inputs: Mapping[str, object] | None = None,
    limits: Limits = ROOMY,
    seed: int = 1,
) -> Played:
    """Run a script to its end and close it.

    Args:
        runtime: where.
        code: source text.
        functions: tools by name. A `UsageError` of theirs is the call's error.
        language: of the code.
        inputs: its global variables.
        limits: of the run.
        seed: of its randomness.
    """
    given = functions or {}
    script = Script(code=code, language=language, inputs=dict(inputs or {}), name="case")
    execution, said = await runtime.begin(script, tools_of(given), limits, Terms(seed=seed, now=BEGUN))
    try:
        return await finish(execution, said, given)
    finally:
        await execution.close()


async def finish(execution: ScriptExecution, said: Said | Exit, functions: Mapping[str, Function]) -> Played:
    """Take an execution from a turn to its end, one second after the other. Does not close it."""
    turns: list[tuple[Call, ...]] = []
    out, err = "", ""
    while isinstance(said, Said):
        out, err = out + said.stdout, err + said.stderr
        if not isinstance(said.turn, Calls):
            return Played(said.turn, tuple(turns), out, err)
        turns.append(tuple(said.turn.calls))
        said = await execution.resume(_answers(said.turn.calls, functions), now=BEGUN + len(turns))
    return Played(said, tuple(turns), out, err)


def _answers(calls: Sequence[Call], functions: Mapping[str, Function]) -> list[Answer]:
    return [_answer(call, functions) for call in calls]


def _answer(call: Call, functions: Mapping[str, Function]) -> Answer:
    if call.tool not in functions:
        return Answer(call=call.id, error=f"there is no tool {call.tool!r}")
    try:
        return Answer(call=call.id, value=functions[call.tool](*call.args, **call.kwargs))
    except UsageError as error:
        return Answer(call=call.id, error=str(error))
