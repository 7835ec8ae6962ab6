"""What an agent does between a message and its rest: ask the model, have calls decided about, carry them out, again.

Each step of it is written down before it happens and again when it has happened; see `recovery` for what becomes of it
when the process dies in between.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Literal

import anyio
import msgspec

from cambrian.core.effect import EffectId, EffectState, Intent
from cambrian.core.message import Message, Part, ToolCall, say
from cambrian.core.model import Chunk, Completion, LanguageModel, ModelError, Request
from cambrian.core.tool import ToolInvoker
from cambrian.journal.crashpoints import crash_point
from cambrian.journal.ledger import Begin, Conclude

from .book import Book
from .calls import LABELS as CALL_LABELS
from .calls import Calls
from .context import LETTERS, Summarise, cut, extract, shown, weight
from .facts import Compressed, Done, Failed, Said, Taken
from .hooks import HookError, Hooks
from .machine import Breakpoint
from .template import Template

__all__ = ["LABELS", "Rest", "Turns"]

LABELS = ("agents.model.intended", "agents.model.answered", "agents.model.concluded", *CALL_LABELS)
"""Crash points."""

Rest = Literal["completed", "paused", "failed", "interrupted", "length", "filtered", "limit"]
_STOPS: dict[str, Literal["completed", "length", "filtered"]] = {
    "end": "completed", "calls": "completed", "length": "length", "filtered": "filtered",
}  # fmt: skip
_WAIT_S, _LONGEST_S = 1.0, 60.0
"""Before the second attempt of a model call, doubled with each one that follows; and the most of it."""


class Turns:
    """Works an agent.

    Args:
        book: the agent's.
        template: what it was made from.
        model: that it asks.
        tools: that it has.
        calls: carries them out.
        hooks: may alter or veto.
        watch: is shown chunks of answers as they come.
        sleep: waits; tests hand in one that does not.
        summary: sums messages up; by default their first words stand for them.
    """

    def __init__(
        self, book: Book, template: Template, model: LanguageModel, tools: ToolInvoker, calls: Calls, hooks: Hooks, *,
        watch: Callable[[Chunk], None], sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
        summary: Summarise | None = None,
    ) -> None:  # fmt: skip
        self._book, self._template, self._model, self._calls, self._hooks = book, template, model, calls, hooks
        self._watch, self._sleep, self._summary = watch, sleep, summary
        self._offered = tools.tools()

    async def work(self) -> Rest:
        """Go on until the agent rests.

        Raises:
            JournalError: it could not be written.
        """
        state, left = self._book.state, self._template.allowance.answers
        rest: Rest | None = None
        while rest is None:
            if state.open:
                await self._calls.carry_out()
                rest = "paused" if state.asking else None
            elif not state.due:
                rest = "completed"
            elif left <= 0:
                rest = await self._limit()
            else:
                left -= 1
                rest = await self._turn()
        await self._book.commit()
        return rest

    async def _limit(self) -> Rest:
        self._book.note(Done(reason="limit"))
        self._go_home()
        return "limit"

    async def _turn(self) -> Rest | None:
        """One answer of the model, and what it asks for begun; `None`: there is more to do."""
        state = self._book.state
        waiting = len(state.waiting)
        self._book.move(Breakpoint.PRE_MODEL)
        if waiting:
            self._book.note(Taken(messages=waiting))
        try:
            completion, effect = await self._asked()
        except HookError as error:
            return await self._failed(_raised(error))
        except ModelError as error:
            return await self._failed(Failed(phase="model", cause=error.cause, detail=str(error)))
        if self._hooks:
            try:
                completion = await self._hooks.after_model(completion)
            except HookError as error:
                self._book.note(changes=[Conclude(effect, EffectState.APPLIED, "a hook refused the answer")])
                return await self._failed(_raised(error, usd=completion.usd))
        return await self._answered(completion, effect)

    async def _request(self) -> Request:
        await self._compress()
        state = self._book.state
        messages = shown(state.summary, state.messages[state.hidden :])
        request = Request(messages=messages, system=self._template.system, tools=self._offered)
        if not self._hooks:
            return request
        await self._book.commit()  # a hook may take its time
        return await self._hooks.before_model(request)

    async def _compress(self) -> None:
        """Sum the oldest messages up if a request would be too long. No call is open here."""
        state, context = self._book.state, self._template.context
        if state.shown <= context.most:
            return
        messages, weights = state.messages[state.hidden :], state.weights[state.hidden :]
        place = cut(messages, weights, context.left - context.letters // LETTERS)
        if not place:
            return
        summary = await self._summarise(state.summary, messages[:place], context.letters)
        after = weight(say(summary)) + sum(weights[place:])
        self._book.note(Compressed(hidden=state.hidden + place, summary=summary, before=state.shown, after=after))

    async def _summarise(self, earlier: str, messages: Sequence[Message], letters: int) -> str:
        if self._summary is None:
            return extract(earlier, messages, letters)
        await self._book.commit()  # it may take its time
        try:
            return (await self._summary(earlier, messages, letters))[:letters]
        except Exception as error:
            raise HookError(f"the summary raised {type(error).__name__}: {error}") from error

    async def _asked(self) -> tuple[Completion, EffectId]:
        """The model's answer, and the effect that is to be concluded with it. Attempts that failed are concluded.

        Raises:
            ModelError: the last attempt's.
            HookError: a hook raised.
        """
        request = await self._request()
        self._book.move(Breakpoint.STREAMING_MODEL)
        number, bound = self._book.state.answers + 1, self._model.bound(request)
        for attempt in range(1, self._template.allowance.attempts + 1):
            effect = EffectId(f"model {number}.{attempt}")
            data: dict[str, object] = {"model": self._model.name, "bound": bound}
            intent = Intent(effect=effect, kind="model", key=effect, idempotent=True, data=data)
            await self._book.commit(changes=[Begin(intent)])
            crash_point("agents.model.intended")
            try:
                return await self._answer(request), effect
            except ModelError as error:
                await self._book.commit(changes=[Conclude(effect, EffectState.FAILED, str(error)[:200])])
                if not error.again or attempt == self._template.allowance.attempts:
                    raise
                pause = min(_LONGEST_S, _WAIT_S * 2 ** (attempt - 1))
                await self._sleep(max(pause, error.after or 0.0))
        raise AssertionError("there is at least one attempt")

    async def _answer(self, request: Request) -> Completion:
        async for piece in self._model.answer(request):
            if isinstance(piece, Completion):
                return piece
            self._watch(piece)
        raise ModelError("cut_stream", f"{self._model.name} ended without an answer")

    async def _answered(self, completion: Completion, effect: EffectId) -> Rest | None:
        """Write an answer down, with the intents of the calls that may happen at once."""
        book = self._book
        crash_point("agents.model.answered")
        message = _renamed(completion.message, book.state.answers + 1)
        ruled = [await self._calls.rule(call) for call in message.calls]
        changed = {each.call.id: each.call for each in ruled}
        message = _with_calls(message, changed)
        said = Said(message=message, tokens=completion.tokens, usd=completion.usd, model=completion.model)
        changes, records = self._calls.opened(ruled)
        rest: Rest | None = None
        book.note(said)
        if message.calls:
            book.move(Breakpoint.TOOL_PENDING)
        book.note(*records, changes=[Conclude(effect, EffectState.APPLIED), *changes])
        if message.calls:
            book.settle()
        elif not book.state.waiting:
            rest = _STOPS[completion.stop]
            book.note(Done(reason=_STOPS[completion.stop]))
            self._go_home()
        else:
            self._go_home()
        await book.commit()
        crash_point("agents.model.concluded")
        return rest

    async def _failed(self, failed: Failed) -> Rest:
        self._book.note(failed)
        self._go_home()
        await self._book.commit()
        return "failed"

    def _go_home(self) -> None:
        if self._book.state.breakpoint is not Breakpoint.READY:
            self._book.move(Breakpoint.READY)


def _raised(error: HookError, usd: float | None = None) -> Failed:
    return Failed(phase="hook", cause="raised", detail=str(error), usd=usd)


def _renamed(message: Message, number: int) -> Message:
    """With ids of calls that are unique in the agent's history."""
    parts: tuple[Part, ...] = tuple(
        ToolCall(f"c{number}.{place}", part.tool, part.input) if isinstance(part, ToolCall) else part
        for place, part in enumerate(message.parts)
    )
    return msgspec.structs.replace(message, parts=parts)


def _with_calls(message: Message, calls: dict[str, ToolCall]) -> Message:
    """With the arguments that hooks have put in."""
    if all(calls[call.id] is call for call in message.calls):
        return message
    parts = tuple(calls[part.id] if isinstance(part, ToolCall) else part for part in message.parts)
    return msgspec.structs.replace(message, parts=parts)
