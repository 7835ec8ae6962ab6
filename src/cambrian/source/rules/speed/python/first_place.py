"""A loop over places that waits for an item: `index` finds the first of them in C."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from cambrian.source.analysis import Module
from cambrian.source.analysis.shapes import conjuncts, equated, lone_test
from cambrian.source.edit import Splice
from cambrian.source.rules.loops import Counting, constant, counting, reads, same, stays_inside, told
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_LEAVING = (ast.Return, ast.Raise, ast.Break)


class _Search(NamedTuple):
    """A loop over all places of a sequence that does nothing until an item is equal to a value."""

    loop: ast.For
    items: ast.Name
    sought: ast.expr
    numbers: Counting


class FirstPlace(PythonRule):
    """`index` instead of turns that do nothing."""

    id = "first-place"
    title = "Begin a search by place where index() finds the item"
    why = (
        "`for i in range(len(s)): if s[i] == x: …; break` goes through a text or list turn by turn until an item is "
        "equal. `s.index(x)` finds the place in C, some twenty times as fast; the loop begins there, and is otherwise "
        "as it was. The guard sees that turns before do nothing, that the loop is left at the item, and that its "
        "variable is not asked for afterwards."
    )
    words = ("range(",)
    examples = (
        Example(
            note="forwards",
            before=(
                "def without(text: str, c: str):\n"
                "    for i in range(len(text)):\n"
                "        if text[i] == c:\n"
                "            text = text[:i] + text[i + 1:]\n"
                "            break\n"
                "    return text\n"
            ),
            after=(
                "def without(text: str, c: str):\n"
                "    for i in range(text.index(c) if c in text else len(text), len(text)):\n"
                "        if text[i] == c:\n"
                "            text = text[:i] + text[i + 1:]\n"
                "            break\n"
                "    return text\n"
            ),
            calls=("without('abcabc', 'b')", "without('abc', 'd')", "without('abc', 'bc')", "without('', '')"),
        ),
        Example(
            note="up to a number of items, a list",
            before=(
                "def place(items: list, n: int, x):\n"
                "    for i in range(0, n):\n"
                "        if x == items[i]:\n"
                "            return i\n"
                "    return -1\n"
            ),
            after=(
                "def place(items: list, n: int, x):\n"
                "    for i in range(items.index(x) if x in items else len(items), n):\n"
                "        if x == items[i]:\n"
                "            return i\n"
                "    return -1\n"
            ),
            calls=(
                "place([1, 2, 3, 2], 4, 2)", "place([1, 2, 3], 2, 3)", "place([1, 2], 5, 3)", "place([], 0, 1)",
                "place([1], -1, 1)", "place([float('nan')], 1, float('nan'))", "place([1, 2], 5, 2)",
            ),
        ),
        Example(
            note="backwards",
            before=(
                "def last(values: list, x: int):\n"
                "    for i in range(len(values) - 1, -1, -1):\n"
                "        if values[i] == x and i % 2 == 0:\n"
                "            return i\n"
                "    return None\n"
            ),
            after=(
                "def last(values: list, x: int):\n"
                "    backwards = values[::-1]\n"
                "    for i in range(len(values) - 1 - backwards.index(x) if x in backwards else -1, -1, -1):\n"
                "        if values[i] == x and i % 2 == 0:\n"
                "            return i\n"
                "    return None\n"
            ),
            calls=("last([1, 2, 2, 3], 2)", "last([], 1)", "last([1, 0, 1], 1)", "last([2, 5, 5, 5], 5)"),
        ),
        Example(
            note="turns before do something",
            before=(
                "def place(items: list, x):\n"
                "    steps = 0\n"
                "    for i in range(len(items)):\n"
                "        steps += 1\n"
                "        if items[i] == x:\n"
                "            break\n"
                "    return steps\n"
            ),
            after=None,
        ),
        Example(
            note="the last place that was looked at is asked for",
            before=(
                "def place(items: list, x):\n"
                "    for i in range(len(items)):\n"
                "        if items[i] == x:\n"
                "            break\n"
                "    return i\n"
            ),
            after=None,
        ),
        Example(
            note="all places; from the second on; what is sought changes from turn to turn; a dict",
            before=(
                "def places(items: list, x, d: dict):\n"
                "    for i in range(len(items)):\n"
                "        if items[i] == x:\n"
                "            print(i)\n"
                "    for i in range(1, len(items)):\n"
                "        if items[i] == x:\n"
                "            break\n"
                "    for i in range(len(items)):\n"
                "        if items[i] == i:\n"
                "            break\n"
                "    for i in range(len(d)):\n"
                "        if d[i] == x:\n"
                "            break\n"
            ),
            after=None,
        ),
    )  # fmt: skip

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for loop in parsed.of(ast.For):
            search = _search(parsed, loop)
            found = None if search is None else self._at(parsed, search)
            if found is not None:
                yield found

    def _at(self, module: Module, search: _Search) -> Rewrite | None:
        loop, items, sought = search.loop, search.items, search.sought
        assumes: set[str] = set()
        kind = module.kind(items, assumes)
        if kind is not None and kind.name not in {"list", "tuple", "str"}:
            return None
        if not module.pure(sought, assumes) or not isinstance(sought, ast.Name | ast.Constant | ast.Attribute):
            return None
        module.safe(sought, assumes)
        if kind is None:
            assumes.add(f"{items.id!r} is a list, tuple or text")
        if kind is None or kind.name == "str":
            held = module.kind(sought, assumes)
            if held is None or held.name != "str":
                assumes.add(f"{told(module, sought)} is a text if {items.id!r} is one")
        else:
            assumes.add(f"what {items.id!r} holds is compared without side effects")
        splices = _splices(module, search)
        what = f"{items.id!r} is gone through place by place for the first item that is {module.segment(sought)}"
        return self.at(module, loop, what, splices, assumes=assumes, gain=15.0)


def _search(module: Module, loop: ast.For) -> _Search | None:
    numbers, test = counting(module, loop.iter), lone_test(loop.body)
    if numbers is None or test is None or not isinstance(test.body[-1], _LEAVING):
        return None
    if not (numbers.low is None or constant(numbers.low) == 0) or not isinstance(loop.target, ast.Name):
        return None
    for item, sought in equated(conjuncts(test.test)[0]):
        match item:
            case ast.Subscript(value=ast.Name() as items, slice=place) if same(module, place, loop.target):
                if not reads(module, loop.target, sought):
                    found = _Search(loop, items, sought, numbers)
                    return found if _fits(module, found) else None
            case _:
                pass
    return None


def _fits(module: Module, search: _Search) -> bool:
    """Whether the loop goes over places of what it looks at, and begins there when that has its items."""
    loop, stop = search.loop, search.numbers.stop
    measured = module.calls(stop, "builtins.len") and isinstance(stop, ast.Call) and len(stop.args) == 1
    own = measured and isinstance(stop, ast.Call) and same(module, stop.args[0], search.items)
    fine = own if search.numbers.downwards else own or isinstance(stop, ast.Name)
    if not fine or same(module, search.items, loop.target) or module.variable(search.items) is None:
        return False
    return module.alone(loop) and stays_inside(module, loop.target, loop) and "\n" not in module.segment(loop.iter)


def _splices(module: Module, search: _Search) -> list[Splice]:
    loop, items, sought = search.loop, search.items.id, module.segment(search.sought)
    assert isinstance(loop.iter, ast.Call)
    numbers, measure = module.segment(loop.iter.func), module.builtin("len")
    length = f"{measure.spelling}({items})"
    if not search.numbers.downwards:
        stop = module.segment(search.numbers.stop)
        text = f"{numbers}({items}.index({sought}) if {sought} in {items} else {length}, {stop})"
        return [*measure.splices, module.splice(loop.iter, text)]
    turned = module.fresh("backwards", "turned")
    text = f"{numbers}({length} - 1 - {turned}.index({sought}) if {sought} in {turned} else -1, -1, -1)"
    return [*measure.splices, module.before(loop, f"{turned} = {items}[::-1]"), module.splice(loop.iter, text)]


RULE = FirstPlace()
