"""Whether an error at a place is caught in the same function: then it may well be expected."""

from __future__ import annotations

import ast

from cambrian.source.analysis import Module

__all__ = ["caught"]


def caught(module: Module, node: ast.AST) -> bool:
    """Whether an error raised by a node may be handled, or suppressed, around it in the same function or file level."""
    for above in module.ancestors(node):
        if isinstance(above, ast.Try | ast.With | ast.AsyncWith) or type(above).__name__ == "TryStar":
            return True
        if isinstance(above, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            break
    return False
