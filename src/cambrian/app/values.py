"""Readers of single values of a document: each takes an `Item` and answers the value or raises its complaint."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeVar, cast

from cambrian.core.errors import UsageError
from cambrian.core.quantity import seconds, size

from .document import Item, did_you_mean

T = TypeVar("T", bound=str)


_COUNTS = {
    "islands": 4, "capacity": 16, "migrate_every": 40, "patience": 60, "bins": 12, "cells": 128, "width": 4,
    "children": 8, "detect": 2, "least": 3, "most": 8, "files": 64, "processes": 1,
}  # fmt: skip
"""Key → an example that is sensible there."""


def text(item: Item) -> str:
    """A text that is not empty."""
    if not isinstance(item.value, str) or not item.value.strip():
        raise item.wrong("a text is wanted", fix=f'write {item.keys[-1]} = "…"')
    return item.value


def texts(item: Item) -> tuple[str, ...]:
    """A list of texts, each once."""
    raw = item.value
    if not isinstance(raw, list):
        raise item.wrong("a list of texts is wanted", fix=f'write {item.keys[-1]} = ["…"]')
    seen: dict[str, None] = {}  # in order
    for value in cast("list[object]", raw):
        if not isinstance(value, str) or not value.strip():
            raise item.about(f"{value!r} is no text", fix=f'write {item.keys[-1]} = ["…"]', element=value)
        if value in seen:
            raise item.about(f"{value!r} is listed twice", fix="keep one of them", element=value)
        seen[value] = None
    return tuple(seen)


def count(item: Item) -> int:
    """A whole number, at least 1."""
    value = item.value
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise item.wrong(
            "a whole number of at least 1 is wanted",
            fix=f"write for example {item.keys[-1]} = {_COUNTS.get(item.keys[-1], 100)}",
        )
    return value


def whole(item: Item) -> int:
    """A whole number, at least 0."""
    return 0 if item.value == 0 and not isinstance(item.value, bool) else count(item)


def switch(item: Item) -> bool:
    """``true`` or ``false``."""
    if not isinstance(item.value, bool):
        raise item.wrong("true or false is wanted", fix=f"write {item.keys[-1]} = true")
    return item.value


def number(item: Item) -> float:
    """A finite number."""
    value = item.value
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise item.wrong("a finite number is wanted", fix=f"write for example {item.keys[-1]} = 2.5")
    return float(value)


def amount(item: Item) -> float:
    """A finite number above zero."""
    value = number(item)
    if value <= 0:
        raise item.wrong("a number above zero is wanted", fix=f"write for example {item.keys[-1]} = 2.5")
    return value


def duration(item: Item) -> float:
    """Seconds, from ``"30s"``."""
    return _quantity(item, seconds, "30s")


def data_size(item: Item) -> int:
    """Bytes, from ``"512MiB"``."""
    return _quantity(item, size, "512MiB")


Number = TypeVar("Number", int, float)


def _quantity(item: Item, parse: Callable[[str], Number], example: str) -> Number:
    fix = f'write for example {item.keys[-1]} = "{example}"'
    if not isinstance(item.value, str):
        raise item.wrong("a number with its unit, in quotes, is wanted", fix=fix)
    try:
        return parse(item.value)
    except UsageError as error:
        raise item.about(str(error), fix=fix) from None


def one_of(choices: tuple[T, ...]) -> Callable[[Item], T]:
    """A reader of one of a few words."""

    def read(item: Item) -> T:
        for choice in choices:
            if item.value == choice:
                return choice
        near = did_you_mean(str(item.value), choices)
        raise item.wrong(f"one of {', '.join(map(repr, choices))} is wanted{near}", fix="write one of them")

    return read
