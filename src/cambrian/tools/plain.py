"""Tools, plain forms: how the result of a Python function becomes a JSON value, and which values are none. Pure.

=============================================  ====================================================================
value                                          plain form
=============================================  ====================================================================
None, bool, int, str, finite float             itself; an enumeration's member becomes its value
list, tuple, deque                             list
set, frozenset                                 list, sorted by the JSON text of its members
mapping                                        object; a key that is an int, a date, … becomes its text
dataclass, msgspec.Struct, NamedTuple          object of its fields
pydantic model                                 what its ``model_dump(mode="json")`` gives
datetime, date, time                           ISO 8601 text
timedelta                                      seconds, a number
Decimal, UUID, path, IP address                text
bytes, bytearray, memoryview                   base64 text (RFC 4648)
numpy array or scalar                          ``tolist()`` of it
=============================================  ====================================================================

Anything else has no plain form, nor have NaN and infinities, text with a lone surrogate, and what is nested deeper
than 100. Nothing is guessed from `repr`.
"""

from __future__ import annotations

import base64
import dataclasses
import datetime
import decimal
import enum
import ipaddress
import json
import math
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePath
from typing import Protocol, cast, runtime_checkable

import msgspec

from cambrian.core.errors import CodecError

__all__ = ["json_size", "to_plain"]

_DEPTH = 100
_TEXTUAL = (decimal.Decimal, uuid.UUID, PurePath, ipaddress.IPv4Address, ipaddress.IPv6Address)


@runtime_checkable
class _Model(Protocol):
    """A pydantic model, known by its shape so that pydantic need not be imported."""

    def model_dump(self, *, mode: str) -> object: ...


def to_plain(value: object) -> object:
    """The JSON value that stands for a Python value; see the table above.

    Raises:
        CodecError: it has none; the message names the place in the value, and what would do.
    """
    return _plain(value, "the result", 0)


def json_size(value: object) -> int:
    """Bytes of a JSON value's shortest text.

    Raises:
        CodecError: it is no JSON value.
    """
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return len(text.encode())
    except (TypeError, ValueError, RecursionError) as error:  # a lone surrogate is a ValueError, too
        raise CodecError(f"not a JSON value: {error}") from None


def _plain(value: object, path: str, depth: int) -> object:
    if value is None or isinstance(value, bool):
        return value
    if depth > _DEPTH:
        raise CodecError(f"{path[:80]}… is nested deeper than {_DEPTH}, or contains itself; return something flat")
    if isinstance(value, enum.Enum):
        return _plain(value.value, path, depth + 1)
    if isinstance(value, int | float | str):
        return _scalar(value, path)
    fields = _fields(value)
    if fields is not None:
        return {name: _plain(each, f"{path}.{name}", depth + 1) for name, each in fields.items()}
    return _container(value, path, depth)


def _container(value: object, path: str, depth: int) -> object:
    if isinstance(value, Mapping):
        return _object(cast("Mapping[object, object]", value), path, depth)
    if isinstance(value, set | frozenset):
        members = [_plain(each, f"{path}{{…}}", depth + 1) for each in cast("Iterable[object]", value)]
        return sorted(members, key=lambda member: json.dumps(member, sort_keys=True))
    if isinstance(value, list | tuple | deque):
        members = cast("Iterable[object]", value)
        return [_plain(each, f"{path}[{index}]", depth + 1) for index, each in enumerate(members)]
    return _leaf(value, path, depth)


def _scalar(value: float | str, path: str) -> object:
    """The value as exactly one of JSON's types: a subclass of `str` or `int` might lie about itself later."""
    if isinstance(value, str):
        if not value.isascii() and any("\ud800" <= char <= "\udfff" for char in value):
            raise CodecError(f"{path} has a lone surrogate, which is no text; decode it with errors='replace'")
        return str.__str__(value)
    if isinstance(value, int):
        return int(value)
    if not math.isfinite(value):
        raise CodecError(f"{path} is {float(value)!r}, which JSON does not have; return None or a text instead")
    return float(value)


def _object(value: Mapping[object, object], path: str, depth: int) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, each in value.items():
        name = _key(key, path, depth)
        if name in found:
            raise CodecError(f"{path} has two keys that both become {name!r}; use text keys")
        found[name] = _plain(each, f"{path}[{name!r}]", depth + 1)
    return found


def _key(key: object, path: str, depth: int) -> str:
    plain = _plain(key, f"a key of {path}", depth + 1)
    if isinstance(plain, str):
        return plain
    if isinstance(plain, int | float) or plain is None:
        return json.dumps(plain)
    raise CodecError(f"{path} has the key {key!r:.80}, which is no text; use text keys")


def _fields(value: object) -> dict[str, object] | None:
    """Name → value of a record's fields; `None` for what is no record."""
    if isinstance(value, type):
        return None
    if dataclasses.is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, msgspec.Struct):
        return {name: getattr(value, name) for name in value.__struct_fields__}
    names = getattr(value, "_fields", None)
    if isinstance(value, tuple) and isinstance(names, tuple):
        return dict(zip(cast("tuple[str, ...]", names), cast("tuple[object, ...]", value), strict=True))
    return None


def _leaf(value: object, path: str, depth: int) -> object:
    if isinstance(value, _TEXTUAL):
        return str(value)
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return value.total_seconds()
    if isinstance(value, bytes | bytearray | memoryview):
        return base64.b64encode(bytes(cast("bytes", value))).decode()
    if isinstance(value, _Model) and not isinstance(value, type):
        return _plain(value.model_dump(mode="json"), path, depth + 1)
    if type(value).__module__ == "numpy":
        tolist = cast("Callable[[], object]", getattr(value, "tolist", None))
        if callable(tolist):
            return _plain(tolist(), path, depth + 1)
    raise CodecError(
        f"{path} is of type {type(value).__qualname__!r}, which has no JSON form; return None, numbers, text, lists, "
        f"dicts, dataclasses, dates or bytes"
    )
