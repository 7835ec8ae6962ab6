"""A process that runs, or takes up, one execution, and dies where it is told to. For `test_execution_kill`.

Its tool leaves a line in a file for each time that it was carried out: the world, in which things cannot be undone.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import msgspec

from cambrian.app.execution.record import ExecutionLog
from cambrian.core.ids import RunId
from cambrian.core.limits import Limits
from cambrian.core.script import Script
from cambrian.core.tool import Answer, Call, Tool
from cambrian.journal.clock import SystemClock
from cambrian.journal.crashpoints import arm
from cambrian.journal.holder import this_process
from cambrian.journal.kernel import Run
from cambrian.journal.sqlite import SqliteStore
from cambrian.sandbox.scripts import cpython, monty
from cambrian.sandbox.scripts.facts import Ended, Opened, Recorded
from cambrian.sandbox.scripts.port import ScriptRuntime, Terms
from cambrian.sandbox.scripts.recovery import recover
from cambrian.sandbox.scripts.runtime import DrivenRuntime
from cambrian.sandbox.scripts.session import Candidate, ScriptSession

RUN = RunId("r-escalates")
LIMITS = Limits(wall=60.0, cpu=60.0, memory=128 * 2**20, disk=2**20)
CODE = """
a = add(1, 2)
b = add(a, 10)
c = add(b, 100)
import statistics
d = add(c, 1000)
statistics.mean([a, b, c, d])
"""
"""Monty makes three calls and then lacks a module; CPython starts anew, with three answers from the record."""
VALUE = 310.5


class Told(msgspec.Struct, frozen=True):
    """What the child prints in the end.

    Args:
        ended: how the run ended.
        unknown: calls of which nobody knew when it was taken up.
        left: runtimes that it left.
        passed: label → how often it was passed.
    """

    ended: Ended
    unknown: tuple[str, ...]
    left: tuple[str, ...]
    passed: dict[str, int]


class World:
    """A `ToolInvoker` whose deeds are lines of a file."""

    def __init__(self, path: Path, *, idempotent: bool) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._tool = Tool(name="add", idempotent=idempotent)

    def tools(self) -> tuple[Tool, ...]:
        return (self._tool,)

    def refusal(self, call: Call) -> str:
        return "" if call.tool == "add" else f"no tool {call.tool!r}"

    async def approve(self, call: Call) -> str:
        return f"{call.tool} is not to be approved"

    async def invoke(self, call: Call, *, key: str) -> Answer:
        os.write(self._file, f"{key}\n".encode())
        return Answer(call=call.id, value=sum(msgspec.convert(call.args, list[int])))


def candidate(name: str, runtime: DrivenRuntime) -> Candidate:
    async def start() -> ScriptRuntime:
        return runtime

    return Candidate(name, (), start)


async def main(action: str, folder: Path, *, idempotent: bool, passed: dict[str, int]) -> None:
    world, clock = World(folder / "world", idempotent=idempotent), SystemClock()
    opened = Opened(
        script=Script(code=CODE, language="python"), limits=LIMITS, terms=Terms(seed=1, now=clock.wall()),
        tools=world.tools(),
    )  # fmt: skip
    record: tuple[Recorded, ...] = ()
    unknown: tuple[str, ...] = ()
    async with await SqliteStore.open(folder / "journal.db") as store:
        if action == "run":
            log = ExecutionLog(store, RUN, opened, clock)
        else:
            run = await Run.resume(store, RUN, clock=clock, holder=this_process())
            opened = msgspec.json.decode(run.data, type=Opened)
            found = await recover(run)
            record, unknown = found.record, found.unknown
            if found.ended is not None:
                tell(found.ended, unknown, (), passed)
                await run.aclose()
                return
            log = ExecutionLog.over(store, run, opened, clock)
        weak, strong = (DrivenRuntime(each.driver(), workers=1, limits=LIMITS) for each in (monty, cpython))
        session = ScriptSession(opened, world, log, clock, run=RUN, record=record, unknown=unknown)
        try:
            ended = await session.run([candidate("monty", weak), candidate("cpython", strong)])
        finally:
            await log.aclose()
            await weak.aclose()
            await strong.aclose()
    tell(ended, unknown, tuple(each.runtime for each in session.left), passed)


def tell(ended: Ended, unknown: tuple[str, ...], left: tuple[str, ...], passed: dict[str, int]) -> None:
    sys.stdout.write(msgspec.json.encode(Told(ended, unknown, left, passed)).decode() + "\n")


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
    action, folder, idempotent, label, occurrence = sys.argv[1:]
    counts = armed(label, int(occurrence))
    asyncio.run(main(action, Path(folder), idempotent=idempotent == "idempotent", passed=counts))
