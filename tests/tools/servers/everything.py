"""A server that does all that a client has to cope with. ``everything.py`` speaks over stdio, ``everything.py PORT``
over streamable HTTP on loopback."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import anyio
from mcp.server.mcpserver import Context, Image, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations

server = MCPServer("everything", version="1.2.3", log_level="ERROR")


@server.tool(annotations=ToolAnnotations(read_only_hint=True))
def add(a: int, b: int = 0) -> int:
    """Add two numbers."""
    return a + b


@server.tool(structured_output=False)
def echo(text: str | None) -> str:
    """Give a text back."""
    return "nothing" if text is None else text


@server.tool(name="odd-name", structured_output=False)
def odd() -> str:
    return "odd"


@server.tool()
def fail(words: str) -> str:
    raise ToolError(words)


@server.tool()
def environment() -> dict[str, str]:
    return dict(os.environ)


@server.tool()
def pid() -> int:
    return os.getpid()


@server.tool(structured_output=False)
def picture() -> list[str | Image]:
    return ["a dot", Image(data=b"\x89PNG", format="png")]


@server.tool()
def key(context: Context) -> str:
    meta = dict(context.request_context.meta or {})
    return str(meta.get("cambrian/idempotency-key"))


@server.tool()
def headers(context: Context) -> dict[str, str]:
    return dict(context.headers or {})


@server.tool()
def die(status: int) -> None:
    os.write(2, b"last words\n")
    os._exit(status)


@server.tool(annotations=ToolAnnotations(idempotent_hint=True))
def die_once(path: str) -> str:
    """Die at the first call for a path; each call leaves a line there."""
    file = Path(path)
    with file.open("a") as log:
        log.write("called\n")
    if len(file.read_text().splitlines()) == 1:
        os._exit(1)
    return "alive"


@server.tool()
async def hang(path: str) -> None:
    """Start helpers that leave the session, or are orphans, tell their process ids, and never answer."""
    sleep = ["sleep", "120"]
    first = subprocess.Popen(sleep, start_new_session=True)
    second = subprocess.Popen(sleep, env={"PATH": os.environ["PATH"]})
    orphan = subprocess.run(
        ["sh", "-c", "setsid sleep 120 >/dev/null 2>&1 & echo $!"], stdout=subprocess.PIPE, check=True
    )
    Path(path).write_text(f"{first.pid} {second.pid} {int(orphan.stdout)}")
    await anyio.sleep(300)


@server.tool(structured_output=False)
async def wait(seconds: float) -> str:
    await anyio.sleep(seconds)
    return "waited"


@server.tool(structured_output=False)
def block(seconds: float) -> str:
    time.sleep(seconds)
    return "blocked"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        server.run("streamable-http", port=int(sys.argv[1]))
    else:
        server.run("stdio")
