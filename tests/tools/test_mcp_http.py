"""HTTP servers that are no good: silent, endless, sending elsewhere. Raw sockets on loopback."""

from __future__ import annotations

import socket
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import anyio
import anyio.abc
import pytest

from cambrian.core.errors import UsageError
from cambrian.tools.mcp_client import McpServer
from cambrian.tools.registry import Toolbox

SECRET = "s3cr3t-header-value"
Answer = Callable[[anyio.abc.SocketStream], Awaitable[None]]


@asynccontextmanager
async def listening(answer: Answer, seen: list[bytes]) -> AsyncGenerator[int]:
    """A listener that notes what it is sent, and answers; gives its port."""

    async def handle(stream: anyio.abc.SocketStream) -> None:
        async with stream:
            try:
                seen.append(await stream.receive())
                await answer(stream)
            except (anyio.EndOfStream, anyio.BrokenResourceError):
                return

    async with await anyio.create_tcp_listener(local_host="127.0.0.1") as listener, anyio.create_task_group() as tasks:
        tasks.start_soon(listener.serve, handle)
        yield listener.extra(anyio.abc.SocketAttribute.local_port)
        tasks.cancel_scope.cancel()


async def reach(port: int, *, seconds: float) -> str:
    """What is said about a server there."""
    server = McpServer(f"http://127.0.0.1:{port}/mcp", headers={"X-Key": SECRET}, connect_timeout=seconds)
    with pytest.raises(UsageError) as caught:
        async with Toolbox([server]):
            raise AssertionError
    assert SECRET not in str(caught.value)
    return str(caught.value)


async def test_a_server_that_never_answers() -> None:
    seen: list[bytes] = []
    started = time.monotonic()
    async with listening(lambda _stream: anyio.sleep(60), seen) as port:
        assert "did not answer within 0.5 s" in await reach(port, seconds=0.5)
    assert time.monotonic() - started < 20
    assert SECRET.encode() in seen[0], "it went where it belongs"


async def test_an_answer_without_end_is_not_kept() -> None:
    sent: list[int] = []

    async def flood(stream: anyio.abc.SocketStream) -> None:
        await stream.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
        while True:
            await stream.send(b" " * (1 << 20))
            sent.append(1 << 20)

    async with listening(flood, []) as port:
        said = await reach(port, seconds=30)
    assert "cannot be reached" in said
    assert 16 << 20 <= sum(sent) < 200 << 20, "up to the limit, and not much further, for each of a few requests"


async def test_a_redirect_elsewhere_gets_nothing() -> None:
    seen: list[bytes] = []
    elsewhere: list[bytes] = []

    async def nothing(_stream: anyio.abc.SocketStream) -> None:
        return

    async with listening(nothing, elsewhere) as other:

        async def redirect(stream: anyio.abc.SocketStream) -> None:
            place = f"http://127.0.0.1:{other}/mcp".encode()
            await stream.send(b"HTTP/1.1 307 Away\r\nLocation: " + place + b"\r\nContent-Length: 0\r\n\r\n")

        async with listening(redirect, seen) as port:
            await reach(port, seconds=10)
            with socket.create_connection(("127.0.0.1", other), timeout=5) as control:
                control.sendall(b"control")
                with anyio.fail_after(10):
                    while not elsewhere:
                        await anyio.sleep(0.01)
    assert SECRET.encode() in seen[0]
    assert elsewhere == [b"control"]
