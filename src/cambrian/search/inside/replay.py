"""Runs in a candidate's jail: holds what the honest program answered, and gives it out again, spoilt by a recipe.

Standard library, the core codec and `corruption` only. So no answer is ever decoded in the engine.
"""

from __future__ import annotations

from typing import Any

from cambrian.core.codec import decode, encode
from cambrian.search.inside.corruption import Recipe, spoil, survey

_HELD: list[object] = []


def handle(operation: str, *arguments: object) -> object:
    """``load`` takes payloads and tells the sites of the first; ``make`` takes a recipe and which answer (-1: all)."""
    return _OPERATIONS[operation](*arguments)


def _load(payloads: list[bytes]) -> object:
    _HELD[:] = [decode(payload) for payload in payloads]
    return survey(_HELD[0])


def _make(recipe: Recipe, which: int) -> list[bytes]:
    chosen = [spoil(answer, recipe) if which in (-1, at) else answer for at, answer in enumerate(_HELD)]
    return [encode(answer) for answer in chosen]


_OPERATIONS: dict[str, Any] = {"load": _load, "make": _make}
