"""Sandbox, inside, drivers: how a script on CPython calls tools, and how its thread and the driver's take turns.

The script's threads put calls here. Whoever of them cannot go on without an answer hands all calls that nobody has
answered to the driver, as one turn, and waits until the host has answered them.
"""

from __future__ import annotations

import asyncio
import inspect
import queue
import threading
from collections.abc import Callable, Coroutine, Generator, Mapping
from typing import Any, NoReturn, cast

from .turns import MadeCall, NotPlain, Turn, calls, plain

__all__ = ["Exchange", "ToolError", "Tools"]

_Answer = dict[str, Any]


class ToolError(RuntimeError):
    """A tool's call failed; the text is what the tool said."""


ToolError.__module__ = "__main__"


class Exchange:
    """Between the driver's thread and those of the script."""

    def __init__(self) -> None:
        self._turns: queue.SimpleQueue[Turn | BaseException] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[Mapping[int, _Answer]] = queue.SimpleQueue()
        self._open: list[Pending] = []
        self._asking = threading.Lock()
        self._counting = threading.Lock()
        self._made = 0
        self.unawaited: dict[int, Pending] = {}
        """Calls that were made to be awaited, and were not yet."""

    def next_turn(self) -> Turn:
        """Driver: wait until the script waits or has ended.

        Raises:
            BaseException: what the script ended with, if it was told to the driver by `fail`.
        """
        turn = self._turns.get()
        if isinstance(turn, BaseException):
            raise turn
        return turn

    def give(self, answers: list[_Answer]) -> None:
        """Driver: the host's answers."""
        self._answers.put({int(answer["call"]): answer for answer in answers})

    def call(self, tool: str, args: tuple[object, ...], kwargs: dict[str, object]) -> Pending:
        """Script: make a call. Nothing is told to anybody yet.

        Raises:
            TypeError: an argument is no JSON value.
        """
        try:
            given, named = [plain(each) for each in args], {key: plain(each) for key, each in kwargs.items()}
        except (NotPlain, RecursionError) as error:
            raise TypeError(f"{error} cannot be an argument of the tool {tool!r}") from None
        with self._counting:
            pending = Pending(self, {"id": self._made, "tool": tool, "args": given, "kwargs": named})
            self._made += 1
            self._open.append(pending)
        return pending

    @property
    def made(self) -> int:
        """How many calls have been made."""
        return self._made

    @property
    def owing(self) -> bool:
        """Whether there are calls without an answer."""
        return bool(self._open)

    def settle(self) -> None:
        """Script: have the host answer all calls that have no answer yet, and wait for it."""
        with self._asking:
            with self._counting:
                told, self._open = self._open, []
            if not told:  # another thread has seen to it
                return
            self._turns.put(calls([pending.made for pending in told]))
            answers = self._answers.get()
            for pending in told:
                pending.take(answers[pending.made["id"]])

    def end(self, turn: Turn) -> None:
        """Script: the last turn; calls that nobody has waited for are made first."""
        while self.owing:
            self.settle()
        self._turns.put(turn)

    def fail(self, error: BaseException) -> None:
        """Script: it has met a limit, which is the jail's to name."""
        self._turns.put(error)

    def break_off(self, turn: Turn) -> NoReturn:
        """Script: the last turn, now; the thread that says it does nothing more."""
        self._turns.put(turn)
        while True:
            self._answers.get()


class Pending(Coroutine[object, object, object]):
    """A call that was made. It may be awaited, once or several times, or made a task of."""

    def __init__(self, exchange: Exchange, made: MadeCall) -> None:
        self.made = made
        self._exchange = exchange
        self._answer: _Answer | None = None
        self._waiting: list[asyncio.Future[None]] = []
        self._inner: Coroutine[object, object, object] | None = None
        self.line: int | None = None

    def take(self, answer: _Answer) -> None:
        """The host's answer. Called in any thread of the script."""
        self._answer = answer
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            loop = future.get_loop()
            if not loop.is_closed():
                loop.call_soon_threadsafe(_wake, future)

    def result(self) -> object:
        """Wait for the answer, in this thread.

        Raises:
            ToolError: the call failed.
        """
        while self._answer is None:
            self._exchange.settle()
        return self._value(self._answer)

    def _value(self, answer: _Answer) -> object:
        text = str(answer.get("error") or "")
        if text:
            raise ToolError(text)
        return answer.get("value")

    def expect(self, file: str) -> Pending:
        """From here on it is told if nobody waits for this.

        Args:
            file: the script's, in which the line of the call is looked for.
        """
        here = inspect.currentframe()
        caller = here.f_back.f_back if here is not None and here.f_back is not None else None
        self.line = caller.f_lineno if caller is not None and caller.f_code.co_filename == file else None
        self._exchange.unawaited[self.made["id"]] = self
        return self

    async def _awaited(self) -> object:
        self._exchange.unawaited.pop(self.made["id"], None)
        while self._answer is None:
            future = asyncio.get_running_loop().create_future()
            self._waiting.append(future)
            await future
        return self._value(self._answer)

    def __await__(self) -> Generator[object, None, object]:
        return self._awaited().__await__()

    def _started(self) -> Coroutine[object, object, object]:
        if self._inner is None:
            self._inner = self._awaited()
        return self._inner

    def send(self, value: object, /) -> object:
        """Protocol of coroutines."""
        return self._started().send(value)

    def throw(self, *error: Any) -> Any:
        """Protocol of coroutines."""
        return self._started().throw(*error)

    def close(self) -> None:
        """Protocol of coroutines."""
        if self._inner is not None:
            self._inner.close()

    def __repr__(self) -> str:
        return f"<call {self.made['id']} of {self.made['tool']}>"


Pending.__name__ = Pending.__qualname__ = "coroutine"  # what a script's author takes it for, in messages


def _wake(future: asyncio.Future[None]) -> None:
    if not future.done():  # a task may have been cancelled meanwhile
        future.set_result(None)


class Tools:
    """The tools of a script: ``tools.add(1, 2)`` or ``tools["add"](1, 2)``."""

    def __init__(self, exchange: Exchange, names: Mapping[str, bool], file: str) -> None:
        functions = {name: _function(exchange, name, file if awaited else None) for name, awaited in names.items()}
        self.__dict__.update(functions)

    def __getitem__(self, name: str) -> Callable[..., object]:
        return cast("Callable[..., object]", self.__dict__[name])

    def __repr__(self) -> str:
        return f"<tools {', '.join(self.__dict__)}>"


def _function(exchange: Exchange, name: str, file: str | None) -> Callable[..., object]:
    def awaited_tool(*args: object, **kwargs: object) -> Pending:
        return exchange.call(name, args, kwargs).expect(file or "")

    def tool(*args: object, **kwargs: object) -> object:
        return exchange.call(name, args, kwargs).result()

    chosen = tool if file is None else awaited_tool
    chosen.__name__ = chosen.__qualname__ = name
    return chosen
