"""Sandbox: bytes to and from one program, under its limits. Interprets nothing of what comes out.

One epoll descriptor stands for everything that can happen to a program, so each wait is one wait, and every wait has a
deadline. What the program prints is taken along the way.
"""

from __future__ import annotations

import asyncio
import os
import select
import socket
import time
from collections.abc import Callable

from cambrian.core.evaluation import Status

from .verdict import Ending

__all__ = ["LOOK_S", "Channel", "Ended"]

_CHUNK = 2**16
_SMALL = 4096  # read at least; a short frame comes whole, its body with its header
_TAIL = 4096
_SHORTEST_S = 0.005  # between two looks at the CPU clock
_CORES = os.cpu_count() or 1
LOOK_S = 0.02
"""Between two looks at the memory of a program that is watched."""


class Ended(Exception):
    """The program has to end, or has ended; carries why."""

    def __init__(self, ending: Ending) -> None:
        super().__init__(ending)
        self.ending = ending


class Channel:
    """Data socket and output pipe of one program.

    Args:
        data: the engine's end of the data socket.
        output: the reading end of the pipe that is the program's standard output and error.
        most: bytes that it may print.
        cpu: gives the CPU seconds that it has left; raises `ProcessLookupError` when it is gone.
        exceeded: says whether it holds more memory than it may; None where the kernel sees to that.
    """

    def __init__(
        self,
        data: socket.socket,
        output: int,
        most: int,
        cpu: Callable[[], float],
        exceeded: Callable[[], bool] | None = None,
    ) -> None:
        self._data, self._output, self._most, self._cpu, self._exceeded = data, output, most, cpu, exceeded
        data.setblocking(False)
        os.set_blocking(output, False)
        self._epoll = select.epoll()
        self._epoll.register(data, select.EPOLLIN)
        self._epoll.register(output, select.EPOLLIN)
        self._wanted = select.EPOLLIN
        self._ahead = b""
        self._printed = 0
        self._next_look = 0.0
        self.tail = b""

    def idle(self) -> bool:
        """Whether nothing has come from the program that nobody asked for."""
        if self._ahead:
            return False
        try:
            self._data.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    async def write(self, payload: bytes, until: float) -> None:
        """Send all of it. `until` is on the monotonic clock.

        Raises:
            Ended: a limit, or the program's end.
        """
        view = memoryview(payload)
        while view:
            try:
                view = view[self._data.send(view) :]
            except BlockingIOError:
                await self._wait(until, writing=True)
            except OSError:
                raise Ended(Ending()) from None

    async def read(self, size: int, until: float) -> bytes:
        """Exactly so many bytes.

        Raises:
            Ended: a limit, or the program's end.
        """
        parts = [self._ahead[:size]]
        self._ahead = self._ahead[size:]
        size -= len(parts[0])
        while size:
            try:
                part = self._data.recv(max(min(size, _CHUNK), _SMALL))
            except BlockingIOError:
                await self._wait(until)
                continue
            except OSError:
                part = b""
            if not part:
                raise Ended(Ending())
            if len(part) > size:
                part, self._ahead = part[:size], part[size:]
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    async def _wait(self, until: float, *, writing: bool = False) -> None:
        wanted = select.EPOLLIN | (select.EPOLLOUT if writing else 0)
        if wanted != self._wanted:
            self._epoll.modify(self._data, wanted)
            self._wanted = wanted
        while True:
            await _readable(self._epoll.fileno(), self._left(until))
            ready = {descriptor for descriptor, _ in self._epoll.poll(0)}
            if self._output in ready:
                self.drain()
            if self._data.fileno() in ready:
                return

    def _left(self, until: float) -> float:
        wall = until - time.monotonic()
        if wall <= 0:
            raise Ended(Ending(Status.TIMEOUT, "wall"))
        try:
            cpu = self._cpu()
        except ProcessLookupError:
            return min(wall, _SHORTEST_S)  # gone: the sockets will say so
        if cpu <= 0:
            raise Ended(Ending(Status.TIMEOUT, "cpu"))
        seconds = min(wall, max(cpu / _CORES, _SHORTEST_S))
        return seconds if self._exceeded is None else min(seconds, self._left_to_look(self._exceeded))

    def _left_to_look(self, exceeded: Callable[[], bool]) -> float:
        """Seconds until memory has to be looked at again; a look takes file reads, so short calls share one."""
        now = time.monotonic()
        if now >= self._next_look:
            if exceeded():
                raise Ended(Ending(Status.MEMORY, "resident"))
            self._next_look = now + LOOK_S
        return self._next_look - now

    def drain(self) -> None:
        """Take what it has printed.

        Raises:
            Ended: more than it may.
        """
        while True:
            try:
                part = os.read(self._output, _CHUNK)
            except BlockingIOError:
                return
            if not part:
                self._epoll.modify(self._output, 0)
                return
            self._printed += len(part)
            self.tail = (self.tail + part)[-_TAIL:]
            if self._printed > self._most:
                raise Ended(Ending(Status.OUTPUT, "printed"))

    def close(self) -> None:
        """Close all descriptors."""
        self._epoll.close()
        self._data.close()
        os.close(self._output)


async def _readable(descriptor: int, seconds: float) -> None:
    """Wait until a descriptor can be read, or so long."""
    loop = asyncio.get_running_loop()
    woken: asyncio.Future[None] = loop.create_future()
    loop.add_reader(descriptor, _wake, woken)
    timer = loop.call_later(seconds, _wake, woken)
    try:
        await woken
    finally:
        timer.cancel()
        loop.remove_reader(descriptor)


def _wake(woken: asyncio.Future[None]) -> None:
    if not woken.done():
        woken.set_result(None)
