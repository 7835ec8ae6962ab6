"""A count of pairs by trying all: how many partners an item has is looked up."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cambrian.source.analysis import Module
from cambrian.source.analysis.shapes import either_way, has, lone_test, only
from cambrian.source.edit import Splice
from cambrian.source.rules.catching import caught
from cambrian.source.rules.hoisting import outside, unchanging
from cambrian.source.rules.indices import measured
from cambrian.source.rules.loops import (
    added,
    constant,
    counting,
    moved,
    not_negative,
    reads,
    same,
    stays_inside,
    unit,
    whole,
)  # fmt: skip
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite


class _Partners(NamedTuple):
    """Which items fit: those of which `key` gives what `sought` gives; or all but those."""

    items: ast.Name
    key: str
    """Written with ``{}`` for the item."""
    sought: str
    parts: Sequence[ast.expr]
    """What is reckoned with besides the item."""
    without: bool = False
    modulus: ast.expr | None = None
    """What is divided by."""


class PairCount(PythonRule):
    """Places by value, or by rest of a division, in a dict; counted by bisection."""

    id = "pair-count"
    title = "Count the partners of an item by value instead of trying all pairs"
    why = (
        "`for j in range(i + 1, n): if (a[i] + a[j]) % k == 0: count += 1` tries all pairs. Which items fit is known "
        "for each i: those with one value, or one rest. A dict from that to places, made once, and two bisections say "
        "how many there are from a place on. The guard sees that the inner loop only counts, and that the list and the "
        "parts of the equation do not change meanwhile. It holds for ints, which is assumed unless the text shows it. "
        "Where the loop ends at a number that is not the list's length, it stays for numbers beyond it."
    )
    words = ("+= ", "+ 1")
    examples = (
        Example(
            note="a sum that is divisible",
            before=(
                "def divisible(a: list[int], k: int):\n"
                "    count = 0\n"
                "    for i in range(len(a)):\n"
                "        for j in range(i + 1, len(a)):\n"
                "            if (a[i] + a[j]) % k == 0:\n"
                "                count += 1\n"
                "    return count\n"
            ),
            after=(
                "from bisect import bisect_left\n\n\n"
                "def divisible(a: list[int], k: int):\n"
                "    count = 0\n"
                "    a_places = {}\n"
                "    for place, item in enumerate(a):\n"
                "        a_places.setdefault(item % k, []).append(place)\n"
                "    for i in range(len(a)):\n"
                "        places = a_places.get((-a[i]) % k, ())\n"
                "        count += max(bisect_left(places, len(a)) - bisect_left(places, i + 1), 0)\n"
                "    return count\n"
            ),
            calls=("[divisible([3, 1, -4, 2, 6, 0, 3], k) for k in (-3, -2, 1, 2, 3, 7)]", "divisible([], 3)"),
        ),
        Example(
            note="unequal ones, up to a number of items",
            before=(
                "def unequal(arr, n: int):\n"
                "    cnt = 0\n"
                "    for i in range(0, n):\n"
                "        for j in range(i + 1, n):\n"
                "            if arr[i] != arr[j]:\n"
                "                cnt = cnt + 1\n"
                "    return cnt\n"
            ),
            after=(
                "from bisect import bisect_left\n\n\n"
                "def unequal(arr, n: int):\n"
                "    cnt = 0\n"
                "    arr_places = {}\n"
                "    for place, item in enumerate(arr):\n"
                "        arr_places.setdefault(item, []).append(place)\n"
                "    for i in range(0, n):\n"
                "        if n <= len(arr):\n"
                "            places = arr_places.get(arr[i], ())\n"
                "            cnt += max(n - (i + 1), 0) - max(bisect_left(places, n) - bisect_left(places, i + 1), 0)\n"
                "        else:\n"
                "            for j in range(i + 1, n):\n"
                "                if arr[i] != arr[j]:\n"
                "                    cnt = cnt + 1\n"
                "    return cnt\n"
            ),
            calls=("[unequal([1, 2, 1, 3], n) for n in range(-1, 6)]", "unequal([], 1)"),
        ),
        Example(
            note="bits of both",
            before=(
                "def even(a: list[int]):\n"
                "    pairs = 0\n"
                "    for i in range(len(a)):\n"
                "        for j in range(i + 1, len(a)):\n"
                "            if (a[i] ^ a[j]) % 2 == 0:\n"
                "                pairs += 1\n"
                "    return pairs\n"
            ),
            after=(
                "from bisect import bisect_left\n\n\n"
                "def even(a: list[int]):\n"
                "    pairs = 0\n"
                "    a_places = {}\n"
                "    for place, item in enumerate(a):\n"
                "        a_places.setdefault(item % 2, []).append(place)\n"
                "    for i in range(len(a)):\n"
                "        places = a_places.get((a[i] ^ 0) % 2, ())\n"
                "        pairs += max(bisect_left(places, len(a)) - bisect_left(places, i + 1), 0)\n"
                "    return pairs\n"
            ),
            calls=("even([5, 4, 7, 2, 1])", "even([])", "even([-1, 3, -2])"),
        ),
        Example(
            note="a difference",
            before=(
                "def apart(a: list[int], d: int):\n"
                "    pairs = 0\n"
                "    for i in range(len(a)):\n"
                "        for j in range(len(a)):\n"
                "            if a[j] - a[i] == d:\n"
                "                pairs += 1\n"
                "    return pairs\n"
            ),
            after=(
                "from bisect import bisect_left\n\n\n"
                "def apart(a: list[int], d: int):\n"
                "    pairs = 0\n"
                "    a_places = {}\n"
                "    for place, item in enumerate(a):\n"
                "        a_places.setdefault(item, []).append(place)\n"
                "    for i in range(len(a)):\n"
                "        places = a_places.get(d + a[i], ())\n"
                "        pairs += max(bisect_left(places, len(a)) - bisect_left(places, 0), 0)\n"
                "    return pairs\n"
            ),
            calls=("apart([5, 4, 7, 2, 1], 1)", "apart([], 0)", "apart([1, 1, 2], 0)"),
        ),
        Example(
            note="fractions, whose sums are rounded",
            before=(
                "def pairs(a: list[float], s: float):\n"
                "    n = 0\n"
                "    for i in range(len(a)):\n"
                "        for j in range(i + 1, len(a)):\n"
                "            if a[i] + a[j] == s:\n"
                "                n += 1\n"
                "    return n\n"
            ),
            after=None,
        ),
        Example(
            note="the list changes; a rest that no number has; something else happens",
            before=(
                "def pairs(a: list[int], s: int):\n"
                "    n = 0\n"
                "    for i in range(len(a)):\n"
                "        for j in range(i + 1, len(a)):\n"
                "            if a[i] + a[j] == s:\n"
                "                n += 1\n"
                "        a[i] = 0\n"
                "    for i in range(len(a)):\n"
                "        for j in range(i + 1, len(a)):\n"
                "            if (a[i] + a[j]) % 3 == 5:\n"
                "                n += 1\n"
                "    for i in range(len(a)):\n"
                "        for j in range(i + 1, len(a)):\n"
                "            if a[i] == a[j]:\n"
                "                n += 1\n"
                "                print(i, j)\n"
                "    return n\n"
            ),
            after=None,
        ),
        Example(
            note="from below 0 on; what is added hangs on the place; the count is a part of the equation",
            before=(
                "def pairs(a: list[int], s: int):\n"
                "    n = 0\n"
                "    for i in range(len(a)):\n"
                "        for j in range(i - 1, len(a)):\n"
                "            if a[i] + a[j] == s:\n"
                "                n += 1\n"
                "    for i in range(len(a)):\n"
                "        for j in range(i, len(a)):\n"
                "            if a[i] + a[j] == s:\n"
                "                n += j\n"
                "    for i in range(len(a)):\n"
                "        for j in range(i, len(a)):\n"
                "            if a[i] + a[j] == n:\n"
                "                n += 1\n"
                "    return n\n"
            ),
            after=None,
        ),
    )  # fmt: skip

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for loop in parsed.of(ast.For):
            test = lone_test(loop.body)
            if test is None or only(test.body) is None or loop.orelse or not parsed.loops(loop):
                continue
            if not parsed.alone(loop) or "#" in parsed.segment(loop) or not isinstance(loop.target, ast.Name):
                continue
            partners = _partners(parsed, test.test, loop.target)
            found = None if partners is None else self._at(parsed, loop, test, partners)
            if found is not None:
                yield found

    def _at(self, module: Module, loop: ast.For, test: ast.If, partners: _Partners) -> Rewrite | None:
        assumes: set[str] = set()
        count = added(module, test.body[0])
        times = None if count is None else constant(count[1])
        if count is None or times is None or not _stays(module, loop, partners, count[0], assumes):
            return None

        place = (
            None if caught(module, loop) else outside(module, loop.iter, unchanging(module, partners.items, assumes))
        )
        if place is None or _guarded(module, loop, partners) or not _reckoned(module, partners, assumes):
            return None
        splices = _splices(module, loop, partners, (count[0].id, times), place)
        if splices is None:
            return None
        what = f"all items of {partners.items.id!r} are tried to count those that fit"
        return self.at(module, loop, what, splices, assumes=assumes, gain=25.0)


def _guarded(module: Module, loop: ast.For, partners: _Partners) -> bool:
    """Whether the loop is what is left for numbers beyond the list's length."""
    above = module.parent(loop)
    if not isinstance(above, ast.If) or loop not in above.orelse:
        return False
    return ast.unparse(above.test).endswith(f" <= len({partners.items.id})")


def _partners(module: Module, test: ast.expr, target: ast.Name) -> _Partners | None:
    """Which items a test lets through, if one value, or one rest, says it."""
    if not isinstance(test, ast.Compare) or len(test.ops) != 1 or not isinstance(test.ops[0], ast.Eq | ast.NotEq):
        return None
    sides, without = (test.left, test.comparators[0]), isinstance(test.ops[0], ast.NotEq)
    for side, other in (sides, sides[::-1]):
        if reads(module, target, other) or "\n" in module.segment(test):
            continue
        found = _rest(module, side, other, target) or _value(module, side, other, target)
        if found is not None:
            return found._replace(without=without)
    return None


def _rest(module: Module, side: ast.expr, other: ast.expr, target: ast.Name) -> _Partners | None:
    """``(x + a[j]) % m == r``, ``(x ^ a[j]) % 2 == r``."""
    match side:
        case ast.BinOp(left=inner, op=ast.Mod(), right=modulus) if not reads(module, target, modulus):
            rest = _least_rest(other, modulus)
        case _:
            return None
    if rest is None:
        return None
    match inner:
        case ast.BinOp(left=one, op=ast.BitXor(), right=two):
            return _toggled(module, (one, two), modulus, rest, target)
        case _:
            return _added_rest(module, inner, modulus, rest, target)


def _least_rest(other: ast.expr, modulus: ast.expr) -> int | None:
    """The rest that is asked for, if a number can have it."""
    rest, below = constant(other), constant(modulus)
    if rest is None or (isinstance(modulus, ast.Name) and rest == 0):
        return rest
    return rest if below is not None and 0 <= rest < below else None


def _toggled(
    module: Module, pair: tuple[ast.expr, ast.expr], modulus: ast.expr, rest: int, target: ast.Name
) -> _Partners | None:
    """``(x ^ a[j]) % m`` with a power of two."""
    below, by = constant(modulus), module.segment(modulus)
    if below is None or below & (below - 1) != 0:
        return None
    for mine, one in either_way(*pair):
        items = _item(module, mine, target)
        if items is not None and not reads(module, target, one):
            return _Partners(items, f"{{}} % {by}", f"({_bracketed(module, one)} ^ {rest}) % {by}", [one])
    return None


def _added_rest(module: Module, inner: ast.expr, modulus: ast.expr, rest: int, target: ast.Name) -> _Partners | None:
    """``(x + a[j]) % m``."""
    split = _split(module, inner, target)
    if split is None:
        return None
    sign, items, others = split
    if sign > 0:
        text = _summed(module, str(rest) if rest else "", [(-one, term) for one, term in others])
    else:
        text = _summed(module, "", [*others]) + (f" - {rest}" if rest else "")
    by = module.segment(modulus)
    return _Partners(
        items, f"{{}} % {by}", f"({text or '0'}) % {by}", [*(term for _, term in others), modulus], modulus=modulus
    )


def _value(module: Module, side: ast.expr, other: ast.expr, target: ast.Name) -> _Partners | None:
    """``x + a[j] == s``, ``a[i] == a[j]``."""
    split = _split(module, side, target)
    if split is None:
        return None
    sign, items, others = split
    if sign > 0:
        text = _summed(module, _bracketed(module, other), [(-one, term) for one, term in others])
        text = text if others else module.segment(other)
    else:
        text = _summed(module, "", others) + f" - {_bracketed(module, other)}"
    return _Partners(items, "{}", text, [other, *(term for _, term in others)])


def _split(module: Module, node: ast.expr, target: ast.Name) -> tuple[int, ast.Name, list[tuple[int, ast.expr]]] | None:
    """A sum with one item in it: its sign, the list, and the other terms with theirs."""
    terms = _terms(node, 1)
    mine = [(sign, items) for sign, term in terms if (items := _item(module, term, target)) is not None]
    others = [(sign, term) for sign, term in terms if _item(module, term, target) is None]
    if len(mine) != 1 or len(others) > 4 or any(reads(module, target, term) for _, term in others):
        return None
    return mine[0][0], mine[0][1], others


def _terms(node: ast.expr, sign: int) -> list[tuple[int, ast.expr]]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        return _terms(node.left, sign) + _terms(node.right, sign if isinstance(node.op, ast.Add) else -sign)
    return [(sign, node)]


def _summed(module: Module, first: str, terms: Sequence[tuple[int, ast.expr]]) -> str:
    text = first
    for sign, term in terms:
        mark = ("-" if sign < 0 else "") if not text else (" - " if sign < 0 else " + ")
        text += mark + _bracketed(module, term)
    return text


def _bracketed(module: Module, node: ast.expr) -> str:
    text = module.segment(node)
    return text if isinstance(node, ast.Name | ast.Constant | ast.Subscript | ast.Attribute | ast.Call) else f"({text})"


def _item(module: Module, node: ast.expr, target: ast.Name) -> ast.Name | None:
    """The list of which a node is the item at the inner loop's place."""
    if not isinstance(node, ast.Subscript) or not isinstance(node.value, ast.Name):
        return None
    return node.value if same(module, node.slice, target) and module.variable(node.value) is not None else None


def _stays(module: Module, loop: ast.For, partners: _Partners, count: ast.Name, assumes: set[str]) -> bool:
    """Whether the inner loop only counts, with an equation that is the same all through it."""
    kind = module.kind(count)
    if kind is not None and kind.name not in {"int", "number"}:
        return False
    for part in partners.parts:
        if has(part, ast.Call | ast.Lambda | ast.NamedExpr):
            return False
        if reads(module, count, part) or not module.constant(part, loop, assumes):
            return False
        if not isinstance(part, ast.Name | ast.Constant):
            module.safe(part, assumes)
    if isinstance(partners.modulus, ast.Name):
        assumes.add(f"{partners.modulus.id!r} is not 0")
    return not reads(module, count, loop.iter) and stays_inside(module, loop.target, loop)


def _reckoned(module: Module, partners: _Partners, assumes: set[str]) -> bool:
    """Whether items and parts are ints, or may be; equal values need only a hash."""
    kind = module.taken(partners.items, "list", "tuple", assumes=assumes)
    if kind is None:
        return False
    plain = partners.key == "{}" and len(partners.parts) == 1
    item = kind.item.name if kind.item is not None else ""
    if plain:
        if item not in {"int", "str", "bool"}:
            held = f"what {partners.items.id!r} holds"
            assumes.add(f"{held} can be hashed, is equal to itself, and what is equal has equal hashes")
        return True
    if item not in {"", "int", "bool"}:
        return False
    if not item:
        assumes.add(f"what {partners.items.id!r} holds are ints")
    for part in partners.parts:
        own = isinstance(part, ast.Subscript) and same(module, part.value, partners.items)
        if not own and not whole(module, part, assumes):
            return False
    return True


def _splices(
    module: Module, loop: ast.For, partners: _Partners, count: tuple[str, int], place: ast.stmt
) -> list[Splice] | None:
    """The dict before the outermost loop, and what stands instead of the inner one."""
    numbers, items = counting(module, loop.iter), partners.items.id
    if numbers is None or numbers.downwards or (numbers.low is not None and not not_negative(module, numbers.low)):
        return None
    low = "0" if numbers.low is None else module.segment(numbers.low)
    end, over = module.segment(numbers.stop), measured(module, numbers.stop)
    if not isinstance(numbers.stop, ast.Name) and over is None:
        return None
    bisect, most, each = module.importing("bisect", "bisect_left"), module.builtin("max"), module.builtin("enumerate")
    if most.splices or each.splices or module.builtin("len").splices:
        return None
    known, found = module.fresh(f"{items}_places", f"{items}_at"), module.fresh("places", "fitting")
    at, one, deeper = module.fresh("place", "at"), module.fresh("item", "held"), unit(module, loop)
    key = partners.key.format(one)
    lines = (f"{known} = {{}}", f"for {at}, {one} in enumerate({items}):",
             f"{deeper}{known}.setdefault({key}, []).append({at})")  # fmt: skip
    fitting = f"max({bisect.spelling}({found}, {end}) - {bisect.spelling}({found}, {low}), 0)"
    if partners.without:
        fitting = f"max({end} - ({low}), 0) - {fitting}"
    name, times = count
    text = fitting if times == 1 else f"{times} * ({fitting})"
    made = [f"{found} = {known}.get({partners.sought}, ())", f"{name} += {text}"]
    if over is None or not same(module, over, partners.items):
        kept = moved(module, [loop], deeper)
        if kept is None:
            return None
        made = [f"if {end} <= len({items}):", *(deeper + line for line in made), "else:", *kept]
    text = (module.newline + module.indentation(loop)).join(made)
    return [module.before(place, *lines), module.splice(loop, text), *bisect.splices]


RULE = PairCount()
