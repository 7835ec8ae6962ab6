"""Tools, speculation: starts the calls that are likely to come next, and hands their answers over when they come.

Only tools that are declared read-only, need no approval, and are functions or come from a server that was named for it
are ever called ahead of time. A call that may change something throws away every answer that was fetched before it. So
a wrong guess costs a call that nobody asked for, and changes no result.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Collection

import msgspec

from cambrian.core.ports import Clock
from cambrian.core.tool import Answer, Call, Tool, ToolInvoker

from .prediction import CallModel, Made, Wanted
from .schema import bind

__all__ = ["Foresight", "Speculator", "SpeculatorSettings"]

_WINDOW_S = 60.0


class SpeculatorSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How far speculation may go.

    Args:
        servers: names of tool servers whose read-only tools may be called ahead of time; functions always may.
        running: calls ahead of time at once.
        wasted: answers per minute that nobody asked for, before it pauses.
        fresh_s: seconds after which an answer is too old to be handed over.
        chain: how many calls ahead.
    """

    servers: tuple[str, ...] = ()
    running: int = 4
    wasted: int = 30
    fresh_s: float = 30.0
    chain: int = 3


class Foresight(msgspec.Struct, kw_only=True):
    """What came of it.

    Args:
        started: calls made ahead of time.
        adopted: those that were asked for afterwards.
        wasted: those that were not, and were thrown away.
        hidden_s: seconds of waiting that the adopted ones saved.
        waited_s: seconds that was waited for adopted ones all the same.
    """

    started: int = 0
    adopted: int = 0
    wasted: int = 0
    hidden_s: float = 0.0
    waited_s: float = 0.0


class _Early:
    """A call that was started before anybody asked for it."""

    def __init__(self, box: ToolInvoker, begun: float) -> None:
        self.box, self.begun = box, begun
        self.ended = float("inf")
        self.task: asyncio.Task[Answer]


class Speculator:
    """Foresees the calls of one client. Belongs to one event loop.

    Args:
        clock: how old an answer is.
        settings: see there.
    """

    def __init__(self, clock: Clock, settings: SpeculatorSettings | None = None) -> None:
        self._clock, self._settings = clock, settings or SpeculatorSettings()
        self._early: dict[str, _Early] = {}
        self._waste: deque[float] = deque()
        self._tasks: set[asyncio.Task[Answer]] = set()
        self.model = CallModel()
        self.told = Foresight()

    def over(self, box: ToolInvoker) -> ToolInvoker:
        """The same tools, some of whose answers may be there already."""
        return _Foreseeing(self, box)

    def may(self, tool: Tool | None) -> bool:
        """Whether a tool may be called ahead of time."""
        if tool is None or not tool.read_only or tool.approval:
            return False
        return not tool.server or tool.server in self._settings.servers

    async def answer(self, box: ToolInvoker, tool: Tool | None, call: Call, key: str) -> Answer:
        """Answer a call, by what was fetched for it if that is there, and look ahead from it."""
        wanted = _wanted(tool, call)
        if tool is None or wanted is None:
            return await box.invoke(call, key=key)
        if not tool.read_only:
            self.drop()
        early = self._taken(box, wanted) if self.may(tool) else None
        answer = await self._adopt(early) if early else None
        if answer is None or answer.error:  # what failed ahead of time may succeed now
            answer = await box.invoke(call, key=key)
        if answer.error:
            self.model.forget_last()
            return msgspec.structs.replace(answer, call=call.id)
        made = Made(wanted.tool, wanted.arguments, answer.value)
        self.model.tell(made)
        if tool.read_only:
            self._ahead(box, made, self._settings.chain)
        return msgspec.structs.replace(answer, call=call.id)

    def _taken(self, box: ToolInvoker, wanted: Wanted) -> _Early | None:
        early = self._early.pop(wanted.key(), None)
        if early is None:
            return None
        if early.box is not box or self._clock.monotonic() - early.begun > self._settings.fresh_s:
            self._discard([early])
            return None
        return early

    async def _adopt(self, early: _Early) -> Answer:
        asked = self._clock.monotonic()
        answer = await asyncio.shield(early.task)
        done = self._clock.monotonic()
        self.told.adopted += 1
        self.told.waited_s += done - asked
        self.told.hidden_s += max(0.0, min(early.ended, done) - early.begun - (done - asked))
        return answer

    def _ahead(self, box: ToolInvoker, made: Made, chain: int) -> None:
        tools = {tool.name: tool for tool in box.tools()}
        for wanted in self.model.expected(made):
            key = wanted.key()
            if chain > 0 and key not in self._early and self.may(tools.get(wanted.tool)) and self._has_room():
                early = self._early[key] = _Early(box, self._clock.monotonic())
                early.task = asyncio.get_running_loop().create_task(self._fetch(early, wanted, chain))
                self._tasks.add(early.task)
                early.task.add_done_callback(self._tasks.discard)
                self.told.started += 1

    def _has_room(self) -> bool:
        now = self._clock.monotonic()
        self._expire(now)
        running = sum(not each.task.done() for each in self._early.values())
        return running < self._settings.running and len(self._waste) < self._settings.wasted

    def _expire(self, now: float) -> None:
        old = [key for key, each in self._early.items() if now - each.begun > self._settings.fresh_s]
        self._discard([self._early.pop(key) for key in old])
        while self._waste and now - self._waste[0] > _WINDOW_S:
            self._waste.popleft()

    async def _fetch(self, early: _Early, wanted: Wanted, chain: int) -> Answer:
        box, call = early.box, Call(id=0, tool=wanted.tool, kwargs=wanted.arguments)
        refusal = box.refusal(call)
        answer = Answer(call=0, error=refusal) if refusal else await box.invoke(call, key=f"ahead/{wanted.key()}")
        early.ended = self._clock.monotonic()
        if not answer.error:
            self._ahead(box, Made(wanted.tool, wanted.arguments, answer.value), chain - 1)
        return answer

    def drop(self, box: ToolInvoker | None = None) -> None:
        """Throw away what was fetched ahead of time, of one toolbox or of all."""
        gone = [key for key, each in self._early.items() if box is None or each.box is box]
        self._discard([self._early.pop(key) for key in gone])

    def _discard(self, early: Collection[_Early]) -> None:
        for each in early:
            each.task.cancel()
            self.told.wasted += 1
            self._waste.append(self._clock.monotonic())

    async def aclose(self) -> None:
        """End what is under way."""
        self.drop()
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)


class _Foreseeing:
    """A toolbox seen through a speculator."""

    def __init__(self, speculator: Speculator, box: ToolInvoker) -> None:
        self._speculator, self._box = speculator, box
        self._tools = {tool.name: tool for tool in box.tools()}

    def tools(self) -> tuple[Tool, ...]:
        return self._box.tools()

    def refusal(self, call: Call) -> str:
        return self._box.refusal(call)

    async def approve(self, call: Call) -> str:
        return await self._box.approve(call)

    async def invoke(self, call: Call, *, key: str) -> Answer:
        return await self._speculator.answer(self._box, self._tools.get(call.tool), call, key)


def _wanted(tool: Tool | None, call: Call) -> Wanted | None:
    if tool is None:
        return None
    binding = bind(tool, call)
    return None if binding.problem else Wanted(call.tool, dict(binding.arguments))
