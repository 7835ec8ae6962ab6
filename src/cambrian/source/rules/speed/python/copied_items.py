"""``[x for x in xs]``: a comprehension that does nothing with its items is a copy, or a filter."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeAlias

from cambrian.source.analysis import Module
from cambrian.source.edit import Splice
from cambrian.source.rules.hoisting import at_once
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_Comprehension: TypeAlias = ast.ListComp | ast.SetComp | ast.GeneratorExp


class CopiedItems(PythonRule):
    """A comprehension of the items themselves, all or those that are true, is left to a builtin."""

    id = "copied-items"
    title = "Copy or filter items with a builtin, not one by one"
    why = (
        "`[x for x in xs]` puts each item into a new list by bytecode; `list(xs)` copies them at once. A generator of "
        "nothing but the items, which is used up where it stands, adds nothing to them. Of `[x for x in xs if x]` the "
        "test is done by `filter(None, xs)`. The guard sees that an item is handed on as it is, under no other "
        "condition than its own truth."
    )
    words = (" for ",)
    examples = (
        Example(
            note="a copy, a set, and a generator that adds nothing",
            before=(
                "def all_of(xs):\n"
                "    total = sum(x for x in xs)\n"
                "    return total, [x for x in xs], {x for x in xs}, sorted((x for x in xs), reverse=True)\n"
            ),
            after=(
                "def all_of(xs):\n    total = sum(xs)\n    return total, list(xs), set(xs), sorted(xs, reverse=True)\n"
            ),
            calls=("all_of([1, 3, 1])", "all_of(())", "all_of([None])", "all_of({2: 1})"),
        ),
        Example(
            note="what is true",
            before="def words(text):\n    return [word for word in text.split(' ') if word]\n",
            after="def words(text):\n    return list(filter(None, text.split(' ')))\n",
            calls=("words(' a  b ')", "words('')"),
        ),
        Example(
            note="another condition, another item, a generator that is kept",
            before=(
                "def some(xs, y):\n"
                "    kept = (x for x in xs), dict(x for x in xs), max((x for x in xs), y)\n"
                "    return kept, [x for x in xs if not x], [y for x in xs], [x for x in xs if y], [-x for x in xs]\n"
            ),
            after=None,
        ),
        Example(
            note="pairs are unpacked and packed again: they may be other than pairs",
            before="def pairs(xs):\n    return [(a, b) for a, b in xs], {k: v for k, v in xs}\n",
            after=None,
        ),
        Example(
            note="a list of itself, whose length would be asked for",
            before="class Bag:\n    def __len__(self):\n        return len([item for item in self])\n",
            after=None,
        ),
        Example(
            note="items that come one by one from elsewhere",
            before="async def read(lines):\n    return [line async for line in lines]\n",
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for node in parsed.of(ast.ListComp, ast.SetComp, ast.GeneratorExp):
            part = node.generators[0]
            if len(node.generators) > 1 or part.is_async or "#" in parsed.segment(node):
                continue
            if not isinstance(part.target, ast.Name) or not _is(node.elt, part.target):
                continue
            if len(part.ifs) > 1 or not all(_is(test, part.target) for test in part.ifs):
                continue
            if isinstance(node, ast.GeneratorExp) and not _used_up(parsed, node):
                continue
            assumes: set[str] = set()
            if not part.ifs and not _measurable(parsed, part.iter, assumes):
                continue
            what = "items are handed on one by one, and nothing is done with them"
            gain = 1.5 if part.ifs else 3.0
            yield self.at(parsed, node, what, _splices(parsed, node, part), assumes=assumes, gain=gain)


def _is(node: ast.expr, target: ast.Name) -> bool:
    return isinstance(node, ast.Name) and node.id == target.id


def _measurable(module: Module, node: ast.expr, assumes: set[str]) -> bool:
    """Whether asking for a length, as `list` does, has no effects: a method of the same object's may ask for a list."""
    if module.kind(node) is not None:
        return True
    if isinstance(node, ast.Name) and node.id == "self":
        return False
    text = " ".join(module.segment(node).split())
    assumes.add(f"asking {text if len(text) <= 40 else text[:37] + '…'!r} for its length has no effects")
    return True


def _used_up(module: Module, node: ast.GeneratorExp) -> bool:
    """Whether a function that takes any iterable alike goes through it at once: `dict` takes mappings otherwise."""
    call = module.parent(node)
    if not at_once(module, node) or not isinstance(call, ast.Call) or module.calls(call, "builtins.dict"):
        return False
    return not isinstance(call.func, ast.Attribute) or module.is_kind(call.func.value, "str")


def _splices(module: Module, node: _Comprehension, part: ast.comprehension) -> list[Splice]:
    text = module.segment(part.iter)
    splices: list[Splice] = []
    if part.ifs:
        made = module.builtin("filter")
        text = f"{made.spelling}(None, {text})"
        splices += made.splices
    start, stop = module.locator.range(node)
    if not isinstance(node, ast.GeneratorExp):
        made = module.builtin("list" if isinstance(node, ast.ListComp) else "set")
        return [*splices, *made.splices, Splice(start, stop, f"{made.spelling}({text})")]
    call = module.parent(node)
    shared = isinstance(call, ast.Call) and module.locator.range(call)[1] == stop
    return [*splices, Splice(start + shared, stop - shared, text)]


RULE = CopiedItems()
