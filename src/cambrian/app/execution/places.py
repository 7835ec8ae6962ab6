"""App, execution: hosts and ports that scripts may reach, and URLs, each in one form only. Pure; resolves nothing.

Whoever compares hosts must read them as whoever connects does. So each host is brought into one form, what has more
than one reading is refused, and the connection is made to what was read here, not to what a library makes of the text.
"""

from __future__ import annotations

import ipaddress
import re
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from cambrian.core.errors import UsageError

__all__ = ["Address", "Place", "Target", "is_public", "read_host", "read_port", "read_url"]

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_PORTS = {"http": 80, "https": 443}
_LONGEST, _LONGEST_HOST = 8192, 500
_STRANGE = re.compile(r"[\x00-\x20\x7f\\]")  # browsers drop tabs and take \ for /; nobody needs either
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052
_SAFE = "%/:=&?~+!$,;'@()*[]#-._"  # RFC 3986; what is written with % already stays


class Place(NamedTuple):
    """A host in the form of `read_host`, and a port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.shown}:{self.port}"

    @property
    def shown(self) -> str:
        """The host as it stands in a URL."""
        return f"[{self.host}]" if ":" in self.host else self.host


class Target(NamedTuple):
    """Where a URL leads: ``http`` or ``https``, host and port, and the path with its query."""

    scheme: str
    place: Place
    path: str

    @property
    def url(self) -> str:
        """The URL in its one form."""
        port = "" if self.place.port == _PORTS[self.scheme] else f":{self.place.port}"
        return f"{self.scheme}://{self.place.shown}{port}{self.path}"


def read_host(text: str) -> str:
    """A name or an address in its one form: lower case, names in ASCII (IDNA 2003), addresses as RFC 5952 has them.

    >>> read_host("Example.COM."), read_host("[0:0:0:0:0:0:0:1]")
    ('example.com', '::1')

    Raises:
        UsageError: it is neither, or has another reading, such as ``2130706433`` for ``127.0.0.1``.
    """
    if len(text) > _LONGEST_HOST:
        raise UsageError(f"{text!r:.100} is no host: it is too long")
    if text.startswith("[") or ":" in text:
        return _ipv6(text)
    try:
        name = text.encode("idna").decode().lower().removesuffix(".")
    except UnicodeError:
        raise UsageError(f"{text!r:.100} is no host: it is no name in any script") from None
    if _NUMBER.fullmatch(name.rpartition(".")[2]):  # as the URL standard tells addresses from names
        try:
            return str(ipaddress.IPv4Address(name))
        except ValueError:
            raise UsageError(
                f"{text!r:.100} is no host: an address is four decimal numbers, such as 127.0.0.1"
            ) from None
    if len(name) > 253 or not _NAME.fullmatch(name):
        raise UsageError(f"{text!r:.100} is no host; name one, such as api.example.com")
    return name


def _ipv6(text: str) -> str:
    inside = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    try:
        address = ipaddress.IPv6Address(inside)
    except ValueError:
        raise UsageError(f"{text!r:.100} is no host: no IPv6 address; write for example [2001:db8::1]") from None
    if address.scope_id is not None:
        raise UsageError(f"{text!r:.100} names an interface, which cannot be allowed; leave the % part out")
    if address.ipv4_mapped is not None:
        raise UsageError(f"{text!r:.100} is an IPv4 address in disguise; write {address.ipv4_mapped}")
    return address.compressed


def read_port(text: str) -> int:
    """A port.

    Raises:
        UsageError: it is no number from 1 to 65535.
    """
    if not (text.isascii() and text.isdecimal() and len(text) <= 5 and 1 <= int(text) <= 65535):
        raise UsageError(f"{text!r:.100} is no port; write a number from 1 to 65535, such as 443")
    return int(text)


def read_url(text: str) -> Target:
    """A URL, taken apart.

    Raises:
        UsageError: it is none of http or https, or can be read in two ways.
    """
    if len(text) > _LONGEST or _STRANGE.search(text):
        raise UsageError(f"the URL {text!r:.100} has blanks, backslashes or control characters in it, or is too long")
    try:
        parts = urlsplit(text)
    except ValueError as error:
        raise UsageError(f"the URL {text!r:.100} cannot be read: {error}") from None
    if parts.scheme not in _PORTS:
        raise UsageError(f"the URL {text!r:.100} is none of http or https; write for example https://example.com/")
    if "@" in parts.netloc:
        raise UsageError(f"the URL of {parts.netloc.rpartition('@')[2]!r:.100} has a user name in it; send a header")
    bracket = parts.netloc.rfind("]")
    host, colon, port = parts.netloc[bracket + 1 :].partition(":")
    place = Place(
        read_host(parts.netloc[: bracket + 1] + host), read_port(port) if colon and port else _PORTS[parts.scheme]
    )
    path = quote(parts.path or "/", safe=_SAFE)
    query = f"?{quote(parts.query, safe=_SAFE)}" if parts.query else ""
    return Target(parts.scheme, place, path + query)


def is_public(address: Address) -> bool:
    """Whether an address is one of the internet, and so is every address that is written inside it."""
    if not address.is_global or address.is_multicast or address.is_reserved:
        return isinstance(address, ipaddress.IPv6Address) and address in _NAT64 and is_public(_last(address))
    inside = _inside(address) if isinstance(address, ipaddress.IPv6Address) else []
    return all(is_public(each) for each in inside)


def _inside(address: ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    found = [each for each in (address.ipv4_mapped, address.sixtofour, *(address.teredo or ())) if each is not None]
    return [*found, _last(address)] if address in _NAT64 else found


def _last(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address:
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
