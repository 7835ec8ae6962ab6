"""What of a long history a model is shown: a summary of the oldest part, and the rest as it is. Pure.

A history is cut only where no call is parted from its result. The whole of it stays in the journal and in the state:
a summary stands in front of what a model sees, it replaces nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence

import msgspec

from cambrian.core.checks import check_number, check_whole
from cambrian.core.errors import UsageError
from cambrian.core.message import Message, Reasoning, Text, ToolCall, ToolResult

__all__ = ["LETTERS", "Context", "Summarise", "cut", "cuts", "extract", "shown", "weight"]

Summarise = Callable[[str, Sequence[Message], int], Awaitable[str]]
"""The summary so far, messages that it does not cover yet, letters that it may have → the summary of both."""

LETTERS = 4
"""Of a token, about, in English and in code."""
_OVERHEAD = 8
"""Tokens of a message besides its words."""
_LINE = 200
"""Letters of a message in a summary at most."""


class Context(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How much of a history a model is shown.

    Args:
        most: tokens, about; when a request would have more, the oldest part is summed up.
        target: share of `most` that is left then, the summary included.
        summary: share of `target` that the summary may take.
    """

    most: int = 50_000
    target: float = 0.6
    summary: float = 0.25

    def __post_init__(self) -> None:
        check_whole("context.most", self.most, example="most=50_000", least=100)
        for name in ("target", "summary"):
            check_number(f"context.{name}", getattr(self, name), example=f"{name}=0.5")
            if getattr(self, name) >= 1:
                raise UsageError(f"context.{name} is {getattr(self, name)!r}; a share below 1 is wanted, such as 0.5")

    @property
    def left(self) -> int:
        """Tokens that are left of a history that was too long, the summary included."""
        return int(self.most * self.target)

    @property
    def letters(self) -> int:
        """Of a summary at most."""
        return int(self.left * self.summary) * LETTERS


def weight(message: Message) -> int:
    """Tokens of a message, about: nobody but its provider can count them."""
    return _OVERHEAD + sum(map(_letters, message.parts)) // LETTERS


def _letters(part: Text | Reasoning | ToolCall | ToolResult) -> int:
    if isinstance(part, Text | Reasoning):
        return len(part.text)
    given: object = part.input if isinstance(part, ToolCall) else part.value
    return len(msgspec.json.encode(given)) + (len(part.error) if isinstance(part, ToolResult) else len(part.tool))


def cuts(messages: Sequence[Message]) -> Iterator[int]:
    """Numbers of messages before which a history may be cut: it goes on with a person's words there."""
    for number, message in enumerate(messages[1:], 1):
        speaks = message.role == "user" and not message.results
        goes_on = message.role == "assistant" and bool(messages[number - 1].results)
        if speaks or goes_on:
            yield number


def cut(messages: Sequence[Message], weights: Sequence[int], room: int) -> int:
    """How many of the oldest messages to leave out so that the rest fits; 0 if there is no place to cut at.

    Args:
        messages: the history that is shown now.
        weights: of each.
        room: tokens that the rest may have. If no rest fits, the shortest that there is is taken.
    """
    rest, after = sum(weights), 0
    best = 0
    for place in cuts(messages):
        rest -= sum(weights[after:place])
        after = best = place
        if rest <= room:
            break
    return best


def shown(summary: str, messages: Sequence[Message]) -> tuple[Message, ...]:
    """What a model is shown of a history: the summary in front, in one message with what a person says next."""
    if not summary:
        return tuple(messages)
    first = messages[0]
    if first.role == "user":
        return (msgspec.structs.replace(first, parts=(Text(f"{summary}\n\n"), *first.parts)), *messages[1:])
    return (Message(role="user", parts=(Text(summary),)), *messages)


def extract(earlier: str, messages: Sequence[Message], letters: int) -> str:
    """A summary without a model: what each message begins with, the latest first to be kept.

    Args:
        earlier: the summary so far; "" if there is none.
        messages: what it does not cover yet.
        letters: that it may have.
    """
    so_far = earlier.splitlines()
    lines = [*so_far[so_far[:1] == [_TITLE] :], *filter(None, map(_line, messages))]
    kept: list[str] = []
    left = letters - len(_TITLE)
    for line in reversed(lines):
        left -= len(line) + 1
        if left < 0:
            break
        kept.append(line)
    return "\n".join([_TITLE, *reversed(kept)])


_TITLE = "Earlier in this conversation, each in its first words:"


def _line(message: Message) -> str:
    said = " ".join(filter(None, map(_words, message.parts)))
    who = "model" if message.role == "assistant" else "tools" if message.results else "user"
    return f"{who}: {' '.join(said.split())}"[:_LINE] if said else ""


def _words(part: Text | Reasoning | ToolCall | ToolResult) -> str:
    if isinstance(part, Text):
        return part.text
    if isinstance(part, ToolCall):
        return f"{part.tool}({msgspec.json.encode(part.input).decode()[:80]})"
    if isinstance(part, ToolResult):
        return part.error or msgspec.json.encode(part.value).decode()[:80]
    return ""
