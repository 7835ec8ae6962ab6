"""Which expressions may be taken for text."""

from __future__ import annotations

import ast

from cambrian.source.analysis import Module
from cambrian.source.analysis.scopes import Binding

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
    if not bindings or not all(_given(one) or _made(module, one) for one in bindings):
        return False
    if any(_given(one) for one in bindings):
        assumes.add(f"{node.id!r} is a text")
    return True


def _given(binding: Binding) -> bool:
    """Whether it is a parameter without a hint."""
    node = binding.node
    return isinstance(node, ast.arg) and node.annotation is None and node.arg not in {"self", "cls"}


def _made(module: Module, binding: Binding) -> bool:
    """Whether it certainly gives a text."""
    plain = binding.how == "assign" and not binding.path and binding.value is not None
    return plain and binding.value is not None and module.is_kind(binding.value, "str")
