"""App, MCP: the transport over stdin and stdout, of which nothing else in the process has any part.

https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#stdio. The SDK turns lines into messages; the
lines are read and written here, because its own reader waits in a thread that nothing can interrupt, and takes lines of
any length. While a server runs, descriptor 0 is empty and 1 is standard error, so whoever prints harms nothing.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, cast

import anyio

if TYPE_CHECKING:
    from mcp.client._transport import TransportStreams

__all__ = ["MAX_LINE", "Lines", "messages", "own_descriptors"]

MAX_LINE = 16 << 20
"""Bytes of one message; a client that sends a longer one is left."""
_CHUNK = 1 << 16
_PIPE = 4096  # pipe(7): what a pipe that polls as writable takes without blocking


class Lines:
    """Lines of text over two descriptors, waiting for which can be cancelled. What the SDK wants of a text file.

    Args:
        source: read from here; -1 if that is not needed.
        target: written to there; likewise.
    """

    def __init__(self, source: int = -1, target: int = -1) -> None:
        self._source, self._target = source, target
        self._waits = {each: not stat.S_ISREG(os.fstat(each).st_mode) for each in (source, target) if each >= 0}

    async def __aiter__(self) -> AsyncGenerator[str, None]:
        """Lines, to the end of the input. What is no UTF-8 is replaced, and so found to be no message."""
        rest = bytearray()
        while data := await self._read():
            rest += data
            if b"\n" in data:
                *lines, rest = rest.split(b"\n")
                for line in lines:
                    yield line.decode("utf-8", errors="replace")
            if len(rest) > MAX_LINE:
                sys.stderr.write(f"cambrian: a message of more than {MAX_LINE} bytes came in; the client is left\n")
                return

    async def _read(self) -> bytes:
        if self._waits[self._source]:
            await anyio.wait_readable(self._source)
        return os.read(self._source, _CHUNK)

    async def write(self, text: str) -> int:
        """Write all of it. If the client has left, that is found out by its input's end."""
        left = memoryview(text.encode())
        while left:
            if self._waits[self._target]:
                await anyio.wait_writable(self._target)
            try:
                left = left[os.write(self._target, left[:_PIPE]) :]
            except BrokenPipeError:
                break
        return len(text)

    async def flush(self) -> None:
        """Nothing is held back."""


@contextmanager
def own_descriptors() -> Generator[tuple[int, int]]:
    """Take stdin and stdout away from everybody else, before anything of the user's runs; gives descriptors of both."""
    source, target = os.dup(0), os.dup(1)
    try:
        empty = os.open(os.devnull, os.O_RDONLY)
        os.dup2(empty, 0)
        os.close(empty)
        os.dup2(2, 1)
        yield source, target
    finally:
        sys.stdout.flush()  # what was printed meanwhile was not meant for the client
        os.dup2(source, 0)
        os.dup2(target, 1)
        os.close(source)
        os.close(target)


@asynccontextmanager
async def messages(source: int, target: int) -> AsyncGenerator[TransportStreams, None]:
    """Streams of messages over two descriptors."""
    from mcp.server.stdio import stdio_server

    file = cast("anyio.AsyncFile[str]", Lines(source, target))
    async with stdio_server(file, file) as streams:
        yield streams
