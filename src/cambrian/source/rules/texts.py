"""Which expressions may be taken for text."""

from __future__ import annotations

import ast

from cambrian.source.analysis import Module

__all__ = ["as_text"]


def as_text(module: Module, node: ast.expr, assumes: set[str]) -> bool:
    """Whether an expression is a text; of a parameter that nothing is said of, it is assumed, even if rebound later.

    Args:
        module: the file.
        node: the expression.
        assumes: takes what has to be trusted.
    """
    if module.taken(node, "str", assumes=assumes) is not None:
        return True
    if not isinstance(node, ast.Name) or module.kind(node, set()) is not None:
        return False
    bindings = module.reaching(node)
    given = bindings[0].node if len(bindings) == 1 else None
    if not isinstance(given, ast.arg) or given.annotation is not None or given.arg in {"self", "cls"}:
        return False
    assumes.add(f"{node.id!r} is a text")
    return True
