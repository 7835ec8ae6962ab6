"""Whether answers of a function that calls itself may be kept: how often it does, and what its answers are."""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence

from cambrian.source.analysis import Module
from cambrian.source.analysis.tables import SCALARS

__all__ = ["answers_are_values", "path_calls"]

_DISPLAYS = (
    ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp, ast.Lambda, ast.Await,
)  # fmt: skip
_SCALAR_FUNCTIONS = frozenset(
    f"builtins.{name}"
    for name in ("len", "int", "float", "str", "bool", "ord", "chr", "pow", "divmod", "sum", "any", "all")
)
_SELECTING = frozenset({"builtins.min", "builtins.max", "builtins.abs", "builtins.round"})


def path_calls(body: Sequence[ast.stmt], calls: Collection[ast.Call]) -> int:
    """How many of these calls one run through a body may make at most; those in a loop count twice.

    Args:
        body: statements.
        calls: the calls that count.
    """
    if not body:
        return 0
    first, rest = body[0], body[1:]
    if isinstance(first, ast.If):
        taken = [path_calls(branch, calls) + (0 if _leaves(branch) else path_calls(rest, calls))
                 for branch in (first.body, first.orelse)]  # fmt: skip
        return _in_expression(first.test, calls) + max(taken)
    here = _in_expression(first, calls)
    if isinstance(first, ast.For | ast.While):
        here *= 2
    return here + (0 if _leaves([first]) else path_calls(rest, calls))


def _leaves(body: Sequence[ast.stmt]) -> bool:
    return bool(body) and isinstance(body[-1], ast.Return | ast.Raise)


def _in_expression(node: ast.AST, calls: Collection[ast.Call]) -> int:
    if isinstance(node, ast.IfExp):
        branches = max(_in_expression(node.body, calls), _in_expression(node.orelse, calls))
        return _in_expression(node.test, calls) + branches
    inside = sum(_in_expression(child, calls) for child in ast.iter_child_nodes(node))
    repeated = isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp)
    return int(isinstance(node, ast.Call) and node in calls) + (2 * inside if repeated else inside)


def answers_are_values(
    module: Module, function: ast.FunctionDef, calls: Collection[ast.Call], values: Collection[str], assumes: set[str]
) -> bool:
    """Whether what a function gives certainly is a number, text or the like, so that it can be given again.

    Args:
        module: the file.
        function: which only computes.
        calls: of itself in it: they give what it gives.
        values: parameters that are numbers or text.
        assumes: takes what is trusted: that what is added to a number is one.
    """
    returns = [part for part in ast.walk(function) if isinstance(part, ast.Return) and part.value is not None]
    look = _Values(module, calls, values)
    if not all(one.value is not None and look.fits(one.value) for one in returns):
        return False
    if look.unknown and not look.constant:
        return False
    if look.unknown:
        assumes.add(f"{function.name!r} gives numbers or text")
    return True


class _Values:
    """What may become of an answer. What is unknown has to be told apart from what can be changed."""

    def __init__(self, module: Module, calls: Collection[ast.Call], values: Collection[str]) -> None:
        self._module, self._calls, self._values = module, calls, values
        self._seen: set[object] = set()
        self.unknown = False
        """Whether a part was seen of which nothing is known, but that an operator or `max` takes it with others."""
        self.constant = False
        """Whether one of the answers is a constant."""

    def fits(self, node: ast.expr) -> bool:  # noqa: PLR0911 - one per kind of node
        """Whether an answer is a value that cannot be changed, as far as can be seen."""
        if isinstance(node, ast.Constant):
            self.constant |= node.value is not None
            return True
        if isinstance(node, _DISPLAYS):
            return False
        if isinstance(node, ast.Compare | ast.JoinedStr) or self._certain(node):
            return True
        if isinstance(node, ast.BinOp):
            return self.fits(node.left) and self.fits(node.right)
        if isinstance(node, ast.UnaryOp):
            return self.fits(node.operand)
        if isinstance(node, ast.IfExp):
            return self.fits(node.body) and self.fits(node.orelse)
        if isinstance(node, ast.BoolOp | ast.Tuple):
            return all(self.fits(part) for part in (node.values if isinstance(node, ast.BoolOp) else node.elts))
        if isinstance(node, ast.Call):
            return self._call(node)
        return self._variable(node) if isinstance(node, ast.Name) else self._other(node)

    def _certain(self, node: ast.expr) -> bool:
        kind = self._module.kind(node)
        return kind is not None and (kind.name in SCALARS or kind.name == "number")

    def _call(self, node: ast.Call) -> bool:
        if node in self._calls:
            return True
        meaning = self._module.meaning(node.func)
        if meaning in _SCALAR_FUNCTIONS or meaning.startswith("math."):
            return not any(isinstance(part, _DISPLAYS) for part in node.args[1:])
        return meaning in _SELECTING and len(node.args) > 1 and all(self.fits(part) for part in node.args)

    def _variable(self, node: ast.Name) -> bool:
        if node.id in self._values:
            return True
        variable = self._module.variable(node)
        if variable is None or variable in self._seen:
            return variable is not None
        self._seen.add(variable)
        if any(binding.how not in {"assign", "augment"} or binding.path for binding in variable.bindings):
            return self._other(node)
        return all(binding.value is not None and self.fits(binding.value) for binding in variable.bindings)

    def _other(self, node: ast.expr) -> bool:
        """A part of which nothing is known: fine next to a number, with which only a number goes."""
        above = self._module.parent(node)
        self.unknown = True
        selected = isinstance(above, ast.Call) and self._module.meaning(above.func) in _SELECTING
        return isinstance(above, ast.BinOp) or selected
