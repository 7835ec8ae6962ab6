"""Which bindings of a variable may have given the value that a read sees: those since the last sure assignment."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from .index import Index, within
from .ownership import followed
from .scopes import Binding, Scopes, Variable

__all__ = ["Flow"]

_MANY = 60
"""A variable with more bindings is not looked at one by one: all of them may reach each read."""


class _Sure(NamedTuple):
    """A binding that is certainly passed by whatever runs in `where` behind `after`."""

    binding: Binding
    where: list[ast.stmt]
    after: int


class Flow:
    """Reaching bindings.

    Args:
        index: the file's tree.
        scopes: its scopes.
    """

    def __init__(self, index: Index, scopes: Scopes) -> None:
        self._index = index
        self._scopes = scopes
        self._sure: dict[Variable, list[_Sure]] = {}
        self._reaching: dict[ast.AST, tuple[Binding, ...]] = {}

    def reaching(self, node: ast.Name) -> tuple[Binding, ...]:
        """The bindings whose value a read may see: a superset of those that can. Empty for what is no variable."""
        known = self._reaching.get(node)
        if known is None:
            variable = self._scopes.variable(node)
            known = () if variable is None else tuple(self._compute(node, variable))
            self._reaching[node] = known
        return known

    def sure(self, node: ast.Name) -> bool:
        """Whether a read certainly finds a value that was assigned in the same function, or a definition."""
        variable = self._scopes.variable(node)
        if variable is None or variable.captured:
            return variable is not None and all(one.how in {"import", "def", "class"} for one in variable.bindings)
        return self._last_sure(node, variable) is not None

    def _compute(self, node: ast.Name, variable: Variable) -> Iterator[Binding]:
        bindings = variable.bindings
        if not followed(variable) or not 1 < len(bindings) <= _MANY:
            yield from bindings
            return
        sure = self._last_sure(node, variable)
        if sure is None:
            yield from bindings
            return
        yield sure.binding
        behind = sure.where[sure.after :]
        yield from (one for one in bindings if one is not sure.binding and within(one.node, behind))

    def _last_sure(self, node: ast.Name, variable: Variable) -> _Sure | None:
        """The sure binding in the innermost block, and of those the last one before the read."""
        known = self._sure.get(variable)
        if known is None:
            known = self._sure[variable] = [one for binding in variable.bindings for one in self._as_sure(binding)]
        below: ast.AST = node
        for above in (*self._index.ancestors(node),):
            found: _Sure | None = None
            block = self._index.block(below) if known and isinstance(below, ast.stmt) else None
            for one in known if block is not None else ():
                if block is not None and one.where is block.statements and one.after <= block.place:
                    found = one if found is None or one.after > found.after else found
            if found is not None:
                return found
            below = above
        return None

    def _as_sure(self, binding: Binding) -> Iterator[_Sure]:
        statement = self._index.parent(binding.node)
        while isinstance(statement, ast.Tuple | ast.List):
            statement = self._index.parent(statement)
        if isinstance(statement, ast.For) and binding.how == "for":
            yield _Sure(binding, statement.body, 0)
        elif isinstance(statement, ast.Assign | ast.AnnAssign | ast.FunctionDef) and binding.how != "annotation":
            block = self._index.block(statement)
            yield _Sure(binding, block.statements, block.place + 1)
