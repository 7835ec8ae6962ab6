"""``xs[len(xs) - 1]``, in a loop: the last item is ``xs[-1]``."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.analysis import Module
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_SEQUENCES = frozenset(["list", "tuple", "str", "bytes", "deque", "range"])


class LastItem(PythonRule):
    """The last item, by length, on each turn of a loop, is taken by the index -1."""

    id = "last-item"
    title = "Take the last item by `-1`, not by the length"
    why = (
        "`xs[len(xs) - 1]` calls a function and subtracts to find what `xs[-1]` finds by itself; of what is empty both "
        "raise the same error. The guard sees that it is the length of the same variable, less one, and no more: with "
        "two, short sequences would be read from the other end."
    )
    words = ("[len(",)
    examples = (
        Example(
            note="of each row",
            before="def ends(rows: list[list[int]]):\n    return [row[len(row) - 1] for row in rows]\n",
            after="def ends(rows: list[list[int]]):\n    return [row[-1] for row in rows]\n",
            calls=("ends([[1, 2], [3]])", "ends([])", "ends([[]])"),
        ),
        Example(
            note="the last but one, another's length, no loop",
            before=(
                "def ends(rows: list[list[int]], other: list[int]):\n"
                "    first = rows[len(rows) - 1]\n"
                "    return first, [row[len(row) - 2] for row in rows], [row[len(other) - 1] for row in rows]\n"
            ),
            after=None,
        ),
        Example(
            note="a dict with numbers for keys, and an item that is written",
            before=(
                "def ends(count: int, rows: list[list[int]]):\n"
                "    table = {number: -number for number in range(count)}\n"
                "    for row in rows:\n"
                "        row[len(row) - 1] = table[len(table) - 1]\n"
                "    return rows\n"
            ),
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for node in parsed.of(ast.Subscript):
            name = node.value
            if not isinstance(name, ast.Name) or not isinstance(node.ctx, ast.Load) or not parsed.loops(node):
                continue
            if not _is_last(parsed, node.slice, name):
                continue
            assumes: set[str] = set()
            kind = parsed.kind(name, assumes)
            if kind is None:
                assumes.add(f"{name.id!r} is a sequence: a list, a tuple, a text")
            if kind is None or kind.name in _SEQUENCES:
                what = f"the last item of {name.id!r} is looked up by its length"
                yield self.at(parsed, node, what, [parsed.splice(node.slice, "-1")], assumes=assumes, gain=1.2)


def _is_last(module: Module, node: ast.expr, name: ast.Name) -> bool:
    """``len(xs) - 1``."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Sub) or "#" in module.segment(node):
        return False
    call, one = node.left, node.right
    if not isinstance(one, ast.Constant) or type(one.value) is not int or one.value != 1:
        return False
    if not isinstance(call, ast.Call) or not module.calls(call, "builtins.len") or len(call.args) != 1:
        return False
    return isinstance(call.args[0], ast.Name) and call.args[0].id == name.id


RULE = LastItem()
