"""The function of the file that a name certainly is."""

from __future__ import annotations

import ast

from .scopes import Scopes

__all__ = ["functions"]


def functions(scopes: Scopes, node: ast.expr) -> ast.FunctionDef | None:
    """The undecorated ``def`` that a name certainly means: bound once, never deleted, no coroutine, no generator."""
    variable = scopes.variable(node)
    if variable is None or variable.secret or variable.deletes or len(variable.bindings) != 1:
        return None
    function = variable.bindings[0].node
    if not isinstance(function, ast.FunctionDef) or function.decorator_list or variable.scope.kind == "class":
        return None
    return function
