"""Tools, endpoints: a server's URL and headers, taken apart into what may be shown and what only it may know. Pure."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

from cambrian.core.errors import UsageError

__all__ = ["Endpoint", "read_endpoint"]

_HARMLESS = frozenset({"accept", "accept-language", "content-type", "user-agent"})


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """Where a server is, and what only it may know.

    Args:
        url: without user, password, query and fragment.
        headers: name → value, added to each request.
        query: (name, value) pairs, likewise.
        secrets: every text that must not be repeated.
    """

    url: str
    headers: dict[str, str]
    query: tuple[tuple[str, str], ...]
    secrets: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Endpoint({self.url!r})"


def read_endpoint(url: str, headers: Mapping[str, str]) -> Endpoint:
    """Take a URL apart.

    Raises:
        UsageError: it is no URL of a server; the message does not repeat its secret parts.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if parts.scheme not in {"http", "https"} or not host:
        raise UsageError(
            "the tool server's URL cannot be read; write one such as 'https://example.com/mcp' (it is not shown here, "
            "since it may hold a secret)"
        )
    known, secrets = dict(headers), [value for name, value in headers.items() if name.lower() not in _HARMLESS]
    if parts.username or parts.password:
        pair = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
        known.setdefault("Authorization", f"Basic {base64.b64encode(pair.encode()).decode()}")
        secrets += [known["Authorization"], pair, unquote(parts.password or "")]
    query = tuple(parse_qsl(parts.query, keep_blank_values=True))
    secrets += [value for _, value in query]
    place = f"[{host}]" if ":" in host else host
    return Endpoint(
        url=f"{parts.scheme}://{place}{f':{port}' if port else ''}{parts.path}",
        headers=known,
        query=query,
        secrets=tuple(secrets),
    )
