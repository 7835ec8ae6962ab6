"""``[0 for _ in range(n)]``: a list of one constant is a multiplication."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.analysis import Module
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_LOOSE = (ast.comprehension, ast.ListComp, ast.Assign, ast.Return, ast.Call)


class RepeatedItem(PythonRule):
    """A list of one constant, made item by item, is that constant times the length."""

    id = "repeated-item"
    title = "Multiply a list of one constant instead of filling it item by item"
    why = (
        "`[0 for _ in range(n)]` makes a number and stores a constant n times; `[0] * n` fills the list at once. The "
        "guard sees that the item is a constant (lists would all be the same list) and that the loop's variable is not "
        "asked for."
    )
    words = ("range(",)
    examples = (
        Example(
            note="the rows of a table stay different lists",
            before="def table(n, m):\n    return [[0 for _ in range(n)] for _ in range(m)]\n",
            after="def table(n, m):\n    return [[0] * n for _ in range(m)]\n",
            calls=("table(2, 3)", "table(0, 2)", "table(-1, 1)", "table(True, 1)", "table(1.5, 1)"),
        ),
        Example(
            note="the length is worked out",
            before="def sieve(n: int):\n    return [True for i in range(n + 1)]\n",
            after="def sieve(n: int):\n    return [True] * (n + 1)\n",
            calls=("sieve(3)", "sieve(-5)"),
        ),
        Example(note="a new list each time", before="def rows(n):\n    return [[] for _ in range(n)]\n", after=None),
        Example(
            note="some only, or not all from 0 on",
            before="def some(n):\n    return [1 for i in range(n) if i % 2], [1 for i in range(2, n)]\n",
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for node in parsed.of(ast.ListComp):
            length = _length(parsed, node)
            if length is None or "#" in parsed.segment(node):
                continue
            text = parsed.segment(length)
            if not isinstance(length, ast.Name | ast.Constant | ast.Call | ast.Attribute | ast.Subscript):
                text = f"({text})"
            new = f"[{parsed.segment(node.elt)}] * {text}"
            if not isinstance(
                parsed.parent(node), ast.comprehension | ast.ListComp | ast.Assign | ast.Return | ast.Call
            ):
                new = f"({new})"
            what = "a list of one constant is filled item by item"
            yield self.at(parsed, node, what, [parsed.splice(node, new)], gain=5.0)


def _length(module: Module, node: ast.ListComp) -> ast.expr | None:
    """How often a constant is repeated."""
    part = node.generators[0]
    if len(node.generators) > 1 or part.ifs or part.is_async or not isinstance(part.target, ast.Name):
        return None
    call = part.iter
    if not isinstance(call, ast.Call) or not module.calls(call, "builtins.range") or len(call.args) != 1:
        return None
    plain = isinstance(node.elt, ast.Constant) and not call.keywords and not isinstance(call.args[0], ast.Starred)
    return call.args[0] if plain else None


RULE = RepeatedItem()
