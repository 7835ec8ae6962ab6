"""App, execution: the tools `fetch` and `http_get`: HTTP for scripts, to the places that were allowed and no others.

They run outside the jail, which has no network. Each URL, and each one that a response redirects to, is checked; its
name is resolved once, the addresses are checked, and the connection is made to one of those.
"""

from __future__ import annotations

import asyncio
import base64
import ipaddress
import re
import socket
from collections.abc import Collection, Mapping
from typing import Literal, TypedDict
from urllib.parse import urljoin

from cambrian.core.errors import UsageError
from cambrian.tools.functions import ToolFunction, tool
from cambrian.version import VERSION

from .exchange import MAX_BODY, Reply, exchange
from .places import Address, Place, Target, is_public, read_url

__all__ = ["Fetched", "fetch_tools"]

TIMEOUT_S = 25.0
"""Seconds for one call, redirects included."""

Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

_REDIRECTS, _TRIED = 5, 3
_MOVED = frozenset({301, 302, 303, 307, 308})
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")  # RFC 9110, 5.6.2
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]{0,8000}")
_MOST_HEADERS = 50
_CHARSET = re.compile(r'charset="?([A-Za-z0-9_-]{1,40})', re.IGNORECASE)
_CHARSETS = frozenset(
    {
        "us-ascii",
        "iso-8859-1",
        "iso-8859-15",
        "windows-1252",
        "utf-16",
        "shift_jis",
        "euc-jp",
        "euc-kr",
        "gb18030",
        "big5",
    }
)
_OURS = frozenset(
    {"host", "connection", "content-length", "transfer-encoding", "upgrade", "te", "trailer", "expect", "keep-alive"}
)
_HARMLESS = frozenset({"accept", "accept-language", "content-type", "user-agent"})
"""Headers that may follow a redirect to another place."""


class Fetched(TypedDict):
    """A response: its text, or base64 of a body that is no text. `url` is the last one, after redirects."""

    status: int
    url: str
    headers: dict[str, str]
    text: str
    base64: str


def fetch_tools(places: Collection[Place]) -> tuple[ToolFunction, ...]:
    """The tools, for these places."""
    listed = ", ".join(map(str, places))
    client = _Client(frozenset(places))

    @tool(timeout=TIMEOUT_S, description=f"Send an HTTP request to one of: {listed}.")
    async def fetch(
        url: str, method: Method = "GET", headers: dict[str, str] | None = None, body: str | None = None
    ) -> Fetched:
        return await client.fetch(url, method, headers or {}, (body or "").encode())

    @tool(
        read_only=True,
        timeout=TIMEOUT_S,
        description=f"Read a URL with GET, from one of: {listed}. It changes nothing, so it may be done ahead of time.",
    )
    async def http_get(url: str, headers: dict[str, str] | None = None) -> Fetched:
        return await client.fetch(url, "GET", headers or {}, b"")

    return (fetch, http_get)


class _Client:
    def __init__(self, places: Collection[Place]) -> None:
        self._places = places

    async def fetch(self, url: str, method: str, headers: Mapping[str, str], body: bytes) -> Fetched:
        if len(body) > MAX_BODY:
            raise UsageError(f"the body has {len(body)} bytes; at most {MAX_BODY} may be sent")
        target, sent = read_url(url), _checked(headers)
        for _ in range(1 + _REDIRECTS):
            reply = await exchange(target, await self._addresses(target.place), method, sent, body)
            onward = reply.headers.get("location")
            if reply.status not in _MOVED or onward is None:
                return _fetched(target, reply)
            last, target = target, self._onward(target, onward)
            if last.place != target.place or last.scheme != target.scheme:
                sent = {name: value for name, value in sent.items() if name.lower() in _HARMLESS}
            if reply.status == 303 or (reply.status in {301, 302} and method == "POST"):  # RFC 9110, 15.4
                method, body = "HEAD" if method == "HEAD" else "GET", b""
                sent = {name: value for name, value in sent.items() if name.lower() != "content-type"}
        raise ConnectionError(f"{url!r:.200} redirects more than {_REDIRECTS} times")

    def _onward(self, target: Target, location: str) -> Target:
        try:
            found = read_url(urljoin(target.url, location))
            self._check(found.place)
        except (UsageError, ValueError) as error:
            raise UsageError(f"{target.url!r:.200} redirects, and there: {error}") from None
        return found

    def _check(self, place: Place) -> None:
        if place not in self._places:
            known = ", ".join(map(str, sorted(self._places)))
            raise UsageError(f"{place} may not be reached, only {known}; whoever runs this can add --allow net:{place}")

    async def _addresses(self, place: Place) -> list[Address]:
        """The addresses of a host that may be connected to, three at most; the only place where names are resolved."""
        self._check(place)
        try:
            return [ipaddress.ip_address(place.host)]
        except ValueError:
            addresses = await _resolved(place)
        fit = [each for each in addresses if self._fits(place, each)]
        if not fit:
            shown = ", ".join(str(Place(str(each), place.port)) for each in addresses[:3])
            raise UsageError(
                f"{place} is at {shown}, which is no address of the internet; if that is meant, whoever runs this can "
                f"add --allow net:{Place(str(addresses[0]), place.port)}"
            )
        return fit[:_TRIED]

    def _fits(self, place: Place, address: Address) -> bool:
        """A name of somebody else's may lead anywhere, also to this machine; so the address must be allowed, too."""
        local = place.host == "localhost" or place.host.endswith(".localhost")  # RFC 6761, 6.3
        if local:
            return address.is_loopback
        return is_public(address) or Place(str(address), place.port) in self._places


async def _resolved(place: Place) -> list[Address]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise ConnectionError(f"there is no address for {place.host!r}: {error}") from error
    texts = dict.fromkeys(str(each[4][0]) for each in found)
    return [ipaddress.ip_address(text) for text in texts]


def _checked(headers: Mapping[str, str]) -> dict[str, str]:
    if len(headers) > _MOST_HEADERS:
        raise UsageError(f"there are {len(headers)} headers; at most {_MOST_HEADERS} may be sent")
    for name, value in headers.items():
        if not _TOKEN.fullmatch(name) or not _VALUE.fullmatch(value):
            raise UsageError(f"the header {name!r:.100} has a name or a value that HTTP does not have")
        if name.lower() in _OURS or name.lower().startswith("proxy-"):
            raise UsageError(f"the header {name!r:.100} is set by fetch itself; leave it out")
    usual = {"User-Agent": f"cambrian/{VERSION}", "Accept": "*/*", "Accept-Encoding": "identity"}
    given = {name.lower() for name in headers}
    return {**{name: value for name, value in usual.items() if name.lower() not in given}, **headers}


def _fetched(target: Target, reply: Reply) -> Fetched:
    text, encoded = "", ""
    try:
        text = reply.body.decode(_charset(reply.headers.get("content-type", "")))
    except UnicodeDecodeError:
        encoded = base64.b64encode(reply.body).decode()
    return Fetched(status=reply.status, url=target.url, headers=reply.headers, text=text, base64=encoded)


def _charset(content_type: str) -> str:
    """What a text is in; UTF-8 unless it is one of the usual ones. Some that Python knows take quadratic time."""
    found = _CHARSET.search(content_type)
    name = found[1].lower() if found else "utf-8"
    return name if name in _CHARSETS else "utf-8"
