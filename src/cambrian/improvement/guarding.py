"""Where an algorithm and a function agree: conditions on parameters, from calls on which they do and do not. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, cast

from cambrian.verify.cases import Case

__all__ = ["fits", "guards"]

_ENOUGH = 8
"""Calls on which both must do the same."""
_ANSWERS = 3
"""Different answers among them; two where that is all that there are."""
_SHARE = 0.5
_BOUNDS = 4
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
    """A condition in words, and on which calls it holds."""

    words: str
    holds: tuple[bool, ...]


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
    chosen: list[_Guard] = []
    left = [mark != "d" for mark in marks]
    while not all(left):
        options = [each for each in _options(cases, names, order) if each.words not in {one.words for one in chosen}]
        best = max(options, key=lambda each: _worth(each, marks, chosen), default=None)
        if best is None or len(chosen) == 2 or _worth(best, marks, chosen) <= 0:
            return None
        chosen.append(best)
        left = [mark != "d" or not _hold(chosen, place) for place, mark in enumerate(marks)]
    same = sum(mark == "s" and _hold(chosen, place) for place, mark in enumerate(marks))
    if same < max(_ENOUGH, _SHARE * marks.count("s")) or told < min(_ANSWERS, _variety(marks)):
        return None
    return tuple(each.words for each in chosen)


def _variety(marks: str) -> int:
    """Different answers that may be asked for: a function with two of them needs more calls."""
    return 2 if len(marks) >= 2 * _ENOUGH else _ANSWERS


def _hold(chosen: Sequence[_Guard], place: int) -> bool:
    return all(guard.holds[place] for guard in chosen)


def _worth(guard: _Guard, marks: str, chosen: Sequence[_Guard]) -> float:
    """Differences that it leaves out, less what else it does; whatever leaves out none is worth nothing."""
    out = [place for place in range(len(marks)) if _hold(chosen, place) and not guard.holds[place]]
    wrong = sum(marks[place] == "d" for place in out)
    return wrong - 0.7 * sum(marks[place] == "s" for place in out) if wrong else 0.0


def _options(cases: Sequence[Case], names: Sequence[str], order: Sequence[int]) -> Iterator[_Guard]:
    """The simplest conditions first: of those worth the same, the first is taken."""
    for place in order:
        name, values = names[place], [case.arguments[place] for case in cases]
        whole = sum(type(value) is int for value in values) > len(values) / 2
        if whole:
            for bound in (0, 1, 2, 3, 4, 5):
                yield _Guard(f"{name} >= {bound}", tuple(type(each) is int and each >= bound for each in values))
            yield _Guard(f"type({name}) is int", tuple(type(each) is int for each in values))
        elif sum(isinstance(value, list | str | tuple) for value in values) > len(values) / 2:
            for bound in range(1, _BOUNDS):
                words = name if bound == 1 else f"len({name}) > {bound - 1}"
                yield _Guard(words, tuple(_size(each) >= bound for each in values))
    yield from _lengths(cases, names, order)


def _size(value: object) -> int:
    return len(cast("Sequence[object]", value)) if isinstance(value, list | str | tuple) else -1


def _lengths(cases: Sequence[Case], names: Sequence[str], order: Sequence[int]) -> Iterator[_Guard]:
    """A parameter that the algorithm does not take, and that is the length of one that it does; or one within it."""
    width = min(len(case.arguments) for case in cases)
    for place in order:
        for other in range(width):
            pairs = [(case.arguments[other], _size(case.arguments[place])) for case in cases]
            if other == place or not any(type(one) is int and length >= 0 for one, length in pairs):
                continue
            if other not in order:
                holds = tuple(type(one) is int and one == length for one, length in pairs)
                yield _Guard(f"{names[other]} == len({names[place]})", holds)
            else:
                holds = tuple(type(one) is int and 0 < one <= length for one, length in pairs)
                yield _Guard(f"0 < {names[other]} <= len({names[place]})", holds)
