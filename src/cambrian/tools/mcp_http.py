"""Tools, MCP over streamable HTTP: a client whose secrets are added on the wire, where nothing logs or repeats them.

https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http. Headers, user and password,
and the query of the URL stay out of what the HTTP library and the SDK see, so that they are in no `repr`, error or log
of theirs; they go to the server's origin only. No proxy or certificate is taken from the environment.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

import httpx2
from mcp.client._transport import TransportStreams
from mcp.client.streamable_http import streamable_http_client

from .endpoint import Endpoint

__all__ = ["http_streams"]

MAX_BODY = 16 << 20
"""Bytes of one response that is no event stream."""

_TIMEOUT = httpx2.Timeout(30.0, read=None)  # how long an answer may take is the caller's business


@asynccontextmanager
async def http_streams(endpoint: Endpoint) -> AsyncGenerator[TransportStreams, None]:
    """The transport that the SDK's client wants."""
    async with (
        httpx2.AsyncClient(transport=_Wire(endpoint), timeout=_TIMEOUT, trust_env=False) as client,
        streamable_http_client(endpoint.url, http_client=client) as streams,
    ):
        yield streams


class _Wire(httpx2.AsyncBaseTransport):
    """Adds to each request to the server's origin what only it may know, and bounds what comes back."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._origin = _origin(httpx2.URL(endpoint.url))
        self._inner = httpx2.AsyncHTTPTransport(trust_env=False)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """See httpx2."""
        response = await self._inner.handle_async_request(self._complete(request))
        kind = response.headers.get("content-type", "")
        if isinstance(response.stream, httpx2.AsyncByteStream) and not kind.startswith("text/event-stream"):
            response.stream = _Bounded(response.stream)
        return response

    async def aclose(self) -> None:
        """See httpx2."""
        await self._inner.aclose()

    def _complete(self, request: httpx2.Request) -> httpx2.Request:
        url, headers = request.url, httpx2.Headers(request.headers)
        headers["Accept-Encoding"] = "identity"  # a small compressed body may be a huge one
        if _origin(url) == self._origin:
            headers.update(self._endpoint.headers)
            for name, value in self._endpoint.query:
                url = url.copy_add_param(name, value)
        return httpx2.Request(
            request.method, url, headers=headers, stream=request.stream, extensions=request.extensions
        )


class _Bounded(httpx2.AsyncByteStream):
    def __init__(self, inner: httpx2.AsyncByteStream) -> None:
        self._inner = inner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for part in self._inner:
            size += len(part)
            if size > MAX_BODY:
                raise httpx2.ReadError(f"the response has more than {MAX_BODY} bytes")
            yield part

    async def aclose(self) -> None:
        await self._inner.aclose()


def _origin(url: httpx2.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, url.port or (443 if url.scheme == "https" else 80)
