"""Larger neighbours of a case, so that a cost which grows with the size of its inputs shows. Runs nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Sized
from itertools import pairwise
from random import Random
from typing import Any, cast

from cambrian.core.codec import Shape

from .cases import Case

__all__ = ["grown"]

_MOST = 200_000
"""Parts of one argument at most."""


def grown(case: Case, factor: int, rng: Random, *, whole: bool = True) -> Case:
    """A case with arguments about `factor` times as large: longer lists, texts and dicts, greater numbers.

    A number that is the length of another argument stays so.

    New items are like those that are there, in type and range: numbers of a range that grows along, texts of the same
    letters. Lists in lists keep their length, so a table gets more rows; tuples keep theirs, as their places have
    meanings.

    Args:
        case: a known case.
        factor: at least 2.
        rng: draws the new items.
        whole: numbers that are arguments by themselves grow too.
    """
    made = [_larger(value, factor, rng, whole) for value in case.arguments]
    for place, value in enumerate(case.arguments):
        measured = _measured(value, case.arguments)
        if measured is not None:
            made[place] = len(cast("Sized", made[measured]))
    return Case(arguments=tuple(made), origin=f"{case.origin} × {factor}")


def _measured(value: object, arguments: Sequence[object]) -> int | None:
    """Which argument a number is the length of."""
    if type(value) is not int:
        return None
    lengths = [len(cast("Sized", other)) if type(other) in _SIZED else None for other in arguments]
    return lengths.index(value) if value in lengths else None


def _larger(value: object, factor: int, rng: Random, whole: bool) -> object:
    if type(value) is int:
        return value * factor if whole else value
    grow = _GROWING.get(type(value))
    return value if grow is None else grow(value, factor, rng)


def _list(value: Any, factor: int, rng: Random) -> object:
    items = list(value)
    if not items:
        return value
    room = min(factor * len(items), _MOST)
    more = [_like(rng.choice(items), factor, rng) for _ in range(room - len(items))]
    if _is_sorted(items):
        return type(value)(sorted([*items, *more]))
    return type(value)([*items, *more])


def _is_sorted(items: list[Any]) -> bool:
    """Of three at least: what may be sorted for a reason stays so."""
    try:
        return len(items) > 2 and all(one <= other for one, other in pairwise(items))
    except TypeError:
        return False


def _tuple(value: Any, factor: int, rng: Random) -> object:
    """One kind of item: a row that may be longer. Several: a record."""
    kinds = set(map(type, cast("tuple[object, ...]", value)))
    return _list(value, factor, rng) if len(kinds) == 1 and len(value) > 2 else value


def _text(value: Any, factor: int, rng: Random) -> object:
    room = min(factor * len(value), _MOST)
    words = value.split(" ")
    if len(words) > 1:
        return " ".join(rng.choice(words) for _ in range(room * len(words) // max(1, len(value))))
    return value + "".join(rng.choice(value) for _ in range(room - len(value)))


def _dict(value: Any, factor: int, rng: Random) -> object:
    items = list(value.items())
    if not items:
        return value
    held = dict(items)
    for _ in range(min(factor * len(items), _MOST) - len(items)):
        key, item = rng.choice(items)
        held[_like(key, factor, rng)] = _like(item, factor, rng)
    return held


def _shape(value: Any, factor: int, rng: Random) -> object:
    """An object whose containers and texts are larger."""
    return Shape(value.type, tuple((label, _larger(part, factor, rng, False)) for label, part in value.parts))


_GROWING: dict[type, Callable[[Any, int, Random], object]] = {
    list: _list, tuple: _tuple, str: _text, bytes: lambda value, factor, _: value * factor, dict: _dict,
    set: _list, frozenset: _list, Shape: _shape,
}  # fmt: skip

_SIZED = frozenset(_GROWING) - {Shape}


def _like(item: object, factor: int, rng: Random) -> Any:
    """Another item of the same kind and shape."""
    if type(item) is int:
        reach = max(1, abs(item) * factor)
        return rng.randint(-reach if item < 0 else 0, reach)
    if type(item) is float:
        return item * rng.uniform(0.1, float(factor))
    if type(item) is str:
        return "".join(rng.choice(item) for _ in item) if len(item) > 1 else item
    if type(item) in (list, tuple):
        parts = [_like(part, factor, rng) for part in cast("list[object]", item)]
        return parts if type(item) is list else tuple(parts)
    return item
