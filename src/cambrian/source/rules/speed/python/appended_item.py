"""``out += [x]``: one item is appended, without a list around it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.analysis import Module, Variable
from cambrian.source.analysis.shapes import has
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_AMID = (ast.NamedExpr, ast.Yield, ast.YieldFrom, ast.Await)
"""What may bind the variable between its reading and its binding by ``+=``, or needs brackets of its own."""


class AppendedItem(PythonRule):
    """A list is not extended by a list of one."""

    id = "appended-item"
    title = "Append an item instead of adding a list of one"
    why = (
        "`out += [x]` makes a list for the item and throws it away again; `out.append(x)` takes a third of the time. "
        "The guard sees that the variable certainly holds a list, which both change in place."
    )
    words = ("+=", "extend")
    examples = (
        Example(
            note="in place, and by `extend`",
            before=(
                "def doubled(values):\n"
                "    out = []\n"
                "    for value in values:\n"
                "        out += [value]\n"
                "        out.extend([value * 2])\n"
                "    return out\n"
            ),
            after=(
                "def doubled(values):\n"
                "    out = []\n"
                "    for value in values:\n"
                "        out.append(value)\n"
                "        out.append(value * 2)\n"
                "    return out\n"
            ),
            calls=("doubled([1, 2])", "doubled('ab')", "doubled([])"),
        ),
        Example(
            note="more than one, what may be something else, what has to be unpacked; not in a loop",
            before=(
                "def told(values, out, total):\n"
                "    found = []\n"
                "    found += [1]\n"
                "    for value in values:\n"
                "        found += [value, value]\n"
                "        found += [*value]\n"
                "        out.rows += [value]\n"
                "        total += [value] if value else value\n"
                "    return found\n"
            ),
            after=None,
        ),
        Example(
            note="a deque, and a name of the module that a function may not bind",
            before=(
                "from collections import deque\n\n\n"
                "def told(values):\n"
                "    out = deque()\n"
                "    for value in values:\n        out += [value]\n"
                "    return out\n"
            ),
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for node in parsed.of(ast.AugAssign, ast.Expr):
            owner, item = _appended(node)
            if owner is None or item is None or not parsed.loops(node) or "#" in parsed.segment(node):
                continue
            variable = parsed.variable(owner)
            if variable is None or variable.scope.kind != "function" or not parsed.is_kind(owner, "list"):
                continue
            if has(item, _AMID) or not (isinstance(item, ast.Name | ast.Constant) or _bound_here(parsed, variable)):
                continue
            text = f"{owner.id}.append({parsed.segment(item)})"
            what = f"a list is made to add one item to {owner.id!r}"
            yield self.at(parsed, node, what, [parsed.splice(node, text)], gain=1.6)


def _appended(node: ast.AugAssign | ast.Expr) -> tuple[ast.Name | None, ast.expr | None]:
    """The variable, and the only item that is added to it."""
    match node:
        case (
            ast.AugAssign(target=ast.Name() as owner, op=ast.Add(), value=ast.List(elts=[item]))
            | ast.Expr(
                value=ast.Call(
                    func=ast.Attribute(value=ast.Name() as owner, attr="extend"),
                    args=[ast.List(elts=[item])],
                    keywords=[],
                )
            )
        ):
            return (None, None) if isinstance(item, ast.Starred) else (owner, item)
        case _:
            return None, None


def _bound_here(module: Module, variable: Variable) -> bool:
    """Whether no inner function that an item may call gives the variable another list, which ``+=`` would take back."""
    return all(module.scope(binding.node) is variable.scope for binding in variable.bindings)


RULE = AppendedItem()
