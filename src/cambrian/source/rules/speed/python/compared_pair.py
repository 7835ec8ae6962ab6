"""``max(a, b)`` in a loop: a comparison instead of a call."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.analysis import Module
from cambrian.source.analysis.scopes import Scope
from cambrian.source.analysis.shapes import has
from cambrian.source.edit import Splice
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_SIGNS = {"builtins.max": ">", "builtins.min": "<"}
_BINDING = (ast.NamedExpr, ast.Yield, ast.YieldFrom, ast.Await, ast.Starred)


class ComparedPair(PythonRule):
    """The larger of two values, in a loop, by a comparison."""

    id = "compared-pair"
    title = "Compare two values in a loop instead of calling `max` or `min`"
    why = (
        "`max(a, b)` looks a name up among the globals and the builtins, packs its arguments and makes a call, where "
        "`b if b > a else a` compares once. Both compare the second with the first and give the first of equal ones, "
        "so every value comes out the same, NaN included. What is more than a variable or a constant is worked out "
        "once, in a line before, where the call is all that is assigned."
    )
    words = ("max", "min")
    examples = (
        Example(
            note="in a loop, in a statement and within an expression",
            before=(
                "def heights(values, floor):\n"
                "    best = 0\n"
                "    out = []\n"
                "    for value in values:\n"
                "        best = max(best, value)\n"
                "        out.append(2 * min(value, floor) + 1)\n"
                "    return best, out\n"
            ),
            after=(
                "def heights(values, floor):\n"
                "    best = 0\n"
                "    out = []\n"
                "    for value in values:\n"
                "        best = value if value > best else best\n"
                "        out.append(2 * (floor if floor < value else value) + 1)\n"
                "    return best, out\n"
            ),
            calls=(
                "heights([3, 5, 2], 4)", "heights([], 1)", "heights([1, 1.0, True, -1], 1.0)", "heights(['a'], 1)",
                "repr(heights([float('nan'), 2.0], float('nan')))",
            ),
        ),
        Example(
            note="what is worked out is worked out once",
            before=(
                "def longest(values, costs):\n"
                "    best = run = 0\n"
                "    table = [0] * len(costs)\n"
                "    for i, value in enumerate(values):\n"
                "        run = max (run + value, 0);\n"
                "        best = max(best, run)\n"
                "        table[i] = min(table[i - 1], costs[i])\n"
                "    return best, table\n"
            ),
            after=(
                "def longest(values, costs):\n"
                "    best = run = 0\n"
                "    table = [0] * len(costs)\n"
                "    for i, value in enumerate(values):\n"
                "        value_then = run + value\n"
                "        run = 0 if 0 > value_then else value_then;\n"
                "        best = run if run > best else best\n"
                "        first = table[i - 1]\n"
                "        second = costs[i]\n"
                "        table[i] = second if second < first else first\n"
                "    return best, table\n"
            ),
            calls=("longest([1, -3, 2, 5], [4, 3, 2, 1])", "longest([1, 2], [3])", "longest([], [])"),
        ),
        Example(note="not in a loop", before="def larger(a, b):\n    return max(a, b)\n", after=None),
        Example(
            note="within something else, and what has a key or more values",
            before=(
                "def all_of(rows, key):\n"
                "    for row in rows:\n"
                "        print(max(row, next(rows)), max(row, key, key=len), max(row, key, 1), max(*row, key))\n"
                "        most = max(row, least := key)\n"
                "        if most: most = max(row, most + least)\n"
            ),
            after=None,
        ),
        Example(
            note="another function by that name",
            before="def max(a, b):\n    return a\n\n\ndef all_of(rows, b):\n    return [max(row, b) for row in rows]\n",
            after=None,
        ),
    )  # fmt: skip

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for node in parsed.of(ast.Call):
            sign = next((sign for name, sign in _SIGNS.items() if parsed.calls(node, name)), "")
            if not sign or len(node.args) != 2 or node.keywords or not parsed.loops(node):
                continue
            simple = all(isinstance(one, ast.Name | ast.Constant) for one in node.args)
            made = _at_once(parsed, node, sign) if simple else _before(parsed, node, sign)
            if made:
                first, second = (" ".join(parsed.segment(one).split()) for one in node.args)
                what = f"a function is called to compare {first} and {second}"
                yield self.at(parsed, node, what, made, gain=1.3 if simple else 2.0)


def _chosen(first: str, second: str, sign: str) -> str:
    return f"{second} if {second} {sign} {first} else {first}"


def _at_once(module: Module, node: ast.Call, sign: str) -> list[Splice]:
    first, second = (module.segment(one) for one in node.args)
    text = _chosen(first, second, sign)
    bare = isinstance(module.parent(node), ast.Assign | ast.Return | ast.Expr)
    return [module.splice(node, text if bare else f"({text})")]


def _before(module: Module, node: ast.Call, sign: str) -> list[Splice]:
    """With lines before that work out what is compared: the call is all that a statement of the loop assigns."""
    statement = module.parent(node)
    if not isinstance(statement, ast.Assign) or not module.alone(statement) or "#" in module.segment(node):
        return []
    if has(node, _BINDING) or "\n" in module.segment(node):
        return []
    scope = module.scope(statement)
    if scope.kind != "function":
        return []
    kept = [_kept(module, one, scope) for one in node.args]
    wishes = ("first", "second") if not any(kept) else ("value", "value")
    lines: list[str] = []
    names: list[str] = []
    for wish, one, stays in zip(wishes, node.args, kept, strict=True):
        names.append(module.segment(one) if stays else module.fresh(wish, f"{wish}_then", f"{wish}_now"))
        lines += [] if stays else [f"{names[-1]} = {module.segment(one)}"]
    return [module.before(statement, *lines), module.splice(node, _chosen(names[0], names[1], sign))] if lines else []


def _kept(module: Module, node: ast.expr, scope: Scope) -> bool:
    """Whether it is a constant, or a variable that nobody else assigns: it need not be read before the other."""
    variable = module.variable(node) if isinstance(node, ast.Name) else None
    mine = variable is not None and variable.scope is scope and not variable.captured
    return isinstance(node, ast.Constant) or mine


RULE = ComparedPair()
