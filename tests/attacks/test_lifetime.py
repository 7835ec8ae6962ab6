"""Attacks on what comes after: nothing of a program outlives its exit, nothing of a jail outlives its engine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import anyio
import pytest

from cambrian.core.codec import encode
from cambrian.core.errors import SandboxError, WorkerDied
from cambrian.core.limits import Level, Limits
from cambrian.core.ports import Exit, Program
from cambrian.sandbox import CPythonJail
from cambrian.sandbox.treeclock import TreeClock

from .stage import BOUNDED, play, still_works

PACKAGES = str(Path(__file__).parents[2] / "src")


def descendants(pid: int) -> set[int]:
    """All live processes below one."""
    below: set[int] = set()
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = {int(child) for child in task.read_text(encoding="ascii").split()}
        except OSError:
            continue
        below |= children.union(*map(descendants, children))
    return below


def alive(pid: int) -> bool:
    """Whether it runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def eventually(condition: Callable[[], bool], seconds: float = 15.0) -> bool:
    """Whether it becomes true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


ORPHANS = """
import os, signal
def attack():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.setsid()
            os.write(writing, b"x")
            while True: signal.pause()
        os._exit(0)
    os.wait()
    return os.read(reading, 1)
"""


async def test_orphans_die_with_the_program(room: CPythonJail) -> None:
    session = await room.launch(Program(files={"a.py": ORPHANS}, entry="a.py:attack"), Limits(processes=6))
    assert not isinstance(session, Exit)
    before = descendants(room.zygote_pid)
    assert not isinstance(await session.call(encode(())), Exit)
    during = descendants(room.zygote_pid)
    assert len(during - before) == 1  # the orphan lives: the attack works
    await session.close()
    assert not any(alive(pid) for pid in during - {min(during)})
    assert await still_works(room)


async def test_cpu_of_orphans_counts(room: CPythonJail) -> None:
    source = (
        ORPHANS.replace("while True: signal.pause()", "while True: pass")
        .replace("return os", "os")
        .replace("(reading, 1)\n", "(reading, 1)\n    signal.pause()\n")
    )
    result = await play(room, source, limits=Limits(processes=6, cpu=0.5, wall=20.0))
    assert result.end == ("timeout", "cpu")


async def test_nothing_lives_after_a_timeout(room: CPythonJail) -> None:
    source = ORPHANS.replace("return os.read(reading, 1)", "os.read(reading, 1)\n    signal.pause()")
    before = descendants(room.zygote_pid)
    result = await play(room, source, limits=Limits(processes=6, wall=1.0))
    assert result.end == ("timeout", "wall")
    assert descendants(room.zygote_pid) == before


ENGINE = """
import sys, anyio
from cambrian.sandbox import CPythonJail
from cambrian.sandbox.treeclock import TreeClock
from cambrian.core.limits import Level, Limits
from cambrian.core.ports import Program
from cambrian.core.codec import encode

async def main():
    jail = await CPythonJail.start(level=Level(int(sys.argv[1])))
    source = "import signal\\ndef wait():\\n    while True: pass\\n"
    session = await jail.launch(Program(files={"a.py": source}, entry="a.py:wait"), Limits(wall=600, cpu=600))
    print("ready", flush=True)
    await session.call(encode(()))
anyio.run(main)
"""


@pytest.mark.parametrize("level", [Level.L3, Level.L2])
def test_kill_9_of_the_engine_leaves_nothing(level: Level) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([PACKAGES, os.environ.get("PYTHONPATH", "")])}
    with subprocess.Popen(
        [sys.executable, "-c", ENGINE, str(int(level))], stdout=subprocess.PIPE, text=True, env=environment
    ) as engine:
        assert engine.stdout is not None
        if engine.stdout.readline() != "ready\n":
            pytest.skip(f"needs jail.{level.name}: it cannot be started here")
        family = descendants(engine.pid)
        assert len(family) == (3 if level == Level.L3 else 2)
        assert all(map(alive, family))
        engine.send_signal(signal.SIGKILL)
    assert eventually(lambda: not any(map(alive, family)))


async def test_a_dead_zygote_costs_one_program(cage: CPythonJail) -> None:
    session = await cage.launch(
        Program(files={"a.py": "import time\ndef f():\n    time.sleep(60)\n"}, entry="a.py:f"), BOUNDED
    )
    assert not isinstance(session, Exit)
    family = {cage.zygote_pid, *descendants(cage.zygote_pid)}
    os.kill(cage.zygote_pid, signal.SIGKILL)
    with pytest.raises(WorkerDied):
        await session.call(encode(()))
    assert (await session.close()).status == "killed"
    assert eventually(lambda: not any(map(alive, family)))
    assert await still_works(cage)


async def test_a_zygote_that_dies_between_programs_is_replaced(cage: CPythonJail) -> None:
    os.kill(cage.zygote_pid, signal.SIGKILL)
    assert eventually(lambda pid=cage.zygote_pid: not alive(pid))
    assert await still_works(cage)


CRASHES = ["os.abort()", "ctypes.string_at(0)", "os._exit(1)", "os.kill(os.getpid(), 9)", "bytes(2**40)"]


async def test_fifty_crashes_leak_nothing(cage: CPythonJail) -> None:
    assert await still_works(cage)
    open_before, family = len(os.listdir("/proc/self/fd")), descendants(cage.zygote_pid)
    mother = max({cage.zygote_pid, *family})
    theirs = len(os.listdir(f"/proc/{mother}/fd"))
    for i in range(50):
        source = f"import ctypes, os\ndef attack():\n    {CRASHES[i % len(CRASHES)]}\n"
        assert (await play(cage, source)).status in ("signal", "error", "killed", "memory")
    assert len(os.listdir("/proc/self/fd")) == open_before
    assert descendants(cage.zygote_pid) == family
    assert len(os.listdir(f"/proc/{mother}/fd")) == theirs
    assert await still_works(cage)


async def test_a_cancelled_call_leaves_the_session_closable(cage: CPythonJail) -> None:
    session = await cage.launch(
        Program(files={"a.py": "import time\ndef f():\n    time.sleep(60)\n"}, entry="a.py:f"), BOUNDED
    )
    assert not isinstance(session, Exit)
    family = descendants(cage.zygote_pid)
    with anyio.move_on_after(0.2) as scope:
        await session.call(encode(()))
    assert scope.cancelled_caught
    with pytest.raises(SandboxError, match="cancelled"):
        await session.call(encode(()))
    assert (await session.close()).status == "ok"
    assert len(descendants(cage.zygote_pid)) == len(family) - 1
    assert await still_works(cage)


async def test_a_cancelled_launch_leaves_nothing(cage: CPythonJail) -> None:
    family, descriptors = descendants(cage.zygote_pid), len(os.listdir("/proc/self/fd"))
    with anyio.move_on_after(0.2) as scope:
        await cage.launch(Program(files={"a.py": "while True: pass"}, entry="a.py:f"), BOUNDED)
    assert scope.cancelled_caught
    assert descendants(cage.zygote_pid) == family
    assert len(os.listdir("/proc/self/fd")) == descriptors
    assert await still_works(cage)


async def test_many_cancellations_at_any_moment_leave_nothing(cage: CPythonJail) -> None:
    assert await still_works(cage)
    descriptors = len(os.listdir("/proc/self/fd"))
    for i in range(40):
        with anyio.move_on_after(i * 0.0002):
            await play(cage, "def attack():\n    return 1\n")
    assert await still_works(cage)
    assert len(os.listdir("/proc/self/fd")) == descriptors


async def test_the_zygote_waits_idly_for_a_large_program_to_die(cage: CPythonJail) -> None:
    """It once polled a hung-up descriptor all the while that the kernel took the program's memory away."""
    source = "def f():\n    global x\n    x = bytearray(b'x') * (300 * 2**20)\n"
    mother = max({cage.zygote_pid, *descendants(cage.zygote_pid)})
    clock = TreeClock(mother)
    spent: list[float] = []
    for _ in range(3):
        session = await cage.launch(Program(files={"a.py": source}, entry="a.py:f"), Limits())
        assert not isinstance(session, Exit)
        assert not isinstance(await session.call(encode(())), Exit)
        before = clock.seconds()
        await session.close()
        spent.append(clock.seconds() - before)
    assert min(spent) < 0.005
