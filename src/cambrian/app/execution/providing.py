"""App, execution: the tools that a command line names, made into a toolbox: a file of functions, servers, approvals."""

from __future__ import annotations

import difflib
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from cambrian.app.settings import variables
from cambrian.core.errors import UsageError
from cambrian.core.tool import Tool
from cambrian.tools.policy import ToolPolicy
from cambrian.tools.registry import Toolbox

from .allowing import Reach
from .running import ToolSource

if TYPE_CHECKING:
    from cambrian.tools.mcp_client import McpServer

__all__ = ["NOTHING", "Provision"]

_SHOWN = 12


class Provision(msgspec.Struct, frozen=True, kw_only=True):
    """The words of ``--tools``, ``--mcp``, ``--mcp-env`` and ``--approve``, as they were given.

    Args:
        tools: a Python file.
        servers: commands, URLs, or files of servers.
        variables: names of variables of the environment that commands get.
        approved: names or patterns of tools that need no approval.
    """

    tools: Path | None = None
    servers: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    approved: tuple[str, ...] = ()

    @asynccontextmanager
    async def toolbox(self, reach: Reach) -> AsyncGenerator[Toolbox]:
        """The toolbox, its servers started.

        Args:
            reach: what scripts get besides; its tools may be named by `approved`, too, though they need no approval.

        Raises:
            TaskError: the file is wrong.
            UsageError: a server cannot be started, or an approval is of no tool.
        """
        async with Toolbox(self._sources(), policy=ToolPolicy(approved=self.approved)) as box:
            self._check(box, reach.over(box).tools())
            yield box

    def _check(self, box: Toolbox, tools: Sequence[Tool]) -> None:
        names = [tool.name for tool in tools]
        for pattern in box.unmatched(self.approved):
            if pattern not in names:
                raise UsageError(f"--approve {pattern!r} names no tool; {_listed(pattern, names)}")

    def _sources(self) -> list[ToolSource]:
        found: list[ToolSource] = []
        if self.tools is not None:
            from cambrian.tools.toolfile import load_functions

            found += load_functions(self.tools)
        if self.servers or self.variables:
            found += self._servers()
        return found

    def _servers(self) -> list[McpServer]:
        from cambrian.tools.mcp_client import McpServer, is_url
        from cambrian.tools.mcp_file import is_file, read_servers

        files = [each for each in self.servers if is_file(each)]
        urls = [each for each in self.servers if is_url(each)]
        commands = [each for each in self.servers if each not in files and each not in urls]
        if self.variables and not commands:
            raise UsageError(
                "--mcp-env is for servers that are started with --mcp COMMAND, and there is none; a file of servers "
                "names variables as ${NAME}"
            )
        env = {name: _variable(name) for name in self.variables}
        return [
            *(McpServer(each, env=env, secrets=env.values()) for each in commands),
            *(McpServer(each) for each in urls),
            *(server for each in files for server in read_servers(Path(each), variables())),
        ]


NOTHING = Provision()
"""No tools."""


def _variable(name: str) -> str:
    from cambrian.tools.mcp_file import from_environment

    if not name.isidentifier():
        raise UsageError(
            f"--mcp-env {name.partition('=')[0]!r} is no name of a variable; write the name alone: its value is taken "
            f"from the environment, as whoever lists processes sees what stands here"
        )
    return from_environment(name, variables(), f"--mcp-env {name}")


def _listed(word: str, names: Sequence[str]) -> str:
    if not names:
        return "no tools are given: give some with --tools FILE or --mcp SERVER, or leave --approve out"
    near = difflib.get_close_matches(word, names, n=len(names), cutoff=0.0)
    more = ", …" if len(near) > _SHOWN else ""
    return f"write one of these, the most alike first: {', '.join(near[:_SHOWN])}{more}"
