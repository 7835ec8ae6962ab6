"""``sum(x * y for x, y in zip(xs, ys))``: a comprehension that does one operation is a `map` of that operator."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

from cambrian.source.analysis import Module
from cambrian.source.analysis.ownership import followed
from cambrian.source.analysis.shapes import only_argument
from cambrian.source.edit import Splice
from cambrian.source.rules.hoisting import at_once
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_Comprehension: TypeAlias = ast.ListComp | ast.SetComp | ast.GeneratorExp
_OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "truediv", ast.FloorDiv: "floordiv", ast.Mod: "mod",
    ast.Pow: "pow", ast.BitAnd: "and_", ast.BitOr: "or_", ast.BitXor: "xor", ast.LShift: "lshift",
    ast.RShift: "rshift", ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge", ast.Eq: "eq", ast.NotEq: "ne",
}  # fmt: skip
_CALLED = frozenset(f"builtins.{name}" for name in ("max", "min", "pow", "divmod"))


class _Mapped(NamedTuple):
    """What a comprehension is written as, without what it is gathered in."""

    text: str
    splices: tuple[Splice, ...]
    gain: float


class MappedOperator(PythonRule):
    """A comprehension that does one operation of two items, or takes one item of each, becomes a `map`."""

    id = "mapped-operator"
    title = "Map an operator over items instead of writing it in a comprehension"
    why = (
        "`sum(x * y for x, y in zip(xs, ys))` makes a pair, unpacks it and resumes a generator for each item; "
        "`sum(map(mul, xs, ys))` does it all in C. So do `itemgetter` for one item of each row, where the index is a "
        "variable or a slice, and `starmap` over `pairwise`. The guard sees that the operands are the pair's two, in "
        "their order, that nothing else is asked of them, and that a generator is used up where it stands."
    )
    words = (" for ",)
    examples = (
        Example(
            note="products of pairs, and a column",
            before=(
                "def both(xs, ys, rows, place):\n"
                "    total = sum(x * y for x, y in zip(xs, ys))\n"
                "    return total, [max(x, y) for x, y in zip(xs, ys)], [row[place] for row in rows]\n"
            ),
            after=(
                "from operator import itemgetter\n"
                "from operator import mul\n\n\n"
                "def both(xs, ys, rows, place):\n"
                "    total = sum(map(mul, xs, ys))\n"
                "    return total, list(map(max, xs, ys)), list(map(itemgetter(place), rows))\n"
            ),
            calls=(
                "both([1, 2], [3, 4], ['ab', 'cd'], 1)",
                "both([], [1], [], None)",
                "both([1], [2], [[1]], 5)",
                "both([1.5], (True,), [{2: 3}], 2)",
                "both('a', 'b', [], 0)",
            ),
        ),
        Example(
            note="neighbours in order; the last ones first",
            before=(
                "from itertools import pairwise\n\n\n"
                "def rises(xs):\n"
                "    return all(a <= b for a, b in pairwise(xs)), [x[::-1] for x in xs[:2]]\n"
            ),
            after=(
                "from itertools import starmap\n"
                "from operator import itemgetter\n"
                "from operator import le\n"
                "from itertools import pairwise\n\n\n"
                "def rises(xs):\n"
                "    return all(starmap(le, pairwise(xs))), list(map(itemgetter(slice(None, None, -1)), xs[:2]))\n"
            ),
            calls=("rises(['ab', 'b'])", "rises([])", "rises([1, 2])", "rises(['b', 'a', 'c'])"),
        ),
        Example(
            note="the other way round, a filter, a generator that is kept",
            before=(
                "def other(xs, ys):\n"
                "    kept = (x + y for x, y in zip(xs, ys))\n"
                "    return kept, [y - x for x, y in zip(xs, ys)], [x + y for x, y in zip(xs, ys) if x]\n"
            ),
            after=None,
        ),
        Example(
            note="pairs that may not be pairs; lengths that have to be equal; an index that differs",
            before=(
                "def other(pairs, xs, ys):\n"
                "    first = [x + y for x, y in pairs], [x + y for x, y in zip(xs, ys, strict=True)]\n"
                "    return first, [x[len(x) - 1] for x in xs], [x[x] for x in xs]\n"
            ),
            after=None,
        ),
        Example(
            note="an index that changes meanwhile",
            before=(
                "def steps(rows):\n"
                "    at = 0\n"
                "    def next_row():\n"
                "        nonlocal at\n"
                "        for row in rows:\n"
                "            at += 1\n"
                "            yield row\n"
                "    return [row[at] for row in next_row()]\n"
            ),
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for node in parsed.of(ast.ListComp, ast.SetComp, ast.GeneratorExp):
            part = node.generators[0]
            if len(node.generators) > 1 or part.ifs or part.is_async or "#" in parsed.segment(node):
                continue
            if isinstance(node, ast.GeneratorExp) and not at_once(parsed, node):
                continue
            assumes: set[str] = set()
            mapped = _mapped(parsed, node, part, assumes)
            if mapped is not None:
                what = "one operation is done for each item by bytecode"
                splices = (*_splices(parsed, node, mapped.text), *mapped.splices)
                yield self.at(parsed, node, what, splices, assumes=assumes, gain=mapped.gain)


def _mapped(module: Module, node: _Comprehension, part: ast.comprehension, assumes: set[str]) -> _Mapped | None:
    match part.target, part.iter:
        case ast.Name() as target, _:
            return _column(module, node, part, target)
        case ast.Tuple(elts=[ast.Name(id=one), ast.Name(id=other)]), ast.Call(args=given, keywords=[]) as source:
            function = None if one == other else _function(module, node.elt, [one, other])
        case _:
            return None
    if function is None or any(isinstance(argument, ast.Starred) for argument in given):
        return None
    if module.calls(source, "builtins.zip") and len(given) == 2:
        made = module.builtin("map")
        items = ", ".join(module.segment(argument) for argument in given)
        gain = 1.5 if isinstance(node, ast.GeneratorExp) else 1.2
        return _Mapped(f"{made.spelling}({function[0]}, {items})", (*made.splices, *function[1]), gain)
    if module.calls(source, "itertools.pairwise") and isinstance(node, ast.GeneratorExp):
        return _pairwise(module, source, function, assumes)
    return None


def _pairwise(module: Module, source: ast.Call, function: tuple[str, Sequence[Splice]], assumes: set[str]) -> _Mapped:
    """A function of each item and the next one."""
    items = only_argument(source)
    if isinstance(items, ast.Name) and module.is_kind(items, "list", "tuple", "str", assumes=assumes):
        made, rest = module.builtin("map"), module.importing("itertools", "islice")
        text = f"{made.spelling}({function[0]}, {items.id}, {rest.spelling}({items.id}, 1, None))"
        return _Mapped(text, (*made.splices, *rest.splices, *function[1]), 2.0)
    star = module.importing("itertools", "starmap")
    text = f"{star.spelling}({function[0]}, {module.segment(source)})"
    return _Mapped(text, (*star.splices, *function[1]), 1.4)


def _function(module: Module, node: ast.expr, pair: list[str]) -> tuple[str, tuple[Splice, ...]] | None:
    """The function of two arguments that an expression calls with the pair, in its order."""
    if isinstance(node, ast.Call) and module.meaning(node.func) in _CALLED and not node.keywords:
        return (module.segment(node.func), ()) if _names(node.args) == pair else None
    if isinstance(node, ast.BinOp):
        word, sides = _OPERATORS.get(type(node.op)), [node.left, node.right]
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        word, sides = _OPERATORS.get(type(node.ops[0])), [node.left, node.comparators[0]]
    else:
        return None
    if word is None or _names(sides) != pair:
        return None
    made = module.importing("operator", word)
    return made.spelling, tuple(made.splices)


def _names(nodes: list[ast.expr]) -> list[str]:
    return [node.id if isinstance(node, ast.Name) else "" for node in nodes]


def _column(module: Module, node: _Comprehension, part: ast.comprehension, target: ast.Name) -> _Mapped | None:
    """One item, or a slice, of each."""
    item = node.elt
    if not isinstance(item, ast.Subscript) or not isinstance(item.value, ast.Name) or item.value.id != target.id:
        return None
    generator = isinstance(node, ast.GeneratorExp)
    slices: tuple[Splice, ...] = ()
    if isinstance(item.slice, ast.Slice):
        parts = [item.slice.lower, item.slice.upper, item.slice.step]
        if not all(one is None or _is_constant(one) for one in parts):
            return None
        sliced = module.builtin("slice")
        words = ", ".join("None" if one is None else module.segment(one) for one in parts)
        key, slices, gain = f"{sliced.spelling}({words})", tuple(sliced.splices), 1.7
    elif (_is_constant(item.slice) and (generator or isinstance(item.slice, ast.UnaryOp))) or _steady(
        module, item.slice, target, part
    ):
        key, gain = module.segment(item.slice), 1.5
    else:
        return None
    getter, made = module.importing("operator", "itemgetter"), module.builtin("map")
    text = f"{made.spelling}({getter.spelling}({key}), {module.segment(part.iter)})"
    return _Mapped(text, (*getter.splices, *made.splices, *slices), gain)


def _is_constant(node: ast.expr) -> bool:
    inner = node.operand if isinstance(node, ast.UnaryOp) else node
    return isinstance(inner, ast.Constant)


def _steady(module: Module, node: ast.expr, target: ast.Name, part: ast.comprehension) -> bool:
    """Whether it is a variable that nobody else can assign meanwhile, and that has a value even if there are no items.

    Another function that is called for each item could.
    """
    if not isinstance(node, ast.Name) or node.id == target.id:
        return False
    variable = module.variable(node)
    if not followed(variable) or variable.scope.kind != "function":
        return False
    return module.bound(node) and not module.rebound(node, part)


def _splices(module: Module, node: _Comprehension, text: str) -> tuple[Splice, ...]:
    start, stop = module.locator.range(node)
    if isinstance(node, ast.GeneratorExp):
        call = module.parent(node)
        shared = isinstance(call, ast.Call) and module.locator.range(call)[1] == stop
        return (Splice(start + shared, stop - shared, text),)
    made = module.builtin("list" if isinstance(node, ast.ListComp) else "set")
    return (Splice(start, stop, f"{made.spelling}({text})"), *made.splices)


RULE = MappedOperator()
