"""What happens to an object where a name for it is used: is it only read, changed, given back, or does it escape?"""

from __future__ import annotations

import ast
from typing import Literal

from .index import Index
from .meaning import Meanings
from .scopes import Binding
from .shapes import has
from .tables import CHANGES, CHANGES_FIRST, KEEPS, LAZY, READERS, READS, RETURNS_ITEMS, VIEWS

__all__ = ["Use", "Uses"]

Use = Literal["read", "change", "return", "escape"]
"""read: it stays as it is, and nothing keeps it; its items may be handed on. change: the object itself is changed,
nothing keeps it. return: the function ends with it. escape: it gets another name, or code that is not known has it."""

_TESTS = (
    ast.If,
    ast.While,
    ast.Assert,
    ast.Compare,
    ast.UnaryOp,
    ast.BinOp,
    ast.Slice,
    ast.FormattedValue,
    ast.Starred,
)
_READ_BY = (ast.Expr, ast.match_case, *_TESTS)


class Uses:
    """Uses of builtin containers: methods are judged by their names.

    Args:
        index: the file's tree.
        meanings: what its names refer to.
    """

    def __init__(self, index: Index, meanings: Meanings) -> None:
        self._index = index
        self._meanings = meanings

    def use(self, node: ast.expr) -> Use:
        """What happens to the value of an expression, there, if it is a builtin container."""
        parent = self._index.parent(node)
        if isinstance(parent, ast.Attribute):
            return self._attribute(parent)
        if isinstance(parent, ast.Subscript):
            return "change" if parent.value is node and not isinstance(parent.ctx, ast.Load) else "read"
        if isinstance(parent, ast.Call):
            return self._argument(parent, node)
        if isinstance(parent, ast.keyword):
            call = self._index.parent(parent)
            return self._argument(call, parent) if isinstance(call, ast.Call) else "escape"
        return self._elsewhere(parent, node)

    def sole(self, binding: Binding) -> bool:
        """Whether what a binding assigns gets no other name at the same time: ``x = y = []`` gives it two."""
        statement = self._index.parent(binding.node)
        while isinstance(statement, ast.Tuple | ast.List):
            statement = self._index.parent(statement)
        if isinstance(statement, ast.NamedExpr):
            return self.use(statement) == "read"
        if isinstance(statement, ast.Assign) and len(statement.targets) > 1:
            return False
        return binding.value is None or not has(binding.value, ast.NamedExpr)

    def _elsewhere(self, parent: ast.AST | None, node: ast.expr) -> Use:  # noqa: PLR0911 - one per kind of node
        if isinstance(parent, _READ_BY):
            return "read"
        if isinstance(parent, ast.comprehension):
            return self._comprehension(parent)
        if isinstance(parent, ast.Match):
            return "escape" if _captured(parent) else "read"
        if isinstance(parent, ast.For | ast.AsyncFor):
            return "read" if parent.iter is node else "change"
        if isinstance(parent, ast.Return):
            return "return"
        if isinstance(parent, ast.AugAssign):
            return "change" if parent.target is node else "read"
        if isinstance(parent, ast.Assign):
            return "read" if all(isinstance(target, ast.Tuple | ast.List) for target in parent.targets) else "escape"
        if isinstance(parent, ast.IfExp):
            return "read" if parent.test is node else self.use(parent)
        if isinstance(parent, ast.BoolOp):
            return self.use(parent)
        return "escape"

    def _attribute(self, attribute: ast.Attribute) -> Use:
        call = self._index.parent(attribute)
        if not isinstance(attribute.ctx, ast.Load):
            return "change"
        if not (isinstance(call, ast.Call) and call.func is attribute):
            return "escape"
        if attribute.attr in VIEWS:
            return self._through(call)
        return "change" if attribute.attr in CHANGES else "read" if attribute.attr in READS else "escape"

    def _through(self, call: ast.Call) -> Use:
        """The use of what a view or iterator reads: only read, if it is gone through at once."""
        parent = self._index.parent(call)
        if isinstance(parent, ast.comprehension):
            return self._comprehension(parent)
        at_once = isinstance(parent, ast.For | ast.Compare | ast.Starred | ast.Expr)
        return "read" if at_once or self.use(call) == "read" else "escape"

    def _comprehension(self, part: ast.comprehension) -> Use:
        """The use of what a comprehension goes through: a generator that is kept holds it until somebody asks."""
        made = self._index.parent(part)
        if isinstance(made, ast.GeneratorExp) and self._elsewhere_or_given(made) != "read":
            return "escape"
        return "read"

    def _elsewhere_or_given(self, made: ast.GeneratorExp) -> Use:
        call = self._index.parent(made)
        joined = isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "join"
        return "read" if joined else self.use(made)

    def _argument(self, call: ast.Call, argument: ast.AST) -> Use:
        if call.func is argument:
            return "escape"
        meaning = self._meanings.of(call.func)
        if meaning in LAZY:
            return self._through(call)
        if meaning in READERS:
            kept = meaning in RETURNS_ITEMS and len(call.args) > 1 and meaning != "builtins.sum"
            return "escape" if kept else "read"
        if meaning in CHANGES_FIRST:
            return "change" if call.args and call.args[0] is argument else "escape"
        if meaning or not isinstance(call.func, ast.Attribute):
            return "escape"
        method = call.func.attr
        return "read" if method in (READS | CHANGES) - KEEPS - {"get", "pop"} else "escape"


def _captured(match: ast.Match) -> bool:
    """Whether a pattern may give what is matched another name."""
    return any(
        isinstance(part, ast.MatchAs) and part.name is not None
        for case in match.cases
        for part in ast.walk(case.pattern)
    )
