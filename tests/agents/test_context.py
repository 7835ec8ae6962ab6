"""Long histories: cut where no call is parted from its result, and only as far as a model is shown."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.agents.agent import Agent
from cambrian.agents.context import Context, Summarise, cut, cuts, extract, shown, weight
from cambrian.agents.template import Template
from cambrian.core.errors import UsageError
from cambrian.core.message import Message, Text, ToolCall, ToolResult, dangling, say
from cambrian.core.model import Request
from cambrian.testing.models import calls, says

from .conftest import Bench


@st.composite
def histories(draw: st.DrawFn) -> list[Message]:
    """Turns of all forms: words, and rounds of calls with their results."""
    messages: list[Message] = []
    for turn in range(draw(st.integers(1, 12))):
        messages.append(say("words " * draw(st.integers(1, 60))))
        for number in range(draw(st.integers(0, 3))):
            names = [f"{turn}.{number}.{place}" for place in range(draw(st.integers(1, 3)))]
            asked = tuple(ToolCall(name, "look", {"x": "y" * draw(st.integers(0, 90))}) for name in names)
            messages.append(Message(role="assistant", parts=asked))
            messages.append(Message(role="user", parts=tuple(ToolResult(name, "z" * 50) for name in names)))
        messages.append(Message(role="assistant", parts=(Text("answer " * draw(st.integers(1, 40))),)))
    return [*messages, say("and now?")]


@given(histories(), st.integers(10, 800))
def test_what_is_left_has_all_its_calls_and_fits_if_anything_can(messages: list[Message], room: int) -> None:
    weights = [weight(message) for message in messages]
    place = cut(messages, weights, room)
    rest = messages[place:]
    called = {call.id for message in rest for call in message.calls}
    assert not dangling(rest)
    assert all(result.call in called for message in rest for result in message.results)
    possible = [*cuts(messages)]
    if sum(weights[place:]) > room:
        assert place == possible[-1], "nothing shorter is left"
    elif place and place != possible[0]:
        before = possible[possible.index(place) - 1]
        assert sum(weights[before:]) > room, "no more than needed is left out"


@given(histories(), st.integers(60, 2000))
def test_a_summary_keeps_to_its_room_and_to_the_latest(messages: list[Message], letters: int) -> None:
    summary = extract("", messages, letters)
    assert len(summary) <= max(letters, 60)
    again = extract(summary, [say("the very last")], max(letters, 200))
    assert again.endswith("user: the very last")
    assert again.count("Earlier in this conversation") == 1


def test_a_summary_is_one_message_with_what_follows() -> None:
    first, second = shown("Sum.", [say("Hello"), Message(role="assistant", parts=(Text("Yes"),))])
    assert (first.role, first.text, second.text) == ("user", "Sum.\n\nHello", "Yes")
    assert [each.role for each in shown("Sum.", [second])] == ["user", "assistant"]


@pytest.mark.parametrize("wrong", [{"most": 5}, {"target": 1.0}, {"summary": 0.0}, {"target": float("nan")}])
def test_senseless_shares_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises((UsageError, msgspec.ValidationError), match=r"context\.|`int`"):
        msgspec.convert(wrong, Context)


async def talk(bench: Bench, requests: int, summary: Summarise | None = None) -> tuple[list[Request], Agent]:
    """What a model was asked in a conversation that grows too long again and again."""
    template = Template(name="long", context=Context(most=400))
    made = bench.parts([*[calls(("look", {"name": "x" * 300})) for _ in range(requests)], says("Done.")])
    agent = await bench.create(msgspec.structs.replace(made, summary=summary), template)
    assert (await agent.complete("Look " * 30)).text == "Done."
    return bench.models[-1].requests, agent


async def test_a_model_is_shown_what_fits_and_nothing_is_lost(bench: Bench) -> None:
    requests, agent = await talk(bench, 20)
    sizes = [sum(map(weight, request.messages)) for request in requests]
    assert max(sizes) <= 400
    assert all(not dangling(request.messages) for request in requests)
    state = agent.state
    assert len(state.messages) == 42, "all of it is there"
    assert state.shown == pytest.approx(sizes[-1] + state.weights[-1], abs=10)
    types = [event.type async for event in bench.store.read(agent.id)]
    assert types.count("agent.compressed") >= 2
    heir = await bench.heir(agent.id, bench.parts([says("More.")]))
    assert heir.state == state


async def test_a_summary_of_ones_own(bench: Bench) -> None:
    async def mine(earlier: str, messages: Sequence[Message], letters: int) -> str:
        return f"{earlier}+{len(messages)}" * (letters > 0)

    requests, _ = await talk(bench, 12, mine)
    assert requests[-1].messages[0].text.startswith("+")


async def test_a_summary_that_raises_stops_the_turn(bench: Bench) -> None:
    async def broken(earlier: str, messages: Sequence[Message], letters: int) -> str:
        raise ConnectionError(f"{earlier}{len(messages)}{letters}")

    template = Template(name="long", context=Context(most=100))
    made = msgspec.structs.replace(bench.parts([says("Never said.")]), summary=broken)
    agent = await bench.create(made, template)
    await agent.send("Begin")
    await agent.send("x" * 1000)
    outcome = await agent.work()
    assert (outcome.rest, len(bench.models[-1].requests)) == ("failed", 0)


def test_nothing_is_left_out_of_what_cannot_be_cut() -> None:
    asked = Message(role="assistant", parts=(ToolCall("a", "look", {}),))
    given_back = Message(role="user", parts=(ToolResult("a", "x" * 9000),))
    messages = [say("Begin"), asked, given_back]
    assert cut(messages, [weight(each) for each in messages], 100) == 0
