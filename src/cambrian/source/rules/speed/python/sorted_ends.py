"""``while xs: m = min(xs); xs.remove(m)``: what is taken from the ends of an order is sorted once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from cambrian.source.analysis import Module
from cambrian.source.analysis.index import within
from cambrian.source.analysis.ownership import followed
from cambrian.source.edit import Splice
from cambrian.source.rules.catching import caught
from cambrian.source.rules.loops import constant, reads, same
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite


class _Uses(NamedTuple):
    """What a loop does with a list: it takes the least, the greatest, and removes one."""

    least: list[ast.Call]
    greatest: list[ast.Call]
    removing: list[ast.Call]
    lengths: list[ast.Name]


class SortedEnds(PythonRule):
    """Sorting once instead of selecting again and again (Knuth 1973, volume 3, §5.2.3)."""

    id = "sorted-ends"
    title = "Sort once what is taken off by min() or max() one after the other"
    why = (
        "`while xs: m = min(xs); xs.remove(m)` goes through the list twice for each item. Sorted once, the least is in "
        "front and the greatest at the end of a deque, from where they are taken in constant time. The guard sees that "
        "the loop asks for nothing but these ends, removes items, and runs until the list is empty. It is assumed that "
        "items can be compared and have one order, and that equal ones are alike."
    )
    words = (".remove(",)
    examples = (
        Example(
            note="from both ends in turn",
            before=(
                "def strange(lst: list[int]):\n"
                "    res, low = [], True\n"
                "    while lst:\n"
                "        res.append(min(lst) if low else max(lst))\n"
                "        lst.remove(res[-1])\n"
                "        low = not low\n"
                "    return res\n"
            ),
            after=(
                "from collections import deque\n\n\n"
                "def strange(lst: list[int]):\n"
                "    res, low = [], True\n"
                "    lst_sorted = deque(sorted(lst))\n"
                "    while lst_sorted:\n"
                "        res.append(lst_sorted[0] if low else lst_sorted[-1])\n"
                "        lst_sorted.pop() if lst_sorted[-1] == res[-1] else lst_sorted.remove(res[-1])\n"
                "        low = not low\n"
                "    lst.clear()\n"
                "    return res\n"
            ),
            calls=("strange([4, 2, 2, 9, 1])", "strange([])", "strange([1, 1])"),
        ),
        Example(
            note="sorting by selection; those that are left are counted",
            before=(
                "def ordered(values: list[int]):\n"
                "    left = list(values)\n"
                "    out = []\n"
                "    while len(left) > 0:\n"
                "        least = min(left)\n"
                "        left.remove(least)\n"
                "        out.append((least, len(left)))\n"
                "    return out\n"
            ),
            after=(
                "from collections import deque\n\n\n"
                "def ordered(values: list[int]):\n"
                "    left = list(values)\n"
                "    out = []\n"
                "    left_sorted = deque(sorted(left))\n"
                "    while len(left_sorted) > 0:\n"
                "        least = left_sorted[0]\n"
                "        left_sorted.pop() if left_sorted[-1] == least else left_sorted.remove(least)\n"
                "        out.append((least, len(left_sorted)))\n"
                "    left.clear()\n"
                "    return out\n"
            ),
            calls=("ordered([3, 1, 2, 1])", "ordered([])"),
        ),
        Example(
            note="the loop may end with items left",
            before=(
                "def some(values: list[int], n: int):\n"
                "    out = []\n"
                "    while values:\n"
                "        out.append(min(values))\n"
                "        values.remove(out[-1])\n"
                "        if len(out) == n:\n"
                "            break\n"
                "    return out, values\n"
            ),
            after=None,
        ),
        Example(
            note="items are added, and looked at by place",
            before=(
                "def more(values: list[int], other: list[int]):\n"
                "    while values:\n"
                "        x = min(values)\n"
                "        values.remove(x)\n"
                "        if x > 3:\n"
                "            values.append(x // 2)\n"
                "    while other:\n"
                "        x = max(other)\n"
                "        print(other[0])\n"
                "        other.remove(x)\n"
            ),
            after=None,
        ),
        Example(
            note="the least by a key",
            before=(
                "def shortest(words: list[str]):\n"
                "    out = []\n"
                "    while words:\n"
                "        word = min(words, key=len)\n"
                "        words.remove(word)\n"
                "        out.append(word)\n"
                "    return out\n"
            ),
            after=None,
        ),
    )  # fmt: skip

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for loop in parsed.of(ast.While):
            items = _emptied(parsed, loop.test)
            if items is None or loop.orelse or not parsed.alone(loop) or caught(parsed, loop):
                continue
            uses = _uses(parsed, loop, items)
            found = None if uses is None else self._at(parsed, loop, items, uses)
            if found is not None:
                yield found

    def _at(self, module: Module, loop: ast.While, items: ast.Name, uses: _Uses) -> Rewrite | None:
        assumes: set[str] = set()
        variable = module.variable(items)
        if not followed(variable) or variable.scope.kind != "function":
            return None
        if module.taken(items, "list", assumes=assumes) is None or module.rebound(items, loop):
            return None
        assumes.add(f"what {items.id!r} holds can be compared, has one order, and equal items are alike")
        if not module.quiet(loop.body):
            assumes.add(f"nothing else looks at {items.id!r} meanwhile")
        name = module.fresh(f"{items.id}_sorted", f"{items.id}_in_order")
        queue, ordered = module.importing("collections", "deque"), module.builtin("sorted")
        line = f"{name} = {queue.spelling}({ordered.spelling}({items.id}))"
        splices: list[Splice] = [*queue.splices, *ordered.splices, module.before(loop, line)]
        splices += [module.splice(call, f"{name}[0]") for call in uses.least]
        splices += [module.splice(call, f"{name}[-1]") for call in uses.greatest]
        splices += [module.splice(one, name) for one in uses.lengths]
        for call in uses.removing:
            value = module.segment(call.args[0])
            splices.append(module.splice(call, f"{name}.pop() if {name}[-1] == {value} else {name}.remove({value})"))
        splices.append(module.after(loop, f"{items.id}.clear()"))
        what = f"{items.id!r} is gone through for its least or greatest item again and again"
        return self.at(module, loop, what, splices, assumes=assumes, gain=25.0)


def _emptied(module: Module, test: ast.expr) -> ast.Name | None:
    """The list that a loop runs through until it is empty: ``while xs``, ``while len(xs) > 0``."""
    if isinstance(test, ast.Name):
        return test
    length = test
    if isinstance(test, ast.Compare):
        if len(test.ops) != 1 or not isinstance(test.ops[0], ast.Gt | ast.NotEq) or constant(test.comparators[0]) != 0:
            return None
        length = test.left
    if not module.calls(length, "builtins.len") or not isinstance(length, ast.Call) or len(length.args) != 1:
        return None
    return length.args[0] if isinstance(length.args[0], ast.Name) else None


def _uses(module: Module, loop: ast.While, items: ast.Name) -> _Uses | None:
    """All that a loop does with a list; ``None`` if it is more than taking ends and removing, or it may be left."""
    variable, found = module.variable(items), _Uses([], [], [], [])
    if any(isinstance(part, ast.Break | ast.Return | ast.Yield | ast.YieldFrom | ast.Await) for part in ast.walk(loop)):
        return None
    for read in variable.reads if variable is not None else ():
        if within(read, loop) and not _noted(module, loop, read, found):
            return None
    return found if found.removing and (found.least or found.greatest) else None


def _noted(module: Module, loop: ast.While, read: ast.Name, found: _Uses) -> bool:
    """Whether a use of the list is one that is known; it is noted then."""
    above = module.parent(read)
    if isinstance(above, ast.Attribute):
        return _removes(module, above, read, found)
    if read is loop.test:
        found.lengths.append(read)
        return True
    if not isinstance(above, ast.Call) or above.args != [read] or above.keywords:
        return False
    ends = {"builtins.min": found.least, "builtins.max": found.greatest}.get(module.meaning(above.func))
    if ends is not None:
        ends.append(above)
    elif module.calls(above, "builtins.len"):
        found.lengths.append(read)
    return ends is not None or read in found.lengths


def _removes(module: Module, method: ast.Attribute, read: ast.Name, found: _Uses) -> bool:
    """Whether it is ``xs.remove(x)``, a statement of its own; it is noted then."""
    call = module.parent(method)
    if method.attr != "remove" or not isinstance(call, ast.Call) or len(call.args) != 1 or call.keywords:
        return False
    if not isinstance(module.parent(call), ast.Expr) or not _again(module, call.args[0], read):
        return False
    found.removing.append(call)
    return True


def _again(module: Module, value: ast.expr, items: ast.Name) -> bool:
    """Whether what is removed may be written twice: a variable, or an item of another list by a constant place."""
    if isinstance(value, ast.Name):
        return not same(module, value, items)
    if not isinstance(value, ast.Subscript) or not isinstance(value.value, ast.Name) or reads(module, items, value):
        return False
    return constant(value.slice) is not None


RULE = SortedEnds()
