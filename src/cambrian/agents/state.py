"""`AgentState`: an agent, folded from the facts of its journal. Pure: no I/O, and no decision of its own.

The same fold runs while an agent lives and when it is taken up again, so that there is no second truth.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from cambrian.core.effect import EffectId, EffectState
from cambrian.core.errors import StoreDamaged
from cambrian.core.event import Event
from cambrian.core.message import Message, ToolCall, ToolResult
from cambrian.journal.ledger import INTENDED, STARTED, Intended, Started

from .context import weight
from .facts import (
    TYPES,
    AgentFact,
    Asked,
    Compressed,
    Decided,
    Done,
    Failed,
    Moved,
    Resulted,
    Said,
    Sent,
    Taken,
    TakenUp,
)
from .machine import Breakpoint, IllegalMove, Stage, check_moves, least_advanced

__all__ = ["AgentState", "CallState", "Spent", "call_of", "effect_of"]

_CALL = "call "

_DECODERS = {name: msgspec.json.Decoder(kind) for name, kind in TYPES.items()}


@dataclass(slots=True)
class CallState:
    """A call of the present round.

    Args:
        call: what the model asked for.
        stage: how far it is.
        unknown: a crash has interrupted it; nobody knows whether it happened.
        allowed_by: who allowed it, if somebody was asked.
        result: once it is over.
    """

    call: ToolCall
    stage: Stage = Stage.PENDING
    unknown: bool = False
    allowed_by: str = ""
    result: ToolResult | None = None


@dataclass(slots=True)
class Spent:
    """What an agent's models have cost.

    Args:
        usd: known prices, and for answers of which nobody knows whether they came, the most that they can have cost.
        bounded: how much of it is such an upper bound.
        unpriced: answers whose price nobody knows.
        input: tokens.
        output: tokens.
    """

    usd: float = 0.0
    bounded: float = 0.0
    unpriced: int = 0
    input: int = 0
    output: int = 0


@dataclass(slots=True)
class AgentState:
    """Where an agent is.

    Args:
        messages: its history; what waits in `waiting` is not in it yet.
        waiting: messages that have arrived since the last turn began.
        round: the calls of the last answer, by id, in the order asked, until all are over.
        breakpoint: where it stands.
        answers: that models have given.
        spent: on models.
        hidden: so many of the oldest messages are not shown to models any more.
        summary: what they are shown in their place.
        weights: of all messages, in tokens, about.
        shown: weight of what models are shown.
        last: why it last came to rest.
    """

    messages: list[Message] = field(default_factory=list[Message])
    waiting: list[Message] = field(default_factory=list[Message])
    round: dict[str, CallState] = field(default_factory=dict[str, CallState])
    breakpoint: Breakpoint = Breakpoint.READY
    answers: int = 0
    spent: Spent = field(default_factory=Spent)
    hidden: int = 0
    summary: str = ""
    weights: list[int] = field(default_factory=list[int])
    shown: int = 0
    last: str = ""
    early: set[str] = field(default_factory=set[str])
    """Calls whose effect is on record just before the answer that asks for them: both come in one transaction."""

    @property
    def due(self) -> bool:
        """Whether a model has to be asked: somebody spoke, or results are there, and no call is open."""
        return not self.open and (bool(self.waiting) or (bool(self.messages) and self.messages[-1].role == "user"))

    @property
    def open(self) -> list[CallState]:
        """Calls that are not over."""
        return [each for each in self.round.values() if each.stage is not Stage.DONE]

    @property
    def asking(self) -> list[CallState]:
        """Calls that a person has to decide about."""
        return [each for each in self.round.values() if each.stage is Stage.AWAITING]

    @property
    def standing(self) -> Breakpoint:
        """Where the calls of this round have it stand."""
        return least_advanced(each.stage for each in self.round.values())

    def replay(self, event: Event) -> None:
        """Take a recorded event in; those of other types are passed over.

        Raises:
            StoreDamaged: it cannot follow what is before.
        """
        try:
            if event.type in TYPES:
                self.take(_DECODERS[event.type].decode(event.data))
            elif event.type in (INTENDED, STARTED):
                self._replay_effect(event)
        except (IllegalMove, KeyError, msgspec.ValidationError) as error:
            raise StoreDamaged(f"event {event.seq} of agent {event.run!r} cannot follow: {error}") from error

    def _replay_effect(self, event: Event) -> None:
        if event.type == STARTED:
            self.begun(msgspec.json.decode(event.data, type=Started).effect)
            return
        intended = msgspec.json.decode(event.data, type=Intended)
        if intended.state is EffectState.EXECUTING:
            self.begun(intended.intent.effect)

    def take(self, record: AgentFact) -> None:
        """Take a record in.

        Raises:
            IllegalMove: a move that the table does not have.
            KeyError: a call that is not of this round.
        """
        _TAKES[type(record)](self, record)

    def begun(self, effect: EffectId) -> None:
        """An effect is executing; those that are no calls are passed over."""
        call = call_of(effect)
        if call in self.round:
            self.round[call].stage = Stage.EXECUTING
        elif call:
            self.early.add(call)


def effect_of(call: str) -> EffectId:
    """The effect of a call."""
    return EffectId(f"{_CALL}{call}")


def call_of(effect: EffectId) -> str:
    """The call of an effect; "" if it is none."""
    return effect.removeprefix(_CALL) if effect.startswith(_CALL) else ""


def _add(state: AgentState, message: Message) -> None:
    state.messages.append(message)
    state.weights.append(weight(message))
    state.shown += state.weights[-1]


def _compress(state: AgentState, compressed: Compressed) -> None:
    state.hidden, state.summary, state.shown = compressed.hidden, compressed.summary, compressed.after


def _send(state: AgentState, sent: Sent) -> None:
    state.waiting.append(sent.message)


def _begin(state: AgentState, taken: Taken) -> None:
    for message in state.waiting[: taken.messages]:
        _add(state, message)
    del state.waiting[: taken.messages]


def _move(state: AgentState, moved: Moved) -> None:
    state.breakpoint = check_moves(state.breakpoint, moved.to)


def _ask(state: AgentState, asked: Asked) -> None:
    each = state.round[asked.call]
    each.stage, each.unknown = Stage.AWAITING, asked.why == "unknown"


def _rest(state: AgentState, done: Done) -> None:
    state.last = done.reason


def _fail(state: AgentState, failed: Failed) -> None:
    state.last = "failed"
    _bound(state, failed.usd)


def _take_up(state: AgentState, taken_up: TakenUp) -> None:
    _bound(state, taken_up.usd)


def _say(state: AgentState, said: Said) -> None:
    _add(state, said.message)
    state.round = {
        call.id: CallState(call, Stage.EXECUTING if call.id in state.early else Stage.PENDING)
        for call in said.message.calls
    }
    state.early.clear()
    state.answers += 1
    state.spent.usd += said.usd or 0.0
    state.spent.unpriced += said.usd is None
    if said.tokens is not None:
        state.spent.input += said.tokens.input
        state.spent.output += said.tokens.output


def _bound(state: AgentState, usd: float | None) -> None:
    state.spent.usd += usd or 0.0
    state.spent.bounded += usd or 0.0


def _decide(state: AgentState, decided: Decided) -> None:
    each = state.round[decided.call]
    each.allowed_by = decided.by or "somebody"
    if decided.allow:
        each.stage = Stage.ALLOWED


def _result(state: AgentState, resulted: Resulted) -> None:
    result = resulted.result
    each = state.round[result.call]
    each.stage, each.result = Stage.DONE, result
    if not state.open:
        results = [call.result for call in state.round.values() if call.result is not None]
        _add(state, Message(role="user", parts=tuple(results)))
        state.round = {}


_TAKES: dict[type[AgentFact], Callable[[AgentState, Any], None]] = {
    Sent: _send,
    Taken: _begin,
    Said: _say,
    Moved: _move,
    Asked: _ask,
    Decided: _decide,
    Resulted: _result,
    Done: _rest,
    Compressed: _compress,
    Failed: _fail,
    TakenUp: _take_up,
}
