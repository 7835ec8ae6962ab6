"""A tool server that knows prices."""

from __future__ import annotations

from mcp.server.mcpserver import MCPServer

server = MCPServer("shop", log_level="ERROR")


@server.tool()
def price(article: str) -> float:
    """What an article costs, in euros."""
    return {"apple": 0.5, "pear": 0.75}[article]


server.run("stdio")
