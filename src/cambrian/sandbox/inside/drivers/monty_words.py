"""Sandbox, inside, drivers: from the host's words to Monty's and back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from . import turns
from .turns import Turn

__all__ = ["as_result", "done", "error_of", "stand_in"]

_OPAQUE = re.compile(r"<(?:coroutine|function|class|module|\w+ object)\b[^<>\n]*>")


def done(output: object) -> Turn:
    """The script has ended with this value.

    Monty gives functions, classes, coroutines and iterators out as text that describes them, which is no value.
    """
    if isinstance(output, str) and _OPAQUE.fullmatch(output):
        return {**turns.done(None), "shown": output}
    return turns.done(output)


def stand_in(name: str) -> Callable[[], None]:
    """A function that Monty knows by this name; it is never called here."""

    def function() -> None: ...

    function.__name__ = name
    return function


def error_of(answer: dict[str, Any]) -> str:
    """What a failed call says; empty if it did not fail."""
    return str(answer.get("error") or "")


def as_result(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer, as Monty takes it."""
    text = error_of(answer)
    return {"exception": RuntimeError(text)} if text else {"return_value": answer.get("value")}
