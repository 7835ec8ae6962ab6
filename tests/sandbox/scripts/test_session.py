"""A run of a script over several runtimes: nothing happens twice, and what cannot be known is said."""

from __future__ import annotations

from collections.abc import AsyncIterator

import msgspec
import pytest

from cambrian.core.effect import EffectState
from cambrian.core.errors import SandboxError
from cambrian.core.ids import RunId
from cambrian.core.limits import Limits
from cambrian.core.script import Script
from cambrian.core.tool import Tool
from cambrian.journal.crashpoints import arm
from cambrian.journal.kernel import Run
from cambrian.journal.ledger import CONCLUDED, INTENDED
from cambrian.journal.memory import MemoryStore
from cambrian.sandbox.scripts.driven import Driver
from cambrian.sandbox.scripts.facts import Ended, Opened
from cambrian.sandbox.scripts.port import ScriptRuntime, Terms
from cambrian.sandbox.scripts.recovery import recover
from cambrian.sandbox.scripts.runtime import DrivenRuntime
from cambrian.sandbox.scripts.session import Candidate, ScriptSession
from cambrian.testing.clock import ManualClock

from .toy import Counter, toy

LIMITS = Limits(wall=5.0, cpu=5.0, memory=64 * 2**20, disk=2**20)
TWO_THEN_GAP = """
import sys
def main():
    a = yield [("add", 1, 2)]
    b = yield [("add", a[0]["value"], 10), ("add", 5, 5)]
    WEAK
    c = yield [("add", b[0]["value"], 100)]
    return c[0]["value"]
"""
WEAK = TWO_THEN_GAP.replace("WEAK", "raise NotImplementedError('import:statistics')")
STRONG = TWO_THEN_GAP.replace("WEAK", "pass")


class World:
    """A store, a clock, tools, and runtimes that are closed in the end."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.clock = ManualClock()
        self.tools = Counter()
        self.runtimes: list[DrivenRuntime] = []

    def candidate(self, name: str, driver: Driver | None = None) -> Candidate:
        runtime = DrivenRuntime(driver or toy(name), workers=1, limits=LIMITS)
        self.runtimes.append(runtime)

        async def start() -> ScriptRuntime:
            return runtime

        return Candidate(name, ("because",), start)

    async def run(self, code: str, *route: Candidate, name: str = "r-1", most: int = 1000) -> Ended:
        opened = Opened(
            script=Script(code=code, language="python"), limits=LIMITS, terms=Terms(seed=1, now=1.0),
            tools=self.tools.tools(), most_calls=most,
        )  # fmt: skip
        run = await Run.create(
            self.store, kind="execution", data=opened, clock=self.clock, holder="test", run=RunId(name)
        )
        session = ScriptSession(opened, self.tools, run, self.clock, run=name)
        try:
            return await session.run(route)
        finally:
            await run.aclose()

    async def events(self, *types: str, name: str = "r-1") -> list[dict[str, object]]:
        found = [event async for event in self.store.read(RunId(name), types=types)]
        return [msgspec.json.decode(event.data, type=dict[str, object]) for event in found]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    made = World()
    yield made
    for runtime in made.runtimes:
        await runtime.aclose()


def swapped(text: str) -> Driver:
    """A driver whose engine lacks nothing: what is a gap for the weak one is passed over."""
    return toy("strong", text=toy().files["driver.py"].replace('request["code"]', f'request["code"].replace({text})'))


STRONGER = """"raise NotImplementedError('import:statistics')", "pass" """


async def test_a_script_that_needs_no_other_runtime(world: World) -> None:
    ended = await world.run(STRONG, world.candidate("toy"))
    assert (ended.status, ended.value, ended.calls, ended.runtime) == ("ok", 113, 4, "toy")
    assert ended.stdout == "...."
    assert len(world.tools.made) == 4
    assert len(await world.events(INTENDED)) == len(await world.events(CONCLUDED)) == 4


async def test_escalation_makes_no_call_twice(world: World) -> None:
    ended = await world.run(WEAK, world.candidate("toy"), world.candidate("strong", swapped(STRONGER)))
    assert (ended.status, ended.value, ended.runtime) == ("ok", 113, "strong")
    assert [args for _, args, _ in world.tools.made] == [[1, 2], [3, 10], [5, 5], [13, 100]]
    assert len({key for _, _, key in world.tools.made}) == 4
    left = (await world.events("execution.left"))[0]
    assert (left["runtime"], left["gap"]) == ("toy", "import:statistics")
    attempts = await world.events("execution.attempted")
    assert [(each["runtime"], each.get("recorded", 0)) for each in attempts] == [("toy", 0), ("strong", 3)]


async def test_no_runtime_can(world: World) -> None:
    ended = await world.run(WEAK, world.candidate("toy"))
    assert (ended.status, ended.detail) == ("gap", "toy: import:statistics")
    assert (await world.run("", name="r-2")).status == "gap"


async def test_a_failure_of_the_machinery_goes_on_to_the_next_runtime(world: World) -> None:
    async def broken() -> ScriptRuntime:
        raise SandboxError("no jail today")

    ended = await world.run(STRONG, Candidate("broken", (), broken), world.candidate("toy"))
    assert (ended.status, ended.value) == ("ok", 113)
    assert (await world.events("execution.left"))[0]["failure"] is True


async def test_a_worker_that_dies_does_not_escalate(world: World) -> None:
    dies = toy(text="import os\ndef step(request): os._exit(1)\n")
    ended = await world.run(STRONG, world.candidate("toy", dies), world.candidate("other"))
    assert (ended.status, ended.runtime) == ("error", "toy")


async def test_a_different_call_on_the_next_runtime_is_not_made(world: World) -> None:
    text = """"raise NotImplementedError('import:statistics')", "pass").replace("1, 2", "7, 7" """
    ended = await world.run(WEAK, world.candidate("toy"), world.candidate("strong", swapped(text)))
    assert ended.status == "diverged"
    assert "add(7, 7)" in ended.detail
    assert "add(1, 2)" in ended.detail
    assert len(world.tools.made) == 3


async def test_recorded_calls_that_nobody_asks_for_are_a_divergence_too(world: World) -> None:
    text = """"    a = yield", "    return 1\\n    a = yield" """
    ended = await world.run(WEAK, world.candidate("toy"), world.candidate("strong", swapped(text)))
    assert (ended.status, ended.detail) == ("diverged", "3 recorded calls not made")


async def test_too_many_calls(world: World) -> None:
    code = "def main():\n    while True:\n        yield [('add', 1)]\n"
    ended = await world.run(code, world.candidate("toy"), most=5)
    assert (ended.status, ended.detail) == ("denied", "more than 5 tool calls")
    assert len(world.tools.made) == 5


async def test_refused_and_denied_calls_are_answers(world: World) -> None:
    world.tools = Counter(Tool(name="add"), Tool(name="send", approval=True))
    code = "def main():\n    x = yield [('rm', 1), ('send', 2)]\n    return [each['error'] for each in x]\n"
    ended = await world.run(code, world.candidate("toy"))
    assert ended.value == ["no tool 'rm'", "send is not allowed"]
    assert world.tools.made == []
    assert [each["state"] for each in await world.events(CONCLUDED)] == [EffectState.DENIED.value]


async def test_read_only_calls_need_no_intent_and_are_on_record_all_the_same(world: World) -> None:
    world.tools = Counter(Tool(name="add", read_only=True))
    ended = await world.run(STRONG, world.candidate("toy"))
    assert (ended.value, len(world.tools.made)) == (113, 4)
    assert await world.events(INTENDED) == []
    assert len(await world.events("execution.answered")) == 4


class Died(BaseException):
    """Stands for a kill: nothing after it happens."""


async def killed_at(world: World, label: str, count: int) -> None:
    """Run until a crash point is passed for the n-th time, then let the run be as it is there."""
    seen = 0

    def hook(passed: str) -> None:
        nonlocal seen
        seen += passed == label
        if passed == label and seen == count:
            raise Died

    arm(hook)
    with pytest.raises((Died, BaseExceptionGroup)):
        await world.run(STRONG, world.candidate("toy"))
    seen = -(10**9)  # the hook stays for the rest of the process


@pytest.mark.parametrize("label", ["scripts.call.intended", "scripts.call.invoked", "scripts.call.concluded"])
@pytest.mark.parametrize("count", [1, 4])
@pytest.mark.parametrize("idempotent", [True, False])
async def test_after_a_kill_nothing_is_done_twice(world: World, label: str, count: int, idempotent: bool) -> None:
    world.tools = Counter(Tool(name="add", idempotent=idempotent))
    await killed_at(world, label, count)
    before = len(world.tools.made)
    run = await Run.resume(world.store, RunId("r-1"), clock=world.clock, holder="test")
    recovered = await recover(run)
    opened = msgspec.json.decode(run.data, type=Opened)
    session = ScriptSession(
        opened, world.tools, run, world.clock, run="r-1", record=recovered.record, unknown=recovered.unknown
    )
    ended = await session.run([world.candidate("toy")])
    await run.aclose()
    unknown = label != "scripts.call.concluded"
    if idempotent or not unknown:
        assert (ended.status, ended.value) == ("ok", 113)
        keys = [key for _, _, key in world.tools.made]
        assert len(set(keys)) == 4
        assert len(keys) == 4 + (label == "scripts.call.invoked")
    else:
        assert len(ended.unknown) == 1
        assert ended.status == "error" or before == len(world.tools.made)
        keys = [key for _, _, key in world.tools.made]
        assert len(set(keys)) == len(keys)


async def test_a_call_made_again_after_a_kill_is_on_record_once_when_the_runtime_is_left(world: World) -> None:
    world.tools = Counter(Tool(name="add", idempotent=True))
    await killed_at(world, "scripts.call.invoked", 2)
    run = await Run.resume(world.store, RunId("r-1"), clock=world.clock, holder="test")
    recovered = await recover(run)
    opened = msgspec.structs.replace(
        msgspec.json.decode(run.data, type=Opened), script=Script(code=WEAK, language="python")
    )
    session = ScriptSession(opened, world.tools, run, world.clock, run="r-1", record=recovered.record)
    ended = await session.run([world.candidate("toy"), world.candidate("strong", swapped(STRONGER))])
    await run.aclose()
    assert (ended.status, ended.value, ended.runtime) == ("ok", 113, "strong")
    assert len({key for _, _, key in world.tools.made}) == 4
    assert len(world.tools.made) == 5, "the one that may have happened, and no other, is repeated"


async def test_what_a_script_says_does_not_decide_how_it_ended(world: World) -> None:
    text = """"raise NotImplementedError('import:statistics')", "pass").replace("1, 2", "'tool calls'" """
    ended = await world.run(WEAK, world.candidate("toy"), world.candidate("strong", swapped(text)))
    assert (ended.status, "tool calls" in ended.detail) == ("diverged", True)
