"""A process that runs, or takes up, one agent, and dies where it is told to. For `test_agent_kill`.

Its tools leave a line in a file for each time that they were carried out: the world, in which nothing can be undone.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from cambrian.agents.agent import Agent, Parts
from cambrian.agents.facts import TakenUp
from cambrian.agents.template import Template
from cambrian.core.ids import RunId
from cambrian.core.message import Message, ToolCall, ToolResult
from cambrian.core.model import Completion, Request
from cambrian.journal.clock import SystemClock
from cambrian.journal.crashpoints import arm
from cambrian.journal.holder import this_process
from cambrian.journal.opening import open_store
from cambrian.testing.models import ScriptedModel, calls, says
from cambrian.tools.functions import idempotency_key, tool
from cambrian.tools.registry import Toolbox

RUN = RunId("r-agent")
TEMPLATE = Template(name="killed", recovery={"hold": "ask", "book": "reconcile"})
LINES = (
    calls(("send", {"to": "a"}), ("put", {"name": "b"}), ("hold", {"name": "c"})),
    calls(("pay", {"usd": 5}), ("look", {"name": "d"})),
    calls(("book", {"seat": 7}), ("send", {"to": "e"})),
    says("Done."),
)
"""Side by side, asked about, and found out about afterwards."""


class Told(msgspec.Struct, frozen=True):
    """What the child prints in the end.

    Args:
        text: of the agent's last answer.
        messages: its history.
        taken_up: what became of what was under way.
        passed: label → how often it was passed.
    """

    text: str
    messages: tuple[Message, ...]
    taken_up: TakenUp | None
    passed: dict[str, int]


def toolbox(world: Path) -> Toolbox:
    """Tools whose deeds are lines of a file."""
    file = os.open(world, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def deed(name: str) -> str:
        os.write(file, f"{name} {idempotency_key().replace(' ', '/')}\n".encode())
        return f"{name} done"

    @tool
    async def send(to: str) -> str:
        """Not to be done twice."""
        return deed(f"send-{to}")

    @tool(idempotent=True)
    async def put(name: str) -> str:
        """May be done twice under one key."""
        return deed(f"put-{name}")

    @tool
    async def hold(name: str) -> str:
        """A person is asked."""
        return deed(f"hold-{name}")

    @tool
    async def book(seat: int) -> str:
        """The world is asked."""
        return deed(f"book-{seat}")

    @tool(approval=True)
    async def pay(usd: int) -> str:
        """Needs an approval."""
        return deed(f"pay-{usd}")

    @tool(read_only=True)
    async def look(name: str) -> str:
        """Changes nothing."""
        return f"{name} is there"

    return Toolbox([send, put, hold, book, pay, look])


def reconciler(world: Path) -> Callable[[ToolCall, str], object]:
    """Looks the key up in the world."""

    async def look_up(call: ToolCall, key: str) -> ToolResult | None:
        keys = [line.split()[1] for line in world.read_text(encoding="ascii").splitlines()]
        return ToolResult(call=call.id, value="booked") if key.replace(" ", "/") in keys else None

    return look_up


def next_line(request: Request) -> Completion:
    """By how much was said before: a model that was asked again says the same."""
    return LINES[sum(message.role == "assistant" for message in request.messages)]


async def main(action: str, folder: Path, kind: str, passed: dict[str, int]) -> None:
    world = folder / "world"
    if kind == "file":
        (folder / "journal").mkdir(exist_ok=True)
    parts = Parts(
        model=ScriptedModel([next_line]), tools=toolbox(world), reconcilers={"book": reconciler(world)},  # type: ignore[dict-item]
    )  # fmt: skip
    clock, holder = SystemClock(), this_process()
    async with await open_store(folder / "journal") as store:
        if action == "run":
            agent = await Agent.create(store, TEMPLATE, parts, clock=clock, holder=holder, run=RUN)
            await agent.send("Begin")
        else:
            agent = await Agent.resume(store, RUN, parts, clock=clock, holder=holder)
        async with agent:
            while (await agent.work()).rest == "paused":
                for each in agent.state.asking:
                    await (agent.deny if each.unknown else agent.approve)(each.call.id, by="a test")
            told = Told(agent.state.messages[-1].text, tuple(agent.state.messages), agent.taken_up, passed)
    sys.stdout.write(msgspec.json.encode(told).decode() + "\n")


def armed(label: str, occurrence: int) -> dict[str, int]:
    """Count every label; die at one."""
    passed: dict[str, int] = {}

    def hook(name: str) -> None:
        passed[name] = passed.get(name, 0) + 1
        if name == label and passed[name] == occurrence:
            os.kill(os.getpid(), signal.SIGKILL)

    arm(hook)
    return passed


if __name__ == "__main__":
    action, folder, kind, label, occurrence = sys.argv[1:]
    counts = armed(label, int(occurrence))
    asyncio.run(main(action, Path(folder), kind, counts))
