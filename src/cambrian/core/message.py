"""`Message`: what people, models and tools say to each other, in parts. One form for all providers.

A `ToolCall` stands in an assistant's message; its `ToolResult` stands in the user's message that follows, in the order
of the calls. A call without a result is *dangling*: every provider refuses such a history, so none is ever sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

__all__ = ["Message", "Part", "Reasoning", "Text", "ToolCall", "ToolResult", "dangling", "say"]

Problem = Literal["", "invalid", "denied", "failed", "timeout", "cancelled", "unknown"]
"""Why a call has no value. ``unknown``: it had begun when its process died, and nobody knows whether it happened."""


class Text(msgspec.Struct, frozen=True, tag="text", tag_field="kind"):
    """Words."""

    text: str


class Reasoning(msgspec.Struct, frozen=True, tag="reasoning", tag_field="kind", omit_defaults=True):
    """What a model thought before it spoke.

    Args:
        text: its words; may be empty where a provider keeps them to itself.
        signature: what the provider wants back unchanged with the next request.
        provider: whose it is: others are not sent it.
    """

    text: str
    signature: str = ""
    provider: str = ""


class ToolCall(msgspec.Struct, frozen=True, tag="call", tag_field="kind"):
    """A model wants a tool to be called.

    Args:
        id: unique in the agent's history; providers' own ids need not be, so they are renamed on arrival.
        tool: its name.
        input: arguments by name. From a model: nothing in it is checked but its shape.
    """

    id: str
    tool: str
    input: dict[str, object]


class ToolResult(msgspec.Struct, frozen=True, tag="result", tag_field="kind", omit_defaults=True):
    """What a call gave. Data from outside: it decides nothing by what it says.

    Args:
        call: the call's id.
        value: the result, a JSON value, if there is no problem.
        problem: why there is none.
        error: the problem in words, for the model.
    """

    call: str
    value: object = None
    problem: Problem = ""
    error: str = ""


Part = Text | Reasoning | ToolCall | ToolResult


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One side's turn.

    Args:
        role: ``user`` is whoever is not the model: a person, or the results of tools.
        parts: at least one.
    """

    role: Literal["user", "assistant"]
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """All words in it."""
        return "".join(part.text for part in self.parts if isinstance(part, Text))

    @property
    def calls(self) -> tuple[ToolCall, ...]:
        """The calls that it asks for."""
        return tuple(part for part in self.parts if isinstance(part, ToolCall))

    @property
    def results(self) -> tuple[ToolResult, ...]:
        """The results that it brings."""
        return tuple(part for part in self.parts if isinstance(part, ToolResult))


def say(text: str) -> Message:
    """A person's message."""
    return Message(role="user", parts=(Text(text),))


def dangling(messages: Sequence[Message]) -> tuple[ToolCall, ...]:
    """Calls of a history that have no result, in order."""
    answered = {result.call for message in messages for result in message.results}
    return tuple(call for call in _calls(messages) if call.id not in answered)


def _calls(messages: Iterable[Message]) -> Iterable[ToolCall]:
    return (call for message in messages for call in message.calls)
