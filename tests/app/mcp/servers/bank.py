"""A tool server that changes money."""

from __future__ import annotations

from mcp.server.mcpserver import MCPServer

server = MCPServer("bank", log_level="ERROR")


@server.tool()
def exchange(euros: float, currency: str) -> float:
    """Change euros into another currency."""
    return euros * {"NOK": 12.0, "USD": 1.25}[currency]


server.run("stdio")
