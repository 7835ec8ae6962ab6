"""A /proc for engines that cannot do without: it shows the jail's own processes and nothing of the machine."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from typing import cast

import pytest

from cambrian.core.codec import decode, encode
from cambrian.core.errors import IsolationUnavailable
from cambrian.core.limits import Level, Limits
from cambrian.core.ports import Exit, Program, Reply
from cambrian.sandbox import CPythonJail

_PROGRAM = """
import os

def tried(path, mode="rb"):
    try:
        with open(path, mode) as file:
            return file.read(2000) if "r" in mode else "opened"
    except OSError as error:
        return error.strerror or ""

def look(paths, writing):
    return {
        "listed": sorted(os.listdir("/proc")) if os.path.isdir("/proc") else None,
        "own": os.getpid(),
        "read": {path: str(tried(path)) for path in paths},
        "written": {path: str(tried(path, "r+b")) for path in writing},
    }
"""


@pytest.fixture(scope="module", params=[True, False], ids=["proc", "none"])
async def jail(request: pytest.FixtureRequest, anyio_backend: str) -> AsyncIterator[CPythonJail]:
    try:
        made = await CPythonJail.start(level=Level.L3, proc=bool(request.param))
    except IsolationUnavailable as error:
        pytest.skip(f"needs jail.L3: {error}")
    yield made
    await made.aclose()


async def _look(jail: CPythonJail, *paths: str, writing: tuple[str, ...] = ()) -> dict[str, object]:
    session = await jail.launch(Program(files={"main.py": _PROGRAM}, entry="main.py:look"), Limits())
    assert not isinstance(session, Exit), session
    reply = await session.call(encode((list(paths), list(writing))))
    await session.close()
    assert isinstance(reply, Reply)
    return cast("dict[str, object]", decode(reply.payload))


async def test_it_shows_the_jails_own_processes_alone(jail: CPythonJail) -> None:
    seen = await _look(jail)
    if seen["listed"] is None:
        return  # not asked for, or refused by the kernel
    processes = {int(name) for name in cast("list[str]", seen["listed"]) if name.isdigit()}
    assert cast("int", seen["own"]) in processes
    assert processes <= {1, cast("int", seen["own"])}
    assert {int(name) for name in os.listdir("/proc") if name.isdigit()} - processes  # the control: there are others
    assert {name for name in cast("list[str]", seen["listed"]) if not name.isdigit()} <= {"self", "thread-self"}


async def test_nothing_of_machine_engine_or_zygote_can_be_read(
    jail: CPythonJail, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Attack. The control: outside, each of these files can be read, as this very process does."""
    paths = ["/proc/1/environ", "/proc/1/maps", "/proc/1/mem", "/proc/sys/kernel/hostname", "/proc/cpuinfo"]
    paths += ["/proc/mounts", "/proc/kallsyms", f"/proc/{os.getpid()}/environ"]
    for path in paths[3:]:
        with open(path, "rb") as file:
            assert file.read(10) or path.endswith("mounts")
    read = cast("dict[str, str]", (await _look(jail, *paths))["read"])
    for path in paths[:5]:
        assert not read[path].startswith("b'") or read[path] == "b''", (path, read[path])
    own = cast("dict[str, str]", (await _look(jail, "/proc/self/environ"))["read"])["/proc/self/environ"]
    assert "PYTEST" not in own


async def test_nothing_in_it_can_be_written(jail: CPythonJail) -> None:
    paths = ("/proc/self/mem", "/proc/self/oom_score_adj", "/proc/self/comm", "/proc/1/mem", "/proc/sysrq-trigger")
    written = cast("dict[str, str]", (await _look(jail, writing=paths))["written"])
    assert "opened" not in "".join(written.values())
