"""Sandbox, inside, drivers: what a driver answers, as plain dicts, and which values are JSON. Standard library only."""

from __future__ import annotations

import math
from typing import TypedDict, cast

__all__ = ["MadeCall", "NotPlain", "Turn", "calls", "done", "gap", "inspected", "plain", "raised", "shown"]

Turn = dict[str, object]
_DEEPEST = 64
_LONGEST = 1000
_BITS = 4096  # of an integer; every JSON reader of the host takes these
_TEXT = 4096
_LINE = 300
_SCALARS: frozenset[type] = frozenset({str, bool, type(None)})


class MadeCall(TypedDict):
    """A call that the script made, as `core.tool.Call`."""

    id: int
    tool: str
    args: list[object]
    kwargs: dict[str, object]


class NotPlain(TypeError):
    """A value is not JSON."""


def plain(value: object, depth: int = 0) -> object:
    """The value as JSON: tuples become lists, all else has to be JSON already, by exact type.

    Raises:
        NotPlain: it is not; names the type.
    """
    kind = type(value)
    if kind in _SCALARS:
        return value
    if depth > _DEEPEST:
        raise NotPlain(f"a value nested deeper than {_DEEPEST}")
    if kind is int:
        return _whole(cast("int", value))
    if kind is float:
        return _finite(cast("float", value))
    if kind is list or kind is tuple:
        return [plain(item, depth + 1) for item in cast("list[object]", value)]
    if kind is dict:
        return {_key(key): plain(item, depth + 1) for key, item in cast("dict[object, object]", value).items()}
    raise NotPlain(f"a value of type {kind.__name__!r}")


def _whole(value: int) -> int:
    if value.bit_length() > _BITS:
        raise NotPlain(f"an integer of {value.bit_length()} bits")
    return value


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise NotPlain(f"the number {value}")
    return value


def _key(key: object) -> str:
    if type(key) is not str:
        raise NotPlain(f"a key of type {type(key).__name__!r}")
    return key


def shown(value: object) -> str:
    """What stands for a value that is not JSON: the beginning of its representation."""
    try:
        return repr(value)[:_LONGEST]
    except Exception as error:  # noqa: BLE001 - the boundary of the script: `__repr__` is its code
        return f"<{type(value).__name__} whose repr raised {type(error).__name__}>"


def calls(made: list[MadeCall]) -> Turn:
    """The script waits for the answers of these."""
    return {"turn": "calls", "calls": made}


def done(value: object) -> Turn:
    """The script has ended with this value."""
    try:
        return {"turn": "done", "value": plain(value), "shown": ""}
    except (NotPlain, RecursionError):
        return {"turn": "done", "value": None, "shown": shown(value)}


def raised(kind: str, message: str, traceback: str = "", line: int | None = None) -> Turn:
    """The script ended with an exception."""
    return {
        "turn": "raised",
        "type": kind[:_LONGEST],
        "message": message[:_TEXT],
        "traceback": "\n".join(line[:_LINE] for line in traceback.split("\n"))[-_TEXT:],
        "line": line,
    }


def gap(what: str, line: int | None = None) -> Turn:
    """The engine lacks something."""
    return {"turn": "gap", "what": what[:_LONGEST], "line": line}


def inspected(variables: dict[str, object]) -> dict[str, object]:
    """The answer to a look at the variables: JSON values, and representations of what is none."""
    seen: dict[str, object] = {}
    for name, value in variables.items():
        try:
            seen[name] = plain(value)
        except (NotPlain, RecursionError):
            seen[name] = shown(value)
    return {"variables": seen}
