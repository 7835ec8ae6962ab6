"""Runs in a scorer's jail: whether two answers of a function are the same. Standard library only.

Same means: equal types, equal values, recursively. NaN is the same as NaN, 0.0 is not the same as -0.0, ``True`` is not
the same as ``1``, a list is not the same as a tuple. Arrays: equal dtype, shape and elements.
"""

from __future__ import annotations

import math
from typing import Any, cast

_SHOWN = 60


def difference(expected: object, got: object, path: str = "answer") -> str | None:
    """Where two answers differ first, in words; `None` if they are the same."""
    if type(expected) is not type(got):
        return f"{path} is {type(got).__name__} {_short(got)}, expected {type(expected).__name__} {_short(expected)}"
    if isinstance(expected, float):
        return None if _same_float(expected, cast("float", got)) else _unequal(path, expected, got)
    if isinstance(expected, (list, tuple)):
        return _sequences(cast("list[object]", expected), cast("list[object]", got), path)
    if isinstance(expected, dict):
        return _dicts(cast("dict[object, object]", expected), cast("dict[object, object]", got), path)
    if hasattr(expected, "dtype"):
        return _arrays(expected, got, path)
    return None if expected == got else _unequal(path, expected, got)


def _same_float(a: float, b: float) -> bool:
    return (a == b and math.copysign(1, a) == math.copysign(1, b)) or (math.isnan(a) and math.isnan(b))


def _sequences(expected: list[object], got: list[object], path: str) -> str | None:
    if len(expected) != len(got):
        return f"{path} has {len(got)} items, expected {len(expected)}"
    for index, (a, b) in enumerate(zip(expected, got, strict=True)):
        found = difference(a, b, f"{path}[{index}]")
        if found:
            return found
    return None


def _dicts(expected: dict[object, object], got: dict[object, object], path: str) -> str | None:
    missing = [key for key in expected if key not in got]
    extra = [key for key in got if key not in expected]
    if missing or extra:
        return f"{path} lacks {_short(missing)} and has {_short(extra)} too many"
    if list(expected) != list(got):
        return f"{path} has its keys in another order"
    for key, value in expected.items():
        found = difference(value, got[key], f"{path}[{_short(key)}]")
        if found:
            return found
    return None


def _arrays(expected: Any, got: Any, path: str) -> str | None:
    if expected.dtype != got.dtype or expected.shape != got.shape:
        return f"{path} is {got.dtype}{list(got.shape)}, expected {expected.dtype}{list(expected.shape)}"
    return difference(expected.ravel().tolist(), got.ravel().tolist(), path)


def _unequal(path: str, expected: object, got: object) -> str:
    return f"{path} is {_short(got)}, expected {_short(expected)}"


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
