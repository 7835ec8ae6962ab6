"""What a value object refuses when it is made, in one voice: the name, the value, what is wanted, an example. Pure.

Type checkers see the same in the annotations; a notebook has none, and `msgspec` checks types only when it decodes.
"""

from __future__ import annotations

import math

from .errors import UsageError

__all__ = ["check_choice", "check_number", "check_text", "check_whole"]


def check_number(name: str, value: object, *, example: str) -> None:
    """A finite number above zero.

    Args:
        name: dotted, as in ``"budget.wall"``.
        value: what was given.
        example: how it is written, such as ``"wall=60.0"``.

    Raises:
        UsageError: it is something else.
    """
    if not _is_real(value) or not isinstance(value, int | float):
        raise _wrong(name, value, "a finite number is wanted", example)
    if not value > 0:
        raise _wrong(name, value, "it must be above zero", example)


def check_whole(name: str, value: object, *, example: str, least: int = 1) -> None:
    """A whole number from `least` on.

    Raises:
        UsageError: it is something else.
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise _wrong(name, value, "a whole number is wanted", example)
    if value < least:
        raise _wrong(name, value, f"it must be at least {least}", example)


def check_text(name: str, value: object, *, example: str) -> None:
    """A text that is not empty.

    Raises:
        UsageError: it is something else.
    """
    if not isinstance(value, str) or not value:
        raise _wrong(name, value, "a text is wanted", example)


def check_choice(name: str, value: object, choices: tuple[str, ...], *, example: str) -> None:
    """One of some words.

    Raises:
        UsageError: it is something else.
    """
    if value not in choices:
        raise _wrong(name, value, f"one of {', '.join(map(repr, choices))} is wanted", example)


def _is_real(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _wrong(name: str, value: object, wanted: str, example: str) -> UsageError:
    shown = repr(value)
    return UsageError(f"{name} is {shown if len(shown) <= 80 else shown[:79] + '…'}; {wanted}; write {example}")
