"""Memory that is limited by what is resident: for engines that reserve far more address space than they use."""

from __future__ import annotations

from collections.abc import AsyncIterator

import anyio
import pytest

from cambrian.core.codec import decode, encode
from cambrian.core.errors import IsolationUnavailable
from cambrian.core.evaluation import Status
from cambrian.core.limits import Level, Limits
from cambrian.core.ports import Exit, Program, Reply, Session
from cambrian.sandbox import CPythonJail

_PROGRAM = """
import mmap, os, threading, time

def reserve(size):
    mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=mmap.PROT_READ)
    return True

def take(size, hold=60.0):
    kept = bytearray(size)
    for at in range(0, size, 4096):
        kept[at] = 1
    time.sleep(hold)
    return len(kept)

def later(size):
    threading.Timer(0.5, take, (size,)).start()
    return True

def child(size):
    if os.fork() == 0:
        try:
            take(size)
        finally:
            os._exit(0)
    return os.wait()[1]

def entry(name, *arguments):
    return globals()[name](*arguments)
"""
_MIB = 2**20
_LIMITS = Limits(wall=30.0, memory=128 * _MIB, disk=_MIB)


@pytest.fixture(scope="module", params=[True, False], ids=["resident", "address-space"])
def resident(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture(scope="module")
async def jail(resident: bool, anyio_backend: str) -> AsyncIterator[CPythonJail]:
    try:
        made = await CPythonJail.start(level=Level.L3, resident=resident)
    except IsolationUnavailable as error:
        pytest.skip(f"needs jail.L3: {error}")
    yield made
    await made.aclose()


async def _launch(jail: CPythonJail, limits: Limits = _LIMITS) -> Session:
    session = await jail.launch(Program(files={"main.py": _PROGRAM}, entry="main.py:entry"), limits)
    assert not isinstance(session, Exit), session
    return session


async def test_reserving_is_free_where_only_what_is_resident_counts(jail: CPythonJail, resident: bool) -> None:
    session = await _launch(jail)
    reply = await session.call(encode(("reserve", 2**36)))
    if resident:
        assert isinstance(reply, Reply)
        assert not reply.raised
    else:  # the control: the same reservation is more than the address space of an ordinary jail
        assert isinstance(reply, Exit)
        assert reply.status is Status.MEMORY
    await session.close()


@pytest.mark.parametrize("size", [16 * _MIB, 400 * _MIB])
async def test_what_is_resident_is_limited(jail: CPythonJail, resident: bool, size: int) -> None:
    session = await _launch(jail)
    reply = await session.call(encode(("take", size, 0.2)))
    if size < _LIMITS.memory:
        assert isinstance(reply, Reply)
        assert decode(reply.payload) == size
    else:
        assert isinstance(reply, Exit)
        assert (reply.status, reply.detail) == (Status.MEMORY, "resident" if resident else "")
    await session.close()


async def test_a_spike_between_two_looks_ends_at_the_limit_of_writable_memory(
    jail: CPythonJail, resident: bool
) -> None:
    session = await _launch(jail)
    reply = await session.call(encode(("take", 3 * 2**30)))
    assert isinstance(reply, Exit)
    assert (reply.status, reply.detail) == (Status.MEMORY, "")  # by the kernel, at once
    assert reply.usage.peak_bytes < 200 * _MIB


async def test_children_count(jail: CPythonJail, resident: bool) -> None:
    limits = Limits(wall=30.0, memory=128 * _MIB, disk=_MIB, processes=4)
    session = await _launch(jail, limits)
    reply = await session.call(encode(("child", 400 * _MIB)))
    if resident:
        assert isinstance(reply, Exit)
        assert (reply.status, reply.detail) == (Status.MEMORY, "resident")
    else:  # there each process has its share of address space, and only the child failed
        assert isinstance(reply, Reply)
    await session.close()


async def test_between_two_calls_somebody_looks(jail: CPythonJail, resident: bool) -> None:
    session = await _launch(jail)
    assert isinstance(await session.call(encode(("later", 400 * _MIB))), Reply)
    await anyio.sleep(2.0)
    if resident:
        ended = await session.close()
        assert (ended.status, ended.detail) == (Status.MEMORY, "resident")
        assert ended.usage.peak_bytes < 400 * _MIB
    else:  # its thread had a MemoryError, and the program lives
        assert (await session.close()).status is not Status.MEMORY


async def test_the_call_after_an_overrun_tells_of_it(jail: CPythonJail, resident: bool) -> None:
    session = await _launch(jail)
    assert isinstance(await session.call(encode(("later", 400 * _MIB))), Reply)
    await anyio.sleep(2.0)
    reply = await session.call(encode(("take", _MIB, 0.0)))
    assert isinstance(reply, Exit) is resident
    if resident:
        assert isinstance(reply, Exit)
        assert (reply.status, reply.detail) == (Status.MEMORY, "resident")
    await session.close()
