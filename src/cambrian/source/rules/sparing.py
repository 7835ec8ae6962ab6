"""What rules that spare memory have in common: what goes through items once, what may happen meanwhile. Trees only."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from cambrian.source.analysis import Module
from cambrian.source.analysis.shapes import has

from .python import PythonRule
from .rule import Kind

__all__ = ["EATERS", "MemoryRule", "given_whole", "still"]

EATERS = (
    "builtins.sum", "builtins.min", "builtins.max", "builtins.set", "builtins.frozenset", "builtins.dict",
    "collections.Counter", "math.prod", "math.fsum",
)  # fmt: skip
"""What goes through all items once and does not keep them as they come; `any` and `all` stop early besides."""
_BETWEEN = (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr)


class MemoryRule(PythonRule):
    """A rule by which the same is done in less memory: its gain is that of the peak, at some hundred items."""

    kind: Kind = "memory"


def given_whole(module: Module, node: ast.expr, *meanings: str) -> ast.Call | None:
    """The call of one of these functions that an expression is the first argument of; what else it has is no key.

    Args:
        module: the file.
        node: the argument.
        meanings: the functions, by dotted names.
    """
    call = module.parent(node)
    if not isinstance(call, ast.Call) or not module.calls(call, *meanings) or call.args[:1] != [node]:
        return None
    if any(word.arg not in ("default", "start") for word in call.keywords):
        return None
    rest = call.args[1:]
    return call if not rest or (module.calls(call, "builtins.sum") and len(rest) == 1) else None


def still(module: Module, node: ast.expr, region: Sequence[ast.AST], assumes: set[str] | None) -> bool:
    """Whether what an expression reads stays as it is while code runs, so that it can be evaluated piece by piece.

    Args:
        module: the file.
        node: the expression; pure.
        region: the code.
        assumes: takes what has to be trusted; without, what is not certain is a "no".
    """
    if has(node, _BETWEEN):
        return False
    own = {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}
    read = [part for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)]
    return all(
        part.id in own or module.is_builtin(part) or module.unchanged(part, list(region), assumes, deep=True)
        for part in read
    )
