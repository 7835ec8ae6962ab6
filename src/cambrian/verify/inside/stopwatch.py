"""Runs in a candidate's jail: makes arguments beforehand, then calls and does nothing else: what is timed is calls.

It holds no clock: whoever stands outside reads one around `step`.
"""

from __future__ import annotations

import copy
import gc
import marshal
from collections.abc import Callable
from typing import Any, cast

from .capture import FUNCTION, drained, given

__all__ = ["step"]

_CASES: list[bytes] = []
_READY: list[list[object]] = []


def step(what: str, data: Any) -> None:
    """``"load"`` an encoded case; make everything ``"ready"`` for so many rounds; ``"go"``."""
    _STEPS[what](data)


def _load(data: bytes) -> None:
    _CASES.append(data)


def _ready(rounds: int) -> None:
    """Arguments for each round and case; made once where a call cannot change them.

    What stands ready is no concern of the collector's while calls are timed: it would go through all of it, at times.
    """
    _READY.clear()
    made = [given(data) for data in _CASES]
    fixed = [all(map(_is_fixed, arguments)) for arguments in made]
    for number in range(rounds):
        for arguments, shared in zip(made, fixed, strict=True):
            _READY.append(arguments if shared or number == rounds - 1 else _copied(arguments))
    gc.freeze()


def _copied(arguments: list[object]) -> list[object]:
    """As deep as can be; quickly where there are only plain values."""
    try:
        return cast("list[object]", marshal.loads(marshal.dumps(arguments)))  # its own bytes, made a moment ago
    except ValueError:
        return copy.deepcopy(arguments)


def _is_fixed(value: object) -> bool:
    if type(value) in (tuple, frozenset):
        return all(map(_is_fixed, cast("tuple[object, ...]", value)))
    return value is None or type(value) in (int, float, complex, bool, str, bytes)


def _go(_: object) -> None:
    function = FUNCTION
    for arguments in _READY:
        drained(function(*arguments))


_STEPS: dict[str, Callable[[Any], None]] = {"load": _load, "ready": _ready, "go": _go}
