"""How far a variable can be followed: whether all that reads and binds it is known, and runs in the order of the text.

What a rule asks before it moves, drops or renames something; no tree is looked at here.
"""

from __future__ import annotations

from typing import TypeGuard

from .scopes import Variable

__all__ = ["followed", "lasting", "local"]


def followed(variable: Variable | None) -> TypeGuard[Variable]:
    """Whether it is known, and no code that may run at another time, or unseen, reads or binds it."""
    return variable is not None and not variable.captured and not variable.secret


def lasting(variable: Variable | None) -> TypeGuard[Variable]:
    """Whether it is `followed` and never deleted."""
    return followed(variable) and not variable.deletes


def local(variable: Variable | None) -> TypeGuard[Variable]:
    """Whether it is `lasting` and a function's own."""
    return lasting(variable) and variable.scope.kind == "function"
