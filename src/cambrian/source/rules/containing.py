"""Whether a loop keeps a variable to itself: only certain places of it see what the variable holds meanwhile."""

from __future__ import annotations

import ast
from collections.abc import Collection

from cambrian.source.analysis import Module
from cambrian.source.analysis.index import within
from cambrian.source.analysis.ownership import lasting

__all__ = ["kept_in"]


def kept_in(module: Module, name: ast.Name, loop: ast.For | ast.While, allowed: Collection[ast.AST]) -> bool:
    """Whether, while a loop runs, a variable is seen only where this is allowed, even if the loop is left early.

    So the object may be something else until right behind the loop. An error that leaves the loop would show it to a
    handler of the same function: a loop inside of ``try`` or ``with`` is no such loop.

    Args:
        module: the file.
        name: where the variable stands.
        loop: a loop of the function that owns the variable.
        allowed: names that may read or bind it in the loop.
    """
    variable = module.variable(name)
    if not lasting(variable):
        return False
    if variable.scope is not module.scope(loop) or not module.alone(loop):
        return False
    places = [*variable.reads, *(binding.node for binding in variable.bindings)]
    if any(within(place, loop) and place not in allowed for place in places):
        return False
    for above in module.ancestors(loop):
        if isinstance(above, ast.Try | ast.With | ast.AsyncWith) or type(above).__name__ == "TryStar":
            return False
        if isinstance(above, ast.FunctionDef | ast.AsyncFunctionDef):
            break
    return True
