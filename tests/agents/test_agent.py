"""An agent of a scripted model: what it does, what it writes down, and what it says of it."""

from __future__ import annotations

import anyio
import msgspec
import pytest

from cambrian.agents.facts import Moved
from cambrian.agents.machine import Breakpoint, check_moves
from cambrian.agents.template import Allowance, Template
from cambrian.core.errors import UsageError
from cambrian.core.event import Event
from cambrian.core.ids import RunId
from cambrian.core.message import dangling
from cambrian.core.model import Chunk, ModelError
from cambrian.testing.models import calls, says

from .conftest import Bench

pytestmark = pytest.mark.anyio


async def test_it_answers(bench: Bench) -> None:
    agent = await bench.agent(says("Good day."))
    outcome = await agent.complete("Hello")
    assert (outcome.rest, outcome.text, outcome.asking) == ("completed", "Good day.", ())
    assert [message.text for message in agent.state.messages] == ["Hello", "Good day."]
    assert agent.state.breakpoint is Breakpoint.READY
    assert agent.state.spent.usd == pytest.approx(0.001)


async def test_it_uses_tools_and_sees_what_they_gave(bench: Bench) -> None:
    agent = await bench.agent(calls(("send", {"to": "Ann"}), ("look", {"name": "Bo"})), says("Done."))
    outcome = await agent.complete("Write to Ann")
    assert outcome.text == "Done."
    said, results = bench.models[0].requests[1].messages[1:]
    assert [call.id for call in said.calls] == [result.call for result in results.results]
    assert len({call.id for call in said.calls}) == 2, "the provider gave both the same id"
    assert [result.value for result in results.results] == ["sent to Ann", "Bo is there"]
    assert [deed for deed, _ in bench.world.deeds] == ["send"]


async def test_its_moves_are_those_of_the_table(bench: Bench) -> None:
    agent = await bench.agent(calls(("send", {"to": "a"})), calls(("pay", {"usd": 1})), says("Done."))
    await agent.complete("Go on")
    await agent.approve(agent.state.asking[0].call.id)
    assert (await agent.work()).rest == "completed"
    at, seen = Breakpoint.READY, set[Breakpoint]()
    async for event in bench.store.read(agent.id, types=["agent.moved"]):
        to = msgspec.json.decode(event.data, type=Moved).to
        at = check_moves(at, to)
        seen.update(to)
    assert at is Breakpoint.READY
    assert seen == set(Breakpoint)


async def test_a_step_takes_two_transactions(bench: Bench) -> None:
    agent = await bench.agent(*[calls(("put", {"name": str(number)})) for number in range(5)], says("Done."))
    await agent.complete("Go on")
    kinds = [event.type async for event in bench.store.read(agent.id)]
    assert kinds.count("effect.intended") == 11
    for place, kind in enumerate(kinds):
        if kind == "agent.resulted":
            assert kinds[place - 1] in ("effect.intended", "effect.concluded"), "with the turn that follows"


async def test_a_wrong_call_goes_back_to_the_model(bench: Bench) -> None:
    wrong = calls(("send", {"too": "Ann"}), ("nothing", {}), ("fail", {"why": "no ink"}))
    agent = await bench.agent(wrong, says("Sorry."))
    assert (await agent.complete("Go on")).text == "Sorry."
    first, second, third = bench.models[0].requests[1].messages[-1].results
    assert (first.problem, second.problem, third.problem) == ("invalid", "invalid", "failed")
    assert "no parameter 'too'" in first.error
    assert "nothing" in second.error
    assert "no ink" in third.error
    assert bench.world.deeds == []


async def test_a_call_waits_for_its_approval(bench: Bench) -> None:
    agent = await bench.agent(calls(("pay", {"usd": 5}), ("look", {"name": "a"})), says("Paid."))
    outcome = await agent.complete("Pay")
    assert outcome.rest == "paused"
    assert agent.state.breakpoint is Breakpoint.AWAITING_APPROVAL
    assert bench.world.deeds == []
    with pytest.raises(UsageError, match="waiting: c1"):
        await agent.approve("c9.9")
    await agent.approve(outcome.asking[0], by="Ann")
    assert (await agent.work()).text == "Paid."
    assert [deed for deed, _ in bench.world.deeds] == ["pay"]


async def test_a_denied_call_never_runs_and_the_model_is_told(bench: Bench) -> None:
    agent = await bench.agent(calls(("pay", {"usd": 5})), says("I see."))
    outcome = await agent.complete("Pay")
    await agent.deny(outcome.asking[0], by="Ann", note="too much")
    assert (await agent.work()).text == "I see."
    (result,) = bench.models[0].requests[1].messages[-1].results
    assert (result.problem, result.error) == ("denied", "too much")
    assert bench.world.deeds == []


async def test_a_passing_failure_is_tried_again(bench: Bench) -> None:
    busy = ModelError("rate_limit", "slow down", after=7.0)
    agent = await bench.agent(busy, busy, says("At last."))
    assert (await agent.complete("Hello")).text == "At last."
    assert len(bench.models[0].requests) == 3
    assert agent.state.spent.usd == pytest.approx(0.001), "failed calls cost nothing"


async def test_a_lasting_failure_is_told_and_the_next_message_tries_again(bench: Bench) -> None:
    agent = await bench.agent(ModelError("auth", "who are you?"), says("Now I know."))
    assert (await agent.complete("Hello")).rest == "failed"
    assert agent.state.breakpoint is Breakpoint.READY
    assert (await agent.complete("Still there?")).text == "Now I know."
    assert [message.text for message in bench.models[0].requests[1].messages] == ["Hello", "Still there?"]


async def test_messages_that_come_meanwhile_wait_for_the_next_turn(bench: Bench) -> None:
    agent = await bench.agent(calls(("wait", {"name": "x"})), says("First."), says("Second."))
    async with anyio.create_task_group() as group:
        group.start_soon(agent.complete, "Begin")
        await bench.world.begun.wait()
        await agent.send("And this")
        bench.world.gate.set()
    assert [message.text for message in bench.models[0].requests[1].messages] == ["Begin", "", "", "And this"]
    assert agent.state.messages[-1].text == "First."


async def test_an_interruption_answers_every_open_call(bench: Bench) -> None:
    template = Template(name="narrow", allowance=Allowance(at_once=1))
    wanted = calls(("wait", {"name": "x"}), ("send", {"to": "a"}), ("pay", {"usd": 1}))
    agent = await bench.agent(wanted, says("Fine."), template=template)
    async with anyio.create_task_group() as group:
        group.start_soon(agent.complete, "Begin")
        await bench.world.begun.wait()
        await agent.interrupt("enough")
    assert agent.state.last == "interrupted"
    assert not dangling(agent.state.messages)
    assert [result.problem for result in agent.state.messages[-1].results] == ["unknown", "cancelled", "cancelled"]
    assert agent.state.breakpoint is Breakpoint.READY
    assert (await agent.complete("Go on")).text == "Fine."


async def test_an_interruption_of_one_that_rests_swallows_nothing(bench: Bench) -> None:
    agent = await bench.agent(says("Here."))
    await agent.interrupt()
    assert (await agent.complete("Hello")).text == "Here."


async def test_time_and_answers_are_limited(bench: Bench) -> None:
    short = Template(name="short", allowance=Allowance(working=0.05))
    agent = await bench.agent(calls(("wait", {"name": "x"})), template=short)
    assert (await agent.complete("Begin")).rest == "interrupted"
    few = Template(name="few", allowance=Allowance(answers=3))
    agent = await bench.agent(calls(("look", {"name": "x"})), template=few)
    assert (await agent.complete("Begin")).rest == "limit"
    assert len(bench.models[-1].requests) == 3


async def test_streaming_shows_everything_once_and_in_order(bench: Bench) -> None:
    agent = await bench.agent(calls(("send", {"to": "Ann"}), text="I will"), says("All done."))
    seen = [each async for each in agent.stream("Write")]
    events = [each for each in seen if isinstance(each, Event)]
    assert [event.seq for event in events] == list(range(1, events[-1].seq + 1))
    assert events[-1].seq == agent.seq
    assert [each.text for each in seen if isinstance(each, Chunk)] == ["I", "will", "All", "done."]


async def test_who_stops_listening_interrupts(bench: Bench) -> None:
    agent = await bench.agent(calls(("wait", {"name": "x"})), says("Fine."))
    async for each in agent.stream("Begin"):
        if bench.world.begun.is_set():
            assert each
            break
    await anyio.sleep(0.01)
    assert not dangling(agent.state.messages)


async def test_a_fork_goes_its_own_way(bench: Bench) -> None:
    agent = await bench.agent(calls(("send", {"to": "a"})), says("One."), says("Two."))
    await agent.complete("Begin")
    seq = agent.seq
    parts = bench.parts([says("Another two.")])
    fork = await agent.fork(run=RunId("r-fork"), clock=bench.clock, holder="me", parts=parts)
    async with fork:
        assert (await fork.complete("More")).text == "Another two."
        assert agent.seq == seq
        assert [message.text for message in fork.state.messages[:4]] == ["Begin", "", "", "One."]
    assert (await agent.complete("More")).text == "Two."
    assert [deed for deed, _ in bench.world.deeds] == ["send"]


async def test_only_safe_points_are_forked(bench: Bench) -> None:
    agent = await bench.agent(calls(("pay", {"usd": 1})), says("One."))
    await agent.complete("Begin")
    with pytest.raises(UsageError, match="is no safe point to fork at; take"):
        await agent.fork(run=RunId("r-f"), clock=bench.clock, holder="me", at=agent.seq)


async def test_empty_messages_and_unknown_modes_are_refused(bench: Bench) -> None:
    agent = await bench.agent(says("Hello."))
    with pytest.raises(UsageError, match="the message is empty"):
        await agent.send("  ")
    with pytest.raises(UsageError, match="no permission mode 'yolo'"):
        await bench.agent(says("x"), template=msgspec.convert({"name": "x", "permission": {"mode": "yolo"}}, Template))
