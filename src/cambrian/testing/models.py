"""`ScriptedModel`: a language model that says what it was told to say. For tests, examples and measurements."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence

import anyio

from cambrian.core.message import Message, Text, ToolCall
from cambrian.core.model import Chunk, Completion, ModelError, Request, Tokens

__all__ = ["Line", "ScriptedModel", "calls", "says"]

Line = Completion | ModelError | Callable[[Request], Completion]
"""An answer, a failure, or what makes an answer of a request."""


def says(text: str, *, usd: float | None = 0.001) -> Completion:
    """An answer in words."""
    return Completion(
        message=Message(role="assistant", parts=(Text(text),)), tokens=Tokens(input=10, output=5), usd=usd
    )


def calls(*wanted: tuple[str, dict[str, object]], text: str = "", usd: float | None = 0.001) -> Completion:
    """An answer that asks for tools, by name and arguments. All have the same id, as some providers do it."""
    words = (Text(text),) if text else ()
    parts = (*words, *(ToolCall("call_0", tool, arguments) for tool, arguments in wanted))
    return Completion(
        message=Message(role="assistant", parts=parts), stop="calls", tokens=Tokens(input=10, output=5), usd=usd
    )


class ScriptedModel:
    """Says its lines in order; the last one again and again.

    Args:
        lines: at least one.
        price: most that an answer can cost, in USD.
        pause: seconds before each chunk.
    """

    def __init__(self, lines: Sequence[Line], *, price: float | None = 0.01, pause: float = 0.0) -> None:
        self._lines, self._price, self._pause = tuple(lines), price, pause
        self.requests: list[Request] = []
        """What it was asked."""

    @property
    def name(self) -> str:
        """See `core.model.LanguageModel`."""
        return "scripted:test"

    def bound(self, request: Request) -> float | None:
        """See `core.model.LanguageModel`."""
        del request
        return self._price

    async def answer(self, request: Request) -> AsyncIterator[Chunk | Completion]:
        """See `core.model.LanguageModel`."""
        line = self._lines[min(len(self.requests), len(self._lines) - 1)]
        self.requests.append(request)
        if isinstance(line, ModelError):
            raise line
        completion = line if isinstance(line, Completion) else line(request)
        for word in completion.message.text.split():
            if self._pause:
                await anyio.sleep(self._pause)
            yield Chunk(kind="text", text=word)
        yield completion
