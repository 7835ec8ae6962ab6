"""Tools, MCP records: a server's tools and results in this project's terms."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import cast

import mcp_types
from mcp.client.client import Client

from cambrian.core.tool import Tool

from .entry import Outcome

__all__ = ["call_tool", "read_result", "read_tool"]

_ERROR = 4000  # characters of an error that are handed on


def read_tool(found: mcp_types.Tool, *, server: str, release: str, trust_hints: bool) -> Tool:
    """A tool as its server describes it.

    Args:
        found: the description.
        server: the server's name here.
        release: the version that the server says it has.
        trust_hints: whether its claims to be read-only or idempotent are believed.
    """
    hints = (found.annotations if trust_hints else None) or mcp_types.ToolAnnotations()
    described = json.dumps(
        [found.name, found.description, found.input_schema, found.output_schema, release], sort_keys=True
    )
    return Tool(
        name=found.name,
        description=found.description or found.title or "",
        parameters=dict(found.input_schema),
        returns=dict(found.output_schema or {}),
        asynchronous=True,
        read_only=bool(hints.read_only_hint),
        idempotent=bool(hints.idempotent_hint or hints.read_only_hint),
        server=server,
        version=hashlib.sha256(described.encode()).hexdigest()[:16],
    )


async def call_tool(
    client: Client, name: str, arguments: Mapping[str, object], *, meta: Mapping[str, object]
) -> Outcome:
    """Call a tool.

    Not by the client's own method: that one matches results against patterns of the server's schema, which can take
    exponential time in this process.

    Raises:
        MCPError: the server answered with an error, or not at all.
        ValidationError: what it answered is no result of a tool.
    """
    params = mcp_types.CallToolRequestParams(
        name=name, arguments=dict(arguments), _meta=cast("mcp_types.RequestParamsMeta", dict(meta)) if meta else None
    )
    request = mcp_types.CallToolRequest(params=params)
    return read_result(await client.session.send_request(request, mcp_types.CallToolResult))


def read_result(result: mcp_types.CallToolResult) -> Outcome:
    """A result as a value: structured content if there is any; else the text; else all blocks, texts as they are."""
    blocks = [_block(each) for each in result.content]
    if result.is_error:
        text = "\n".join(each for each in blocks if isinstance(each, str))
        return Outcome(error=text[:_ERROR] or "the tool failed; its server says no more")
    if result.structured_content is not None or "structured_content" in result.model_fields_set:
        return Outcome(value=result.structured_content)
    return Outcome(value=blocks if len(blocks) > 1 else blocks[0] if blocks else None)


def _block(block: mcp_types.ContentBlock) -> object:
    if isinstance(block, mcp_types.TextContent):
        return block.text
    return block.model_dump(mode="json", by_alias=True, exclude_none=True)
