"""A store, a clock moved by hand, tools that leave traces, and agents of scripted models."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from itertools import count

import anyio
import pytest

from cambrian.agents.agent import Agent, Parts
from cambrian.agents.hooks import Hook
from cambrian.agents.permission import Mode
from cambrian.agents.recovery import Reconciler
from cambrian.agents.template import Template
from cambrian.core.ids import RunId
from cambrian.journal.memory import MemoryStore
from cambrian.journal.store import Store
from cambrian.testing.clock import ManualClock
from cambrian.testing.models import Line, ScriptedModel
from cambrian.tools.functions import idempotency_key, tool
from cambrian.tools.registry import Toolbox


async def soon(seconds: float) -> None:
    """Waits for nothing."""
    del seconds
    await anyio.sleep(0)


class World:
    """What tools have done to it."""

    def __init__(self) -> None:
        self.deeds: list[tuple[str, str]] = []
        self.gate = anyio.Event()
        self.begun = anyio.Event()

    def tools(self) -> Toolbox:
        @tool(read_only=True)
        def look(name: str) -> str:
            """Look something up."""
            return f"{name} is there"

        @tool
        def send(to: str) -> str:
            """Send a letter."""
            self.deeds.append(("send", idempotency_key()))
            return f"sent to {to}"

        @tool(idempotent=True)
        def put(name: str) -> str:
            """Put something somewhere, as often as you like."""
            self.deeds.append(("put", idempotency_key()))
            return f"put {name}"

        @tool
        async def wait(name: str) -> str:
            """Take its time."""
            self.deeds.append(("wait", idempotency_key()))
            self.begun.set()
            await self.gate.wait()
            return f"waited for {name}"

        @tool(idempotent=True)
        async def hold(name: str) -> str:
            """Take its time, and do no harm twice."""
            self.deeds.append(("hold", idempotency_key()))
            self.begun.set()
            await self.gate.wait()
            return f"held {name}"

        @tool
        def fail(why: str) -> str:
            """Fail."""
            raise ValueError(why)

        @tool(approval=True)
        def pay(usd: int) -> str:
            """Pay somebody."""
            self.deeds.append(("pay", idempotency_key()))
            return f"paid {usd}"

        return Toolbox([look, send, put, wait, hold, fail, pay])


class Bench:
    """Makes agents in one store."""

    def __init__(self, store: Store, clock: ManualClock, world: World) -> None:
        self.store, self.clock, self.world = store, clock, world
        self.template = Template(name="test", system="You are a test.")
        self._numbers = count(1)
        self.models: list[ScriptedModel] = []
        self._made: list[Agent] = []

    def parts(
        self, lines: Sequence[Line], *, hooks: Sequence[Hook] = (), modes: dict[str, Mode] | None = None,
        reconcilers: dict[str, Reconciler] | None = None,
    ) -> Parts:  # fmt: skip
        self.models.append(ScriptedModel(lines))
        return Parts(
            model=self.models[-1], tools=self.world.tools(), hooks=tuple(hooks), modes=modes or {},
            reconcilers=reconcilers or {}, sleep=soon,
        )  # fmt: skip

    async def create(self, parts: Parts, template: Template | None = None) -> Agent:
        run = RunId(f"r-{next(self._numbers)}")
        agent = await Agent.create(self.store, template or self.template, parts, clock=self.clock, holder="me", run=run)
        self._made.append(agent)
        return agent

    async def agent(self, *lines: Line, template: Template | None = None) -> Agent:
        return await self.create(self.parts(lines), template)

    async def heir(self, run: RunId, parts: Parts) -> Agent:
        """The agent, taken up by another process when the first is gone."""
        self.clock.advance(31)
        agent = await Agent.resume(self.store, run, parts, clock=self.clock, holder="heir")
        self._made.append(agent)
        return agent

    async def types(self, run: RunId) -> list[str]:
        return [event.type async for event in self.store.read(run)]

    async def aclose(self) -> None:
        for agent in self._made:
            await agent.aclose()


Make = Callable[[], Bench]


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with MemoryStore() as store:
        made = Bench(store, ManualClock(), World())
        yield made
        await made.aclose()
