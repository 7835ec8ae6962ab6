"""Runs in a jail of its own, shipped as text: one candidate, fresh, evaluated test by test. Standard library only.

The expected values stay outside: what an expression gives leaves as text, and is compared there.
"""

from __future__ import annotations

import sys

__all__ = ["call"]

_LONG = 200_000


def call(prelude: str, text: str, expression: str, recursion: int) -> str:
    """Type and value of an expression in the program's names, as text."""
    sys.setrecursionlimit(recursion)
    names: dict[str, object] = {"__name__": "program"}
    if prelude:
        exec(compile(prelude, "prelude.py", "exec"), names)
    exec(compile(text, "program.py", "exec"), names)
    value = eval(expression, names)
    told = repr(value)
    if len(told) > _LONG:
        raise ValueError(f"the value takes {len(told)} characters; at most {_LONG} are compared")
    return f"{type(value).__name__} {told}"
