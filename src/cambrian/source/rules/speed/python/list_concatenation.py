"""``out = out + [x]`` in a loop: the list is appended to in place."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.analysis import Module
from cambrian.source.analysis.shapes import has
from cambrian.source.rules.loops import names_in
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite


class ListConcatenation(PythonRule):
    """Appending instead of copying."""

    id = "list-concatenation"
    title = "Append to a list instead of making a longer copy of it"
    why = (
        "`out = out + [x]` copies the whole list on each turn: in a loop that is quadratic. `out.append(x)` is not. "
        "The guard sees that nothing else holds the list (others would see it grow), and that no loop goes through it "
        "meanwhile."
    )
    words = ("+",)
    examples = (
        Example(
            before=(
                "def squares(n):\n    out = []\n    for i in range(n):\n        out = out + [i * i]\n    return out\n"
            ),
            after=(
                "def squares(n):\n    out = []\n    for i in range(n):\n        out.append(i * i)\n    return out\n"
            ),
            calls=("squares(4)", "squares(0)"),
            note="one item",
        ),
        Example(
            before=(
                "def dotted(n):\n"
                "    out = []\n"
                "    for i in range(n):\n"
                '        out = out + [str(i), ","] + ["."] * i\n'
                "    return out\n"
            ),
            after=(
                "def dotted(n):\n"
                "    out = []\n"
                "    for i in range(n):\n"
                '        out += [str(i), ","] + ["."] * i\n'
                "    return out\n"
            ),
            calls=("dotted(4)", "dotted(0)"),
            note="several items; what is added has to be a list",
        ),
        Example(
            before=(
                "def grown(n):\n"
                "    out = []\n"
                "    steps = []\n"
                "    for i in range(n):\n"
                "        out = out + [i]\n"
                "        steps.append(out)\n"
                "    return steps\n"
            ),
            after=None,
            note="earlier lists are kept",
        ),
        Example(
            before=(
                "def longer(values, n):\n    for i in range(n):\n        values = values + [i]\n    return values\n"
            ),
            after=None,
            note="the caller's own list must not grow",
        ),
        Example(
            before=(
                "def doubled(n):\n    out = [1, 2]\n    for i in out:\n        out = out + [i * n]\n    return out\n"
            ),
            after=None,
            note="the loop goes through the list as it was",
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for node in parsed.of(ast.Assign):
            target = node.targets[0]
            first, chain = _leftmost(node.value)
            fits = len(node.targets) == 1 and isinstance(target, ast.Name) and isinstance(first, ast.Name) and chain
            if not fits or not isinstance(target, ast.Name) or not isinstance(first, ast.Name) or first.id != target.id:
                continue
            if any(isinstance(loop, ast.For | ast.While) for loop in parsed.loops(node)) and self._own(parsed, first):
                found = self._rewrite(parsed, node, first, chain)
                if found is not None:
                    yield found

    def _own(self, module: Module, name: ast.Name) -> bool:
        """Whether the list is held by this variable alone, and no loop goes through it."""
        variable = module.variable(name)
        if variable is None or not module.is_kind(name, "list") or not module.owned(name):
            return False
        for loop in module.loops(name):
            iterated = loop.iter if isinstance(loop, ast.For) else None
            walked = ast.walk(iterated) if iterated is not None else ()
            if any(isinstance(part, ast.Name) and module.variable(part) is variable for part in walked):
                return False
        return True

    def _rewrite(self, module: Module, node: ast.Assign, name: ast.Name, chain: list[ast.expr]) -> Rewrite | None:
        assumes: set[str] = set()
        if any(part.id == name.id for part in names_in(chain)) or has(chain, ast.Await | ast.Yield | ast.YieldFrom):
            return None
        if not all(module.is_kind(one, "list", assumes=assumes) for one in chain):
            return None
        new = _written(module, node, name, chain)
        if not new or ("\n" in new and len(chain) > 1):
            return None
        what = f"{name.id!r} is copied on every turn of the loop, to add to it"
        return self.at(module, node, what, [module.splice(node, new)], assumes=assumes, gain=30.0)


def _leftmost(node: ast.expr) -> tuple[ast.expr, list[ast.expr]]:
    """The first operand of a sum and all others, ``a + b + c``; a sum in brackets is one operand."""
    others: list[ast.expr] = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        others.insert(0, node.right)
        node = node.left
    return node, others


def _written(module: Module, node: ast.Assign, name: ast.Name, chain: list[ast.expr]) -> str:
    """The statement that adds to the list itself; "" if there is none."""
    match chain:
        case [ast.List(elts=[ast.Starred()])]:
            return ""
        case [ast.List(elts=[item])]:
            return f"{name.id}.append({module.segment(item)})"
        case _:
            start, stop = module.locator.range(chain[0])[0], module.locator.range(node.value)[1]
            return f"{name.id} += {module.text[start:stop]}"


RULE = ListConcatenation()
