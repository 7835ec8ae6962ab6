"""``type(x) == type([])``: the type of an empty display has a name."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.analysis import Module
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite


class DisplayType(PythonRule):
    """The type of a literal is written by its name."""

    id = "display-type"
    title = "Write `list` instead of `type([])`"
    why = (
        "`type([])` makes a list and calls a function to learn what is known: it is `list`, each time. In a loop or a "
        "recursion that compares types of items, this is a good part of the work. The guard sees that `type` is the "
        "builtin, and what stands between its brackets a literal of a builtin type."
    )
    words = ("type",)
    examples = (
        Example(
            note="lists in lists",
            before=(
                "def total(rows):\n"
                "    found = 0\n"
                "    for row in rows:\n"
                "        found += total(row) if type(row) == type([]) else row\n"
                "    return found\n"
            ),
            after=(
                "def total(rows):\n"
                "    found = 0\n"
                "    for row in rows:\n"
                "        found += total(row) if type(row) == list else row\n"
                "    return found\n"
            ),
            calls=("total([1, [2, [3], []]])", "total([])"),
        ),
        Example(
            note="texts, numbers, dicts",
            before="def told(x):\n    return type(x) is type('') or type(x) in (type(0), type({}), type(1.5))\n",
            after="def told(x):\n    return type(x) is str or type(x) in (int, dict, float)\n",
            calls=("[told(x) for x in ('a', 1, {}, 2.0, [], None, True)]",),
        ),
        Example(
            note="what is not known; what is not made of nothing; a class",
            before="def told(x, f):\n    return type(f()), type([f()]), type(x), type(None), type('C', (), {})\n",
            after=None,
        ),
        Example(
            note="names that mean something else",
            before="def told(x, list):\n    return type(x) == type([]) or list\n",
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for call in parsed.of(ast.Call):
            if not parsed.calls(call, "builtins.type") or len(call.args) != 1 or call.keywords:
                continue
            name = _name(call.args[0])
            if name and not parsed.builtin(name).splices:
                what = f"the type {name} is worked out from a literal"
                yield self.at(parsed, call, what, [parsed.splice(call, name)], gain=1.5)


def _name(node: ast.expr) -> str:
    """The builtin type of a literal without anything in it that would have to be evaluated."""
    if isinstance(node, ast.List | ast.Tuple | ast.Dict):
        empty = not (node.keys if isinstance(node, ast.Dict) else node.elts)
        return type(node).__name__.lower() if empty else ""
    known = isinstance(node, ast.Constant) and isinstance(node.value, str | bytes | int | float | complex)
    return type(node.value).__name__ if known and isinstance(node, ast.Constant) else ""


RULE = DisplayType()
