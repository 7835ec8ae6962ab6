"""App, MCP: `cambrian mcp` from its first word to its last process.

The server ends when its input does, as the protocol wants it, or at a signal; either way it takes workers, tool servers
and running executions along. If it is killed outright, its jails die with their control pipes.
"""

from __future__ import annotations

import importlib.util
import signal
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
import msgspec

from cambrian.app.execution.asking import read_limits
from cambrian.app.execution.providing import Provision
from cambrian.app.execution.running import SCRIPT_LIMITS, Sandbox
from cambrian.core.errors import CapabilityMissing
from cambrian.core.limits import Limits
from cambrian.tools.registry import Toolbox

from .executions import Executions
from .service import Service
from .stdio import messages, own_descriptors

if TYPE_CHECKING:
    from mcp.client._transport import TransportStreams

__all__ = ["Served"]

_MOST_S = 600.0


class Served(msgspec.Struct, frozen=True, kw_only=True):
    """The words of `cambrian mcp`, as they were given; see there."""

    preset: str
    given: Provision
    limits: str
    allow: tuple[str, ...]
    workspace: Path | None

    async def serve(self) -> int:
        """Serve until the client leaves.

        Returns:
            The signal that ended it, or 0.

        Raises:
            CapabilityMissing: the protocol's SDK is not installed.
            UsageError: a word is wrong.
            TaskError: the file of tools is wrong.
        """
        if importlib.util.find_spec("mcp") is None:
            raise CapabilityMissing(
                "tools.mcp", "cambrian mcp cannot speak the protocol without its SDK", fix="pip install cambrian[mcp]"
            )
        with own_descriptors() as (source, target):
            return await self._serve(source, target)

    async def _serve(self, source: int, target: int) -> int:
        most = read_limits(self.limits, usual=msgspec.structs.replace(SCRIPT_LIMITS, wall=_MOST_S, cpu=_MOST_S))
        usual = msgspec.structs.replace(most, wall=min(30.0, most.wall), cpu=min(30.0, most.cpu))
        async with (
            Sandbox(preset=self.preset, limits=usual, workspace=self.workspace, allow=self.allow) as sandbox,
            self.given.toolbox(sandbox.reach) as box,
        ):
            return await _until_the_end(sandbox, box, most, messages(source, target))


async def _until_the_end(
    sandbox: Sandbox, box: Toolbox, most: Limits, transport: AbstractAsyncContextManager[TransportStreams]
) -> int:
    from .binding import make_server

    received: list[int] = []

    async def watch(scope: anyio.CancelScope) -> None:
        with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM, signal.SIGHUP) as signals:
            async for number in signals:
                received.append(number)
                scope.cancel()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(watch, tasks.cancel_scope)
        service = Service(sandbox, box, Executions(tasks), most=most)
        server = make_server(service, tools=len(service.offered()))
        async with transport as streams:
            await server.run(*streams, server.create_initialization_options())
        tasks.cancel_scope.cancel()
    return received[0] if received else 0
