"""A count of the greater or smaller items behind each: an ordered list of what is behind says it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from cambrian.source.analysis import Module
from cambrian.source.analysis.shapes import compared as sides_of
from cambrian.source.analysis.shapes import lone_test, only
from cambrian.source.edit import Splice
from cambrian.source.rules.catching import caught
from cambrian.source.rules.hoisting import outside, unchanging
from cambrian.source.rules.indices import measured
from cambrian.source.rules.loops import added, constant, counting, moved, same, stays_inside, unit
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_MIRRORED: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE}
_FOUND: dict[type[ast.cmpop], str] = {
    ast.Gt: "{left}({behind}, {item})",
    ast.GtE: "{right}({behind}, {item})",
    ast.Lt: "{length}({behind}) - {right}({behind}, {item})",
    ast.LtE: "{length}({behind}) - {left}({behind}, {item})",
}


class _Compared(NamedTuple):
    """``a[i] > a[j]`` for all j behind i, of which there are as many as `stop` says."""

    items: ast.Name
    place: ast.Name
    operator: type[ast.cmpop]
    stop: ast.expr
    counter: ast.Name
    times: int


class PairOrder(PythonRule):
    """Inversions counted by insertion into an ordered list (Knuth 1973, volume 3, §5.1.1)."""

    id = "pair-order"
    title = "Count smaller items behind each by an ordered list instead of comparing all pairs"
    why = (
        "`for j in range(i + 1, n): if a[i] > a[j]: count += 1` compares all pairs. Gone through from the end, with "
        "what is behind kept in order by `insort`, a bisection says for each item how many behind it are smaller. The "
        "guard sees that the inner loop only counts, and that the list does not change meanwhile. Where the loop ends "
        "at a number that is not the list's length, it stays for other numbers. That items have one order is assumed."
    )
    words = ("range(",)
    examples = (
        Example(
            note="inversions",
            before=(
                "def inversions(a: list[int]):\n"
                "    count = 0\n"
                "    for i in range(len(a)):\n"
                "        for j in range(i + 1, len(a)):\n"
                "            if a[i] > a[j]:\n"
                "                count += 1\n"
                "    return count\n"
            ),
            after=(
                "from bisect import bisect_left\n"
                "from bisect import insort\n\n\n"
                "def inversions(a: list[int]):\n"
                "    count = 0\n"
                "    behind, a_behind = [], []\n"
                "    for item in reversed(a):\n"
                "        a_behind.append(bisect_left(behind, item))\n"
                "        insort(behind, item)\n"
                "    a_behind.reverse()\n"
                "    for i in range(len(a)):\n"
                "        count += a_behind[i]\n"
                "    return count\n"
            ),
            calls=("inversions([3, 1, 2, 1])", "inversions([])", "inversions([1])"),
        ),
        Example(
            note="greater or equal ones, up to a number of items",
            before=(
                "def counts(arr: list[int], n: int):\n"
                "    out = []\n"
                "    for i in range(n):\n"
                "        found = 0\n"
                "        for j in range(i + 1, n):\n"
                "            if arr[j] >= arr[i]:\n"
                "                found = found + 2\n"
                "        out.append(found)\n"
                "    return out\n"
            ),
            after=(
                "from bisect import bisect_left\n"
                "from bisect import insort\n\n\n"
                "def counts(arr: list[int], n: int):\n"
                "    out = []\n"
                "    behind, arr_behind = [], []\n"
                "    for item in reversed(arr):\n"
                "        arr_behind.append(len(behind) - bisect_left(behind, item))\n"
                "        insort(behind, item)\n"
                "    arr_behind.reverse()\n"
                "    for i in range(n):\n"
                "        found = 0\n"
                "        if n == len(arr):\n"
                "            found += 2 * arr_behind[i]\n"
                "        else:\n"
                "            for j in range(i + 1, n):\n"
                "                if arr[j] >= arr[i]:\n"
                "                    found = found + 2\n"
                "        out.append(found)\n"
                "    return out\n"
            ),
            calls=("[counts([2, 1, 2, 3], n) for n in range(-1, 5)]", "counts([1], 3)", "counts([], 0)"),
        ),
        Example(
            note="the list changes: this sorts it",
            before=(
                "def swaps(a: list[int]):\n"
                "    count = 0\n"
                "    for i in range(len(a)):\n"
                "        for j in range(i + 1, len(a)):\n"
                "            if a[i] > a[j]:\n"
                "                a[i], a[j] = a[j], a[i]\n"
                "    for i in range(len(a)):\n"
                "        for j in range(i + 1, len(a)):\n"
                "            if a[i] > a[j]:\n"
                "                count += 1\n"
                "        a[i] = 0\n"
                "    return count\n"
            ),
            after=None,
        ),
        Example(
            note="those before it; another list; another place",
            before=(
                "def some(a: list[int], b: list[int], k: int):\n"
                "    count = 0\n"
                "    for i in range(len(a)):\n"
                "        for j in range(i):\n"
                "            if a[i] > a[j]:\n"
                "                count += 1\n"
                "    for i in range(len(a)):\n"
                "        for j in range(i + 1, len(a)):\n"
                "            if a[i] > b[j]:\n"
                "                count += 1\n"
                "    for j in range(k + 1, len(a)):\n"
                "        if a[k] > a[j]:\n"
                "            count += 1\n"
                "    return count\n"
            ),
            after=None,
        ),
    )  # fmt: skip

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for loop in parsed.of(ast.For):
            compared = _compared(parsed, loop)
            found = None if compared is None else self._at(parsed, loop, compared)
            if found is not None:
                yield found

    def _at(self, module: Module, loop: ast.For, compared: _Compared) -> Rewrite | None:
        items, assumes = compared.items, set[str]()
        if module.taken(items, "list", "tuple", "str", assumes=assumes) is None or caught(module, loop):
            return None

        place = outside(module, loop.iter, unchanging(module, items, assumes))
        splices = None if place is None else _splices(module, loop, compared, place)
        if splices is None:
            return None
        assumes.add(f"what {items.id!r} holds can be compared without side effects, and has one order")
        what = f"all items of {items.id!r} are compared with all behind them"
        return self.at(module, loop, what, splices, assumes=assumes, gain=20.0)


def _compared(module: Module, loop: ast.For) -> _Compared | None:
    """What a loop counts behind a place, if it does nothing else."""
    test, numbers, outer = lone_test(loop.body), counting(module, loop.iter), _outer(module, loop)
    step = only(test.body) if test is not None else None
    if test is None or step is None or loop.orelse:
        return None
    if numbers is None or outer is None or not _behind(module, numbers.low, outer) or not module.alone(loop):
        return None
    count = added(module, step)
    times = None if count is None else constant(count[1])
    if count is None or times is None or "#" in module.segment(loop) or not stays_inside(module, loop.target, loop):
        return None
    found = _order(module, test.test, outer, loop.target)
    return None if found is None else _Compared(found[0], outer, found[1], numbers.stop, count[0], times)


def _order(module: Module, test: ast.expr, outer: ast.Name, inner: ast.expr) -> tuple[ast.Name, type[ast.cmpop]] | None:
    """The list whose item here is compared with the one there, and how, with the one here on the left."""
    found = sides_of(test)
    if found is None or type(found[1]) not in _MIRRORED:
        return None
    left, operator, right = found
    for here, there, meant in (
        (left, right, type(operator)),
        (right, left, _MIRRORED[type(operator)]),
    ):
        items = _item(module, here, outer)
        if items is not None and same(module, _item(module, there, inner), items):
            return items, meant
    return None


def _outer(module: Module, loop: ast.For) -> ast.Name | None:
    """The variable of the loop around, if it counts places up from 0."""
    loops = module.loops(loop)
    above = loops[0] if loops else None
    numbers = counting(module, above.iter) if isinstance(above, ast.For) else None
    if not isinstance(above, ast.For) or numbers is None or numbers.downwards or not isinstance(above.target, ast.Name):
        return None
    low = 0 if numbers.low is None else constant(numbers.low)
    inner = counting(module, loop.iter)
    last = ast.unparse(numbers.stop)
    ends = inner is not None and ast.unparse(inner.stop) in {last, last.removesuffix(" - 1")}
    return (
        above.target if low is not None and low >= 0 and ends and not module.rebound(above.target, above.body) else None
    )


def _behind(module: Module, low: ast.expr | None, outer: ast.Name) -> bool:
    """``i + 1``."""
    if not isinstance(low, ast.BinOp) or not isinstance(low.op, ast.Add):
        return False
    return same(module, low.left, outer) and constant(low.right) == 1


def _item(module: Module, node: ast.expr, place: ast.expr) -> ast.Name | None:
    if not isinstance(node, ast.Subscript) or not isinstance(node.value, ast.Name):
        return None
    return node.value if same(module, node.slice, place) and module.variable(node.value) is not None else None


def _splices(module: Module, loop: ast.For, compared: _Compared, place: ast.stmt) -> list[Splice] | None:
    """The counts before the outermost loop, and what stands instead of the inner one."""
    items, over = compared.items.id, measured(module, compared.stop)
    exact = same(module, over, compared.items)
    if not exact and not isinstance(compared.stop, ast.Name):
        return None
    if any(module.builtin(name).splices for name in ("len", "reversed")) or _kept(module, loop, items):
        return None
    side = "bisect_left" if compared.operator in {ast.Gt, ast.LtE} else "bisect_right"
    found, insort = module.importing("bisect", side), module.importing("bisect", "insort")
    behind, known = module.fresh("behind", "seen"), module.fresh(f"{items}_behind", f"{items}_after")
    one, deeper = module.fresh("item", "held"), unit(module, loop)
    text = _FOUND[compared.operator].format(
        left=found.spelling, right=found.spelling, behind=behind, item=one, length="len"
    )
    lines = (
        f"{behind}, {known} = [], []", f"for {one} in reversed({items}):", f"{deeper}{known}.append({text})",
        f"{deeper}{insort.spelling}({behind}, {one})", f"{known}.reverse()",
    )  # fmt: skip
    many = f"{known}[{compared.place.id}]"
    made = [f"{compared.counter.id} += {many if compared.times == 1 else f'{compared.times} * {many}'}"]
    if not exact:
        kept = moved(module, [loop], deeper)
        if kept is None:
            return None
        made = [f"if {module.segment(compared.stop)} == len({items}):", deeper + made[0], "else:", *kept]
    new = (module.newline + module.indentation(loop)).join(made)
    return [module.before(place, *lines), module.splice(loop, new), *found.splices, *insort.splices]


def _kept(module: Module, loop: ast.For, items: str) -> bool:
    """Whether the loop is what is left for other numbers than the list's length."""
    above = module.parent(loop)
    return isinstance(above, ast.If) and loop in above.orelse and ast.unparse(above.test).endswith(f" == len({items})")


RULE = PairOrder()
