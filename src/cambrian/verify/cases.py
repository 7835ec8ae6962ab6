"""`Case`: arguments for one call, and what can be done with values: make a neighbour, make a simpler one. Runs nothing.

Simplification is our own greedy shrinker, on values: it needs no generator and no extra package, so inputs from traces
and tests shrink as well as generated ones.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from random import Random
from typing import Any, cast

import msgspec

from cambrian.core.codec import Shape, decode, encode

from .inside.carriage import carried
from .inside.show import show

__all__ = ["EDGES", "Case", "mutated", "simpler", "size"]

EDGES: dict[type, tuple[object, ...]] = {
    int: (0, 1, -1, 2, 7, 255, 256, 2**31 - 1, -(2**31), 2**53 + 1, 2**63, -(2**63) - 1, 10**30),
    float: (
        0.0, -0.0, 1.0, -1.0, 0.5, 0.1 + 0.2, math.nan, math.inf, -math.inf, 5e-324, 2.2e-308, 1.8e308 / 1.1, 1e16,
    ),
    bool: (False, True),
    str: (
        "", "a", " ", "0", "\n", "\0", "aA", "ß", "é", "e\u0301", "日本", "🙂", "\u202eabc", "\ud800", "a" * 200, "a,b",
    ),
    bytes: (b"", b"\0", b"a", b"\xff\xfe", b"a" * 200),
    complex: (0j, -0j, 1j, complex(math.nan, 0), complex(0, math.inf)),
    type(None): (None,),
}  # fmt: skip
"""Values at which programs go wrong, by type."""

_MUTABLE = (list, dict, set)


class Case(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Arguments of one call.

    Args:
        arguments: positional arguments: values of the codec's table, any text, and `Shape` for an object that is made
            in the jail by calling its class with the parts.
        shared: pairs (a, b): argument b is the very object that argument a is.
        origin: where it comes from: ``"hints"``, ``"example"``, ``"test"``, ``"mutated"``.
    """

    arguments: tuple[object, ...]
    shared: tuple[tuple[int, int], ...] = ()
    origin: str = ""

    @cached_property
    def data(self) -> bytes:
        """What `inside.capture.given` reads: arguments, and which of them are one object."""
        return encode([carried(list(self.arguments)), list(self.shared)])

    @cached_property
    def payload(self) -> bytes:
        """What is sent to a jail around whose program `behaviour.around` stands."""
        return encode((self.data,))

    @classmethod
    def read(cls, payload: bytes, *, origin: str = "example") -> Case:
        """From the encoded tuple of arguments of a recorded call.

        Raises:
            CodecError: it is none.
        """
        return cls(arguments=cast("tuple[object, ...]", tuple(cast("Any", decode(payload)))), origin=origin)

    def __str__(self) -> str:
        """``(1, 'a')`` in about 60 characters an argument."""
        words = [show(item) for item in self.arguments]
        for one, other in self.shared:
            words[other] = f"{words[other]} (the same object as argument {one})"
        return f"({', '.join(words)})"


def size(case: Case) -> int:
    """How much there is in a case: what shrinking makes smaller."""
    return sum(map(_size, case.arguments)) + len(case.shared)


def _size(value: Any) -> int:
    if type(value) in (list, tuple, set, frozenset):
        return 1 + sum(map(_size, value))
    if type(value) is dict:
        return 1 + sum(_size(key) + _size(item) for key, item in cast("dict[object, object]", value).items())
    if type(value) is Shape:
        return 1 + sum(_size(part) for _, part in value.parts)
    if type(value) in (str, bytes):
        return 1 + len(value)
    return 1


def mutated(case: Case, rng: Random) -> Case:
    """A neighbour: one value somewhere in it is changed, its type kept."""
    if not case.arguments:
        return case
    place = rng.randrange(len(case.arguments))
    arguments = tuple(_changed(item, rng) if index == place else item for index, item in enumerate(case.arguments))
    pairs = [
        (a, b) for a in range(len(arguments)) for b in range(a + 1, len(arguments))
        if type(arguments[a]) is type(arguments[b]) and type(arguments[a]) in _MUTABLE
    ]  # fmt: skip
    shared = (rng.choice(pairs),) if pairs and rng.random() < 0.1 else ()
    return Case(arguments=arguments, shared=shared, origin="mutated")


def _changed(value: object, rng: Random) -> object:
    change = _CHANGES.get(type(value))
    if change is not None:
        return change(value, rng)
    edges = EDGES.get(type(value))
    return rng.choice(edges) if edges else value


def _change_int(value: Any, rng: Random) -> object:
    return rng.choice(
        (value + 1, value - 1, -value, value * 2, value // 2, value ^ (1 << rng.randrange(8)), _edge(int, rng))
    )


def _change_float(value: Any, rng: Random) -> object:
    return rng.choice((-value, value * 2, value / 3, value + 1, math.nextafter(value, math.inf), _edge(float, rng)))


def _edge(kind: type, rng: Random) -> object:
    return rng.choice(EDGES[kind])


def _change_text(value: Any, rng: Random) -> object:
    at = rng.randrange(len(value) + 1)
    other = rng.choice(EDGES[type(value)])
    return rng.choice((value[:at] + other + value[at:], value[at:], value[:at], value + value, value[::-1], other))


def _change_items(value: Any, rng: Random) -> object:
    return type(value)(_changed_list(list(value), rng))


def _changed_list(items: list[Any], rng: Random) -> list[Any]:
    if not items:
        return items
    at = rng.randrange(len(items))
    try:
        ordered = sorted(items)
    except TypeError:
        ordered = items[::-1]
    return rng.choice((
        items[:at] + items[at + 1 :], [*items[:at], items[at], *items[at:]], items[::-1], ordered, items[:at],
        items * 2, [items[at]] * len(items), *[[*items[:at], _changed(items[at], rng), *items[at + 1 :]]] * 4, [],
    ))  # fmt: skip


def _change_tuple(value: Any, rng: Random) -> object:
    """Of the same length: a tuple's places have meanings."""
    if not value:
        return value
    at = rng.randrange(len(value))
    return (*value[:at], _changed(value[at], rng), *value[at + 1 :])


def _change_dict(value: Any, rng: Random) -> object:
    if not value:
        return value
    key = rng.choice(list(value))
    if rng.random() < 0.3:
        return {other: item for other, item in value.items() if other is not key}
    return {**value, key: _changed(value[key], rng)}


def _change_shape(value: Any, rng: Random) -> object:
    parts = list(value.parts)
    if not parts or parts[0][0] == ".name":
        return value
    at = rng.randrange(len(parts))
    parts[at] = (parts[at][0], _changed(parts[at][1], rng))
    return Shape(value.type, tuple(parts))


def _change_set(value: Any, rng: Random) -> object:
    return type(value)(_changed_list(sorted(value, key=repr), rng))


_CHANGES: dict[type, Callable[[Any, Random], object]] = {
    bool: lambda value, _: not value, int: _change_int, float: _change_float, str: _change_text, bytes: _change_text,
    list: _change_items, tuple: _change_tuple, set: _change_set, frozenset: _change_set, dict: _change_dict,
    Shape: _change_shape,
}  # fmt: skip


def simpler(case: Case) -> Iterator[Case]:
    """Cases with something less in them, the most daring first. Types stay."""
    if case.shared:
        yield Case(arguments=case.arguments, origin=case.origin)
    for index, value in enumerate(case.arguments):
        for less in _less(value):
            arguments = (*case.arguments[:index], less, *case.arguments[index + 1 :])
            yield Case(arguments=arguments, shared=case.shared, origin=case.origin)


def _less(value: object) -> Iterator[Any]:
    reduce = _REDUCTIONS.get(type(value))
    return iter(()) if reduce is None else reduce(value)


def _less_int(value: Any) -> Iterator[Any]:
    tried = [0, value // 2 if value > 0 else -(-value // 2), value - 1 if value > 0 else value + 1]
    yield from (less for less in dict.fromkeys(tried) if abs(less) < abs(value))
    if value < 0:
        yield -value


def _less_float(value: Any) -> Iterator[Any]:
    whole = float(int(value)) if math.isfinite(value) and abs(value) < 1e18 else 1.0
    for less in (0.0, 1.0, whole, whole / 2 if abs(whole) > 1 else whole, -value if value < 0 else value):
        if _rank(less) < _rank(value):
            yield less


def _rank(value: float) -> tuple[bool, bool, float, bool]:
    odd = not math.isfinite(value)
    return odd, not odd and value != int(value), 0.0 if odd else abs(value), math.copysign(1, value) < 0


def _cuts(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """All, halves, quarters … single items cut away."""
    width = len(items)
    while width:
        for start in range(0, len(items), width):
            yield [*items[:start], *items[start + width :]]
        width //= 2


def _less_items(value: Any) -> Iterator[Any]:
    items = list(value) if type(value) in (list, tuple) else sorted(value, key=repr)
    for cut in _cuts(items):
        yield type(value)(cut)
    yield from _less_tuple(value, items)


def _less_tuple(value: Any, items: list[Any] | None = None) -> Iterator[Any]:
    known = list(value) if items is None else items
    for index, item in enumerate(known):
        for less in _less(item):
            yield type(value)([*known[:index], less, *known[index + 1 :]])


def _less_text(value: Any) -> Iterator[Any]:
    for cut in _cuts(value):
        yield "".join(cut) if type(value) is str else bytes(cut)
    plain = "a" * len(value) if type(value) is str else b"a" * len(value)
    if value != plain:
        yield plain


def _less_dict(value: Any) -> Iterator[Any]:
    for cut in _cuts(list(value.items())):
        yield dict(cut)
    for key, item in value.items():
        for less in _less(item):
            yield {**value, key: less}


def _less_shape(value: Any) -> Iterator[Any]:
    parts = list(value.parts)
    for index, (label, part) in enumerate(parts):
        if label != ".name":
            for less in _less(part):
                yield Shape(value.type, (*parts[:index], (label, less), *parts[index + 1 :]))


_REDUCTIONS: dict[type, Callable[[Any], Iterator[Any]]] = {
    bool: lambda value: iter((False,) if value else ()), int: _less_int, float: _less_float, str: _less_text,
    bytes: _less_text, list: _less_items, tuple: _less_tuple, set: _less_items, frozenset: _less_items,
    dict: _less_dict, Shape: _less_shape,
}  # fmt: skip
