"""Tools, MCP over stdio: a server's process, its environment, its end, and the messages through its pipes.

https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#stdio. The SDK's own transport hands on more
of the environment, keeps no process id and reads lines without a limit.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import IO

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from mcp.client._transport import TransportStreams
from mcp.shared.message import SessionMessage
from mcp_types import jsonrpc_message_adapter

from cambrian.core.errors import UsageError

from .process_tree import kill_tree, new_mark

__all__ = ["ServerProcess", "stdio_streams"]

MAX_LINE = 16 << 20
"""Bytes of one message; a server that sends a longer one is ended."""

_TAIL = 8192  # bytes of standard error that are kept
_GRACE = 2.0  # seconds for a server to end by itself once its input is closed; the SDK's figure
_FLUSH = 0.5  # seconds to write what was accepted already
_LAST = 0.2  # seconds to read what a process wrote before its end
_REAP = 5.0  # seconds for the kernel to end what was killed
_Incoming = SessionMessage | Exception


class ServerProcess:
    """A server's process with an environment of its own.

    Args:
        command: program and arguments, found through the host's ``PATH``.
        environment: variables besides ``PATH``, ``HOME`` (an empty folder that is removed at the end) and ``LANG``.
        folder: working directory; by default this process's, so that relative paths in the command are as typed.

    Raises:
        UsageError: it cannot be started.
    """

    def __init__(self, command: Sequence[str], *, environment: Mapping[str, str], folder: str | None) -> None:
        self._mark = new_mark()
        self._home = tempfile.mkdtemp(prefix="cambrian-server-")
        self._errors = bytearray()
        self.killed = ""
        try:
            self._process = subprocess.Popen(
                list(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                cwd=folder,
                env={**self._basic(), **environment, self._mark[0]: self._mark[1]},
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            shutil.rmtree(self._home, ignore_errors=True)
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise UsageError(
                f"{command[0]!r} cannot be started: {reason}\n  fix: write a command that works in a "
                f"shell, such as: python server.py"
            ) from None
        for pipe in self._pipes():
            os.set_blocking(pipe.fileno(), False)

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    @property
    def mark(self) -> tuple[str, str]:
        """What marks its process tree; see `process_tree`."""
        return self._mark

    def kill(self, why: str) -> None:
        """End the process tree at once."""
        self.killed = self.killed or why
        self._kill()

    async def leave(self) -> None:
        """Close its input, give it time to end by itself, end what is left of its tree, and reap it."""
        self._close(self._process.stdin)
        with anyio.move_on_after(_GRACE):
            await self.ended()
        self._kill()
        with anyio.move_on_after(_REAP):
            await self.ended()
        self._process.poll()  # only now: once it is reaped, its number may become another process's

    def close(self) -> None:
        """Close the pipes, which nobody may be waiting for any more, and remove its home. Idempotent."""
        for pipe in self._pipes():
            self._close(pipe)
        shutil.rmtree(self._home, ignore_errors=True)

    async def ended(self) -> None:
        """Wait until its process has ended, whoever else still holds its pipes."""
        try:
            handle = os.pidfd_open(self.pid)
        except ProcessLookupError:
            return
        try:
            await anyio.wait_readable(handle)
        finally:
            os.close(handle)

    def epitaph(self) -> str:
        """How it ended, and the last of what it wrote to standard error."""
        status = self._process.returncode
        how = self.killed or ("it closed its output" if status is None else f"its process ended with status {status}")
        last = bytes(self._errors).decode(errors="replace").strip()
        return f"{how}; its last words: {last[-1000:]}" if last else how

    async def receive(self) -> bytes:
        """Some of its standard output; nothing at its end."""
        return await _read(self._process.stdout)

    async def send(self, data: bytes) -> None:
        """Write all of it to its standard input.

        Raises:
            OSError: it is not there any more.
        """
        assert self._process.stdin is not None  # started with a pipe
        left = memoryview(data)
        while left:
            try:
                left = left[os.write(self._process.stdin.fileno(), left) :]
            except BlockingIOError:
                await anyio.wait_writable(self._process.stdin.fileno())

    async def read_errors(self) -> None:
        """Take what it writes to standard error, for ever, so that it never waits for that."""
        while data := await _read(self._process.stderr):
            self._errors += data
            del self._errors[:-_TAIL]

    def _basic(self) -> dict[str, str]:
        return {"PATH": os.pathsep.join(os.get_exec_path()), "HOME": self._home, "LANG": "C.UTF-8"}

    def _kill(self) -> None:
        kill_tree(self._mark, self.pid if self._process.returncode is None else 0)

    def _pipes(self) -> list[IO[bytes]]:
        return [pipe for pipe in (self._process.stdin, self._process.stdout, self._process.stderr) if pipe]

    @staticmethod
    def _close(pipe: IO[bytes] | None) -> None:
        if pipe is not None:
            with suppress(OSError):
                pipe.close()


@asynccontextmanager
async def stdio_streams(process: ServerProcess, ended: Callable[[], None]) -> AsyncGenerator[TransportStreams, None]:
    """The transport that the SDK's client wants.

    Args:
        process: it is stopped at the end.
        ended: called when the server closes its output, or sends what is no message.
    """
    incoming, read = anyio.create_memory_object_stream[_Incoming](0)
    write, outgoing = anyio.create_memory_object_stream[SessionMessage](0)
    sending, sent = anyio.CancelScope(), anyio.Event()
    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_receive, process, incoming, ended)
            tasks.start_soon(_send, process, outgoing, sending, sent)
            tasks.start_soon(process.read_errors)
            tasks.start_soon(_watch, process, ended)
            try:
                yield read, write
            finally:
                with anyio.CancelScope(shield=True):  # every wait inside is bounded
                    write.close()
                    with anyio.move_on_after(_FLUSH):
                        await sent.wait()
                    sending.cancel()
                    await sent.wait()
                    read.close()
                    await process.leave()
                tasks.cancel_scope.cancel()
    finally:
        process.close()
        for stream in (incoming, read, write, outgoing):
            stream.close()


async def _receive(
    process: ServerProcess, incoming: MemoryObjectSendStream[_Incoming], ended: Callable[[], None]
) -> None:
    buffer = bytearray()
    with incoming:
        while data := await process.receive():
            buffer += data
            if b"\n" in data:
                *lines, rest = bytes(buffer).split(b"\n")
                buffer = bytearray(rest)
                if not await _deliver(incoming, lines):
                    break
            if len(buffer) > MAX_LINE:
                process.kill(f"it was ended for a message of more than {MAX_LINE} bytes")
                break
    ended()
    while await process.receive():  # a server that writes as it ends must not have to wait for that
        pass


async def _deliver(incoming: MemoryObjectSendStream[_Incoming], lines: list[bytes]) -> bool:
    """Whether the session still listens."""
    try:
        for line in lines:
            await incoming.send(_message(line))
    except (anyio.BrokenResourceError, anyio.ClosedResourceError):
        return False
    return True


async def _watch(process: ServerProcess, ended: Callable[[], None]) -> None:
    """A helper that outlives the server may hold its output open: then only this tells that the server is gone."""
    await process.ended()
    await anyio.sleep(_LAST)
    ended()


def _message(line: bytes) -> _Incoming:
    try:
        return SessionMessage(jsonrpc_message_adapter.validate_json(line, by_name=False))
    except ValueError as error:
        return error


async def _send(
    process: ServerProcess,
    outgoing: MemoryObjectReceiveStream[SessionMessage],
    scope: anyio.CancelScope,
    sent: anyio.Event,
) -> None:
    try:
        with scope, outgoing, suppress(OSError):  # it is gone: the reader sees that, too
            async for message in outgoing:
                text = message.message.model_dump_json(by_alias=True, exclude_unset=True)
                await process.send(text.encode() + b"\n")
    finally:
        sent.set()


async def _read(pipe: IO[bytes] | None) -> bytes:
    assert pipe is not None  # started with a pipe
    while True:
        try:
            return os.read(pipe.fileno(), 1 << 16)
        except BlockingIOError:
            await anyio.wait_readable(pipe.fileno())
