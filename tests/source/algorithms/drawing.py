"""Drawn arguments for algorithms, and how definitions are written down beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from random import Random
from typing import Any, NamedTuple

Draw = Callable[[Random], tuple[object, ...]]
One = Callable[[Any], Any]
Two = Callable[[Any, Any], Any]
Three = Callable[[Any, Any, Any], Any]


class Definition(NamedTuple):
    """An algorithm by its plain meaning, and arguments to try both on."""

    name: str
    meaning: Callable[..., Any]
    draw: Draw
    times: int


def one(draw: Draw, meanings: dict[str, One], times: int = 1000) -> list[Definition]:
    """Of one argument."""
    return [Definition(name, meaning, draw, times) for name, meaning in meanings.items()]


def two(draw: Draw, meanings: dict[str, Two], times: int = 1000) -> list[Definition]:
    """Of two arguments."""
    return [Definition(name, meaning, draw, times) for name, meaning in meanings.items()]


def three(draw: Draw, meanings: dict[str, Three], times: int = 1000) -> list[Definition]:
    """Of three arguments."""
    return [Definition(name, meaning, draw, times) for name, meaning in meanings.items()]


def whole(low: int, high: int) -> Callable[[Random], int]:
    """A number."""
    return lambda rng: rng.randint(low, high)


def numbers(low: int, high: int, most: int = 12, least: int = 0) -> Callable[[Random], list[int]]:
    """A list of numbers, now and then of few different ones."""

    def draw(rng: Random) -> list[int]:
        top = rng.choice((high, high, max(low, min(high, low + 2))))
        return [rng.randint(low, top) for _ in range(rng.randint(least, most))]

    return draw


def text(letters: str, most: int = 12, least: int = 0) -> Callable[[Random], str]:
    """A text of few letters."""
    return lambda rng: "".join(rng.choice(letters) for _ in range(rng.randint(least, most)))


def grid(low: int, high: int, most: int = 5) -> Callable[[Random], list[list[int]]]:
    """Rows of equal length, at least one of each."""

    def draw(rng: Random) -> list[list[int]]:
        columns = rng.randint(1, most)
        return [[rng.randint(low, high) for _ in range(columns)] for _ in range(rng.randint(1, most))]

    return draw


def all_of(*parts: Callable[[Random], object]) -> Draw:
    """Arguments, each drawn for itself."""
    return lambda rng: tuple(part(rng) for part in parts)


def runs(items: Sequence[Any]) -> list[Any]:
    """All stretches of a sequence that are not empty."""
    return [items[i:j] for i in range(len(items)) for j in range(i + 1, len(items) + 1)]


def picks(items: Sequence[Any]) -> list[list[Any]]:
    """All subsequences, the empty one first."""
    found: list[list[Any]] = [[]]
    for item in items:
        found += [[*each, item] for each in found]
    return found


def exclusive(values: Iterable[int]) -> int:
    """Exclusive or of all."""
    found = 0
    for value in values:
        found ^= value
    return found


def most(items: Any) -> int:
    """How often the most frequent item is there."""
    return max([items.count(item) for item in items], default=0)
