"""The closed value codec that crosses the border of a jail. Standard library only: it runs inside jails.

A value is one JSON text (RFC 8259). Scalars and lists stand for themselves; everything else is an object with one
key, its tag. Nothing is ever executed, imported by name or looked up when decoding.

====  ==========================================  ====  =========================================
tag   value                                       tag   value
====  ==========================================  ====  =========================================
o     dict with text keys: object                 b     bytes: base64
d     any other dict: list of [key, value]        n     float that JSON lacks: "nan" "inf" "-inf"
t     tuple: list                                 i     integer beyond 4,000 digits: hexadecimal
s     set: list                                   c     complex: [real, imaginary]
f     frozenset: list                             a     numeric array: [dtype, shape, base64]
x     `Shape`: [class, [[label, value], …]]
====  ==========================================  ====  =========================================

Only exact types are accepted: a subclass of ``float`` or ``list`` can lie about itself, so it is refused. Whoever wants
an object of another class across sends its `Shape`; it is decoded only where asked for, and stays one.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import sys
from collections.abc import Callable, Iterable
from typing import Any, cast

from .errors import CodecError

__all__ = ["Shape", "decode", "encode"]

_MAX_DEPTH = 100
_BIG = 10**4000
_ARRAY_KINDS = frozenset("biufc")
_PLAIN: frozenset[type] = frozenset({str, bool, type(None)})


class Shape:
    """What stands for an object of a class outside the table: the class's name and its parts. Inert.

    Args:
        type: the class, ``module.qualified_name``.
        parts: (label, value) of each part; ``""`` labels the content of a built-in base, ``".x"`` an attribute.
    """

    __slots__ = ("parts", "type")

    def __init__(self, type: str, parts: tuple[tuple[str, object], ...]) -> None:
        self.type = type
        self.parts = parts

    def __repr__(self) -> str:
        return f"<{self.type}>"


def encode(value: object, *, max_bytes: int | None = None) -> bytes:
    """Value to bytes.

    Raises:
        CodecError: a type outside the table (named with its path in the value), nesting deeper than 100, or a result
            longer than `max_bytes`.
    """
    try:
        data = json.dumps(_pack(value, "value", 0), ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except UnicodeEncodeError as error:
        raise CodecError(f"text with a lone surrogate cannot cross: {error}") from None
    if max_bytes is not None and len(data) > max_bytes:
        raise CodecError(f"the value takes {len(data)} bytes; at most {max_bytes} may cross")
    return data


def _pack(value: object, path: str, depth: int) -> object:
    kind = type(value)
    if kind in _PLAIN:
        return value
    if depth > _MAX_DEPTH:
        raise CodecError(f"{path[:80]}… is nested deeper than {_MAX_DEPTH}")
    pack = _PACK.get(kind)
    if pack is not None:
        return pack(value, path, depth + 1)
    if kind.__module__ == "numpy":
        return _pack_numpy(value, path)
    raise CodecError(
        f"{path} is {kind.__module__}.{kind.__qualname__}; only plain numbers, text, bytes, lists, tuples, "
        f"dicts, sets and numeric arrays can cross (exact types, no subclasses)"
    )


def _pack_items(values: Iterable[object], path: str, depth: int) -> list[object]:
    items = list(values)
    if set(map(type, items)) <= _PLAIN:
        return items
    return [_pack(item, f"{path}[{index}]", depth) for index, item in enumerate(items)]


def _pack_list(value: Any, path: str, depth: int) -> object:
    kinds = set(map(type, value))
    if kinds == {float} and all(map(math.isfinite, value)):
        return value
    return _pack_items(value, path, depth)


def _pack_dict(value: Any, path: str, depth: int) -> object:
    if set(map(type, value)) <= {str}:
        return {"o": {key: _pack(item, f"{path}[{key!r}]", depth) for key, item in value.items()}}
    return {"d": [[_pack(k, f"{path} key", depth), _pack(v, f"{path}[{k!r:.40}]", depth)] for k, v in value.items()]}


def _pack_float(value: Any, _path: str, _depth: int) -> object:
    return value if math.isfinite(value) else {"n": repr(value)}


def _pack_int(value: Any, _path: str, _depth: int) -> object:
    return value if -_BIG < value < _BIG else {"i": hex(value)}


def _pack_shape(value: Any, path: str, depth: int) -> object:
    return {"x": [value.type, [[label, _pack(part, f"{path}{label}", depth)] for label, part in value.parts]]}


def _pack_numpy(value: Any, path: str) -> object:
    numpy = sys.modules["numpy"]
    if isinstance(value, numpy.generic) and value.dtype.kind in _ARRAY_KINDS:
        return _pack(value.item(), path, 0)
    if type(value) is not numpy.ndarray or value.dtype.kind not in _ARRAY_KINDS:
        raise CodecError(
            f"{path} is {type(value).__qualname__}; of numpy, only arrays and scalars of numbers can cross"
        )
    plain = numpy.ascontiguousarray(value, dtype=value.dtype.newbyteorder("<"))
    return {"a": [plain.dtype.str, list(value.shape), base64.b64encode(plain.tobytes()).decode()]}


_PACK: dict[type, Callable[[Any, str, int], object]] = {
    int: _pack_int,
    float: _pack_float,
    list: _pack_list,
    tuple: lambda v, p, d: {"t": _pack_items(v, p, d)},
    set: lambda v, p, d: {"s": _pack_items(v, p, d)},
    frozenset: lambda v, p, d: {"f": _pack_items(v, p, d)},
    dict: _pack_dict,
    bytes: lambda v, _p, _d: {"b": base64.b64encode(v).decode()},
    complex: lambda v, p, d: {"c": [_pack(v.real, p, d), _pack(v.imag, p, d)]},
    Shape: _pack_shape,
}


def decode(data: bytes, *, max_bytes: int | None = None, arrays: bool = True, shapes: bool = False) -> object:
    """Bytes to value; the bytes may come from an enemy.

    Args:
        data: the message.
        max_bytes: longest message read.
        arrays: whether arrays are taken; they are what needs numpy.
        shapes: whether a `Shape` is taken.

    Raises:
        CodecError: not one JSON text of the table above, too long, or too deep.
    """
    if max_bytes is not None and len(data) > max_bytes:
        raise CodecError(f"a message of {len(data)} bytes; at most {max_bytes} are read")
    try:
        raw = json.loads(data, parse_constant=_no_constant, parse_float=_finite)
        if b"\\u" in data:  # an escape can name half a character, which no other text format takes
            json.dumps(raw, ensure_ascii=False).encode()
        if not arrays:
            _bar("a", raw)
        if not shapes and (b'"x"' in data or b"\\u" in data):  # seldom; an escape can spell any letter
            _bar("x", raw)
        return _unpack(raw, 0)
    except RecursionError:
        raise CodecError(f"a message nested deeper than {_MAX_DEPTH}") from None
    except (ValueError, TypeError, KeyError, OverflowError, binascii.Error) as error:
        if isinstance(error, CodecError):
            raise
        raise CodecError(f"a message outside the codec: {error}") from None


_BARRED = {"a": "an array", "x": "a shape"}


def _bar(tag: str, raw: object) -> None:
    """Refuse a message that has a tag."""
    todo = [raw]
    while todo:
        item = todo.pop()
        if isinstance(item, list):
            todo += cast("list[object]", item)
        elif isinstance(item, dict):
            tagged = cast("dict[str, object]", item)
            if tag in tagged:
                raise CodecError(f"{_BARRED[tag]} where none is taken")
            inner = tagged.get("o")
            todo += list(cast("dict[str, object]", inner).values()) if isinstance(inner, dict) else tagged.values()


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise CodecError(f"the number {text[:20]} is beyond what a float holds")
    return value


def _no_constant(name: str) -> object:
    raise CodecError(f"{name} outside its tag")


def _unpack(raw: object, depth: int) -> object:
    if depth > _MAX_DEPTH:
        raise CodecError(f"a message nested deeper than {_MAX_DEPTH}")
    if isinstance(raw, list):
        return _unpack_items(cast("list[object]", raw), depth + 1)
    if not isinstance(raw, dict):
        return raw
    tagged = cast("dict[str, Any]", raw)
    if len(tagged) != 1:
        raise CodecError(f"an object with {len(tagged)} keys where a tag was expected")
    [(tag, body)] = tagged.items()
    unpack = _UNPACK.get(tag)
    if unpack is None:
        raise CodecError(f"unknown tag {tag[:20]!r}")
    return unpack(body, depth + 1)


_LEAVES: frozenset[type] = _PLAIN | {int, float}


def _unpack_items(raw: list[object], depth: int) -> list[object]:
    if set(map(type, raw)) <= _LEAVES:
        return raw
    return [_unpack(item, depth) for item in raw]


def _list(body: Any) -> list[object]:
    if not isinstance(body, list):
        raise CodecError("a tag without its list")
    return cast("list[object]", body)


def _unpack_number(body: Any, _depth: int) -> object:
    if body not in ("nan", "inf", "-inf"):
        raise CodecError(f"unknown float {body!r:.20}")
    return float(body)


def _unpack_array(body: Any, _depth: int) -> object:
    import numpy as np  # only where an array really crosses

    dtype_text, shape, text = body
    dtype = np.dtype(str(dtype_text))
    if dtype.kind not in _ARRAY_KINDS or dtype.hasobject:
        raise CodecError(f"an array of {dtype_text!r:.20}")
    sizes = [int(size) for size in _list(shape)]  # type: ignore[call-overload]
    flat = np.frombuffer(base64.b64decode(text, validate=True), dtype=dtype)
    return cast("object", flat.reshape(sizes).copy())


def _unpack_dict(body: Any, depth: int) -> object:
    pairs = [_list(pair) for pair in _list(body)]
    return {_unpack(key, depth): _unpack(value, depth) for key, value in pairs}


def _unpack_shape(body: Any, depth: int) -> object:
    kind, parts = _list(body)
    pairs = [_list(part) for part in _list(parts)]
    if not isinstance(kind, str) or not all(isinstance(label, str) for label, _ in pairs):
        raise CodecError("a shape without its names")
    return Shape(kind, tuple((cast("str", label), _unpack(value, depth)) for label, value in pairs))


def _unpack_object(body: Any, depth: int) -> object:
    if not isinstance(body, dict):
        raise CodecError("a tag without its object")
    return {key: _unpack(value, depth) for key, value in cast("dict[str, object]", body).items()}


_UNPACK: dict[str, Callable[[Any, int], object]] = {
    "o": _unpack_object,
    "d": _unpack_dict,
    "t": lambda body, depth: tuple(_unpack_items(_list(body), depth)),
    "s": lambda body, depth: set(_unpack_items(_list(body), depth)),
    "f": lambda body, depth: frozenset(_unpack_items(_list(body), depth)),
    "b": lambda body, _depth: base64.b64decode(body, validate=True),
    "n": _unpack_number,
    "i": lambda body, _depth: int(body, 16),
    "c": lambda body, depth: complex(*cast("list[Any]", _unpack_items(_list(body), depth))),
    "a": _unpack_array,
    "x": _unpack_shape,
}
