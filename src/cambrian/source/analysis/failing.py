"""Whether evaluating an expression can raise. Certain only for a few shapes over known kinds."""

from __future__ import annotations

import ast

from .flow import Flow
from .kinds import Kinds
from .meaning import Meanings
from .scopes import Scopes
from .tables import CONSTANTS, CONTAINERS

__all__ = ["Failing"]

_TEXT = (
    "lower upper strip lstrip rstrip split splitlines title capitalize swapcase casefold isdigit isalpha isalnum "
    "isspace isupper islower istitle isnumeric isdecimal isascii isidentifier isprintable"
)
_SAFE_METHODS = {
    "str": frozenset(_TEXT.split()),
    **dict.fromkeys(("dict", "Counter", "defaultdict", "OrderedDict"), frozenset({"keys", "values", "items", "copy"})),
    "list": frozenset({"copy"}),
    "set": frozenset({"copy"}),
}
_ORDERED = frozenset({"int", "str", "float", "bool", "bytes"})


class Failing:
    """What cannot raise.

    Args:
        scopes: the file's scopes.
        flow: which bindings reach a read.
        meanings: what its names refer to.
        kinds: kinds that are certain.
    """

    def __init__(self, scopes: Scopes, flow: Flow, meanings: Meanings, kinds: Kinds) -> None:
        self._scopes, self._flow, self._meanings, self._kinds = scopes, flow, meanings, kinds

    def safe(self, node: ast.expr) -> bool:  # noqa: PLR0911 - one per kind of node
        """Whether evaluating certainly raises nothing."""
        if isinstance(node, ast.Constant | ast.Lambda):
            return True
        if isinstance(node, ast.Name):
            return self.bound(node)
        if isinstance(node, ast.Tuple | ast.List):
            return all(not isinstance(item, ast.Starred) and self.safe(item) for item in node.elts)
        if isinstance(node, ast.Attribute):
            return self._meanings.of(node) in CONSTANTS
        if isinstance(node, ast.BinOp):
            return self._arithmetic(node)
        if isinstance(node, ast.Call):
            return self._call(node)
        if isinstance(node, ast.Compare):
            return all(self.safe(operand) and self._name(operand) in _ORDERED for operand in _operands(node)) and (
                len({self._name(operand) for operand in _operands(node)}) == 1
            )
        return isinstance(node, ast.Subscript) and self._slice(node)

    def bound(self, node: ast.Name) -> bool:
        """Whether a variable certainly has a value there."""
        variable = self._scopes.variable(node)
        if variable is None:
            return self._scopes.is_builtin(node)
        if variable.deletes or variable.secret:
            return False
        given = any(binding.how == "parameter" for binding in variable.bindings)
        return given or self._flow.sure(node)

    def _name(self, node: ast.expr) -> str:
        kind = self._kinds.of(node)
        return "" if kind is None else kind.name

    def _arithmetic(self, node: ast.BinOp) -> bool:
        names = {self._name(node.left), self._name(node.right)}
        fine = isinstance(node.op, ast.Add | ast.Sub | ast.Mult) and len(names) == 1 and names <= {"int", "float"}
        fine |= isinstance(node.op, ast.Add) and len(names) == 1 and names <= {"str", "list", "tuple"}
        return fine and self.safe(node.left) and self.safe(node.right)

    def _call(self, node: ast.Call) -> bool:  # noqa: PLR0911 - one per function
        if node.keywords or any(isinstance(argument, ast.Starred) for argument in node.args):
            return False
        if not all(self.safe(argument) for argument in node.args):
            return False
        meaning = self._meanings.of(node.func)
        names = [self._name(argument) for argument in node.args]
        if meaning == "builtins.len":
            return len(names) == 1 and names[0] in CONTAINERS
        if meaning == "builtins.range":
            return 1 <= len(names) <= 2 and set(names) <= {"int"}
        if meaning in {"builtins.list", "builtins.tuple"}:
            return len(names) <= 1 and set(names) <= CONTAINERS
        if isinstance(node.func, ast.Attribute):
            methods = _SAFE_METHODS.get(self._name(node.func.value), frozenset[str]())
            return not node.args and node.func.attr in methods and self.safe(node.func.value)
        return False

    def _slice(self, node: ast.Subscript) -> bool:
        if not isinstance(node.slice, ast.Slice) or node.slice.step is not None:
            return False
        ends = [end for end in (node.slice.lower, node.slice.upper) if end is not None]
        known = self._name(node.value) in {"list", "str", "tuple"} and self.safe(node.value)
        return known and all(self._name(end) == "int" and self.safe(end) for end in ends)


def _operands(node: ast.Compare) -> list[ast.expr]:
    return [node.left, *node.comparators]
