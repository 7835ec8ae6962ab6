"""``max(a, b)`` of two variables in a loop: a comparison instead of a call."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.analysis import Module
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_SIGNS = {"builtins.max": ">", "builtins.min": "<"}


class ComparedPair(PythonRule):
    """The larger of two variables, in a loop, by a comparison."""

    id = "compared-pair"
    title = "Compare two values in a loop instead of calling `max` or `min`"
    why = (
        "`max(a, b)` looks a name up among the globals and the builtins, packs its arguments and makes a call, where "
        "`b if b > a else a` compares once. Both compare the second with the first and give the first of equal ones, "
        "so every value comes out the same, NaN included. Only variables and constants are compared; others would be "
        "worked out twice."
    )
    words = ("max(", "min(")
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
        Example(note="not in a loop", before="def larger(a, b):\n    return max(a, b)\n", after=None),
        Example(
            note="what would be worked out twice, and what has a key or more values",
            before=(
                "def all_of(rows, key):\n"
                "    for row in rows:\n"
                "        print(max(row, next(rows)), max(row, key, key=len), max(row, key, 1), max(*row, key))\n"
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
            if not all(isinstance(one, ast.Name | ast.Constant) for one in node.args):
                continue
            first, second = (parsed.segment(one) for one in node.args)
            text = f"{second} if {second} {sign} {first} else {first}"
            if not isinstance(parsed.parent(node), ast.Assign | ast.Return | ast.Expr):
                text = f"({text})"
            what = f"a function is called to compare {first} and {second}"
            yield self.at(parsed, node, what, [parsed.splice(node, text)], gain=1.3)


RULE = ComparedPair()
