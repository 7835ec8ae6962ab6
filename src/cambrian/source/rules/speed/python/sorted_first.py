"""``sorted(x)[0]`` sorts all to find one; ``sorted(x)[:3]`` to find a few."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from cambrian.source.analysis import Module
from cambrian.source.edit import Splice
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_TOTAL = frozenset({"int", "str", "bytes", "bool"})
"""Kinds in whose order any two values come one after the other, or cannot be told apart."""
_FEW = 10


class _Sorted(NamedTuple):
    call: ast.Call
    key: ast.expr | None
    backwards: bool


class SortedFirst(PythonRule):
    """Selection instead of sorting."""

    id = "sorted-first"
    title = "Find the least item, or the few least, without sorting all"
    why = (
        "`min` and `max` go through the items once; `heapq.nsmallest` keeps the few that it needs. `sorted(x)[0]` is "
        "the first of the least items, as is `min(x)`; `sorted(x)[-1]` is the *last* of the greatest, `max(x)` the "
        "first: the guard asks that equal items cannot be told apart. An empty x raises `ValueError` instead of "
        "`IndexError`: that it is not empty is an assumption, unless the text shows it."
    )
    tags = ("memory",)
    words = ("sorted(",)
    examples = (
        Example(
            before='def least(text: str):\n    return sorted(text.split())[0]\n',
            after='def least(text: str):\n    return min(text.split())\n',
            calls=("least('b a c')",),
            note="the first",
        ),
        Example(
            before='def greatest(values: list[int]):\n    return sorted(values)[-1], sorted(values, reverse=True)[0]\n',
            after='def greatest(values: list[int]):\n    return max(values), max(values)\n',
            calls=("greatest([2, 3, 1])",),
            note="the last",
        ),
        Example(
            before='def worst(words: list[str]):\n    return sorted(words, key=len)[:3]\n',
            after=(
                "from heapq import nsmallest\n\n\n"
                'def worst(words: list[str]):\n    return nsmallest(3, words, key=len)\n'
            ),
            calls=("worst(['aa', 'b', 'c', 'dddd', 'e'])", "worst([])"),
            note="a few; equal ones stay in their order",
        ),
        Example(
            before="def longest(words):\n    return sorted(words, key=len)[-1]\n",
            after=None,
            note="the last of those that are equally long, not the first",
        ),
        Example(before="def second(words):\n    return sorted(words)[1]\n", after=None, note="neither end"),
        Example(before="def half(words, n):\n    return sorted(words)[:n]\n", after=None, note="n may be many"),
    )  # fmt: skip

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for node in parsed.of(ast.Subscript):
            made = self._sorted(parsed, node.value) if isinstance(node.ctx, ast.Load) else None
            if made is None:
                continue
            place = _place(node.slice)
            few = _few(node.slice)
            if place is not None:
                found = self._end(parsed, node, made, last=place < 0)
                if found is not None:
                    yield found
            elif few:
                yield self._some(parsed, node, made, few)

    def _sorted(self, module: Module, node: ast.expr) -> _Sorted | None:
        if not isinstance(node, ast.Call) or not module.calls(node, "builtins.sorted") or len(node.args) != 1:
            return None
        words = {word.arg: word.value for word in node.keywords}
        backwards = words.pop("reverse", None)
        key = words.pop("key", None)
        if (
            words
            or isinstance(node.args[0], ast.Starred)
            or not (backwards is None or isinstance(backwards, ast.Constant))
        ):
            return None
        return _Sorted(node, key, isinstance(backwards, ast.Constant) and bool(backwards.value))

    def _end(self, module: Module, node: ast.Subscript, made: _Sorted, *, last: bool) -> Rewrite | None:
        assumes: set[str] = set()
        items = made.call.args[0]
        kind = module.kind(items, assumes)
        item = kind.item if kind is not None and kind.name != "str" else kind
        total = made.key is None and item is not None and item.name in _TOTAL
        if last and not total:
            return None
        if made.key is not None and not module.pure(made.key, assumes):
            return None
        if not total:
            assumes.add("any two items compare, in one order: there is no NaN among them")
        if not (isinstance(items, ast.List | ast.Tuple | ast.Set) and items.elts):
            assumes.add(f"{' '.join(module.segment(items).split())!r} is not empty")
        name = "max" if made.backwards != last else "min"
        return self._made(module, node, made, name, assumes, "is sorted to find one item", 5.0)

    def _some(self, module: Module, node: ast.Subscript, made: _Sorted, few: int) -> Rewrite:
        assumes: set[str] = set()
        if made.key is not None and not module.pure(made.key, assumes):
            assumes.add("the function that is the key has no effects")
        kind = module.kind(made.call.args[0], assumes)
        item = kind.item if kind is not None else None
        if made.key is not None or item is None or item.name not in _TOTAL:
            assumes.add("any two items compare, in one order: there is no NaN among them")
        name = "nlargest" if made.backwards else "nsmallest"
        return self._made(module, node, made, name, assumes, "is sorted to find a few items", 1.5, few)

    def _made(
        self, module: Module, node: ast.Subscript, made: _Sorted, name: str, assumes: set[str], words: str, gain: float,
        few: int = 0,
    ) -> Rewrite:  # fmt: skip
        function = module.importing("heapq", name) if few else module.builtin(name)
        first = [str(few)] if few else []
        key = [f"key={module.segment(made.key)}"] if made.key is not None else []
        text = f"{function.spelling}({', '.join([*first, module.segment(made.call.args[0]), *key])})"
        splices: list[Splice] = [*function.splices, module.splice(node, text)]
        items = " ".join(module.segment(made.call.args[0]).split())
        return self.at(module, node, f"{items!r} {words}", splices, assumes=assumes, gain=gain)


def _place(node: ast.expr) -> int | None:
    if isinstance(node, ast.Constant) and node.value == 0 and type(node.value) is int:
        return 0
    negative = (
        isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant)
    )
    return -1 if negative and ast.unparse(node) == "-1" else None


def _few(node: ast.expr) -> int:
    if not isinstance(node, ast.Slice) or node.step is not None or not isinstance(node.upper, ast.Constant):
        return 0
    start = node.lower is None or (isinstance(node.lower, ast.Constant) and node.lower.value == 0)
    stop = node.upper.value
    return stop if start and type(stop) is int and 1 <= stop <= _FEW else 0


RULE = SortedFirst()
