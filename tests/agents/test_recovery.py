"""An agent whose process is gone, taken up by another: nothing lost, nothing done twice unasked, no call dangling."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

import anyio
import msgspec
import pytest

from cambrian.agents.agent import Agent, Outcome
from cambrian.agents.machine import Breakpoint
from cambrian.agents.recovery import Reconciler
from cambrian.agents.template import Allowance, Recovery, Template
from cambrian.core.errors import Fenced, UsageError
from cambrian.core.message import ToolCall, ToolResult, dangling
from cambrian.core.model import Completion
from cambrian.journal.kernel import Run
from cambrian.testing.models import ScriptedModel, calls, says

from .conftest import Bench

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def left(bench: Bench, agent: Agent, message: str) -> AsyncGenerator[None]:
    """Within, the agent is in the middle of a tool. It comes to life again at the end, as a zombie does."""

    async def work() -> None:
        with suppress(Fenced):
            await agent.complete(message)

    async with anyio.create_task_group() as group:
        group.start_soon(work)
        await bench.world.begun.wait()
        yield
        bench.world.gate.set()


def template(**recovery: Recovery) -> Template:
    return Template(name="test", recovery=recovery)


async def taken_up(
    bench: Bench, wanted: Completion, made: Template, reconciler: Reconciler | None = None
) -> tuple[Agent, Outcome]:
    """The heir of an agent that was left in the middle of a call, and how it came to rest."""
    agent = await bench.agent(wanted, says("Never said."), template=made)
    async with left(bench, agent, "Begin"):
        parts = bench.parts([says("Taken up.")], reconcilers={"wait": reconciler} if reconciler else {})
        heir = await bench.heir(agent.id, parts)
        bench.world.gate.set()
        outcome = await heir.work()
    return heir, outcome


async def seen(bench: Bench) -> list[ToolResult]:
    """The results that the heir's model was told."""
    return [result for message in bench.models[-1].requests[0].messages for result in message.results]


async def test_a_call_that_may_have_happened_is_sealed(bench: Bench) -> None:
    heir, outcome = await taken_up(bench, calls(("wait", {"name": "x"})), template())
    assert outcome.text == "Taken up."
    assert heir.taken_up is not None
    assert heir.taken_up.sealed == ("c1.0",)
    (result,) = await seen(bench)
    assert result.problem == "unknown"
    assert [deed for deed, _ in bench.world.deeds] == ["wait"]
    assert not dangling(heir.state.messages)


async def test_an_idempotent_call_runs_again_under_the_same_key(bench: Bench) -> None:
    heir, outcome = await taken_up(bench, calls(("hold", {"name": "x"})), template())
    assert outcome.text == "Taken up."
    (first, key), (second, again) = bench.world.deeds
    assert (first, second, key) == ("hold", "hold", again)
    assert (await seen(bench))[0].value == "held x"
    assert heir.taken_up is not None
    assert heir.taken_up.again == ("c1.0",)


async def test_a_person_is_asked_and_can_have_it_run_again(bench: Bench) -> None:
    heir, outcome = await taken_up(bench, calls(("wait", {"name": "x"})), template(wait="ask"))
    assert (outcome.rest, outcome.asking) == ("paused", ("c1.0",))
    assert heir.state.breakpoint is Breakpoint.AWAITING_APPROVAL
    await heir.approve("c1.0", by="Ann")
    assert (await heir.work()).text == "Taken up."
    assert [deed for deed, _ in bench.world.deeds] == ["wait", "wait"]
    assert len({key for _, key in bench.world.deeds}) == 1


async def test_a_person_is_asked_and_can_have_it_sealed(bench: Bench) -> None:
    heir, _ = await taken_up(bench, calls(("wait", {"name": "x"})), template(wait="ask"))
    await heir.deny("c1.0", note="it arrived")
    assert (await heir.work()).text == "Taken up."
    (result,) = await seen(bench)
    assert result.problem == "unknown"
    assert "it arrived" in result.error
    assert [deed for deed, _ in bench.world.deeds] == ["wait"]


async def test_the_world_is_asked(bench: Bench) -> None:
    async def happened(call: ToolCall, key: str) -> ToolResult:
        assert key.endswith(call.id)
        return ToolResult(call=call.id, value="found it")

    heir, outcome = await taken_up(bench, calls(("wait", {"name": "x"})), template(wait="reconcile"), happened)
    assert outcome.text == "Taken up."
    assert (await seen(bench))[0].value == "found it"
    assert heir.taken_up is not None
    assert heir.taken_up.settled == ("c1.0",)
    assert [deed for deed, _ in bench.world.deeds] == ["wait"]


async def test_what_did_not_happen_runs_again(bench: Bench) -> None:
    async def did_not(call: ToolCall, key: str) -> None:
        del call, key

    _, outcome = await taken_up(bench, calls(("wait", {"name": "x"})), template(wait="reconcile"), did_not)
    assert outcome.text == "Taken up."
    assert [deed for deed, _ in bench.world.deeds] == ["wait", "wait"]


async def test_if_nobody_can_find_out_a_person_is_asked(bench: Bench) -> None:
    async def broken(call: ToolCall, key: str) -> None:
        raise ConnectionError(f"{call.tool} {key}")

    _, outcome = await taken_up(bench, calls(("wait", {"name": "x"})), template(wait="reconcile"), broken)
    assert outcome.rest == "paused"
    assert [deed for deed, _ in bench.world.deeds] == ["wait"]


async def test_of_several_calls_the_finished_ones_stay_finished(bench: Bench) -> None:
    wanted = calls(("send", {"to": "a"}), ("wait", {"name": "x"}), ("pay", {"usd": 1}))
    heir, outcome = await taken_up(bench, wanted, Template(name="one by one", allowance=Allowance(at_once=1)))
    assert (outcome.rest, outcome.asking) == ("paused", ("c1.2",))
    await heir.approve("c1.2")
    assert (await heir.work()).text == "Taken up."
    assert [result.problem for result in await seen(bench)] == ["", "unknown", ""]
    assert sorted(deed for deed, _ in bench.world.deeds) == ["pay", "send", "wait"]


async def test_an_approval_survives_a_change_of_process(bench: Bench) -> None:
    agent = await bench.agent(calls(("pay", {"usd": 5})))
    outcome = await agent.complete("Pay")
    await agent.approve(outcome.asking[0])  # and its process ends before it goes on
    heir = await bench.heir(agent.id, bench.parts([says("Paid.")]))
    assert (await heir.work()).text == "Paid."
    assert [deed for deed, _ in bench.world.deeds] == ["pay"]


async def test_a_question_survives_a_change_of_process(bench: Bench) -> None:
    agent = await bench.agent(calls(("pay", {"usd": 5})))
    outcome = await agent.complete("Pay")
    heir = await bench.heir(agent.id, bench.parts([says("Paid.")]))
    assert (await heir.work()).rest == "paused"
    await heir.approve(outcome.asking[0])
    assert (await heir.work()).text == "Paid."


async def test_a_zombie_cannot_write(bench: Bench) -> None:
    agent = await bench.agent(says("One."))
    await agent.complete("Begin")
    heir = await bench.heir(agent.id, bench.parts([says("Two.")]))
    with pytest.raises(Fenced):
        await agent.complete("More")
    assert (await heir.complete("More")).text == "Two."


async def test_a_model_call_under_way_counts_with_its_bound(bench: Bench) -> None:
    slow = ScriptedModel([says("Never said.")], pause=60.0)
    agent = await bench.create(msgspec.structs.replace(bench.parts([says("x")]), model=slow))
    work = asyncio.create_task(agent.complete("Hello"))
    while not slow.requests:
        await asyncio.sleep(0)
    heir = await bench.heir(agent.id, bench.parts([says("Here.")]))
    work.cancel()
    with pytest.raises((Fenced, asyncio.CancelledError)):
        await work
    assert (heir.state.spent.usd, heir.state.spent.bounded) == (0.01, 0.01)
    assert (await heir.work()).text == "Here."
    assert heir.state.spent.usd == pytest.approx(0.011)


async def test_sequence_numbers_have_no_gap_and_no_double(bench: Bench) -> None:
    heir, _ = await taken_up(bench, calls(("wait", {"name": "x"}), ("hold", {"name": "y"})), template())
    numbers = [event.seq async for event in bench.store.read(heir.id)]
    assert numbers == list(range(1, len(numbers) + 1))


async def test_the_fold_of_the_journal_is_the_state_that_lived(bench: Bench) -> None:
    wanted = calls(("pay", {"usd": 1}), ("send", {"to": "a"}), ("nothing", {}))
    agent = await bench.agent(wanted, calls(("look", {"name": "b"})), says("Done."))
    outcome = await agent.complete("Begin")
    await agent.approve(outcome.asking[0])
    await agent.work()
    heir = await bench.heir(agent.id, bench.parts([says("More.")]))
    assert heir.state == agent.state


async def test_other_runs_are_no_agents(bench: Bench) -> None:
    from cambrian.core.ids import RunId

    run = await Run.create(bench.store, kind="search", data={}, clock=bench.clock, holder="me", run=RunId("r-s"))
    await run.aclose()
    with pytest.raises(UsageError, match="a run of kind 'search', no agent"):
        await bench.heir(run.id, bench.parts([says("x")]))
