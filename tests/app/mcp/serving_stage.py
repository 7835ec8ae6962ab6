"""A real client of the SDK, talking with a real ``cambrian mcp`` over stdio; and what processes there are."""

from __future__ import annotations

import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

__all__ = ["call", "command", "connected", "descendants", "gone"]

SERVERS = Path(__file__).with_name("servers")


def command(*words: str, folder: Path) -> list[str]:
    """The command line of a server whose workspace is in a folder."""
    return [sys.executable, "-m", "cambrian", "mcp", "--workspace", str(folder / "workspace"), *words]


@asynccontextmanager
async def connected(*words: str, folder: Path) -> AsyncGenerator[Client]:
    """A client of a server of its own."""
    program, *arguments = command(*words, folder=folder)
    environment = {"XDG_STATE_HOME": str(folder / "state"), "PYTHONDONTWRITEBYTECODE": "1"}
    parameters = StdioServerParameters(command=program, args=arguments, env=environment, cwd=folder)
    async with Client(stdio_client(parameters)) as client:
        yield client


async def call(client: Client, name: str, /, **arguments: object) -> dict[str, Any]:
    """The structured answer of a call that is no error."""
    result = await client.call_tool(name, dict(arguments))
    assert not result.is_error, result.content
    return cast("dict[str, Any]", result.structured_content)


def descendants(pid: int) -> set[int]:
    """Living processes that a process has started, and those have."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            except OSError:  # it has ended meanwhile
                continue
            if state not in "ZX":
                parents[int(folder.name)] = int(parent)
    found = {pid} if pid in parents else set[int]()
    while True:
        more = {each for each, parent in parents.items() if parent in found} - found
        if not more:
            return found
        found |= more


def gone(pids: set[int], *, within: float = 15.0) -> set[int]:
    """Those that are still there after a while."""
    end = time.monotonic() + within
    while (left := {pid for pid in pids if _lives(pid)}) and time.monotonic() < end:
        time.sleep(0.05)
    return left


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False
