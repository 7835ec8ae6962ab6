"""Features of Python scripts, from the syntax tree that Python's own parser makes. Nothing is executed."""

from __future__ import annotations

import ast
import builtins
from collections import Counter
from collections.abc import Callable, Iterable

from .features_protocols import methods, needs_of_laziness
from .features_tally import MOST_WORK, Place, Tally
from .javascript_tree import MAX_CHARACTERS
from .tree import Problem, parse

__all__ = ["BUILTINS", "read_python"]

BUILTINS = frozenset(name for name in dir(builtins) if name[0] != "_" and name[0].islower()) | {"__import__"}
_SYNTAX: dict[type[ast.AST], str] = {
    ast.AsyncFunctionDef: "syntax:async-def", ast.Await: "syntax:await", ast.AsyncFor: "syntax:async-for",
    ast.AsyncWith: "syntax:async-with", ast.Yield: "syntax:yield", ast.YieldFrom: "syntax:yield",
    ast.GeneratorExp: "syntax:generator-expression", ast.ListComp: "syntax:comprehension",
    ast.SetComp: "syntax:comprehension", ast.DictComp: "syntax:comprehension", ast.Delete: "syntax:del",
    ast.Try: "syntax:try", ast.TryStar: "syntax:except-star", ast.Match: "syntax:match", ast.With: "syntax:with",
    ast.NamedExpr: "syntax:walrus", ast.Lambda: "syntax:lambda", ast.Global: "syntax:global",
    ast.Nonlocal: "syntax:nonlocal", ast.Assert: "syntax:assert", ast.Starred: "syntax:star", ast.Set: "literal:set",
    ast.MatMult: "syntax:matrix-product", ast.ClassDef: "class:definition",
}  # fmt: skip
_NATURES = frozenset(("property", "staticmethod", "classmethod"))
_PATTERN_TAKERS = frozenset(("compile", "match", "search", "fullmatch", "findall", "finditer", "sub", "subn", "split"))
_NETWORK = frozenset(("requests", "httpx", "aiohttp", "urllib", "urllib3", "socket", "http", "websockets"))
_LARGEST = 10**12


def read_python(code: str, tools: frozenset[str]) -> Tally | Problem:
    """Count what is in a script, or say why it cannot be read."""
    if len(code) > MAX_CHARACTERS:
        message = f"too large: {len(code)} characters; at most {MAX_CHARACTERS} (hand data in as inputs)"
        return Problem(file="script", line=0, message=message)
    tree = parse(code, "script")
    return tree if isinstance(tree, Problem) else _Reader(tree, tools).read()


class _Reader:
    """One walk over a tree."""

    def __init__(self, tree: ast.Module, tools: frozenset[str]) -> None:
        self.tally = Tally(tools)
        self._todo: list[tuple[ast.AST, Place]] = [(tree, Place())]
        nodes = list(ast.walk(tree))
        self.tally.needs |= needs_of_laziness(nodes, tools=bool(tools))
        self._bound = _bound(nodes)
        self._numbers: dict[str, int] = {}
        for node in nodes:
            if not isinstance(node, ast.Assign):
                continue
            target, value = node.targets[0], self._number(node.value)
            if isinstance(target, ast.Name) and self._bound[target.id] == 1 and value is not None:
                self._numbers[target.id] = value

    def read(self) -> Tally:
        while self._todo:
            node, place = self._todo.pop()
            self.tally.node(place)
            need = _SYNTAX.get(node.__class__)
            if need:
                self.tally.needs.add(need)
            handle = _HANDLERS.get(node.__class__, _Reader.on_plain)
            handle(self, node, place)
        return self.tally

    def _push(self, place: Place, *nodes: ast.AST) -> None:
        self._todo += [(node, place) for node in reversed(nodes)]

    def on_plain(self, node: ast.AST, place: Place) -> None:
        self._push(place, *ast.iter_child_nodes(node))

    def on_import(self, node: ast.AST, _place: Place) -> None:
        if isinstance(node, ast.ImportFrom):
            names = ["." if node.level else (node.module or "").partition(".")[0]]
        else:
            assert isinstance(node, ast.Import)
            names = [alias.name.partition(".")[0] for alias in node.names]
        self.tally.needs.update(f"import:{name}" for name in names)
        self.tally.network |= not _NETWORK.isdisjoint(names)

    def on_class(self, node: ast.AST, place: Place) -> None:
        assert isinstance(node, ast.ClassDef)
        if any(not (isinstance(base, ast.Name) and base.id == "object") for base in node.bases):
            self.tally.needs.add("class:inheritance")
        if node.keywords:
            self.tally.needs.add("class:metaclass")
        if node.decorator_list:
            self.tally.needs.add("class:decorator")
        self.tally.needs.update(f"class:{name}" for name in methods(node))
        self.on_plain(node, place)

    def on_function(self, node: ast.AST, place: Place) -> None:
        assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for decorator in node.decorator_list:
            nature = decorator.id if isinstance(decorator, ast.Name) else ""
            self.tally.needs.add(f"class:{nature}" if nature in _NATURES else "syntax:decorator")
        self._push(place, *node.decorator_list, node.args)
        self._push(Place(node.name), *node.body)

    def on_for(self, node: ast.AST, place: Place) -> None:
        assert isinstance(node, ast.For | ast.AsyncFor)
        inner = self.tally.loop(place, self._rounds(node.iter))
        self._push(place, node.iter, *node.orelse)
        self._push(inner, node.target, *node.body)

    def on_while(self, node: ast.AST, place: Place) -> None:
        self.on_plain(node, self.tally.loop(place, None))

    def on_comprehension(self, node: ast.AST, place: Place) -> None:
        assert isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp)
        for part in node.generators:
            self._push(place, part.iter)
            if part.is_async:
                self.tally.needs.add("syntax:async-for")
            place = self.tally.loop(place, self._rounds(part.iter), makes_list=not isinstance(node, ast.GeneratorExp))
            self._push(place, part.target, *part.ifs)
        self._push(place, *([node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]))

    def on_call(self, node: ast.AST, place: Place) -> None:
        assert isinstance(node, ast.Call)
        function = node.func
        if isinstance(function, ast.Name):
            self.tally.call(place, function.id)
        elif isinstance(function, ast.Attribute):
            self.tally.call(place, function.attr, of_tools=_is_tools(function.value))
            if function.attr in _PATTERN_TAKERS and node.args:
                self._pattern(node.args[0])
        elif isinstance(function, ast.Subscript) and _is_tools(function.value):
            key = function.slice
            self.tally.call(place, str(key.value) if isinstance(key, ast.Constant) else "", of_tools=True)
        self.on_plain(node, place)

    def _pattern(self, node: ast.expr) -> None:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            self.tally.pattern(node.value)

    def on_try(self, node: ast.AST, place: Place) -> None:
        if getattr(node, "finalbody", None):
            self.tally.needs.add("syntax:try-finally")
        self.on_plain(node, place)

    def on_name(self, node: ast.AST, _place: Place) -> None:
        assert isinstance(node, ast.Name)
        if node.id in BUILTINS and not self._bound[node.id] and not self.tally.is_tool(node.id):
            self.tally.needs.add(f"global:{node.id}")

    def on_constant(self, node: ast.AST, _place: Place) -> None:
        assert isinstance(node, ast.Constant)
        value = node.value
        if isinstance(value, str):
            self.tally.text(value)
        elif isinstance(value, bytes | complex):
            self.tally.needs.add(f"literal:{type(value).__name__}")

    def _rounds(self, node: ast.expr) -> float | None:
        """How many items something has, if the text tells."""
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            return float(len(node.elts))
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
            return float(len(node.value))
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args):
            return None
        if node.func.id == "enumerate":
            inner = node.args[0]
            return None if _is_enumerate(inner) else self._rounds(inner)
        bounds = [self._number(argument) for argument in node.args]
        if node.func.id != "range" or len(bounds) > 3 or None in bounds:
            return None
        return float(min(MOST_WORK, _length([bound for bound in bounds if bound is not None])))

    def _number(self, node: ast.expr) -> int | None:
        """The value of an integer that is written down, or of a name that is given one once."""
        if isinstance(node, ast.Constant):
            return node.value if type(node.value) is int and abs(node.value) < _LARGEST else None
        if isinstance(node, ast.Name):
            return self._numbers.get(node.id)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
            value = self._number(node.operand)
            return None if value is None else -value
        if isinstance(node, ast.BinOp) and isinstance(node.left, ast.Constant | ast.Name):
            left, right = self._number(node.left), self._number(node.right)
            return None if left is None or right is None else _combined(node.op, left, right)
        return None


def _combined(operation: ast.operator, left: int, right: int) -> int | None:
    value: int | None = None
    if isinstance(operation, ast.Mult):
        value = left * right
    elif isinstance(operation, ast.Add):
        value = left + right
    elif isinstance(operation, ast.Sub):
        value = left - right
    elif isinstance(operation, ast.Pow) and 0 <= right <= 40 and abs(left) <= 1000:
        value = left**right
    return value if value is not None and abs(value) < _LARGEST else None


def _length(bounds: list[int]) -> int:
    start, stop = (0, bounds[0]) if len(bounds) == 1 else (bounds[0], bounds[1])
    step = bounds[2] if len(bounds) == 3 else 1
    return max(0, -((start - stop) // step)) if step else 0


def _is_enumerate(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "enumerate"


def _is_tools(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "tools"


def _bound(nodes: Iterable[ast.AST]) -> Counter[str]:
    """How often each name is bound anywhere in the script."""
    names: Counter[str] = Counter()
    for node in nodes:
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names[node.id] += 1
        elif isinstance(node, ast.arg):
            names[node.arg] += 1
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names[node.name] += 1
        elif isinstance(node, ast.alias):
            names[(node.asname or node.name).partition(".")[0]] += 1
    return names


_HANDLERS: dict[type[ast.AST], Callable[[_Reader, ast.AST, Place], None]] = {
    ast.Import: _Reader.on_import, ast.ImportFrom: _Reader.on_import, ast.ClassDef: _Reader.on_class,
    ast.FunctionDef: _Reader.on_function, ast.AsyncFunctionDef: _Reader.on_function,
    ast.For: _Reader.on_for, ast.AsyncFor: _Reader.on_for, ast.While: _Reader.on_while,
    ast.ListComp: _Reader.on_comprehension, ast.SetComp: _Reader.on_comprehension,
    ast.DictComp: _Reader.on_comprehension, ast.GeneratorExp: _Reader.on_comprehension, ast.Call: _Reader.on_call,
    ast.Try: _Reader.on_try,
    ast.TryStar: _Reader.on_try, ast.Name: _Reader.on_name, ast.Constant: _Reader.on_constant,
}  # fmt: skip
