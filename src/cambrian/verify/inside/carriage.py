"""Runs in a candidate's jail: makes any value one that the codec takes, objects as `Shape`. No code of an object runs.

A part that contains itself is told by how many levels up it is. With `sharing`, a mutable part that was met before is
told by its number, so that two values with equal parts differ if one of them holds one object twice.
"""

from __future__ import annotations

from typing import Any, cast

from cambrian.core.codec import Shape
from cambrian.core.errors import CodecError

from .arrays import is_numbers
from .structure import is_mutable, name_of, opened

__all__ = ["carried"]

_DEPTH = 80
_PLAIN = frozenset(map(id, (type(None), bool, int, float, complex, bytes)))
_CONTAINERS = frozenset(map(id, (list, tuple, dict, set, frozenset)))


def carried(value: object, *, sharing: bool = False, name: str = "answer") -> object:
    """The value for `codec.encode`.

    Raises:
        CodecError: a part is opaque (a function, a lock, a generator), or the nesting is deeper than 80.
    """
    return _Carriage(sharing).carry(value, name)


class _Carriage:
    def __init__(self, sharing: bool) -> None:
        self._sharing = sharing
        self._open: dict[int, int] = {}
        self._numbers: dict[int, int] = {}
        self._held: list[object] = []

    def carry(self, value: object, path: str) -> object:
        kind = id(type(value))
        if kind in _PLAIN:
            return value
        if type(value) is str:
            return _text(value)
        key = id(value)
        if key in self._open:
            return Shape("itself", (("", len(self._open) - self._open[key]),))
        if key in self._numbers:
            return Shape("shared", (("", self._numbers[key]),))
        if len(self._open) > _DEPTH:
            raise CodecError(f"{path[:80]}… is nested deeper than {_DEPTH}")
        self._open[key] = len(self._open)
        self._held.append(value)  # so that ids stay theirs
        if self._sharing and is_mutable(type(value)):
            self._numbers[key] = len(self._numbers)
        made = self._inside(value, path) if kind in _CONTAINERS else self._object(value, path)
        del self._open[key]
        return made

    def _inside(self, value: Any, path: str) -> object:
        if type(value) is dict:
            given = cast("dict[object, object]", value)
            return {self.carry(k, f"{path} key"): self.carry(v, f"{path}[…]") for k, v in given.items()}
        items = [self.carry(item, f"{path}[{index}]") for index, item in enumerate(cast("list[object]", value))]
        if type(value) is list:
            return items
        return tuple(items) if type(value) is tuple else set(items) if type(value) is set else frozenset(items)

    def _object(self, value: object, path: str) -> object:
        if is_numbers(value) and cast("Any", value).dtype.isnative and cast("Any", value).dtype.char not in "gG":
            return value
        shape = opened(value)
        if shape is None:
            raise CodecError(f"{path} is a {name_of(type(value))}, whose state cannot be known")
        return Shape(shape.type, tuple((label, self.carry(part, path + label)) for label, part in shape.parts))


def _text(value: str) -> object:
    try:
        value.encode()
    except UnicodeEncodeError:  # lone surrogates cross as bytes
        return Shape("builtins.str", (("", value.encode("utf-8", "surrogatepass")),))
    return value
