"""Runs JavaScript and TypeScript on a runtime, answering calls with functions, and remembers every turn."""

from __future__ import annotations

from collections.abc import Mapping

from cambrian.core.limits import Limits
from cambrian.core.ports import Exit
from cambrian.core.script import Calls, Done, Gap, Language, Raised, Script
from cambrian.core.tool import Call
from cambrian.sandbox.scripts.port import Said, ScriptRuntime, Terms

from .python_runs import BEGUN, Function, Ran, answer_to, tools_of

__all__ = ["LIMITS", "described", "run"]

LIMITS = Limits(wall=20.0, cpu=20.0, memory=128 * 2**20, output=2**16)


async def run(
    runtime: ScriptRuntime,
    code: str,
    functions: Mapping[str, Function] | None = None,
    *,
    inputs: dict[str, object] | None = None,
    limits: Limits = LIMITS,
    seed: int = 1,
    language: Language = "javascript",
) -> Ran:
    given = functions or {}
    script = Script(code=code, language=language, inputs=inputs or {}, name="task.js")
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


def described(ran: Ran) -> str:
    """How a run ended, in one line, for tables of cases."""
    end = ran.end
    if isinstance(end, Done):
        return end.shown or repr(end.value)
    if isinstance(end, Raised):
        return f"{end.type}: {end.message}"
    return end.what if isinstance(end, Gap) else f"{end.status} {end.detail}" if isinstance(end, Exit) else "waits"
