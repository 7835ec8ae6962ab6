"""``for i in range(len(xs))``: a loop over indices that reads the items is one over the items."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cambrian.source.analysis import Module, Variable
from cambrian.source.analysis.index import Region, within
from cambrian.source.edit import Splice
from cambrian.source.rules.hoisting import at_once
from cambrian.source.rules.indices import Indices, indices, walked
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_SEQUENCES = ("list", "tuple", "str", "range")


class _Loop(NamedTuple):
    """A loop over the indices of a sequence, as a statement or in a comprehension."""

    node: ast.For | ast.comprehension
    target: ast.Name
    over: Indices
    inside: Region
    place: ast.expr | ast.stmt
    trusted: frozenset[str] = frozenset()

    @property
    def items(self) -> ast.Name:
        return self.over.items


class IndexLoop(PythonRule):
    """A loop over indices that only reads items goes over the items."""

    id = "index-loop"
    title = "Go over items, not over their indices"
    why = (
        "`xs[i]` for each `i in range(len(xs))` makes a number and looks it up each time; `for x in xs` gives the "
        "items. Where the index is needed besides, `enumerate` gives both; `range(1, len(xs), 2)` are the items of "
        "`xs[1::2]`. The guard sees that the sequence and its "
        "length stay as they are while the loop runs, that the index is not changed in it, and that nobody reads the "
        "index afterwards."
    )
    words = ("range(",)
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
            note="a length taken before; every second one; a loop that may be left early",
            before=(
                "def found(xs: list[int], wanted: int):\n"
                "    count = len(xs)\n"
                "    total = sum([xs[i] for i in range(1, count, 2) if xs[i] > 0])\n"
                "    for i in range(1, count):\n"
                "        if xs[i] == wanted:\n"
                "            return total\n"
                "    return -total\n"
            ),
            after=(
                "from itertools import islice\n\n\n"
                "def found(xs: list[int], wanted: int):\n"
                "    count = len(xs)\n"
                "    total = sum([xs_item for xs_item in xs[1::2] if xs_item > 0])\n"
                "    for item in islice(xs, 1, None):\n"
                "        if item == wanted:\n"
                "            return total\n"
                "    return -total\n"
            ),
            calls=("found([3, 4, 5, 6], 5)", "found([], 0)", "found([1], 1)", "found([7, -1, 1], 1)"),
        ),
        Example(
            note="two sequences side by side",
            before=(
                "def dot(xs: list[int], ys: list[int]):\n"
                "    total = 0\n"
                "    for i in range(len(xs)):\n"
                "        total += xs[i] * ys[i]\n"
                "    return total\n"
            ),
            after=(
                "def dot(xs: list[int], ys: list[int]):\n"
                "    total = 0\n"
                "    for item, ys_item in zip(xs, ys):\n"
                "        total += item * ys_item\n"
                "    return total\n"
            ),
            calls=("dot([1, 2], [3, 4])", "dot([], [])", "dot([1], [2, 3])"),
        ),
        Example(
            note="the other one is changed on the way, or is made in the loop",
            before=(
                "def other(xs: list[int], ys: list[int], rows: list[list[int]]):\n"
                "    for i in range(len(xs)):\n"
                "        ys[i] += xs[i + 1] * ys[i]\n"
                "    for i in range(len(xs)):\n"
                "        ys.append(xs[i - 1] + ys[i])\n"
                "    return ys\n"
            ),
            after=None,
        ),
        Example(
            note="a length that was another one, or is not the sequence's",
            before=(
                "def cut(xs: list[int], n: int):\n"
                "    count = len(xs)\n"
                "    xs.pop()\n"
                "    return [xs[i] for i in range(count)], [xs[i] for i in range(n)]\n"
            ),
            after=None,
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
            assumes = set(loop.trusted)
            reads, others = _uses(parsed, loop)
            if not reads or not _fits(parsed, loop, assumes) or (others and loop.over.step != 1):
                continue
            if any(_indexes(parsed, loop, other) for other in others):
                continue  # neighbours: the sequence is looked into all the same
            beside = _beside(parsed, loop, others, assumes)
            if beside:
                what = f"{loop.items.id!r} and {' and '.join(map(repr, beside))} are gone through by index"
                yield self.at(parsed, loop.place, what, _zipped(parsed, loop, reads, beside), assumes=assumes, gain=1.4)
                continue
            splices = _splices(parsed, loop, reads, keep=bool(others))
            what = f"{loop.items.id!r} is gone through by index"
            yield self.at(parsed, loop.place, what, splices, assumes=assumes, gain=1.3)


def _loops(module: Module) -> Iterator[_Loop]:
    for loop in module.of(ast.For):
        trusted: set[str] = set()
        over = indices(module, loop.iter, trusted)
        if over is not None and isinstance(loop.target, ast.Name) and "#" not in module.segment(loop.iter):
            yield _Loop(loop, loop.target, over, loop.body, loop, frozenset(trusted))
    for made in module.of(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp):
        part = made.generators[0]
        trusted = set()
        over = indices(module, part.iter, trusted)
        if over is None or part.is_async or not isinstance(part.target, ast.Name) or len(made.generators) > 1:
            continue
        parts = [made.key, made.value] if isinstance(made, ast.DictComp) else [made.elt]
        yield _Loop(part, part.target, over, [*parts, *part.ifs], made, frozenset(trusted))


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
    if isinstance(loop.place, ast.GeneratorExp) and not at_once(module, loop.place):
        return False
    return walked(module, loop.target, loop.items, loop.inside, *_SEQUENCES, assumes=assumes)


def _splices(module: Module, loop: _Loop, reads: Sequence[ast.Subscript], *, keep: bool) -> list[Splice]:
    item = module.fresh(*_names(loop.items.id))
    target = item
    source, splices = _source(module, loop)
    if keep:
        made = module.builtin("enumerate")
        start = f", {loop.over.first}" if loop.over.first else ""
        target, source = f"{loop.target.id}, {item}", f"{made.spelling}({source}{start})"
        splices += made.splices
    splices += [module.splice(loop.target, target), module.splice(loop.node.iter, source)]
    return splices + [module.splice(read, item) for read in reads]


def _beside(
    module: Module, loop: _Loop, others: Sequence[ast.Name], assumes: set[str]
) -> dict[str, list[ast.Subscript]]:
    """Where items of other sequences are read by the same index, if it has no other use; by the sequence's name."""
    mine: set[str] = set()
    found: dict[str, list[ast.Subscript]] = {}
    if loop.over.first or loop.over.step != 1:
        return {}
    for name in others:
        above = module.parent(name)
        match above:
            case ast.Subscript(value=ast.Name() as items, slice=place, ctx=ast.Load()) if place is name:
                if not _same_through(module, items, loop, mine):
                    return {}
                mine.add(f"{items.id!r} is at least as long as {loop.items.id!r}")
                found.setdefault(items.id, []).append(above)
            case _:
                return {}
    if len(found) > 2:
        return {}
    assumes |= mine
    return found


def _same_through(module: Module, items: ast.Name, loop: _Loop, assumes: set[str]) -> bool:
    """Whether a variable holds one sequence through a loop, with the same items."""
    inner = module.variable(items)
    if inner is None or any(within(binding.node, loop.inside) for binding in inner.bindings):
        return False
    if module.taken(items, *_SEQUENCES, assumes=assumes) is None:
        return False
    return module.bound(items) and module.unchanged(items, loop.inside, assumes)


def _zipped(
    module: Module, loop: _Loop, reads: Sequence[ast.Subscript], beside: dict[str, list[ast.Subscript]]
) -> list[Splice]:
    made = module.builtin("zip")
    targets: list[str] = []
    splices: list[Splice] = list(made.splices)
    for word, places in ((loop.items.id, reads), *beside.items()):
        name = module.fresh(*(one for one in (*_names(word), f"{word}_one") if one not in targets))
        targets.append(name)
        splices += [module.splice(place, name) for place in places]
    source = f"{made.spelling}({', '.join([loop.items.id, *beside])})"
    return [*splices, module.splice(loop.target, ", ".join(targets)), module.splice(loop.node.iter, source)]


def _source(module: Module, loop: _Loop) -> tuple[str, list[Splice]]:
    """The items of the indices: a copy of that part where all of it is gone through."""
    name, first, step = loop.items.id, loop.over.first, loop.over.step
    if not first and step == 1:
        return name, []
    inner = ast.walk(loop.node) if isinstance(loop.node, ast.For) else ()
    if isinstance(loop.place, ast.GeneratorExp) or any(isinstance(part, ast.Return | ast.Break) for part in inner):
        made = module.importing("itertools", "islice")
        end = f", {step}" if step != 1 else ""
        return f"{made.spelling}({name}, {first}, None{end})", list(made.splices)
    return f"{name}[{first or ''}:{f':{step}' if step != 1 else ''}]", []


def _names(word: str) -> list[str]:
    """What an item may be called: the singular, if that can be told."""
    singular = [word[:-1]] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else []
    return [*singular, "item", f"{word}_item"]


RULE = IndexLoop()
