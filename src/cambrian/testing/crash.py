"""Children that die at a labelled crash point, or when told. For tests; armed by argument only, never by environment.

The child opens a store, does a fixed piece of work and prints one line for each thing that the store has acknowledged.
The parent then holds the store to what was acknowledged.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Literal, NamedTuple, cast

from cambrian.core.event import Fact, fact
from cambrian.core.ids import RunId
from cambrian.journal.crashpoints import arm
from cambrian.journal.store import Appended, Store

__all__ = ["EXIT_CODE", "Crash", "acknowledged_end", "crash_at", "load_opener", "work_facts"]

Death = Literal["exit", "kill"]
Opener = Callable[[Path], Awaitable[Store]]

EXIT_CODE = 86
"""Of a child that died by `os._exit` where it was told to."""
RUN, FORK, DOOMED, RESTORED = RunId("r-1"), RunId("r-2"), RunId("r-3"), RunId("r-4")
_STEPS = 4
_SECONDS = 60.0


class Crash(NamedTuple):
    """How a child ended.

    Args:
        died: at the label; otherwise it finished its work without passing it.
        acknowledged: the lines it printed.
    """

    died: bool
    acknowledged: tuple[str, ...]


def crash_at(opener: str, path: Path, label: str, *, occurrence: int = 1, death: Death = "exit") -> Crash:
    """Run a child on a store, which dies when it passes `label` for the `occurrence`-th time.

    Args:
        opener: ``"package.module:Class.method"``, an async callable that takes a path and gives a `Store`.
        path: of the store.
        label: a crash point.
        occurrence: counted from 1.
        death: ``"exit"`` is `os._exit`, ``"kill"`` is SIGKILL to itself.

    Raises:
        RuntimeError: the child ended in another way; its last words are in the message.
    """
    command = [sys.executable, "-m", __name__, opener, str(path), label, str(occurrence), death]
    child = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
    if child.returncode not in (0, EXIT_CODE, -signal.SIGKILL):
        raise RuntimeError(f"the child at {label!r} ended with {child.returncode}: {child.stderr[-2000:]}")
    return Crash(died=child.returncode != 0, acknowledged=tuple(child.stdout.splitlines()))


def acknowledged_end(acknowledged: tuple[str, ...], run: RunId) -> int:
    """The last sequence number of a run that the child was told is durable."""
    words = [line.split() for line in acknowledged]
    return max((int(word[2]) for word in words if word[:2] == ["end", run]), default=0)


def load_opener(name: str) -> Opener:
    """The callable behind ``"package.module:Class.method"``."""
    module, _, path = name.partition(":")
    found: object = importlib.import_module(module)
    for part in path.split("."):
        found = getattr(found, part)
    return cast("Opener", found)


def work_facts(step: int) -> tuple[Fact, ...]:
    """What the child appends in a step: three events that only make sense together."""
    return tuple(fact("work.part", {"step": step, "part": part, "text": "x" * 200}) for part in range(3))


async def _work(store: Store) -> None:
    lease = await store.acquire(RUN, "child", ttl=30.0, now=1000.0)
    _say("epoch", RUN, lease.epoch)
    end = 0
    for step in range(_STEPS):
        blobs = (b"blob of step %d" % step,)
        end = await store.append(RUN, work_facts(step), expected=end, epoch=1, time=1000.0 + step, blobs=blobs)
        _say("end", RUN, end)
    _say("end", FORK, await store.fork(RUN, FORK, upto=6, facts=work_facts(9), epoch=0, time=1010.0))
    _say("end", DOOMED, await store.append(DOOMED, work_facts(0), expected=0, epoch=0, time=1011.0, blobs=(b"d",)))
    await store.gc(delete=[DOOMED], now=1012.0)
    _say("deleted", DOOMED, 0)
    history = [Appended(facts=work_facts(step), time=1020.0 + step, blobs=(b"restored",)) for step in range(3)]
    _say("end", RESTORED, await store.restore(RESTORED, iter(history), epoch=0))
    await store.release(lease)


def _say(what: str, run: RunId, number: int) -> None:
    os.write(1, f"{what} {run} {number}\n".encode())  # unbuffered: a dying process says it or does not


def _arm(label: str, occurrence: int, death: Death) -> None:
    left = occurrence

    def hook(passed: str) -> None:
        nonlocal left
        if passed == label:
            left -= 1
            if left == 0:
                _die(death)

    arm(hook)


def _die(death: Death) -> None:
    if death == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    os._exit(EXIT_CODE)


async def _main(arguments: list[str]) -> None:
    opener, path, label, occurrence, death = arguments
    _arm(label, int(occurrence), cast("Death", death))
    async with await load_opener(opener)(Path(path)) as store:
        await _work(store)


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1:]))
