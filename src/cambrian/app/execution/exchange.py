"""App, execution: one HTTP request to a known address, and its response, in bounded time and size.

Proxies, cookies, ``.netrc`` and everything else that the host's environment says about HTTP have no part in it.
"""

from __future__ import annotations

import asyncio
import http.client
import socket
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

import anyio
import anyio.to_thread

from .places import Address, Place, Target

__all__ = ["MAX_BODY", "Reply", "exchange"]

MAX_BODY = 5 << 20
"""Bytes of a response's body."""
_CONNECT_S = 8.0
_STEP_S = 20.0  # for one wait of the thread; the whole has the caller's limit


class Reply(NamedTuple):
    """A response."""

    status: int
    headers: dict[str, str]
    body: bytes


async def exchange(
    target: Target, addresses: Sequence[Address], method: str, headers: Mapping[str, str], body: bytes
) -> Reply:
    """Send a request and take the response. If it is cancelled, the connection is cut, and its thread ends.

    Args:
        target: what is asked for; its host is only named, in the header and to TLS, whose certificate must be its.
        addresses: connected to, the first one that answers.
        method: in capitals.
        headers: checked by the caller.
        body: sent if it is not empty.

    Raises:
        ConnectionError: there is no answer, or none of HTTP, or the body is too long or not all there.
    """
    connection = await _connected(target.place, addresses)
    handle = connection.dup()  # TLS takes the socket over; this one can always be shut down
    begun: list[bool] = []

    def speak() -> Reply:
        begun.append(True)
        return _speak(connection, target, method, headers, body)

    try:
        return await anyio.to_thread.run_sync(speak, abandon_on_cancel=True)
    except (OSError, http.client.HTTPException) as error:
        raise ConnectionError(f"{target.place}: {type(error).__name__}: {error}") from error
    finally:
        with suppress(OSError):
            handle.shutdown(socket.SHUT_RDWR)
        handle.close()
        if not begun:  # cancelled while it waited for a thread, which would have closed it
            connection.close()


async def _connected(place: Place, addresses: Sequence[Address]) -> socket.socket:
    problems: list[str] = []
    for address in addresses:
        try:
            with anyio.fail_after(_CONNECT_S):
                return await _connect(address, place.port)
        except OSError as error:  # also a time that is over
            problems.append(f"{address}: {error or 'no answer'}")
    raise ConnectionError(f"{place} cannot be reached: {'; '.join(problems)}")


async def _connect(address: Address, port: int) -> socket.socket:
    connection = socket.socket(socket.AF_INET6 if address.version == 6 else socket.AF_INET, socket.SOCK_STREAM)
    try:
        connection.setblocking(False)
        await asyncio.get_running_loop().sock_connect(connection, (str(address), port))
        connection.settimeout(_STEP_S)
    except BaseException:
        connection.close()
        raise
    return connection


def _speak(connection: socket.socket, target: Target, method: str, headers: Mapping[str, str], body: bytes) -> Reply:
    with connection:
        stream = connection
        if target.scheme == "https":
            stream = ssl.create_default_context().wrap_socket(connection, server_hostname=target.place.host)
        with stream:
            client = http.client.HTTPConnection(target.place.host, target.place.port)
            client.sock = stream
            return _request(client, target, method, headers, body)


def _request(
    client: http.client.HTTPConnection, target: Target, method: str, headers: Mapping[str, str], body: bytes
) -> Reply:
    client.putrequest(method, target.path, skip_host=True, skip_accept_encoding=True)
    client.putheader("Host", target.url.split("/", 3)[2])
    for name, value in headers.items():
        client.putheader(name, value)
    if body or method in {"POST", "PUT", "PATCH"}:
        client.putheader("Content-Length", str(len(body)))
    client.putheader("Connection", "close")
    client.endheaders(body or None)
    with client.getresponse() as response:  # which keeps the socket open as long as it is itself
        data = response.read(MAX_BODY + 1)
        if len(data) > MAX_BODY:
            raise http.client.HTTPException(f"the response has more than {MAX_BODY} bytes; ask for less of it")
        if response.length:
            raise http.client.HTTPException(f"the response was cut off, {response.length} bytes before its end")
        return Reply(response.status, {name.lower(): value for name, value in response.getheaders()}, data)
