"""Runs in jails: takes an object apart, one level, without running any code of its class. Standard library and codec.

What is read: the content of a built-in base (through the base's own methods), ``__dict__`` and ``__slots__`` (through
the interpreter's own descriptors). ``__eq__``, ``__class__``, ``__len__``, ``__iter__``, ``__getattr__``, properties,
metaclasses and ``__reduce_ex__`` are never asked. An object that keeps state where none of this reaches (a lock, a
generator, a C extension's type) is *opaque*: nothing is said about it.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Mapping
from typing import Any, cast

from cambrian.core.codec import Shape

from .arrays import open_array, open_scalar
from .frames import open_frame

__all__ = ["bases", "is_mutable", "name_of", "opened"]

Parts = list[tuple[str, object]]
Opener = Callable[[Any], Parts]

_TYPE: Mapping[str, Any] = type.__dict__
_HEAP = 1 << 9
_WORD = 8


def _of_type(kind: type, name: str) -> Any:
    """A class's own attribute, past its metaclass and past its own ``__dict__``."""
    return _TYPE[name].__get__(kind)


def _own(kind: Any) -> Mapping[str, Any]:
    """A class's own ``__dict__``."""
    return cast("Mapping[str, Any]", _of_type(kind, "__dict__"))


def bases(kind: type) -> tuple[type, ...]:
    """The method resolution order, as the interpreter has it."""
    return cast("tuple[type, ...]", _of_type(kind, "__mro__"))


def _derives(value: object, base: type) -> bool:
    return any(kind is base for kind in bases(type(value)))


def name_of(kind: type) -> str:
    """``module.qualified_name`` of a class."""
    heap = _of_type(kind, "__flags__") & _HEAP  # a static type has no ``__module__`` of its own to look up
    module: object = _own(kind).get("__module__") if heap else _of_type(kind, "__module__")
    if type(module) is not str:
        module = "?"
    return f"{module}.{_of_type(kind, '__qualname__')}"


_VALUES = ("builtins", "datetime", "decimal", "fractions", "pathlib", "re", "uuid", "zoneinfo")


def is_mutable(kind: type) -> bool:
    """Whether it can matter that two parts are one object."""
    if kind is list or kind is dict or kind is set or kind is bytearray:
        return True
    return name_of(kind).partition(".")[0] not in _VALUES


def opened(value: object) -> Shape | None:
    """An object's class and parts; ``None`` if it is opaque.

    The parts are what the object holds, not copies; labels are ``""`` for the content of a built-in base, else what
    stands behind the object in a path, as ``".x"``.
    """
    if type(value) is Shape:
        return value
    kind = type(value)
    order = bases(kind)
    if _derives(value, type):
        return Shape("type", (("", name_of(cast("type", value))),))
    if kind is object:
        return None
    name = name_of(kind)
    parts = _frame(value, kind) if name.startswith("pandas.") else _object(value, order)
    return None if parts is None else Shape(name, tuple(parts))


def _frame(value: object, kind: type) -> Parts | None:
    opener = open_frame(kind)
    return None if opener is None else opener(value)


def _object(value: object, order: tuple[type, ...]) -> Parts | None:
    """Content of the known base, if there is one, and attributes."""
    known, opener = _known_base(order)
    if _hides(order[:known]):
        return None
    state = _state(value, order)
    if state is None:
        return None
    return [*(opener(value) if opener else ()), *_member(state)]


def _known_base(order: tuple[type, ...]) -> tuple[int, Opener | None]:
    """Place of the first class whose content is known, and how to read it; if there is none, the place past all."""
    for index, base in enumerate(order):
        opener = _opener(base, exact=index == 0)
        if opener is not None:
            return index, opener
    return len(order), None


def _opener(base: type, *, exact: bool) -> Opener | None:
    """How to read the content of a known base; some are known only when the object is of exactly that type."""
    found = _BY_ID.get(id(base))
    if found is not None:
        return found
    module = name_of(base)
    found = _NAMED.get(module)
    if found is None and exact:
        found = _NAMED_EXACT.get(module)
    if found is None and module.startswith("numpy."):
        return _numpy(base)
    return found


def _numpy(base: type) -> Opener | None:
    numpy = sys.modules.get("numpy")
    if numpy is None:
        return None
    if base is numpy.ndarray:
        return open_array
    return open_scalar if any(kind is numpy.generic for kind in bases(base)) else None


def _hides(classes: tuple[type, ...]) -> bool:
    """Whether a class among these has room for state beyond its slots, ``__dict__`` and ``__weakref__``."""
    for kind in classes:
        base = _of_type(kind, "__base__")
        if base is None or any(
            one is BaseException for one in bases(base)
        ):  # the content of exceptions is read field by field
            continue
        if not _of_type(kind, "__flags__") & _HEAP:
            return True
        own = _of_type(kind, "__dict__")
        seen = sum(type(item) is types.MemberDescriptorType for item in own.values())
        room = seen + ("__weakref__" in own) + ("__dict__" in own)
        grown: int = _of_type(kind, "__basicsize__") - _of_type(base, "__basicsize__")
        if grown > _WORD * room:
            return True
    return False


def _state(value: object, order: tuple[type, ...]) -> Parts | None:
    """Attributes in order of their names; ``None`` if they cannot be reached."""
    found: dict[str, object] = {}
    for kind in order:
        if not _of_type(kind, "__flags__") & _HEAP:
            continue
        for name, item in _of_type(kind, "__dict__").items():
            if type(item) is types.MemberDescriptorType and name not in ("__dict__", "__weakref__"):
                try:
                    found.setdefault(f".{name}", item.__get__(value))
                except AttributeError:  # a slot that was never set
                    continue
    attributes = _dict_of(value, order)
    if attributes is None:
        return None
    for name, item in _items(attributes):
        if type(name) is not str:
            return None
        found.setdefault(f".{name}", item)
    return sorted(found.items(), key=lambda pair: pair[0])


def _items(held: Any) -> list[tuple[object, object]]:
    """Of a dict or of a subclass of it, past its own methods."""
    return [*_DICT.items(held)]


def _dict_of(value: object, order: tuple[type, ...]) -> dict[object, object] | None:
    """The instance's ``__dict__`` by the interpreter's descriptor, empty if it has none, ``None`` if it is masked."""
    for kind in order:
        item = _of_type(kind, "__dict__").get("__dict__")
        if type(item) is types.GetSetDescriptorType or type(item) is types.MemberDescriptorType:
            held: object = item.__get__(value)
            return cast("dict[object, object]", held) if _derives(held, dict) else None
        if item is not None:
            return None  # a property in its place
    return {} if not _of_type(type(value), "__dictoffset__") else None


def _member(state: Parts) -> Parts:
    """The parts that matter: of a member of an enumeration, its name and value."""
    known = dict(state)
    if "._name_" in known and "._value_" in known and ".__objclass__" in known:
        return [(".name", known["._name_"]), (".value", known["._value_"])]
    return state


def _exception(value: Any) -> Parts:
    own = _own(BaseException)
    parts: Parts = [(".args", own["args"].__get__(value))]
    cause: object = own["__cause__"].__get__(value)
    if cause is not None:
        parts.append((".__cause__", cause))
    if _derives(value, OSError):
        parts.append((".filename", _own(OSError)["filename"].__get__(value)))
    return parts


def _fields(*names: str) -> Opener:
    return lambda value: [(f".{name}", getattr(value, name)) for name in names]


def _base_fields(base: type, *names: str) -> Opener:
    own = _own(base)
    return lambda value: [(f".{name}", own[name].__get__(value)) for name in names]


def _deque(value: Any) -> Parts:
    from collections import deque

    own = _own(deque)
    return [("", list(own["__iter__"](value))), (".maxlen", own["maxlen"].__get__(value))]


def _complex(value: Any) -> complex:
    own = _own(complex)
    return complex(own["real"].__get__(value), own["imag"].__get__(value))


def _default(value: Any) -> Parts:
    from collections import defaultdict

    factory: object = _own(defaultdict)["default_factory"].__get__(value)
    shown = factory.__qualname__ if type(factory) is types.FunctionType else factory
    return [(".default_factory", shown), ("", _DICT.copy(value))]


def _plain(read: Callable[[Any], object]) -> Opener:
    return lambda value: [("", read(value))]


_LIST: Any = list
_TUPLE: Any = tuple
_DICT: Any = dict
_SET: Any = set
_FROZENSET: Any = frozenset
_NONE: dict[str, object] = {}
_VIEWS: tuple[Any, ...] = (type(_NONE.keys()), type(_NONE.values()), type(_NONE.items()))

_OPENERS: dict[type, Opener] = {
    int: _plain(int.__int__),
    float: _plain(float.__float__),
    complex: _plain(_complex),
    str: _plain(str.__str__),
    bytes: _plain(lambda value: bytes.__getitem__(value, slice(None))),
    bytearray: _plain(lambda value: bytes(bytearray.__getitem__(value, slice(None)))),
    list: _plain(lambda value: _LIST.__getitem__(value, slice(None))),
    tuple: _plain(lambda value: _TUPLE.__getitem__(value, slice(None))),
    dict: _plain(_DICT.copy),
    set: _plain(lambda value: [*_SET.__iter__(value)]),
    frozenset: _plain(lambda value: [*_FROZENSET.__iter__(value)]),
    BaseException: _exception,
    range: _fields("start", "stop", "step"),
    slice: _fields("start", "stop", "step"),
    memoryview: _plain(lambda value: (value.format, value.shape, value.tobytes())),
    type: _plain(name_of),
    types.ModuleType: lambda value: [(".name", types.ModuleType.__getattribute__(value, "__name__"))],
    types.SimpleNamespace: lambda _value: [],
    **{view: _plain(lambda value: [*value]) for view in _VIEWS},
}
"""Known bases → their content. `dict.copy` and the slices give exact types and call nothing of a subclass."""

_BY_ID = {id(kind): opener for kind, opener in _OPENERS.items()}
"""By identity: to look a class up by itself would run its metaclass's ``__hash__`` and ``__eq__``."""


def _moment(value: Any) -> Parts:
    import datetime

    names = ("year", "month", "day", "hour", "minute", "second", "microsecond", "fold", "tzinfo")
    return _base_fields(datetime.datetime, *names[3:])(value) + _base_fields(datetime.date, *names[:3])(value)


def _date(value: Any) -> Parts:
    import datetime

    return _base_fields(datetime.date, "year", "month", "day")(value)


def _time(value: Any) -> Parts:
    import datetime

    return _base_fields(datetime.time, "hour", "minute", "second", "microsecond", "fold", "tzinfo")(value)


def _delta(value: Any) -> Parts:
    import datetime

    return _base_fields(datetime.timedelta, "days", "seconds", "microseconds")(value)


def _decimal(value: Any) -> Parts:
    import decimal

    return [("", tuple(decimal.Decimal.as_tuple(value)))]


_NAMED: dict[str, Opener] = {
    "datetime.datetime": _moment,
    "datetime.date": _date,
    "datetime.time": _time,
    "datetime.timedelta": _delta,
    "decimal.Decimal": _decimal,
    "collections.deque": _deque,
    "collections.defaultdict": _default,
}
"""The same for types that a jail may not have imported, by name."""

_NAMED_EXACT: dict[str, Opener] = {
    "datetime.timezone": lambda value: [("", (value.utcoffset(None), value.tzname(None)))],
    "zoneinfo.ZoneInfo": _fields("key"),
    "re.Pattern": _fields("pattern", "flags"),
    "array.array": lambda value: [(".typecode", value.typecode), ("", value.tolist())],
    "collections.OrderedDict": lambda value: [("", list(value.items()))],
    "pathlib.PosixPath": _plain(str),
    "pathlib.PurePosixPath": _plain(str),
    "pathlib.WindowsPath": _plain(str),
    "pathlib.PureWindowsPath": _plain(str),
}
"""Types whose reading would ask a subclass's methods, so that only the exact type is read."""
