"""What an agent's journal holds, besides the kernel's own events. Records only.

A call's truth is its effect in the kernel's ledger; the facts here say the rest: words, decisions, results, moves.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from cambrian.core.event import Channel, Fact, fact
from cambrian.core.message import Message, ToolResult
from cambrian.core.model import Tokens

from .machine import Breakpoint

__all__ = [
    "TYPES", "Asked", "Compressed", "Decided", "Done", "Failed", "Moved", "Resulted", "Said", "Sent", "Taken",
    "TakenUp", "told",
]  # fmt: skip


class Sent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A message for the agent has arrived. It waits for the next turn."""

    message: Message


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A turn has begun: so many of the messages that waited belong to the history from now on."""

    messages: int


class Said(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The model has answered; what it said, and what it cost.

    Args:
        message: with the calls' ids made unique.
        tokens: `None`: its provider did not say.
        usd: what it cost, if known.
        model: which one, in the provider's words.
    """

    message: Message
    tokens: Tokens | None = None
    usd: float | None = None
    model: str = ""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A person has to decide about a call.

    Args:
        call: its id.
        why: ``"permission"``: it has not begun; ``"unknown"``: a crash has interrupted it, and it may have happened.
        reason: one line for people.
    """

    call: str
    why: Literal["permission", "unknown"]
    reason: str = ""


class Decided(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody has decided about a call.

    Args:
        call: its id.
        allow: let it happen; of an unknown one: let it happen again, under the same key.
        by: who.
        note: for the model, if it is denied.
    """

    call: str
    allow: bool
    by: str = ""
    note: str = ""


class Resulted(msgspec.Struct, frozen=True, kw_only=True):
    """A call is over."""

    result: ToolResult


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """The agent has moved, through these breakpoints to the last of them."""

    to: tuple[Breakpoint, ...]


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """There is nothing left to do, or somebody said so."""

    reason: Literal["completed", "interrupted", "length", "filtered", "limit"]


class Compressed(msgspec.Struct, frozen=True, kw_only=True):
    """From now on models are shown less of the history. All of it is kept.

    Args:
        hidden: so many of the oldest messages are left out.
        summary: stands in their place.
        before: tokens that a request had, about.
        after: that it has, the summary included.
    """

    hidden: int
    summary: str
    before: int
    after: int


class Failed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A turn came to nothing. The history is as it was; the next message tries again.

    Args:
        phase: where.
        cause: in a word, as `core.model.ModelError` names them.
        detail: for people, without keys.
        usd: most that it may have cost, if that is known.
    """

    phase: Literal["model", "hook", "system"]
    cause: str
    detail: str = ""
    usd: float | None = None


class TakenUp(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The agent was taken up again: what became of the calls that were under way.

    Args:
        again: ids of those that run again, under the same key.
        sealed: of those that never will.
        asked: of those that a person is asked about.
        settled: of those that were found to have happened, or not, by asking the world.
        usd: most that model calls under way may have cost: nobody knows whether they were answered.
    """

    again: tuple[str, ...] = ()
    sealed: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    settled: tuple[str, ...] = ()
    usd: float | None = None


AgentFact = Sent | Taken | Said | Asked | Decided | Resulted | Moved | Done | Compressed | Failed | TakenUp

_NAMES: dict[type[AgentFact], tuple[str, Channel]] = {
    Sent: ("agent.sent", "progress"),
    Taken: ("agent.taken", "progress"),
    Said: ("agent.said", "progress"),
    Resulted: ("agent.resulted", "progress"),
    Done: ("agent.done", "progress"),
    Asked: ("agent.asked", "control"),
    Decided: ("agent.decided", "control"),
    Moved: ("agent.moved", "monitor"),
    Compressed: ("agent.compressed", "monitor"),
    Failed: ("agent.failed", "monitor"),
    TakenUp: ("agent.taken_up", "monitor"),
}
TYPES: dict[str, type[AgentFact]] = {name: kind for kind, (name, _) in _NAMES.items()}
"""Event type → its record."""


def told(record: AgentFact) -> Fact:
    """A record as a fact, on its channel."""
    name, channel = _NAMES[type(record)]
    return fact(name, record, channel=channel)
