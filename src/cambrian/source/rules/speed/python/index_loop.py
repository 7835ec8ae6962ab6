"""``for i in range(len(xs))``: a loop over indices that reads the items is one over the items."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cambrian.source.analysis import Module, Variable
from cambrian.source.analysis.index import Region, within
from cambrian.source.edit import Splice
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_SEQUENCES = ("list", "tuple", "str", "range")


class _Loop(NamedTuple):
    """A loop over ``range(len(items))``, as a statement or in a comprehension."""

    node: ast.For | ast.comprehension
    target: ast.Name
    items: ast.Name
    inside: Region
    place: ast.expr | ast.stmt


class IndexLoop(PythonRule):
    """A loop over indices that only reads items goes over the items."""

    id = "index-loop"
    title = "Go over items, not over their indices"
    why = (
        "`xs[i]` for each `i in range(len(xs))` makes a number and looks it up each time; `for x in xs` gives the "
        "items. Where the index is needed besides, `enumerate` gives both. The guard sees that the sequence and its "
        "length stay as they are while the loop runs, that the index is not changed in it, and that nobody reads the "
        "index afterwards."
    )
    words = ("range(len(",)
    examples = (
        Example(
            note="the index is only used for the items",
            before=(
                "def total(prices: list[int]) -> int:\n"
                "    result = 0\n"
                "    for i in range(len(prices)):\n"
                "        if prices[i] > 0:  # no refunds\n"
                "            result += prices[i]\n"
                "    return result\n"
            ),
            after=(
                "def total(prices: list[int]) -> int:\n"
                "    result = 0\n"
                "    for price in prices:\n"
                "        if price > 0:  # no refunds\n"
                "            result += price\n"
                "    return result\n"
            ),
            calls=("total([3, -1, 4])", "total([])"),
        ),
        Example(
            note="the index is needed, too; in a comprehension",
            before="def weighted(xs: list[int]):\n    return [i * xs[i] for i in range(len(xs)) if xs[i]]\n",
            after="def weighted(xs: list[int]):\n    return [i * item for i, item in enumerate(xs) if item]\n",
            calls=("weighted([3, 0, 4])", "weighted([])"),
        ),
        Example(
            note="items are changed on the way",
            before=(
                "def doubled(xs: list[int]):\n    for i in range(len(xs)):\n        xs[i] = 2 * xs[i]\n    return xs\n"
            ),
            after=None,
        ),
        Example(
            note="the index is read afterwards, or changed in the loop",
            before=(
                "def last(xs: list[int]):\n"
                "    for i in range(len(xs)):\n"
                "        if xs[i]:\n"
                "            break\n"
                "    for k in range(len(xs)):\n"
                "        k += 1\n"
                "        print(xs[k - 1], xs[k])\n"
                "    return i\n"
            ),
            after=None,
        ),
        Example(
            note="whole numbers as keys: no sequence",
            before="def all_of(n):\n    d = {k: -k for k in range(n)}\n    return [d[i] for i in range(len(d))]\n",
            after=None,
        ),
        Example(
            note="neighbours: the item alone does not do",
            before=("def rises(xs: list[int]):\n    return [xs[i] - xs[i - 1] for i in range(len(xs))]\n"),
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for loop in _loops(parsed):
            assumes: set[str] = set()
            reads, others = _uses(parsed, loop)
            if not reads or not _fits(parsed, loop, assumes):
                continue
            if any(_indexes(parsed, loop, other) for other in others):
                continue  # neighbours: the sequence is looked into all the same
            splices = _splices(parsed, loop, reads, keep=bool(others))
            what = f"{loop.items.id!r} is gone through by index"
            yield self.at(parsed, loop.place, what, splices, assumes=assumes, gain=1.3)


def _loops(module: Module) -> Iterator[_Loop]:
    for loop in module.of(ast.For):
        items = _items(module, loop.iter)
        if items is not None and isinstance(loop.target, ast.Name) and "#" not in module.segment(loop.iter):
            yield _Loop(loop, loop.target, items, loop.body, loop)
    for made in module.of(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp):
        part = made.generators[0]
        items = _items(module, part.iter)
        if items is None or part.is_async or not isinstance(part.target, ast.Name) or len(made.generators) > 1:
            continue
        parts = [made.key, made.value] if isinstance(made, ast.DictComp) else [made.elt]
        yield _Loop(part, part.target, items, [*parts, *part.ifs], made)


def _items(module: Module, node: ast.expr) -> ast.Name | None:
    """The name of which these are all indices."""
    if not isinstance(node, ast.Call) or not module.calls(node, "builtins.range") or len(node.args) != 1:
        return None
    inner = node.args[0]
    if not isinstance(inner, ast.Call) or not module.calls(inner, "builtins.len") or len(inner.args) != 1:
        return None
    return inner.args[0] if isinstance(inner.args[0], ast.Name) else None


def _uses(module: Module, loop: _Loop) -> tuple[list[ast.Subscript], list[ast.Name]]:
    """Where the item of the index is read, and all other reads of the index."""
    index, items = module.variable(loop.target), module.variable(loop.items)
    reads: list[ast.Subscript] = []
    others: list[ast.Name] = []
    for name in index.reads if index is not None else ():
        if not within(name, loop.inside):
            continue
        above = module.parent(name)
        if isinstance(above, ast.Subscript) and above.slice is name and _reads(module, above, items):
            reads.append(above)
        else:
            others.append(name)
    return reads, others


def _reads(module: Module, node: ast.Subscript, items: Variable | None) -> bool:
    """Whether a subscript only reads an item of a variable."""
    named = isinstance(node.value, ast.Name) and module.variable(node.value) is items
    return named and isinstance(node.ctx, ast.Load)


def _indexes(module: Module, loop: _Loop, name: ast.Name) -> bool:
    """Whether an index is a part of what the same sequence is subscripted with."""
    items = module.variable(loop.items)
    for above in module.ancestors(name):
        if isinstance(above, ast.stmt):
            return False
        if isinstance(above, ast.Subscript) and within(name, above.slice) and module.variable(above.value) is items:
            return True
    return False


def _fits(module: Module, loop: _Loop, assumes: set[str]) -> bool:
    index, items = module.variable(loop.target), module.variable(loop.items)
    if index is None or items is None or index is items or index.captured or index.secret or index.deletes:
        return False
    if index.scope.kind not in {"function", "comprehension"} or isinstance(loop.place, ast.GeneratorExp):
        return False
    if any(binding.node is not loop.target and within(binding.node, loop.inside) for binding in index.bindings):
        return False
    after = [read for read in index.reads if not within(read, loop.inside)]
    if any(binding.node is loop.target for read in after for binding in module.reaching(read)):
        return False
    if module.taken(loop.items, *_SEQUENCES, assumes=assumes) is None:
        return False
    return module.unchanged(loop.items, loop.inside, assumes)


def _splices(module: Module, loop: _Loop, reads: Sequence[ast.Subscript], *, keep: bool) -> list[Splice]:
    item = module.fresh(*_names(loop.items.id))
    target, source = item, loop.items.id
    splices: list[Splice] = []
    if keep:
        made = module.builtin("enumerate")
        target, source = f"{loop.target.id}, {item}", f"{made.spelling}({source})"
        splices += made.splices
    splices += [module.splice(loop.target, target), module.splice(loop.node.iter, source)]
    return splices + [module.splice(read, item) for read in reads]


def _names(word: str) -> list[str]:
    """What an item may be called: the singular, if that can be told."""
    singular = [word[:-1]] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else []
    return [*singular, "item", f"{word}_item"]


RULE = IndexLoop()
