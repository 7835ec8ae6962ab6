"""Tools, MCP: a server of the Model Context Protocol as a source of tools, over stdio or streamable HTTP.

What a server says about itself, its hints and its results are claims of somebody else. The SDK (extra ``mcp``) is
imported when a server is first entered: it takes over a second and 50 MB.
"""

from __future__ import annotations

import enum
import importlib
import importlib.util
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

import anyio
import anyio.to_thread
import msgspec

from cambrian.core.checks import check_number
from cambrian.core.errors import CapabilityMissing, UsageError
from cambrian.core.tool import Tool

from .endpoint import read_endpoint
from .entry import Entry, Outcome, ToolServer
from .naming import identifier
from .redaction import Redactor, is_secret_name
from .schema import Schema

if TYPE_CHECKING:
    from mcp.client.client import Client
    from mcp.shared.exceptions import MCPError

    from .mcp_connection import Connection

__all__ = ["McpServer", "is_url"]

_URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_KEY = "cambrian/idempotency-key"
_SESSION_GONE = "Session terminated"  # the SDK's words for status 404, by which a server says that it was restarted
_SETTLING = 0.5  # seconds for a connection that lost a call to be found dead or alive


class _Lost(enum.Enum):
    """A call without an answer: it never came to be carried out, or may have been."""

    BEFORE = enum.auto()
    DURING = enum.auto()


class McpServer(ToolServer):
    """A server of the Model Context Protocol.

    Its process gets ``PATH``, a ``HOME`` of its own that is empty, ``LANG``, and what `env` names; never the host's
    environment. A call that takes too long ends the process with everything that it has started; the next call starts
    it anew. A call that is lost because the server died is made once more if its tool is idempotent, else its answer is
    an error that says that its effect is not known.

    Args:
        target: a command (``"python server.py"``, or its words) or a URL.
        name: what it is called here; by default after its program or host.
        env: variables for its process. Values of names such as ``API_KEY`` are kept out of errors and results.
        headers: for a URL; kept out of errors and results.
        folder: working directory of its process; by default this one's.
        timeout: seconds for one call.
        connect_timeout: seconds for starting and listing.
        trust_hints: whether to believe it when it calls a tool read-only or idempotent.
        secrets: further texts that are kept out of errors and results; those under 6 characters are not.

    Raises:
        UsageError: an argument is wrong.
    """

    def __init__(
        self,
        target: str | Sequence[str],
        *,
        name: str = "",
        env: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        folder: Path | str | None = None,
        timeout: float = 30.0,
        connect_timeout: float = 30.0,
        trust_hints: bool = False,
        secrets: Iterable[str] = (),
    ) -> None:
        check_number("timeout", timeout, example="timeout=30.0")
        check_number("connect_timeout", connect_timeout, example="connect_timeout=30.0")
        self._url = target if isinstance(target, str) and is_url(target) else ""
        self._words = ("",) if self._url else _words(target)
        if headers and not self._url:
            raise UsageError("headers are for a URL; a command gets env={…} instead")
        if env and self._url:
            raise UsageError("env is for a command; a URL gets headers={…} instead")
        self._env = dict(env or {})
        self._folder = None if folder is None else str(folder)
        self._timeout, self._connect_timeout = timeout, connect_timeout
        self._trust_hints = trust_hints
        self._endpoint = read_endpoint(self._url, headers or {}) if self._url else None
        own = [value for key, value in self._env.items() if is_secret_name(key)]
        self._redactor = Redactor((*(self._endpoint.secrets if self._endpoint else own), *secrets))
        self.name = identifier(name or self._default_name())
        self._lock = anyio.Lock()
        self._connection: Connection | None = None
        self._tools: dict[str, Tool] = {}
        self._results: dict[str, Schema] = {}
        self._listed: dict[str, str] = {}  # a tool's name → its version, as this connection has it
        self._open = False

    def __repr__(self) -> str:
        return f"McpServer(name={self.name!r})"

    @property
    def pid(self) -> int | None:
        """Process id of the server, if it runs here."""
        return None if self._connection is None else self._connection.pid

    async def __aenter__(self) -> Self:
        """Begin to connect.

        Raises:
            CapabilityMissing: the extra is not installed.
            UsageError: it is entered already.
        """
        if self._open:
            raise UsageError(f"{self!r} is in use already; make one for each toolbox")
        if importlib.util.find_spec("mcp") is None:
            raise CapabilityMissing(
                "tools.mcp", f"{self!r} cannot be reached without the protocol's SDK", fix="pip install cambrian[mcp]"
            )
        await anyio.to_thread.run_sync(importlib.import_module, "cambrian.tools.mcp_connection")
        self._open = True
        self._connection = self._begin()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the connection, and the server's process tree if it runs here."""
        self._open = False
        if self._connection is not None:
            await self._connection.stop()
            self._connection = None

    async def entries(self) -> Sequence[Entry]:
        """See `ToolServer.entries`; by name."""
        await self._client()
        return [_ServerTool(self, self._tools[name]) for name in sorted(self._tools)]

    async def call(self, tool: Tool, arguments: Mapping[str, object], *, key: str) -> Outcome:
        """Call a tool of this server; see `Entry.call`."""
        try:
            outcome = await self._call(tool, arguments, key)
            if outcome is _Lost.BEFORE or (outcome is _Lost.DURING and tool.idempotent):
                outcome = await self._call(tool, arguments, key)
        except UsageError as error:
            return Outcome(error=str(error))
        if not isinstance(outcome, _Lost):
            return outcome
        why = self._connection.why if self._connection else "it was closed"
        return Outcome(
            error=f"the server {self.name!r} was lost during the call: {why}; whether it had its effect is not known"
        )

    async def _call(self, tool: Tool, arguments: Mapping[str, object], key: str) -> Outcome | _Lost:
        from mcp.shared.exceptions import MCPError

        client = await self._client()
        connection = self._connection
        if connection is None:
            return _Lost.BEFORE
        if self._listed.get(tool.name) != tool.version:
            return Outcome(error=f"the server has changed or dropped {tool.name!r} since it was listed; start anew")
        try:
            with anyio.fail_after(self._timeout):
                return await self._send(client, tool, arguments, key)
        except TimeoutError:
            return await self._overdue(connection, tool)
        except MCPError as error:
            return await self._failed(connection, error)

    async def _send(self, client: Client, tool: Tool, arguments: Mapping[str, object], key: str) -> Outcome:
        from pydantic import ValidationError

        from .mcp_results import call_tool

        try:
            outcome = await call_tool(client, tool.name, arguments, meta={_KEY: key} if key else {})
        except (RuntimeError, ValidationError) as error:  # how the SDK says that an answer is none
            return Outcome(error=f"the server broke the protocol: {self._redactor.text(str(error))[:1000]}")
        if outcome.error:
            return Outcome(error=self._redactor.text(outcome.error))
        problem = self._results[tool.name].problem(outcome.value) if tool.returns else ""
        if problem:
            return Outcome(error=f"the result is not what the server promised: {self._redactor.text(problem)}")
        return Outcome(value=self._redactor.value(outcome.value))

    async def _overdue(self, connection: Connection, tool: Tool) -> Outcome:
        limit = f"{self._timeout:g} s"
        if connection.pid is None:
            return Outcome(error=f"TimeoutError: {tool.name!r} took longer than {limit}; its effect is not known")
        connection.kill(f"it was ended, since a call of {tool.name!r} took longer than {limit}")
        await connection.stop()
        return Outcome(
            error=f"TimeoutError: {tool.name!r} took longer than {limit}; the server's processes were ended; whether "
            f"the call had its effect is not known"
        )

    async def _failed(self, connection: Connection, error: MCPError) -> Outcome | _Lost:
        """What the server answered, or that it did not and is gone."""
        from mcp_types import CONNECTION_CLOSED, INVALID_REQUEST

        if connection.pid is None and error.code == INVALID_REQUEST and error.message == _SESSION_GONE:
            await connection.stop()
            return _Lost.BEFORE
        if error.code == CONNECTION_CLOSED:  # servers use that number for errors of their own, too
            with anyio.move_on_after(_SETTLING):
                await connection.ended.wait()
                return _Lost.DURING
        return Outcome(error=self._redactor.text(str(error))[:4000] or type(error).__name__)

    async def _client(self) -> Client:
        """A living connection's client; a new connection if the last one is gone.

        Raises:
            UsageError: the server cannot be reached, or this is not entered.
        """
        if not self._open:
            raise UsageError(f"{self!r} is not entered; use `async with`")
        async with self._lock:
            if self._connection is None or self._connection.ended.is_set():
                self._connection, self._listed = self._begin(), {}
            client = await self._connection.client(self._connect_timeout)
            if not self._listed:
                await self._list(client, self._connection)
            return client

    async def _list(self, client: Client, connection: Connection) -> None:
        from mcp.shared.exceptions import MCPError
        from pydantic import ValidationError

        from .mcp_connection import list_tools
        from .mcp_results import read_tool

        try:
            with anyio.fail_after(self._connect_timeout):
                found = await list_tools(client)
        except (MCPError, TimeoutError, ValidationError) as error:
            said = self._redactor.text(str(error))[:500] or "it takes too long"
            await connection.stop()
            raise UsageError(f"the server {self.name!r} does not list its tools: {said}") from None
        release = client.server_info.version if client.server_info else ""
        tools = [read_tool(each, server=self.name, release=release, trust_hints=self._trust_hints) for each in found]
        self._listed = {each.name: each.version for each in tools}
        if not self._tools:
            self._tools = {each.name: each for each in tools}
            self._results = {each.name: Schema(each.returns) for each in tools}

    def _begin(self) -> Connection:
        from .mcp_connection import Command, Connection

        command = Command(words=self._words, environment=self._env, folder=self._folder)
        connection = Connection(self._endpoint or command, self._redactor)
        connection.start()
        return connection

    def _default_name(self) -> str:
        if self._endpoint is not None:
            return urlsplit(self._endpoint.url).hostname or "server"
        return Path(next((word for word in self._words[1:] if word.endswith((".py", ".js"))), self._words[0])).stem


class _ServerTool(msgspec.Struct, frozen=True):
    """A tool of a server; an `Entry`."""

    server: McpServer
    tool: Tool

    async def call(self, arguments: Mapping[str, object], *, key: str) -> Outcome:
        """See `Entry.call`."""
        return await self.server.call(self.tool, arguments, key=key)


def is_url(target: str) -> bool:
    """Whether it is a URL rather than a command."""
    return _URL.match(target) is not None


def _words(target: str | Sequence[str]) -> tuple[str, ...]:
    try:
        words = tuple(shlex.split(target)) if isinstance(target, str) else tuple(map(str, target))
    except ValueError as error:
        raise UsageError(f"the tool server's command cannot be read: {error}; close its quotes") from None
    if not words or not words[0]:
        raise UsageError('a tool server is a command or a URL; write McpServer("python server.py")')
    return words
