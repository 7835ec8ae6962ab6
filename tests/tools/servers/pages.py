"""A server with seven tools on four pages; with an argument, pages that never end. Its second life has other tools."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import anyio
import mcp_types as types
from mcp.server import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server

ENDLESS = sys.argv[1:] == ["endless"]
LIVES = Path("lives")
LIFE = len(LIVES.read_text()) if LIVES.exists() else 0
LIVES.write_text("x" * (LIFE + 1))


async def list_tools(
    _context: ServerRequestContext[Any], params: types.PaginatedRequestParams | None
) -> types.ListToolsResult:
    page = int(params.cursor) if params and params.cursor else 0
    numbers = [page] if ENDLESS else range(2 * page, min(2 * page + 2, 7))
    kind = "object" if LIFE == 0 else "string"
    tools = [
        types.Tool(
            name=f"tool_{number}",
            description="Says which life it is." if number else "",
            input_schema={"type": "object", "properties": {"x": {"type": kind}} if number == 6 else {}},
        )
        for number in numbers
    ]
    last = not ENDLESS and page == 3
    return types.ListToolsResult(tools=tools, next_cursor=None if last else str(page + 1))


async def call_tool(_context: ServerRequestContext[Any], params: types.CallToolRequestParams) -> types.CallToolResult:
    if params.name == "tool_5":
        os._exit(1)
    return types.CallToolResult(content=[types.TextContent(text=f"{params.name} in life {LIFE}")])


async def main() -> None:
    server = Server("pages", on_list_tools=list_tools, on_call_tool=call_tool)
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())


anyio.run(main)
