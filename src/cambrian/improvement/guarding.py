"""Where an algorithm and a function agree: conditions on parameters, from calls on which they do and do not. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product
from typing import NamedTuple, TypeVar, cast

from cambrian.verify.cases import Case

__all__ = ["fits", "guards"]

_ENOUGH = 8
"""Calls on which both must do the same."""
_ANSWERS = 3
"""Different answers among them; two where there are many calls."""
_SHARE = 0.5
_LOST = 0.7
"""What it costs to keep a call on which both do the same to the old code."""
_MOST = 2
_BOUNDS, _LENGTHS = 6, 3
_KIND = 0.6
"""Share of the calls whose argument must be of an algorithm's kind."""


def fits(kind: str, values: Sequence[object]) -> bool:
    """Whether most arguments are of a kind.

    Args:
        kind: see `source.algorithms.Parameter`.
        values: what stood there in some calls.
    """
    return sum(_is(kind, value) for value in values) >= _KIND * len(values)


def _is(kind: str, value: object) -> bool:
    if kind in {"int", "str"}:
        return type(value).__name__ == kind
    if kind == "float":
        return type(value) in (int, float)
    if kind == "Sequence[object]":
        return type(value) in (list, tuple, str)
    if type(value) not in (list, tuple):
        return False
    item = kind.removeprefix("list[").removesuffix("]")
    inner = "float" if item in {"int", "float"} else item
    return item == "object" or all(_is(inner, each) for each in cast("Sequence[object]", value))


class _Guard(NamedTuple):
    """A condition in words, and the calls on which it holds, by number."""

    words: str
    holds: frozenset[int]


def guards(
    cases: Sequence[Case], marks: str, names: Sequence[str], order: Sequence[int], told: int
) -> tuple[str, ...] | None:  # fmt: skip
    """Conditions under which both did the same on all calls; none at all is best. `None` if there are no such.

    Args:
        cases: the calls.
        marks: for each ``"s"`` the same, ``"d"`` different, ``"u"`` unknown.
        names: of the function's parameters.
        order: which of them the algorithm takes.
        told: how many different answers there were among the same ones.
    """
    same, different = (_where(marks, mark.__eq__) for mark in "sd")
    options = list(_options(cases, names, order))
    chosen: list[str] = []
    kept = frozenset(range(len(marks)))
    while different & kept:
        best = max(options, key=lambda each: _worth(kept - each.holds, same, different))
        if len(chosen) == _MOST or _worth(kept - best.holds, same, different) <= 0:
            return None
        chosen.append(best.words)
        kept &= best.holds
    return tuple(chosen) if _enough(len(same & kept), len(same), len(cases), told) else None


def _enough(left: int, same: int, calls: int, told: int) -> bool:
    """Whether what is left says something. Of a function with two answers more calls are asked for."""
    answers = 2 if calls >= 2 * _ENOUGH else _ANSWERS
    return left >= max(_ENOUGH, _SHARE * same) and told >= answers


def _worth(out: frozenset[int], same: frozenset[int], different: frozenset[int]) -> float:
    """Differences that are left out, less what else is; what leaves out no difference is worth nothing."""
    return len(out & different) - _LOST * len(out & same) if out & different else 0.0


Item = TypeVar("Item")


def _where(items: Iterable[Item], holds: Callable[[Item], bool]) -> frozenset[int]:
    """The numbers of those for which something holds."""
    return frozenset(number for number, item in enumerate(items) if holds(item))


def _options(cases: Sequence[Case], names: Sequence[str], order: Sequence[int]) -> Iterator[_Guard]:
    """The simplest conditions first: of those worth the same, the first is taken."""
    columns = list(zip(*(case.arguments for case in cases), strict=False))
    for place in order:
        yield from _bounds(names[place], columns[place])
        yield from _sizes(names[place], columns[place])
    for place, other in product(order, range(len(columns))):
        if place != other:
            pairs = list(zip(columns[other], map(_size, columns[place]), strict=True))
            yield (
                _within(names[other], names[place], pairs)
                if other in order
                else _all(names[other], names[place], pairs)
            )


def _bounds(name: str, values: Sequence[object]) -> Iterator[_Guard]:
    for bound in range(_BOUNDS):
        yield _Guard(f"{name} >= {bound}", _where(values, lambda value, bound=bound: _whole(value) >= bound))
    yield _Guard(f"type({name}) is int", _where(values, lambda value: type(value) is int))


def _whole(value: object) -> float:
    return value if type(value) is int else -math.inf


def _sizes(name: str, values: Sequence[object]) -> Iterator[_Guard]:
    yield _Guard(name, _where(values, lambda value: _size(value) >= 1))
    for bound in range(1, _LENGTHS):
        yield _Guard(f"len({name}) > {bound}", _where(values, lambda value, bound=bound: _size(value) > bound))


def _size(value: object) -> float:
    return len(cast("Sequence[object]", value)) if isinstance(value, list | str | tuple) else math.nan


def _all(number: str, name: str, pairs: Sequence[tuple[object, float]]) -> _Guard:
    """A number that is the length of something, as it is in programs that hand both over."""
    return _Guard(f"{number} == len({name})", _where(pairs, lambda pair: _whole(pair[0]) == pair[1]))


def _within(number: str, name: str, pairs: Sequence[tuple[object, float]]) -> _Guard:
    """A number that is a place in something, counted from one."""
    return _Guard(f"0 < {number} <= len({name})", _where(pairs, lambda pair: 0 < _whole(pair[0]) <= pair[1]))
