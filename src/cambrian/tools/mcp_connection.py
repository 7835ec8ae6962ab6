"""Tools, MCP connections: one session with a server, from its handshake to its end, in a task that owns it.

The SDK's client has to be left in the task that entered it, and calls come from many; so each connection has its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import cast

import anyio
import mcp_types
import msgspec
from mcp.client._transport import TransportStreams
from mcp.client.client import Client

from cambrian.core.errors import CambrianError, UsageError
from cambrian.version import VERSION

from .endpoint import Endpoint
from .mcp_http import http_streams
from .mcp_stdio import ServerProcess, stdio_streams
from .redaction import Redactor

__all__ = ["Command", "Connection", "list_tools"]

_MOST_PAGES, _MOST_TOOLS = 200, 5000
_CLOSING = 15.0  # seconds; more than all the bounded waits of an end together


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """How a server's process is started; see `ServerProcess`."""

    words: tuple[str, ...]
    environment: dict[str, str]
    folder: str | None

    def __repr__(self) -> str:
        return f"Command({self.words[0]!r})"


class Connection:
    """One session. `start` it, use its `client`, `stop` it; it may end by itself.

    Args:
        target: where or what the server is.
        redactor: for what is said about its end.
    """

    def __init__(self, target: Command | Endpoint, redactor: Redactor) -> None:
        self._target = target
        self._redactor = redactor
        self._process: ServerProcess | None = None
        self._task: asyncio.Task[None] | None = None
        self._client: Client | None = None
        self._connected = anyio.Event()
        self._leave = anyio.Event()
        self._scope = anyio.CancelScope()
        self._why = ""
        self.ended = anyio.Event()
        """Set once everything of it is gone."""

    def start(self) -> None:
        """Begin to connect."""
        self._task = asyncio.create_task(self._live(), name="cambrian tool server")

    @property
    def pid(self) -> int | None:
        """The server's process id, if it has one here."""
        return None if self._process is None else self._process.pid

    @property
    def why(self) -> str:
        """How it ended, without secrets."""
        said = self._process.epitaph() if self._process else ""
        reasons = [each for each in (said, self._why) if each]
        return self._redactor.text("; ".join(reasons) or "the connection was closed")

    async def client(self, limit: float) -> Client:
        """The SDK's client, once the handshake is over.

        Raises:
            UsageError: there is no such server, it does not speak the protocol, or it takes longer than `limit`.
        """
        with anyio.move_on_after(limit) as scope:
            await self._connected.wait()
        if scope.cancelled_caught:
            self.kill(f"it was ended, since it did not answer within {limit:g} s")
            await self.stop()
        if self._client is None:
            raise UsageError(f"the tool server cannot be reached: {self.why}")
        return self._client

    def kill(self, why: str) -> None:
        """End the server's process tree at once, if it has one here; the session ends with it."""
        if self._process is None:
            self._why = self._why or why
        else:
            self._process.kill(why)
        self._leave.set()

    async def stop(self) -> None:
        """End it, and wait until everything of it is gone. Idempotent."""
        if self._task is None:
            return
        self._leave.set()
        if self._client is None:
            self._scope.cancel()
        with anyio.CancelScope(shield=True):
            await asyncio.wait([self._task], timeout=_CLOSING)
            if not self._task.done():
                self._task.cancel()
                await asyncio.wait([self._task], timeout=_CLOSING)

    async def _live(self) -> None:
        try:
            with self._scope:
                await self._talk()
        except Exception as error:  # noqa: BLE001 - the worker loop's boundary: whoever calls is told why it ended
            self._why = self._why or _reasons(error)
        finally:
            self._client = None
            self.ended.set()
            self._connected.set()

    async def _talk(self) -> None:
        async with self._streams() as streams:
            client = Client(
                _Ready(streams),
                cache=None,
                client_info=mcp_types.Implementation(name="cambrian", version=VERSION),
            )
            async with client:
                self._client = client
                self._connected.set()
                await self._leave.wait()

    @asynccontextmanager
    async def _streams(self) -> AsyncGenerator[TransportStreams, None]:
        if isinstance(self._target, Endpoint):
            async with http_streams(self._target) as streams:
                yield streams
            return
        target = self._target
        self._process = ServerProcess(target.words, environment=target.environment, folder=target.folder)
        async with stdio_streams(self._process, self._leave.set) as streams:
            yield streams


async def list_tools(client: Client) -> list[mcp_types.Tool]:
    """All tools of a server, page by page.

    Raises:
        UsageError: its pages never end.
    """
    found: list[mcp_types.Tool] = []
    cursor: str | None = None
    for _ in range(_MOST_PAGES):
        page = await client.list_tools(cursor=cursor)
        found += page.tools
        cursor = page.next_cursor
        if not cursor:
            return found
        if len(found) > _MOST_TOOLS:
            break
    raise UsageError(f"the tool server has more than {_MOST_TOOLS} tools or {_MOST_PAGES} pages of them")


class _Ready(AbstractAsyncContextManager[TransportStreams]):
    """Streams that are open already, in the form that the SDK's client enters."""

    def __init__(self, streams: TransportStreams) -> None:
        self._streams = streams

    async def __aenter__(self) -> TransportStreams:
        return self._streams

    async def __aexit__(self, *_: object) -> None:
        return None


def _reasons(error: BaseException) -> str:
    """What a failure comes from: the leaves of a group of exceptions."""
    if isinstance(error, BaseExceptionGroup):
        group = cast("BaseExceptionGroup[BaseException]", error)
        leaves = dict.fromkeys(_reasons(each) for each in group.exceptions)
        return "; ".join(each for each in leaves if each)
    if isinstance(error, CambrianError):
        return str(error)
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
