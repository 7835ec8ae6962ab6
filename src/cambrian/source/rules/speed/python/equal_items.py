"""``any(x == wanted for x in xs)``: whether one item, or each, is equal to something."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from cambrian.source.analysis import Module
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_SOUGHT = ("list", "tuple")
_SCALARS = ("int", "bool", "str", "bytes", "NoneType")


class _Asked(NamedTuple):
    """A question about the items: whether one (or each) of them is equal to something, or whether not."""

    items: ast.expr
    other: ast.expr
    each: bool
    equal: bool
    place: ast.expr


class EqualItems(PythonRule):
    """`in` and `list.count` compare items in C."""

    id = "equal-items"
    title = "Ask `in` and `count` whether items are equal to something"
    why = (
        "`any(x == wanted for x in xs)` resumes a generator for each item and compares in bytecode; `wanted in xs` "
        "does the same in C, and stops as early. `all(x == wanted for x in xs)` is `xs.count(wanted) == len(xs)`, "
        "which goes through all of them, but some 20 times as fast. Both take an item that is the very object for "
        "equal: that items are equal to themselves (NaN is not) is known from their kinds, or assumed."
    )
    words = ("any", "all")
    examples = (
        Example(
            note="one of them, none of them, each of them",
            before=(
                "def told(values: list[int], wanted: int):\n"
                "    if any(value == wanted for value in values):\n"
                "        return 'some', all([wanted == value for value in values])\n"
                "    return not any(value == 3 for value in values), all(value != 4 for value in values)\n"
            ),
            after=(
                "def told(values: list[int], wanted: int):\n"
                "    if wanted in values:\n"
                "        return 'some', (values.count(wanted) == len(values))\n"
                "    return not (3 in values), (4 not in values)\n"
            ),
            calls=("told([1, 1], 1)", "told([1, 2], 1)", "told([], 1)", "told([3], 1)", "told([4], 1)"),
        ),
        Example(
            note="a generator; something that changes from item to item; more than a comparison",
            before=(
                "def told(values: list[int], wanted: int):\n"
                "    stream = (value for value in values)\n"
                "    return any(v == wanted for v in stream), any(v == v * v for v in values), any(\n"
                "        v == 1 for v in values if v), any(v + 1 == 2 for v in values)\n"
            ),
            after=None,
        ),
        Example(
            note="a text within a text is something else; floats may not be equal to themselves",
            before=(
                "def told(text: str, wanted: str):\n"
                "    values = [float(word) for word in text.split()]\n"
                "    return any(c == wanted for c in text), all(value == values[0] for value in values)\n"
            ),
            after=None,
        ),
    )  # fmt: skip

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for call in parsed.of(ast.Call):
            asked = _asked(parsed, call)
            assumes: set[str] = set()
            if asked is None or not _fits(parsed, asked, assumes):
                continue
            items, other = parsed.segment(asked.items), parsed.segment(asked.other)
            if asked.each and asked.equal:
                made = parsed.builtin("len")
                text, splices = f"{items}.count({other}) == {made.spelling}({items})", made.splices
            else:
                text, splices = f"{other} {'in' if asked.equal else 'not in'} {items}", ()
            if not isinstance(parsed.parent(call), ast.If | ast.Assign | ast.Return):
                text = f"({text})"
            what = "items are compared with the same value one by one"
            yield self.at(parsed, call, what, [parsed.splice(call, text), *splices], assumes=assumes, gain=8.0)


def _asked(module: Module, call: ast.Call) -> _Asked | None:
    made = call.args[0] if len(call.args) == 1 and not call.keywords else None
    if not isinstance(made, ast.ListComp | ast.GeneratorExp) or "#" in module.segment(call):
        return None
    if not module.calls(call, "builtins.any", "builtins.all") or len(made.generators) != 1:
        return None
    part = made.generators[0]
    other = None if part.is_async or part.ifs else _other(made.elt, part.target)
    if other is None or not isinstance(part.iter, ast.Name):
        return None
    each, equal = module.calls(call, "builtins.all"), _equal(made.elt)
    return _Asked(part.iter, other, each, equal, call) if each or equal else None


def _equal(test: ast.expr) -> bool:
    return isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Eq)


def _other(test: ast.expr, target: ast.expr) -> ast.Name | ast.Constant | None:
    """What each item is compared with."""
    if not isinstance(test, ast.Compare) or len(test.ops) != 1 or not isinstance(target, ast.Name):
        return None
    sides = [test.left, test.comparators[0]]
    others = [side for side in sides if not (isinstance(side, ast.Name) and side.id == target.id)]
    found = others[0] if len(others) == 1 and isinstance(test.ops[0], ast.Eq | ast.NotEq) else None
    return found if isinstance(found, ast.Name | ast.Constant) else None


def _fits(module: Module, asked: _Asked, assumes: set[str]) -> bool:
    mine: set[str] = set()
    kind = module.taken(asked.items, *_SOUGHT, assumes=mine)
    if kind is None:
        return False
    if isinstance(asked.other, ast.Name) and not module.bound(asked.other):
        return False
    other = module.kind(asked.other, mine)
    known = [one.name if one is not None else "" for one in (kind.item, other)]
    if "float" in known or "number" in known:
        return False
    if not all(name in _SCALARS for name in known):
        text = " ".join(module.segment(asked.items).split())
        mine.add(f"the items of {text!r} are equal to themselves, and compare without effects")
    assumes |= mine
    return True


RULE = EqualItems()
