"""Improvement, inside: arguments in a form from which they can be made again, also objects of the project's classes.

An object is told by its class and its attributes, as they are at that moment. Only plain classes of the project are
taken, whose objects are nothing but their attributes; no code of an object runs here.
"""

from __future__ import annotations

import collections
import decimal
import fractions
import sys
import types
from abc import ABCMeta
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any, Generic, cast

from cambrian.core.codec import Shape
from cambrian.core.errors import CodecError

from .place import Place

_DEPTH = 12
_PLAIN = frozenset([type(None), bool, int, float, complex, str, bytes])
_CONTENT: dict[type, Callable[[Any], object]] = {
    collections.deque: list, collections.Counter: dict, collections.OrderedDict: lambda value: list(value.items()),
    decimal.Decimal: str, fractions.Fraction: str,
}  # fmt: skip
_OWN_WAYS = ("__new__", "__getattribute__", "__reduce__", "__reduce_ex__", "__getstate__", "__setstate__", "__del__")
_HARMLESS = (id(object), id(Generic))


def _own_ways(kind: type) -> list[str]:
    """Methods by which a class would have a say; not those that a dataclass gets by itself."""
    return [way for way in _OWN_WAYS if getattr(vars(kind).get(way), "__module__", "") != "dataclasses"]


class Rebuilding:
    """Makes forms of values.

    Args:
        place: knows which files are the project's.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self._names: dict[type, str] = {}

    def form(self, value: object, path: str, depth: int = 0) -> object:
        """The value with `Shape` for each object.

        Raises:
            CodecError: a part cannot be made again; names it.
        """
        kind = type(value)
        if kind in _PLAIN:
            return value
        if depth > _DEPTH:
            raise CodecError(f"{path[:60]} is nested deeper than {_DEPTH}")
        if kind is dict:
            return self._dict(cast("dict[object, object]", value), path, depth)
        if kind in (list, tuple, set, frozenset):
            items = cast("list[object]", value)
            return cast("Any", kind)([self.form(item, f"{path}[{at}]", depth + 1) for at, item in enumerate(items)])
        if kind in _CONTENT:
            content = self.form(_CONTENT[kind](value), path, depth + 1)
            return Shape(f"{kind.__module__}.{kind.__qualname__}", (("", content),))
        return self._object(value, path, depth)

    def _dict(self, value: dict[object, object], path: str, depth: int) -> object:
        return {
            self.form(key, f"a key of {path}", depth + 1): self.form(item, f"{path}[{str(key)[:20]!r}]", depth + 1)
            for key, item in value.items()
            if type(key) in _PLAIN or self._refuse(f"a key of {path}", key)
        }

    def _refuse(self, path: str, value: object) -> bool:
        kind = type(value)
        raise CodecError(f"{path} is a {kind.__module__}.{kind.__qualname__}, which cannot be made again")

    def _object(self, value: object, path: str, depth: int) -> object:
        name = self._name(type(value))
        if not name:
            self._refuse(path, value)
        if isinstance(value, Enum):
            return Shape(name, ((".name", value.name),))
        held = [(f"={key}", self.form(part, f"{path}.{key}", depth + 1)) for key, part in _attributes(value)]
        return Shape(name, tuple(held) or (("=", None),))

    def _name(self, kind: type) -> str:
        """``@path:Class`` of a class whose objects are their attributes; "" of any other."""
        if kind not in self._names:
            self._names[kind] = self._found(kind)
        return self._names[kind]

    def _found(self, kind: type) -> str:
        path = self._file(kind)
        if not path:
            return ""
        enumerated = Enum in kind.__mro__
        if not enumerated and not self._is_plain(kind):
            return ""
        return f"@{path}:{kind.__qualname__}"

    def _is_plain(self, kind: type) -> bool:
        """Whether an object is its attributes, and nothing that its class does when it is made or copied."""
        if type(kind) not in (type, ABCMeta):
            return False
        own = [each for each in kind.__mro__ if id(each) not in _HARMLESS and each.__module__ != "abc"]
        return all(self._file(each) and not any(map(vars(each).__contains__, _own_ways(each))) for each in own)

    def _file(self, kind: type) -> str:
        """The project's file of a class at its top; "" of any other."""
        module = sys.modules.get(kind.__module__)
        if kind.__module__ == "__main__" or getattr(module, kind.__qualname__, None) is not kind:
            return ""
        return self._place.path(getattr(module, "__file__", None) or "<none>") or ""


def _attributes(value: object) -> Iterator[tuple[str, object]]:
    """Those in its slots, and those in its dict; read past any method of its class."""
    for each in type(value).__mro__:
        for name, member in vars(each).items():
            if isinstance(member, types.MemberDescriptorType):
                try:
                    yield name, member.__get__(value, type(value))
                except AttributeError:  # an empty slot
                    continue
    try:
        held = object.__getattribute__(value, "__dict__")
    except AttributeError:
        return
    yield from sorted(cast("dict[str, object]", held).items())
