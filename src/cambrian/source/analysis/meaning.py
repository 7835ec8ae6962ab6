"""What a dotted expression refers to: ``"collections.deque"``, ``"builtins.len"``; by the file's imports alone."""

from __future__ import annotations

import ast

from .index import Index
from .scopes import Scopes, Variable

__all__ = ["Meanings"]


class Meanings:
    """What the names of a file refer to.

    Args:
        index: the file's tree.
        scopes: its scopes.
    """

    def __init__(self, index: Index, scopes: Scopes) -> None:
        self._index = index
        self._scopes = scopes

    def of(self, node: ast.expr) -> str:
        """The dotted name of what an expression certainly is, by imports and builtins; ``""`` if that is unknown.

        A builtin is ``"builtins.len"``. Names that are bound once, by an import, mean what is imported.
        """
        if isinstance(node, ast.Attribute):
            owner = self.of(node.value)
            return f"{owner}.{node.attr}" if owner and not owner.startswith("builtins.") else ""
        if not isinstance(node, ast.Name):
            return ""
        variable = self._scopes.variable(node)
        if variable is None:
            return f"builtins.{node.id}" if self._scopes.is_builtin(node) else ""
        return self._imported(variable)

    def _imported(self, variable: Variable) -> str:
        """What an import binds a variable to, if all its bindings are imports of the same thing."""
        if variable.secret or variable.deletes or variable.scope.kind == "class":
            return ""
        named = {self._origin(binding.node) for binding in variable.bindings}
        return named.pop() if len(named) == 1 else ""

    def _origin(self, node: ast.AST) -> str:
        statement = self._index.parent(node)
        if not isinstance(node, ast.alias):
            return ""
        if isinstance(statement, ast.ImportFrom):
            return "" if statement.level or not statement.module else f"{statement.module}.{node.name}"
        return node.name if node.asname else node.name.partition(".")[0]
