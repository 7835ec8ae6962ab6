"""`LanguageModel`: the port to a model, whoever provides it. Handed in from above; nothing here knows a provider."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Literal, Protocol

import msgspec

from .errors import CambrianError
from .message import Message
from .tool import Tool

__all__ = ["Chunk", "Completion", "LanguageModel", "ModelError", "Request", "Tokens"]

Cause = Literal[
    "rate_limit", "unavailable", "timeout", "network", "cut_stream",  # another attempt may help
    "auth", "quota", "context_length", "invalid_request", "content_filter", "no_such_model", "garbage",
]  # fmt: skip
_AGAIN: frozenset[Cause] = frozenset({"rate_limit", "unavailable", "timeout", "network", "cut_stream", "garbage"})


class Tokens(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a call used, as its provider counts.

    Args:
        input: of the request, cached ones included.
        output: of the answer, reasoning included.
        cached: of the input, those that the provider had kept.
        reasoning: of the output.
    """

    input: int = 0
    output: int = 0
    cached: int = 0
    reasoning: int = 0


class Request(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a model is asked.

    Args:
        messages: the history; it ends with a user's message, and no call in it dangles.
        system: who the model is to be.
        tools: what it may call.
        temperature: `None`: the provider's default.
        output: most tokens of the answer; `None`: the provider's default.
    """

    messages: tuple[Message, ...]
    system: str = ""
    tools: tuple[Tool, ...] = ()
    temperature: float | None = None
    output: int | None = None


class Chunk(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of an answer that is under way. Pieces are for those who watch: what counts is the `Completion`."""

    kind: Literal["text", "reasoning"]
    text: str


class Completion(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A whole answer.

    Args:
        message: of the assistant.
        stop: why it ends: it is done, it wants tools, it grew too long, it was filtered.
        tokens: `None`: the provider did not say.
        usd: what it cost; `None`: nobody knows the price.
        model: which one answered, in the provider's words.
    """

    message: Message
    stop: Literal["end", "calls", "length", "filtered"] = "end"
    tokens: Tokens | None = None
    usd: float | None = None
    model: str = ""


class ModelError(CambrianError, RuntimeError):
    """A model did not answer.

    Args:
        cause: see `Cause`.
        message: what the provider said, without keys.
        after: seconds that it asks to wait before the next attempt.
    """

    def __init__(self, cause: Cause, message: str, *, after: float | None = None) -> None:
        super().__init__(f"{cause.replace('_', ' ')}: {message}")
        self.cause, self.after = cause, after

    @property
    def again(self) -> bool:
        """Whether another attempt may help."""
        return self.cause in _AGAIN


class LanguageModel(Protocol):
    """Answers requests. For any number of tasks at once."""

    @property
    def name(self) -> str:
        """As it is asked for: ``provider:model``."""
        ...

    def answer(self, request: Request) -> AsyncIterator[Chunk | Completion]:
        """Chunks as they come, and at last the `Completion`, always.

        Whoever stops iterating, or is cancelled, ends the call.

        Raises:
            ModelError: no answer; nothing of it counts.
        """
        ...

    def bound(self, request: Request) -> float | None:
        """Most that an answer can cost, in USD; `None` if nobody knows the price."""
        ...
