"""``xs[i], xs[i + 1]`` for each index: pairs of neighbours from `itertools.pairwise`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from cambrian.source.analysis import Module
from cambrian.source.analysis.index import Region, within
from cambrian.source.edit import Splice
from cambrian.source.rules.hoisting import at_once
from cambrian.source.rules.indices import walked
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_SEQUENCES = ("list", "tuple", "str")


class _Loop(NamedTuple):
    """A loop over the indices of all pairs of neighbours; `first`: how far the index is from the earlier one."""

    target: ast.Name
    iter: ast.expr
    items: ast.Name
    inside: Region
    place: ast.expr | ast.stmt
    first: int


class Neighbours(PythonRule):
    """A loop over indices that only reads two neighbours goes over pairs."""

    id = "neighbours"
    title = "Go over pairs of neighbours with `pairwise`"
    why = (
        "`xs[i]` and `xs[i + 1]` for each index take two look-ups and an addition; `itertools.pairwise` hands out the "
        "pairs. The guard sees that the sequence stays as it is, that the index is used for nothing but these two "
        "items, and that nobody reads it afterwards."
    )
    words = ("range(",)
    examples = (
        Example(
            note="whether a list rises",
            before=(
                "def rises(values: list[int]) -> bool:\n"
                "    return all([values[i] <= values[i + 1] for i in range(len(values) - 1)])\n"
            ),
            after=(
                "from itertools import pairwise\n\n\n"
                "def rises(values: list[int]) -> bool:\n"
                "    return all([one <= other for one, other in pairwise(values)])\n"
            ),
            calls=("rises([1, 2, 2])", "rises([2, 1])", "rises([])", "rises([1])"),
        ),
        Example(
            note="from the second one on, backwards",
            before=(
                "def steps(values: list[int]) -> int:\n"
                "    total = 0\n"
                "    for i in range(1, len(values)):\n"
                "        total += abs(values[i] - values[i - 1])\n"
                "    return total\n"
            ),
            after=(
                "from itertools import pairwise\n\n\n"
                "def steps(values: list[int]) -> int:\n"
                "    total = 0\n"
                "    for one, other in pairwise(values):\n"
                "        total += abs(other - one)\n"
                "    return total\n"
            ),
            calls=("steps([1, 4, 2])", "steps([])", "steps([5])"),
        ),
        Example(
            note="the first pair would be that of the first and the last",
            before="def circle(xs: list[int]):\n    return [xs[i] - xs[i - 1] for i in range(len(xs))]\n",
            after=None,
        ),
        Example(
            note="items are exchanged on the way",
            before=(
                "def pass_once(xs: list[int]):\n"
                "    for i in range(len(xs) - 1):\n"
                "        if xs[i] > xs[i + 1]:\n"
                "            xs[i], xs[i + 1] = xs[i + 1], xs[i]\n"
                "    return xs\n"
            ),
            after=None,
        ),
        Example(
            note="the index is needed besides",
            before="def falls(xs: list[int]):\n    return [i for i in range(len(xs) - 1) if xs[i] > xs[i + 1]]\n",
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for loop in _loops(parsed):
            assumes: set[str] = set()
            reads = _reads(parsed, loop)
            if reads is None or not {0, 1} <= set(reads.values()) or not _fits(parsed, loop, assumes):
                continue
            made = parsed.importing("itertools", "pairwise")
            names = parsed.fresh("one", f"{loop.items.id}_one"), parsed.fresh("other", f"{loop.items.id}_other")
            splices: list[Splice] = [
                *made.splices,
                parsed.splice(loop.target, ", ".join(names)),
                parsed.splice(loop.iter, f"{made.spelling}({loop.items.id})"),
                *(parsed.splice(read, names[place]) for read, place in reads.items()),
            ]
            what = f"neighbours in {loop.items.id!r} are read by index"
            yield self.at(parsed, loop.place, what, splices, assumes=assumes, gain=1.4)


def _loops(module: Module) -> Iterator[_Loop]:
    for loop in module.of(ast.For):
        found = _items(module, loop.iter)
        if found is not None and isinstance(loop.target, ast.Name):
            yield _Loop(loop.target, loop.iter, found[0], loop.body, loop, found[1])
    for made in module.of(ast.ListComp, ast.SetComp, ast.GeneratorExp):
        part = made.generators[0]
        found = _items(module, part.iter)
        if found is None or part.is_async or not isinstance(part.target, ast.Name) or len(made.generators) > 1:
            continue
        if not isinstance(made, ast.GeneratorExp) or at_once(module, made):
            yield _Loop(part.target, part.iter, found[0], [made.elt, *part.ifs], made, found[1])


def _items(module: Module, node: ast.expr) -> tuple[ast.Name, int] | None:
    """The sequence, and the place of the index in a pair: of ``range(len(xs) - 1)`` or ``range(1, len(xs))``."""
    if not isinstance(node, ast.Call) or not module.calls(node, "builtins.range") or node.keywords:
        return None
    last = node.args[-1] if node.args else None
    if len(node.args) == 1 and isinstance(last, ast.BinOp) and isinstance(last.op, ast.Sub) and _is_one(last.right):
        name = _measured(module, last.left)
        return None if name is None else (name, 0)
    if len(node.args) == 2 and last is not None and _is_one(node.args[0]):
        name = _measured(module, last)
        return None if name is None else (name, 1)
    return None


def _measured(module: Module, node: ast.expr) -> ast.Name | None:
    """The name whose length it is."""
    known = isinstance(node, ast.Call) and module.calls(node, "builtins.len") and len(node.args) == 1
    inner = node.args[0] if known and isinstance(node, ast.Call) else None
    return inner if isinstance(inner, ast.Name) else None


def _is_one(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int and node.value == 1


def _reads(module: Module, loop: _Loop) -> dict[ast.Subscript, int] | None:
    """Each read of an item, and whether it is the earlier or the later one; ``None`` if the index has another use."""
    index, items = module.variable(loop.target), module.variable(loop.items)
    found: dict[ast.Subscript, int] = {}
    for name in index.reads if index is not None else ():
        if not within(name, loop.inside):
            continue
        above, step = module.parent(name), 0
        if isinstance(above, ast.BinOp) and above.left is name and _is_one(above.right):
            step = 1 if isinstance(above.op, ast.Add) else -1 if isinstance(above.op, ast.Sub) else 9
            above = module.parent(above)
        place = loop.first + step
        if not isinstance(above, ast.Subscript) or not within(name, above.slice) or place not in {0, 1}:
            return None
        if not isinstance(above.ctx, ast.Load) or module.variable(above.value) is not items:
            return None
        found[above] = place
    return found


def _fits(module: Module, loop: _Loop, assumes: set[str]) -> bool:
    return "#" not in module.segment(loop.iter) and walked(
        module, loop.target, loop.items, loop.inside, *_SEQUENCES, assumes=assumes
    )


RULE = Neighbours()
