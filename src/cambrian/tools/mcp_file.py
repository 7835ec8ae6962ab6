"""Tools, MCP: servers from a file of the form that assistants have, ``{"mcpServers": {NAME: {…}}}``.

No standard fixes this form; read is what its common dialects share: ``command``, ``args``, ``env``, ``cwd``, or ``url``
and ``headers``; ``disabled``; and ``trustHints``, which is Cambrian's own. In texts, ``${NAME}``, ``${env:NAME}`` and
``${NAME:-usual}`` stand for variables of the environment. What comes from there is kept out of errors and results.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

from cambrian.core.errors import UsageError

from .mcp_client import McpServer

__all__ = ["from_environment", "is_file", "read_servers"]

_VARIABLE = re.compile(r"\$\{(?:env:)?([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")
_PLAIN = frozenset({"HOME", "PATH", "PWD", "USER", "LOGNAME", "SHELL", "LANG", "TERM", "TMPDIR", "HOSTNAME"})
"""Variables that hold no secret: paths and names that results are full of."""
_TYPES = ("", "stdio", "http", "streamable-http", "streamableHttp")
_EXAMPLE = '{"mcpServers": {"clock": {"command": "python", "args": ["server.py"], "env": {"KEY": "${KEY}"}}}}'


class _Server(msgspec.Struct, rename="camel"):
    type: str = ""
    command: str = ""
    args: list[str] = []
    env: dict[str, str] = {}
    cwd: str = ""
    url: str = ""
    headers: dict[str, str] = {}
    disabled: bool = False
    trust_hints: bool = False


class _File(msgspec.Struct):
    servers: dict[str, _Server] = msgspec.field(name="mcpServers")


class _Filled:
    """Texts with their variables filled in, and what came from the environment on the way."""

    def __init__(self, where: str, environment: Mapping[str, str]) -> None:
        self._where, self._environment = where, environment
        self.secrets: list[str] = []

    def __call__(self, text: str) -> str:
        return _VARIABLE.sub(self._value, text)

    def each(self, texts: Mapping[str, str]) -> dict[str, str]:
        return {name: self(text) for name, text in texts.items()}

    def _value(self, match: re.Match[str]) -> str:
        name, usual = match[1], match[2]
        if name not in self._environment and usual is not None:
            return usual
        value = from_environment(name, self._environment, self._where)
        if name not in _PLAIN:
            self.secrets.append(value)
        return value


def is_file(word: str) -> bool:
    """Whether what was given as a server names a file of them: ``mcp.json``."""
    return word.endswith(".json") and not any(sign.isspace() for sign in word) and "://" not in word


def from_environment(name: str, environment: Mapping[str, str], where: str) -> str:
    """A variable.

    Raises:
        UsageError: it is not there.
    """
    if name not in environment:
        raise UsageError(f"{where}: the environment has no variable {name!r}; set it: export {name}=…")
    return environment[name]


def read_servers(path: Path, environment: Mapping[str, str]) -> list[McpServer]:
    """The servers of a file, but those that are disabled.

    Args:
        path: of the file.
        environment: where variables come from.

    Raises:
        UsageError: it cannot be read, a server in it is wrong, or a variable is not there; no value is repeated.
    """
    try:
        file = msgspec.json.decode(path.read_bytes(), type=_File)
    except OSError as error:
        raise UsageError(f"the file of servers {str(path)!r} cannot be read: {error.strerror}; name another") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"the file of servers {str(path)!r}: {error}; write for example {_EXAMPLE}") from error
    return [
        _server(name, each, f"the server {name!r} of {str(path)!r}", environment)
        for name, each in file.servers.items()
        if not each.disabled
    ]


def _server(name: str, given: _Server, where: str, environment: Mapping[str, str]) -> McpServer:
    if given.type not in _TYPES:
        raise UsageError(f"{where} has type {given.type!r}; only stdio and http are spoken")
    if bool(given.command) == bool(given.url):
        raise UsageError(f'{where} needs either a "command" or a "url"')
    if given.url and given.env:
        raise UsageError(f'{where} has a "url", so it has "headers" instead of "env"')
    fill = _Filled(where, environment)
    words = [fill(word) for word in (given.command, *given.args)]
    url, env, headers = fill(given.url), fill.each(given.env), fill.each(given.headers)
    return McpServer(
        url or words, name=name, env=env, headers=headers, folder=fill(given.cwd) or None,
        trust_hints=given.trust_hints, secrets=fill.secrets,
    )  # fmt: skip
