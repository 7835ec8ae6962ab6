"""Sandbox: one program in one jail, from its first byte to its burial. Believes nothing that comes out of it."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import time

import anyio
import msgspec

from cambrian.core.errors import SandboxError
from cambrian.core.evaluation import Status
from cambrian.core.limits import Level, Limits
from cambrian.core.ports import Exit, Program, Reply, Session

from .channel import LOOK_S, Channel, Ended
from .inside.wire import BROKEN, CAGED, FAULT, LOADED, RAISED, VALUE, Call, Frame, Gone, Order
from .treeclock import TreeClock
from .treememory import TreeMemory, Watch
from .verdict import Ending, exit_of
from .zygote import Child, Zygote

__all__ = ["JailSession"]

_REPORT = 256 * 1024
_MANY, _LARGEST, _ENDLESS = 2**31 - 2, 2**32 - 1, 2**60  # what the fields of kernel and wire can hold
_DYING_S = 2.0
_OVERRUN = Ending(Status.MEMORY, "resident")
_ERROR_RECORD = 2**16  # what an exception may take, however small the limit on answers


class JailSession(Session):
    """A program in a child of a zygote. Made by `JailSession.open`."""

    def __init__(self, zygote: Zygote, child: Child, channel: Channel, clock: TreeClock, terms: _Terms) -> None:
        self._zygote, self._child, self._channel, self._clock, self._terms = zygote, child, channel, clock, terms
        self._calls = 0
        self._exit: Exit | None = None
        self._stopped: Ending | None = None
        self._torn = self._overran = False
        self._watch: Watch | None = None

    @classmethod
    async def open(
        cls, zygote: Zygote, program: Program, limits: Limits, level: Level, *, resident: bool = False
    ) -> JailSession:
        """Make the child, close the cage, send the program and load it. Ask `exit` whether it survived that.

        Args:
            zygote: makes the child.
            program: what it runs.
            limits: what it may use.
            level: the zygote's.
            resident: watch what is resident; the zygote was told not to limit address space.

        Raises:
            SandboxError: the machinery failed.
        """
        terms = _Terms(limits, level, time.monotonic())
        child, data, output = await _birth(zygote, limits)
        clock = TreeClock(child.pid, zygote.pid if limits.processes > 1 else None)
        memory = TreeMemory(zygote.pid, _most_resident(limits, level)) if resident else None
        exceeded = memory.exceeded if memory else None
        channel = Channel(data, output, limits.output, lambda: limits.cpu - clock.seconds(), exceeded)
        self = cls(zygote, child, channel, clock, terms)
        self._watch = Watch(exceeded, self._overrun, every=LOOK_S) if exceeded else None
        try:
            await self._load(program)
        except BaseException:
            with anyio.CancelScope(shield=True):
                await self.close()
            raise
        return self

    @property
    def exit(self) -> Exit | None:
        """How it ended, if it has."""
        return self._exit

    async def _load(self, program: Program) -> None:
        until = self._terms.deadline
        body = msgspec.json.encode(program)
        try:
            await self._pour(Call(0, len(body)).pack() + body, until)
            await self._caged(until)
            await self._frame(0, {LOADED: 0}, until)
        except Ended as end:
            await self._end(end.ending)

    async def _pour(self, program: bytes, until: float) -> None:
        """Send the program ahead, to save a turn; if nobody takes it, what was said before that tells why."""
        try:
            await self._channel.write(program, until)
        except Ended as end:
            if end.ending.status is not None:
                raise

    async def _caged(self, until: float) -> None:
        """The first frame is sent before the program's first byte is read, so it can be believed."""
        try:
            frame = Frame.unpack(await self._channel.read(Frame.LAYOUT.size, until))
        except Ended as end:
            if end.ending.status is not None:
                raise
            gone = await self._end(end.ending)
            raise SandboxError(f"the jail could not be closed: its child ended with {gone.detail}") from None
        if frame.kind == BROKEN:
            text = (await self._channel.read(min(frame.body, 1000), until)).decode(errors="replace")
            raise SandboxError(f"the jail could not be closed: {text}")
        if frame.kind != CAGED:
            raise SandboxError(f"the jail began with a frame of kind {frame.kind!r}")

    async def call(self, payload: bytes, *, wall: float | None = None) -> Reply | Exit:
        """See `core.ports.Session.call`."""
        if self._exit is not None:
            return self._exit
        if self._torn:
            raise SandboxError("a call of this session was cancelled; close the session")
        self._torn = True
        if self._watch is not None:
            self._watch.pause()
        reply = await self._call(payload, wall)
        if self._watch is not None and self._exit is None:
            self._watch.go_on()
        self._torn = False
        return reply

    async def _call(self, payload: bytes, wall: float | None) -> Reply | Exit:
        until = self._terms.deadline if wall is None else min(self._terms.deadline, time.monotonic() + wall)
        self._calls += 1
        try:
            if not self._channel.idle():
                raise Ended(await self._unasked(until))
            cpu, begun = self._cpu(), time.monotonic()
            await self._channel.write(Call(self._calls, len(payload)).pack() + payload, until)
            answers = {VALUE: self._terms.limits.output, RAISED: max(_ERROR_RECORD, self._terms.limits.output)}
            kind, body, report = await self._frame(self._calls, answers, until)
            wall_s = time.monotonic() - begun
            return Reply(payload=body, raised=kind == RAISED, wall_s=wall_s, cpu_s=self._cpu() - cpu, report=report)
        except Ended as end:
            return await self._end(end.ending)

    def _cpu(self) -> float:
        try:
            return self._clock.seconds()
        except ProcessLookupError:
            raise Ended(Ending()) from None

    async def _unasked(self, until: float) -> Ending:
        """What a program that spoke, or ended, between two calls has to say: its end, or a forgery."""
        await self._frame(-1, {}, until)
        return Ending(Status.ERROR, "protocol")

    async def _frame(self, call: int, bodies: dict[int, int], until: float) -> tuple[int, bytes, bytes]:
        """Read one frame: an answer to `call` of a kind in `bodies`, which gives the most bytes of its body."""
        frame = Frame.unpack(await self._channel.read(Frame.LAYOUT.size, until))
        if frame.kind == FAULT and frame.body <= _ERROR_RECORD:
            raise Ended(Ending.confessed(await self._channel.read(frame.body, until)))
        if frame.kind not in bodies or frame.call != call or frame.report > _REPORT:
            raise Ended(Ending(Status.ERROR, "protocol"))
        if frame.body > bodies[frame.kind]:
            raise Ended(Ending(Status.OUTPUT, f"answer of {frame.body} bytes"))
        body = await self._channel.read(frame.body, until)
        return frame.kind, body, await self._channel.read(frame.report, until)

    def stop(self) -> None:
        """See `core.ports.Session.stop`. What it was when it was told to end is what it counts as."""
        if self._exit is None and self._stopped is None:
            self._stopped = self._last_ending()
            self._kill()

    def rest(self) -> None:
        """See `core.ports.Session.rest`. The kernel's limits hold all the same."""
        if self._watch is not None:
            self._watch.pause()

    def _overrun(self) -> None:
        """Between two calls it took more memory than it may."""
        if self._exit is None and self._stopped is None:
            self._stopped, self._overran = _OVERRUN, True
            self._kill()

    async def close(self) -> Exit:
        """See `core.ports.Session.close`."""
        if self._exit is None:
            with anyio.CancelScope(shield=True):
                await self._end(self._stopped or self._last_ending())
        assert self._exit is not None
        return self._exit

    def _last_ending(self) -> Ending:
        """Ok if the program still lives; else the kernel's account decides."""
        poll = select.poll()
        poll.register(self._child.handle, select.POLLIN)
        return Ending() if poll.poll(0) else Ending(Status.OK)

    async def _end(self, ending: Ending) -> Exit:
        """Kill the whole tree, wait until it is gone, and settle on the verdict."""
        if self._exit is None:
            if ending.status is None and self._overran:
                ending = _OVERRUN
            with anyio.CancelScope(shield=True):
                await self._bury(ending if ending.status else await self._ended_by_itself())
        assert self._exit is not None
        return self._exit

    async def _ended_by_itself(self) -> Ending:
        """The program's channel is closed, so it is about to be gone; if it is not, it closed it itself."""
        with anyio.move_on_after(_DYING_S):
            await anyio.wait_readable(self._child.handle)
            return Ending()
        return Ending(Status.ERROR, "closed its channel")

    async def _bury(self, ending: Ending) -> None:
        self._kill()
        try:
            gone = await self._zygote.burial()
        except SandboxError:
            self._settle(Ending(Status.KILLED, "the jail died"), Gone(0, 0.0, 0, -1))
            raise
        try:
            self._channel.drain()
        except Ended as end:
            if ending.status in (None, Status.OK):
                ending = end.ending
        self._settle(ending, gone)

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):  # it may have ended by itself
            signal.pidfd_send_signal(self._child.handle, signal.SIGKILL)

    def _settle(self, ending: Ending, gone: Gone) -> None:
        if self._watch is not None:
            self._watch.pause()
        terms = self._terms
        wall = time.monotonic() - terms.begun
        self._exit = exit_of(ending, gone, terms.limits, terms.level, self._channel.tail, wall)
        self._channel.close()
        os.close(self._child.handle)


class _Terms(msgspec.Struct, frozen=True):
    """What a session was opened with: limits, level, and when, on the monotonic clock."""

    limits: Limits
    level: Level
    begun: float

    @property
    def deadline(self) -> float:
        return self.begun + self.limits.wall


def _most_resident(limits: Limits, level: Level) -> int:
    """Scratch files are memory, and are set aside at level 3."""
    return limits.memory - (limits.disk if level is Level.L3 else 0)


async def _birth(zygote: Zygote, limits: Limits) -> tuple[Child, socket.socket, int]:
    """Make the child and its two channels; on failure leave nothing open."""
    order = Order(
        processes=min(limits.processes, _MANY),
        files=min(limits.files, _MANY),
        cpu=min(limits.cpu, _MANY),
        memory=min(limits.memory, _ENDLESS),
        disk=min(limits.disk, _ENDLESS),
        output=min(limits.output, _LARGEST),
    )
    ours, theirs = socket.socketpair()
    reading, writing = os.pipe()
    try:
        child = await zygote.launch(order, theirs.fileno(), writing)
    except BaseException:
        ours.close()
        os.close(reading)
        raise
    finally:
        theirs.close()
        os.close(writing)
    return child, ours, reading
