"""``xs == sorted(xs)``: most lists that are not in order show it in their first items."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.analysis import Module
from cambrian.source.rules.loops import same
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_FIRST = 32
"""Items that are looked at before the whole is sorted: about a microsecond's work."""


class SortedTest(PythonRule):
    """A test of the beginning before the whole is sorted."""

    id = "sorted-test"
    title = "Look at the first items before sorting a list to see whether it is in order"
    why = (
        "`xs == sorted(xs)` sorts the whole list to say no, though in most lists that are not in order two of the "
        "first items are not. If the first 32 items are out of order, so is the list; otherwise it is sorted as before"
        " (going through pairs in Python would take longer than that for a list that is in order). It is assumed that "
        "items can be compared with each other, and are in one order (NaN is not)."
    )
    words = ("sorted(",)
    examples = (
        Example(
            note="upwards or downwards",
            before=(
                "def monotonic(l: list):\n"
                "    if l == sorted(l) or l == sorted(l, reverse=True):\n"
                "        return True\n"
                "    return False\n"
            ),
            after=(
                "def monotonic(l: list):\n"
                "    if (l[:32] == sorted(l[:32]) and l == sorted(l)) or (l[:32] == sorted(l[:32], reverse=True) and "
                "l == sorted(l, reverse=True)):\n"
                "        return True\n"
                "    return False\n"
            ),
            calls=(
                "monotonic([1, 2, 2])", "monotonic([3, 2])", "monotonic([1, 3, 2])", "monotonic([])",
                "monotonic(list(range(40)) + [3])", "monotonic(list(range(99)))", "monotonic(list(range(99))[::-1])",
            ),
        ),
        Example(
            note="not in order",
            before="def mixed(values):\n    return sorted(values) != values\n",
            after="def mixed(values):\n    return (values[:32] != sorted(values[:32]) or sorted(values) != values)\n",
            calls=("mixed([1, 2])", "mixed([2, 1])", "mixed(list(range(50)) + [0])", "mixed([])"),
        ),
        Example(
            note="in the order of a key",
            before="def by_length(words: list):\n    return words == sorted(words, key=len)\n",
            after=None,
        ),
        Example(
            note="another list",
            before="def alike(one: list, two: list):\n    return one == sorted(two), sorted(one) == sorted(two)\n",
            after=None,
        ),
        Example(
            note="an iterator, and a dict, have no beginning to look at",
            before=(
                "def same(path):\n"
                "    with open(path) as lines:\n"
                "        return lines == sorted(lines)\n\n\n"
                "def keys(d: dict):\n"
                "    return d == sorted(d)\n"
            ),
            after=None,
        ),
    )  # fmt: skip

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for node in parsed.of(ast.Compare):
            if len(node.ops) != 1 or not isinstance(node.ops[0], ast.Eq | ast.NotEq):
                continue
            sides = (node.left, node.comparators[0])
            for items, made in (sides, sides[::-1]):
                found = self._at(parsed, node, items, made) if isinstance(items, ast.Name) else None
                if found is not None:
                    yield found

    def _at(self, module: Module, node: ast.Compare, items: ast.Name, made: ast.expr) -> Rewrite | None:
        assumes: set[str] = set()
        match made:
            case ast.Call(args=[ast.Name() as given], keywords=words) if same(module, given, items):
                turned = "".join(f", {word.arg}={module.segment(word.value)}" for word in words)
            case _:
                return None
        if any(word.arg != "reverse" or not isinstance(word.value, ast.Constant) for word in words):
            return None
        if not module.calls(made, "builtins.sorted") or _looked_at(module, node, items.id):
            return None
        if "\n" in module.segment(node) or module.taken(items, "list", "tuple", assumes=assumes) is None:
            return None
        assumes.add(f"what {items.id!r} holds can be compared, and has one order")
        first, name = f"{items.id}[:{_FIRST}]", module.segment(made.func)
        equal = isinstance(node.ops[0], ast.Eq)
        beginning = f"{first} {'==' if equal else '!='} {name}({first}{turned})"
        text = f"({beginning} {'and' if equal else 'or'} {module.segment(node)})"
        what = f"{items.id!r} is sorted to see whether it is in order"
        return self.at(module, node, what, [module.splice(node, text)], assumes=assumes, gain=8.0)


def _looked_at(module: Module, node: ast.Compare, name: str) -> bool:
    """Whether the first items are looked at already."""
    above = module.parent(node)
    return (
        isinstance(above, ast.BoolOp)
        and any(
            isinstance(part, ast.Subscript) and ast.unparse(part) == f"{name}[:{_FIRST}]" for part in ast.walk(above)
        )
        and node is above.values[-1]
    )


RULE = SortedTest()
