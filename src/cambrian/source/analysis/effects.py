"""Whether evaluating an expression has effects, can fail, and gives the same as before.

Operators are taken not to change *other* objects (the package's docstring says what else is). Where an expression is to
be evaluated less often, or elsewhere, its own operators matter, too: `pure` looks at them.
"""

from __future__ import annotations

import ast

from .index import Index, Loop, Region
from .kind import Kind
from .kinds import Kinds
from .meaning import Meanings
from .objects import Objects
from .purity import functions
from .scopes import Scopes
from .tables import BUILTIN_KINDS, CALLS_BACK, CONSTANTS, ITERATORS, PURE, READING, SCALAR_ARGUMENTS, SCALARS

__all__ = ["Effects"]

_OPERATORS = "operators and comparisons of the values here have no side effects"
_ATTRIBUTES = "attributes are plain data, no properties with side effects"
_DEEP = 12
"""Functions of the file that are looked into, one behind the other."""


class Effects:
    """What evaluating does.

    Args:
        index: the file's tree.
        scopes: its scopes.
        meanings: what its names refer to.
        kinds: kinds that are certain.
        objects: what may change.
    """

    def __init__(self, index: Index, scopes: Scopes, meanings: Meanings, kinds: Kinds, objects: Objects) -> None:
        self._index, self._scopes, self._meanings, self._kinds = index, scopes, meanings, kinds
        self._objects = objects
        self._pure_functions: dict[ast.AST, bool] = {}

    # --- purity

    def pure(self, node: ast.expr, assumes: set[str] | None = None) -> bool:
        """Whether evaluating has no effects that anybody can see, and depends on nothing but the values it reads.

        It may raise (see `safe`), and gives equal values each time for equal values of its variables; a new object each
        time where it makes one.

        Args:
            node: the expression.
            assumes: takes what has to be trusted for it; without, what is not certain is a "no".
        """
        return self._pure(node, assumes)

    def _pure(self, node: ast.AST | None, assumes: set[str] | None) -> bool:  # noqa: PLR0911 - one per kind of node
        if node is None or isinstance(node, ast.Constant | ast.Name | ast.Lambda):
            return True
        if isinstance(node, ast.Await | ast.Yield | ast.YieldFrom | ast.NamedExpr):
            return False
        if isinstance(node, ast.Call):
            return self._pure_call(node, assumes)
        if isinstance(node, ast.Attribute):
            return self._pure_attribute(node, assumes)
        if isinstance(node, ast.comprehension) and (node.is_async or not self._again(node.iter, assumes)):
            return False
        if not all(self._pure(child, assumes) for child in _parts(node)):
            return False
        if isinstance(node, ast.BinOp | ast.Compare | ast.UnaryOp | ast.Subscript | ast.FormattedValue):
            return self._own_operators(node, assumes)
        return True

    def _own_operators(self, node: ast.expr, assumes: set[str] | None) -> bool:
        if isinstance(node, ast.Compare) and all(isinstance(op, ast.Is | ast.IsNot) for op in node.ops):
            return True
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not) and self._plain(node.operand):
            return True
        operands = [child for child in _parts(node) if isinstance(child, ast.expr) and not isinstance(child, ast.Slice)]
        if isinstance(node, ast.Subscript):
            kind = self._kinds.of(node.value)
            if kind is not None and kind.name == "defaultdict":
                return False  # reading makes what is missing
        if all(self._plain(operand) for operand in operands):
            return True
        return _trust(assumes, _OPERATORS)

    def _plain(self, node: ast.expr) -> bool:
        """Whether a value's operators are Python's own, down to its items."""
        kind = self._kinds.of(node)
        return kind is not None and _own(kind)

    def _pure_attribute(self, node: ast.Attribute, assumes: set[str] | None) -> bool:
        if self._meanings.of(node) in CONSTANTS | dict.fromkeys(PURE, ""):
            return True
        return self._pure(node.value, assumes) and _trust(assumes, _ATTRIBUTES)

    def _pure_call(self, node: ast.Call, assumes: set[str] | None) -> bool:
        arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
        values = [argument.value if isinstance(argument, ast.Starred) else argument for argument in arguments]
        if not all(self._pure(value, assumes) for value in values):
            return False
        meaning = self._meanings.of(node.func)
        if meaning:
            return meaning in PURE and self._pure_library(meaning, node, values, assumes)
        if isinstance(node.func, ast.Name):
            function = functions(self._scopes, node.func)
            known = function is not None and self._pure_function(function)
            return known and all(self._again(value, assumes) for value in values)
        return isinstance(node.func, ast.Attribute) and self._pure_method(node.func, values, assumes)

    def _pure_library(self, meaning: str, node: ast.Call, values: list[ast.expr], assumes: set[str] | None) -> bool:
        """Whether a pure function of the library is so for these values, which it may call or use up."""
        called = meaning in CALLS_BACK or any(word.arg in {"key", "default_factory"} for word in node.keywords)
        if called and not all(self._harmless(value, assumes) for value in values):
            return False
        return _takes_scalars(meaning) or all(self._again(value, assumes) for value in values)

    def _pure_method(self, func: ast.Attribute, values: list[ast.expr], assumes: set[str] | None) -> bool:
        kind = self._objects.kind(func.value, assumes)
        if kind is None or func.attr not in READING.get(kind.name, {}):
            return False
        return self._pure(func.value, assumes) and all(self._again(value, assumes) for value in values)

    def _harmless(self, node: ast.expr, assumes: set[str] | None) -> bool:
        """Whether an argument, should it be a function that is called, has no effects."""
        if isinstance(node, ast.Lambda):
            return self._pure(node.body, assumes)
        if self._meanings.of(node) in PURE or isinstance(node, ast.Constant):
            return True
        if isinstance(node, ast.Name):
            function = functions(self._scopes, node)
            if function is not None:
                return self._pure_function(function)
        kind = self._kinds.of(node)
        return kind is not None and kind.name != "function"

    def _again(self, node: ast.expr, assumes: set[str] | None) -> bool:
        """Whether a value can be gone through again and again: it is no iterator; made here, or of a known kind."""
        if isinstance(node, ast.GeneratorExp | ast.Lambda | ast.Constant):
            return True
        kind = self._objects.kind(node, assumes)
        if kind is not None:
            return kind.name not in ITERATORS or isinstance(node, ast.Call)
        if isinstance(node, ast.Call):
            return self._meanings.of(node.func) in PURE or _trust(assumes, _OPERATORS)
        if (isinstance(node, ast.Name) and functions(self._scopes, node) is not None) or self._meanings.of(node):
            return True
        return _trust(assumes, f"{_short(self._index.segment(node))} is no iterator that is used up")

    def _pure_function(self, function: ast.FunctionDef) -> bool:
        """Whether a function of the file only computes: its body changes nothing but its own, and reads constants."""
        known = self._pure_functions.get(function)
        if known is None:
            if len([1 for found in self._pure_functions.values() if not found]) > _DEEP * 100:
                return False
            self._pure_functions[function] = True  # should it call itself
            known = self._objects.closed(function, self._pure)
            self._pure_functions[function] = known
        return known

    def computes(self, function: ast.FunctionDef, assumes: set[str]) -> bool:
        """Whether a function of the file only computes from what it reads, if its operators do no more.

        It changes nothing but its own, and what it reads stays as it is while it runs; it may raise, and call itself.

        Args:
            function: any of the file, undecorated, no generator.
            assumes: takes what has to be trusted for it.
        """
        known = dict(self._pure_functions)
        self._pure_functions[function] = True
        try:
            return self._objects.closed(function, lambda node, _: self._pure(node, assumes))
        finally:
            self._pure_functions = known  # what was found out meanwhile hangs on this one

    # --- failing

    def safe(self, node: ast.expr, assumes: set[str] | None = None) -> bool:
        """Whether evaluating certainly raises nothing (short of memory or recursion running out)."""
        if self._objects.safe(node):
            return True
        return _trust(assumes, f"evaluating {_short(self._index.segment(node))} raises no error")

    # --- loops

    def invariant(self, node: ast.expr, loop: Loop, assumes: set[str] | None = None) -> bool:
        """Whether an expression has an equal value on every turn of a loop and evaluating it has no effects.

        It may still raise, and a loop may have no turn: ask `safe` before it is evaluated earlier. Objects that it
        makes are new ones on each turn: who keeps or changes them must not share one.
        """
        region: Region = [loop.iter, loop.target, *loop.body] if isinstance(loop, ast.For | ast.AsyncFor) else loop
        if isinstance(loop, ast.While):
            region = [loop.test, *loop.body]
        return self.constant(node, region, assumes)

    def constant(self, node: ast.expr, region: Region, assumes: set[str] | None = None) -> bool:
        """Whether an expression has an equal value all through a stretch of code, and evaluating it has no effects."""
        mine: set[str] = set()
        trusted = None if assumes is None else mine
        if not (self.pure(node, trusted) and self._steady(node, region, trusted)):
            return False
        if assumes is not None:
            assumes |= mine
        return True

    def _steady(self, node: ast.expr, region: Region, assumes: set[str] | None) -> bool:
        own = {name for part in ast.walk(node) if (name := _own_variable(self._scopes, part, node)) is not None}
        for part in ast.walk(node):
            if not isinstance(part, ast.Name | ast.Attribute) or not isinstance(part.ctx, ast.Load):
                continue
            named = isinstance(part, ast.Name) and self._scopes.variable(part) not in own
            held = isinstance(part, ast.Attribute) and not self._meanings.of(part) and not self._called(part)
            deep = not self._shallow(part)
            if (named or held) and not self._objects.unchanged(part, region, assumes, deep=deep):
                return False
        return True

    def _called(self, node: ast.Attribute) -> bool:
        call = self._index.parent(node)
        return isinstance(call, ast.Call) and call.func is node

    def _shallow(self, node: ast.expr) -> bool:
        """Whether only the object itself matters, not what its items are: ``len(x)``."""
        call = self._index.parent(node)
        return isinstance(call, ast.Call) and self._meanings.of(call.func) in {"builtins.len", "builtins.type"}


def _takes_scalars(meaning: str) -> bool:
    iterating = {"math.prod", "math.fsum", "math.dist"}
    return meaning in SCALAR_ARGUMENTS or (meaning.startswith("math.") and meaning not in iterating)


def _own(kind: Kind) -> bool:
    if kind.name in SCALARS or kind.name in {"number", "range"}:
        return True
    inner = [kind.item] if kind.name != "dict" else [kind.item, kind.value]
    return kind.name in BUILTIN_KINDS and all(part is not None and _own(part) for part in inner)


def _parts(node: ast.AST) -> list[ast.AST]:
    skipped = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)
    return [child for child in ast.iter_child_nodes(node) if not isinstance(child, skipped)]


def _own_variable(scopes: Scopes, part: ast.AST, node: ast.expr) -> object:
    """The variable of a comprehension or lambda inside of an expression, of which a part is a target."""
    variable = scopes.variable(part)
    inner = variable is not None and variable.scope.kind in {"comprehension", "function"}
    return (
        variable
        if variable is not None and inner and any(variable.scope.node is one for one in ast.walk(node))
        else None
    )


def _trust(assumes: set[str] | None, words: str) -> bool:
    if assumes is None:
        return False
    assumes.add(words)
    return True


def _short(text: str) -> str:
    line = " ".join(text.split())
    return repr(line if len(line) <= 40 else f"{line[:37]}…")
