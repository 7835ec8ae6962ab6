"""The shipped suite must fail a runtime that is broken. Its passing is shown by `test_conformance`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import msgspec
import pytest

from cambrian.core.errors import SandboxError
from cambrian.core.limits import Limits
from cambrian.core.ports import Exit
from cambrian.core.script import Calls, Done, Raised, Script
from cambrian.core.tool import Answer, Tool
from cambrian.sandbox.scripts import cpython
from cambrian.sandbox.scripts.port import Said, ScriptExecution, ScriptRuntime, Terms
from cambrian.sandbox.scripts.runtime import DrivenRuntime
from cambrian.testing.script_cases import ERRORS, SHOWN, TOOLS, VALUES
from cambrian.testing.script_runtime import ScriptRuntimeSuite

Change = Callable[[Said], Said]
Suite = ScriptRuntimeSuite


@pytest.fixture(scope="module")
async def honest(anyio_backend: str) -> AsyncIterator[DrivenRuntime]:
    try:
        made = DrivenRuntime(cpython.driver(), workers=1)
        await made.warm()
    except SandboxError as error:
        pytest.skip(f"needs jail.L2: {error}")
    yield made
    await made.aclose()


class Changed(ScriptRuntime):
    """A runtime that says something else than it should."""

    def __init__(self, honest: ScriptRuntime, change: Change) -> None:
        self.name, self.languages, self.version, self.level = "changed", honest.languages, "1", honest.level
        self.honest, self.change = honest, change

    def asked(self, script: Script, terms: Terms) -> tuple[Script, Terms]:
        return script, terms

    async def begin(
        self, script: Script, tools: Sequence[Tool], limits: Limits, terms: Terms
    ) -> tuple[ScriptExecution, Said | Exit]:
        script, terms = self.asked(script, terms)
        execution, said = await self.honest.begin(script, tools, limits, terms)
        made = _Execution(execution, self.change)
        return made, made.changed(said)

    async def restore(
        self, snapshot: bytes, limits: Limits, *, now: float, calls: int
    ) -> tuple[ScriptExecution, Said | Exit]:
        return await self.honest.restore(snapshot, limits, now=now, calls=calls)

    async def aclose(self) -> None:
        """It is another's."""


class _Execution(ScriptExecution):
    def __init__(self, honest: ScriptExecution, change: Change) -> None:
        self.honest, self.change, self.level = honest, change, honest.level
        self.wall_s, self.cpu_s = honest.wall_s, honest.cpu_s

    def changed(self, said: Said | Exit) -> Said | Exit:
        return self.change(said) if isinstance(said, Said) else said

    async def resume(self, answers: Sequence[Answer], *, now: float) -> Said | Exit:
        return self.changed(await self.honest.resume(answers, now=now))

    async def close(self) -> None:
        await self.honest.close()


class Seedless(Changed):
    """Every run is drawn anew."""

    drawn = 100

    def asked(self, script: Script, terms: Terms) -> tuple[Script, Terms]:
        self.drawn += 1
        return script, msgspec.structs.replace(terms, seed=self.drawn)


class Forgetless(Changed):
    """What a script did is done again before the next one."""

    before = ""

    def asked(self, script: Script, terms: Terms) -> tuple[Script, Terms]:
        before, self.before = self.before, f"{self.before}\n{script.code}"
        return msgspec.structs.replace(script, code=f"{before}\n{script.code}"), terms


def same(said: Said) -> Said:
    return said


def text(said: Said) -> Said:
    """Values are text."""
    turn = said.turn
    return msgspec.structs.replace(said, turn=Done(value=str(turn.value))) if isinstance(turn, Done) else said


def unshown(said: Said) -> Said:
    """What is no JSON is nothing."""
    return msgspec.structs.replace(said, turn=Done()) if isinstance(said.turn, Done) else said


def mute(said: Said) -> Said:
    """Errors are printed as output is."""
    return msgspec.structs.replace(said, stdout=said.stdout + said.stderr, stderr="")


def placeless(said: Said) -> Said:
    """Errors are anywhere."""
    turn = said.turn
    return (
        msgspec.structs.replace(said, turn=msgspec.structs.replace(turn, line=None))
        if isinstance(turn, Raised)
        else said
    )


def reversed_calls(said: Said) -> Said:
    """Calls come in another order than they were made."""
    turn = said.turn
    return msgspec.structs.replace(said, turn=Calls(calls=turn.calls[::-1])) if isinstance(turn, Calls) else said


BROKEN: dict[str, tuple[type[Changed], Change, Callable[[Suite, ScriptRuntime], Awaitable[None]]]] = {
    "values": (Changed, text, lambda suite, it: suite.test_values(it, VALUES["scalars"])),
    "shown": (Changed, unshown, lambda suite, it: suite.test_what_is_no_json_is_shown(it, SHOWN["infinite"])),
    "errors": (
        Changed, placeless, lambda suite, it: suite.test_errors_have_type_message_and_line(it, ERRORS["own message"])
    ),
    "streams": (Changed, mute, Suite.test_printing_goes_to_two_streams),
    "order": (Changed, reversed_calls, lambda suite, it: suite.test_calls(it, TOOLS["side by side"])),
    "chance": (Seedless, same, Suite.test_the_same_seed_gives_the_same_and_another_does_not),
    "memory of the last script": (
        Forgetless, same, lambda suite, it: suite.test_nothing_is_left_for_the_next_script(it, "globals")
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
async def test_a_broken_runtime_fails(honest: DrivenRuntime, name: str) -> None:
    kind, change, test = BROKEN[name]
    await test(Suite(), honest)  # the control
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        await test(Suite(), kind(honest, change))
