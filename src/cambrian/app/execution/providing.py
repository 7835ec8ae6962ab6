"""App, execution: the tools that a command line names, made into a toolbox: a file of functions, servers, approvals."""

from __future__ import annotations

import difflib
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from cambrian.core.errors import UsageError
from cambrian.core.tool import Tool
from cambrian.tools.policy import ToolPolicy
from cambrian.tools.registry import Toolbox

from .allowing import Reach
from .running import ToolSource

__all__ = ["NOTHING", "Provision"]

_SHOWN = 12


class Provision(msgspec.Struct, frozen=True, kw_only=True):
    """The words of ``--tools``, ``--mcp`` and ``--approve``, as they were given.

    Args:
        tools: a Python file.
        servers: commands or URLs.
        approved: names or patterns of tools that need no approval.
    """

    tools: Path | None = None
    servers: tuple[str, ...] = ()
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
        if self.servers:
            from cambrian.tools.mcp_client import McpServer

            found += [McpServer(each) for each in self.servers]
        return found


NOTHING = Provision()
"""No tools."""


def _listed(word: str, names: Sequence[str]) -> str:
    if not names:
        return "no tools are given: give some with --tools FILE or --mcp SERVER, or leave --approve out"
    near = difflib.get_close_matches(word, names, n=len(names), cutoff=0.0)
    more = ", …" if len(near) > _SHOWN else ""
    return f"write one of these, the most alike first: {', '.join(near[:_SHOWN])}{more}"
