"""``for x in list(zip(xs, ys))``: a copy of what can be gone through as it is."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.analysis import Module
from cambrian.source.rules.rule import Example, Rewrite
from cambrian.source.rules.sparing import EATERS, MemoryRule, given_whole, still

_COPIES = ("builtins.list", "builtins.tuple")
_LAZY = ("builtins.range", "builtins.zip", "builtins.enumerate", "builtins.reversed")
_VIEWS = ("keys", "values", "items")
_CONTAINERS = ("list", "tuple", "str", "set", "dict", "deque", "bytes")


class CopiedIterable(MemoryRule):
    """A copy that is gone through once is left out."""

    id = "copied-iterable"
    title = "Go through a range, a zip, a dict's view or a list as it is, not through a copy of it"
    why = (
        "`list(…)` around what a loop goes through holds all its items at once. The loop takes a range, a zip, an "
        "enumeration, a view of a dict or a container as they are. The guard sees that the loop changes none of them "
        "and calls nothing unknown that might: for this, copies are made."
    )
    tags = ("memory",)
    words = ("list(", "tuple(")
    examples = (
        Example(
            note="loops, and what goes through items once",
            before=(
                "def total(prices: dict[str, int], n: int):\n"
                "    found = sum(list(prices.values()))\n"
                "    for i in list(range(n)):\n"
                "        found += i\n"
                "    return found + sum(p for p in list(prices.values()))\n"
            ),
            after=(
                "def total(prices: dict[str, int], n: int):\n"
                "    found = sum(prices.values())\n"
                "    for i in range(n):\n"
                "        found += i\n"
                "    return found + sum(p for p in prices.values())\n"
            ),
            calls=("total({'a': 1, 'b': 2}, 3)", "total({}, 0)"),
        ),
        Example(
            note="pairs",
            before=(
                "def dot(a: list[int], b: list[int]):\n"
                "    out = 0\n"
                "    for x, y in list(zip(a, b)):\n"
                "        out += x * y\n"
                "    return out\n"
            ),
            after=(
                "def dot(a: list[int], b: list[int]):\n"
                "    out = 0\n"
                "    for x, y in zip(a, b):\n"
                "        out += x * y\n"
                "    return out\n"
            ),
            calls=("dot([1, 2], [3, 4])", "dot([], [])"),
        ),
        Example(
            note="the loop changes what it goes through",
            before=(
                "def clear(found: dict[str, int], values: list[int]):\n"
                "    for key in list(found.keys()):\n"
                "        del found[key]\n"
                "    for value in list(values):\n"
                "        values.remove(value)\n"
            ),
            after=None,
        ),
        Example(
            note="somebody unknown may change it",
            before=(
                "def tell(hooks: dict[str, int], told):\n    for name in list(hooks.keys()):\n        told(name)\n"
            ),
            after=None,
        ),
        Example(
            note="a copy that is kept, and calls that nobody knows",
            before=(
                "def kept(n: int, values: list[int], tell):\n"
                "    numbers = list(range(n))\n"
                "    for value in list(map(tell, values)):\n"
                "        numbers.append(value)\n"
                "    return numbers\n"
            ),
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for node in parsed.of(ast.Call):
            if not parsed.calls(node, *_COPIES) or len(node.args) != 1 or node.keywords:
                continue
            inner = node.args[0]
            assumes: set[str] = set()
            region = _meanwhile(parsed, node)
            if region is None or "#" in parsed.segment(node) or not _lasting(parsed, inner, region, assumes):
                continue
            text = parsed.segment(inner)
            what = f"a copy of {' '.join(text.split())[:40]!r} is made to go through it once"
            yield self.at(parsed, node, what, [parsed.splice(node, text)], assumes=assumes, gain=30.0)


def _meanwhile(module: Module, node: ast.Call) -> list[ast.AST] | None:
    """The code that runs while items are gone through; `None` if they are not gone through once, there."""
    parent = module.parent(node)
    if isinstance(parent, ast.For) and parent.iter is node:
        return [parent.target, *parent.body]
    if isinstance(parent, ast.comprehension) and parent.iter is node:
        made = module.parent(parent)
        if isinstance(made, ast.GeneratorExp) and given_whole(module, made, *EATERS) is None:
            return None
        return [part for part in ast.iter_child_nodes(made) if part is not parent] if made is not None else None
    return [] if given_whole(module, node, *EATERS) is not None else None


def _lasting(module: Module, node: ast.expr, region: list[ast.AST], assumes: set[str]) -> bool:
    """Whether what is gone through is the same all the while."""
    if isinstance(node, ast.Starred):
        return False
    if module.calls(node, *_LAZY):
        assert isinstance(node, ast.Call)
        return all(_argument(module, each, region, assumes) for each in node.args)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _VIEWS:
        held = node.func.value
        return not node.args and isinstance(held, ast.Name) and _held(module, held, ("dict",), region, assumes)
    return isinstance(node, ast.Name) and _held(module, node, _CONTAINERS, region, assumes)


def _argument(module: Module, node: ast.expr, region: list[ast.AST], assumes: set[str]) -> bool:
    if module.is_kind(node, "int", assumes=assumes):
        return module.pure(node, assumes)
    if isinstance(node, ast.Name):
        return _held(module, node, _CONTAINERS, region, assumes)
    return module.calls(node, *_LAZY) and _lasting(module, node, region, assumes)


def _held(module: Module, node: ast.Name, kinds: tuple[str, ...], region: list[ast.AST], assumes: set[str]) -> bool:
    if module.is_kind(node, "int", assumes=assumes):
        return True
    return module.is_kind(node, *kinds, assumes=assumes) and still(module, node, region, None)


RULE = CopiedIterable()
