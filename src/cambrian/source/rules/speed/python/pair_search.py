"""A search for pairs with a given sum: the partner of each item is looked up."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from cambrian.source.analysis import Kind, Module
from cambrian.source.analysis.ownership import followed
from cambrian.source.analysis.shapes import conjuncts, equated
from cambrian.source.edit import Splice
from cambrian.source.rules.catching import caught
from cambrian.source.rules.hashing import hashed
from cambrian.source.rules.hoisting import outside, unchanging
from cambrian.source.rules.loops import not_negative, outlives, unit
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite


class _Inner(NamedTuple):
    """An inner loop over a list, or its places, or both; from a place on."""

    items: ast.Name
    place: ast.Name | None
    item: ast.Name | None
    low: ast.expr | None


class _Equation(NamedTuple):
    """What an item has to be equal to: text, and the parts it is made of."""

    sought: str
    parts: list[ast.expr]
    reckoned: bool


class PairSearch(PythonRule):
    """Places by value in a dict instead of a walk through all pairs."""

    id = "pair-search"
    title = "Look up the partner of an item instead of trying all pairs"
    why = (
        "Two loops that look for `a[i] + a[j] == total` try all pairs. For each item the partner is known, `total -"
        " a[i]`, and a dict from value to places, made once, has its places in order: the inner loop goes through "
        "those alone, and its test stays as it was. The guard sees that the list does not change meanwhile, that "
        "the inner loop does nothing but this test, and that the parts of the equation are the same all through it."
        " Sums are solved for ints only (fractions are rounded): that they are is assumed unless the text shows it."
    )
    words = ("==",)
    examples = (
        Example(
            note="by places",
            before=(
                "def two(nums: list[int], target: int):\n"
                "    for i in range(len(nums)):\n"
                "        for j in range(i + 1, len(nums)):\n"
                "            if nums[i] + nums[j] == target:\n"
                "                return [i, j]\n"
                "    return None\n"
            ),
            after=(
                "def two(nums: list[int], target: int):\n"
                "    nums_places = {}\n"
                "    for place, item in enumerate(nums):\n"
                "        nums_places.setdefault(item, []).append(place)\n"
                "    for i in range(len(nums)):\n"
                "        for j in [place for place in nums_places.get(target - nums[i], ()) if place >= i + 1]:\n"
                "            if nums[i] + nums[j] == target:\n"
                "                return [i, j]\n"
                "    return None\n"
            ),
            calls=("two([3, 2, 4, 4, 3], 6)", "two([3, 3, 3], 6)", "two([], 1)", "two([1], 2)"),
        ),
        Example(
            note="three of them, one taken off",
            before=(
                "def triples(l: list[int]):\n"
                "    found = 0\n"
                "    for i in range(len(l)):\n"
                "        for j in range(i, len(l)):\n"
                "            for k in range(j + 1, len(l)):\n"
                "                if k != 3 and l[i] - l[k] + l[j] == 0:\n"
                "                    found += 1\n"
                "    return found\n"
            ),
            after=(
                "def triples(l: list[int]):\n"
                "    found = 0\n"
                "    l_places = {}\n"
                "    for place, item in enumerate(l):\n"
                "        l_places.setdefault(item, []).append(place)\n"
                "    for i in range(len(l)):\n"
                "        for j in range(i, len(l)):\n"
                "            for k in [place for place in l_places.get(-(0 - l[i] - l[j]), ()) if place >= j + 1]:\n"
                "                if k != 3 and l[i] - l[k] + l[j] == 0:\n"
                "                    found += 1\n"
                "    return found\n"
            ),
            calls=("triples([1, 2, 3, 4, 0, -1, 3])", "triples([])"),
        ),
        Example(
            note="equal ones, by item",
            before=(
                "def twice(words: list[str]):\n"
                "    for i, word in enumerate(words):\n"
                "        for other in words[i + 1:]:\n"
                "            if word == other:\n"
                "                return True\n"
                "    return False\n"
            ),
            after=(
                "def twice(words: list[str]):\n"
                "    words_places = {}\n"
                "    for place, item in enumerate(words):\n"
                "        words_places.setdefault(item, []).append(place)\n"
                "    for i, word in enumerate(words):\n"
                "        for other in [words[place] for place in words_places.get(word, ()) if place >= i + 1]:\n"
                "            if word == other:\n"
                "                return True\n"
                "    return False\n"
            ),
            calls=("twice(['a', 'b', 'a'])", "twice(['a'])", "twice([])"),
        ),
        Example(
            note="fractions",
            before=(
                "def two(nums: list[float], target: float):\n"
                "    for a in nums:\n"
                "        for b in nums:\n"
                "            if a + b == target:\n"
                "                return True\n"
                "    return False\n"
            ),
            after=None,
        ),
        Example(
            note="no equality",
            before=(
                "def close(nums: list[int]):\n"
                "    return [(a, b) for a in nums for b in nums if a + b < 3]\n\n\n"
                "def near(nums: list[int]):\n"
                "    for i in range(len(nums)):\n"
                "        for j in range(i + 1, len(nums)):\n"
                "            if abs(nums[i] - nums[j]) == 1:\n"
                "                return True\n"
            ),
            after=None,
        ),
        Example(
            note="the list changes",
            before=(
                "def paired(nums: list[int], target: int):\n"
                "    for i in range(len(nums)):\n"
                "        for j in range(i + 1, len(nums)):\n"
                "            if nums[i] + nums[j] == target:\n"
                "                nums[j] = 0\n"
            ),
            after=None,
        ),
        Example(
            note="places of one list, items of another that may be shorter",
            before=(
                "def two(nums: list[int], more: list[int], target: int):\n"
                "    for i in range(len(nums)):\n"
                "        for j in range(len(nums)):\n"
                "            if nums[i] + more[j] == target:\n"
                "                return i, j\n"
            ),
            after=None,
        ),
    )  # fmt: skip

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for loop in parsed.of(ast.For):
            test = loop.body[0]
            if (
                len(loop.body) != 1
                or not isinstance(test, ast.If)
                or test.orelse
                or loop.orelse
                or not parsed.loops(loop.iter)
            ):
                continue
            inner = _inner(parsed, loop)
            found = None if inner is None else self._at(parsed, loop, inner, test.test)
            if found is not None:
                yield found

    def _at(self, module: Module, loop: ast.For, inner: _Inner, test: ast.expr) -> Rewrite | None:
        assumes: set[str] = set()
        tests = conjuncts(test)
        equation = next((one for part in tests if (one := _solved(module, part, inner)) is not None), None)
        kind = module.taken(inner.items, "list", "tuple", "str", assumes=assumes)
        if equation is None or kind is None or _joined(inner, equation):
            return None
        if not all(module.pure(one, assumes) for one in tests):
            return None
        if not _stays(module, loop, inner, equation) or not _summed(module, inner, kind, equation, assumes):
            return None
        place = None if caught(module, loop) else outside(module, loop.iter, unchanging(module, inner.items, assumes))
        if place is None or not module.unchanged(inner.items, loop, set()):
            return None
        for one in [*equation.parts, *tests]:
            if not isinstance(one, ast.Name | ast.Constant | ast.Compare):
                module.safe(one, assumes)
        splices = _splices(module, loop, inner, equation, place)
        what = f"all items of {inner.items.id!r} are tried for each turn of the outer loop"
        return self.at(module, loop, what, splices, assumes=assumes, gain=40.0)


def _joined(inner: _Inner, equation: _Equation) -> bool:
    """Whether equal items are sought, by nothing else: another rule's matter."""
    return inner.place is None and inner.low is None and not equation.reckoned


def _inner(module: Module, loop: ast.For) -> _Inner | None:
    """The list that a loop goes through, by place or item, if it is one in a variable."""
    source = loop.iter
    match loop.target, source:
        case ast.Name() as place, ast.Call(args=given) if module.calls(source, "builtins.range"):
            return _ranged(module, place, given)
        case ast.Tuple(elts=[ast.Name() as place, ast.Name() as item]), ast.Call(args=given, keywords=[]):
            return _enumerated(module, place, item, given) if module.calls(source, "builtins.enumerate") else None
        case ast.Name() as item, _:
            taken = _sliced(module, source)
            return None if taken is None else _Inner(taken[0], None, item, taken[1])
        case _:
            return None


def _ranged(module: Module, place: ast.Name, given: list[ast.expr]) -> _Inner | None:
    items = _measured(module, given[-1]) if 1 <= len(given) <= 2 else None
    low = given[0] if len(given) == 2 else None
    return None if items is None or (low and not not_negative(module, low)) else _Inner(items, place, None, low)


def _enumerated(module: Module, place: ast.Name, item: ast.Name, given: list[ast.expr]) -> _Inner | None:
    taken = _sliced(module, given[0])
    started = given[1] if len(given) == 2 else None
    return _Inner(taken[0], place, item, taken[1]) if taken is not None and _alike(taken[1], started) else None


def _alike(one: ast.expr | None, other: ast.expr | None) -> bool:
    return one is other if one is None or other is None else ast.unparse(one) == ast.unparse(other)


def _measured(module: Module, node: ast.expr) -> ast.Name | None:
    """The variable whose length something is."""
    node = module.value(node)
    if not module.calls(node, "builtins.len") or not isinstance(node, ast.Call) or len(node.args) != 1:
        return None
    return node.args[0] if isinstance(node.args[0], ast.Name) else None


def _sliced(module: Module, node: ast.expr) -> tuple[ast.Name, ast.expr | None] | None:
    """A variable, or its items from a place on."""
    if isinstance(node, ast.Name):
        return node, None
    if (
        not isinstance(node, ast.Subscript)
        or not isinstance(node.value, ast.Name)
        or not isinstance(node.slice, ast.Slice)
    ):
        return None
    cut = node.slice
    fits = cut.lower is not None and cut.upper is None and cut.step is None and not_negative(module, cut.lower)
    return (node.value, cut.lower) if fits else None


def _solved(module: Module, test: ast.expr, inner: _Inner) -> _Equation | None:
    """What the item has to be, from an equation of sums in which it occurs once."""
    for side, other in equated(test):
        terms = _terms(side, 1)
        mine = [sign for sign, term in terms if _is_item(module, term, inner)]
        rest = [(sign, term) for sign, term in terms if not _is_item(module, term, inner)]
        parts = [other, *(term for _, term in rest)]
        if len(mine) == 1 and not any(_hangs(module, part, inner) for part in parts):
            long = len(rest) > 4 or any("\n" in module.segment(part) for part in parts)
            text = _isolated(module, mine[0], other, rest)
            return None if long else _Equation(text, parts, bool(rest) or mine[0] < 0)
    return None


def _isolated(module: Module, sign: int, other: ast.expr, rest: list[tuple[int, ast.expr]]) -> str:
    """The value of a term with this sign, to which the rest is added."""
    if not rest:
        return f"-{_bracketed(module, other)}" if sign < 0 else module.segment(other)
    text = _bracketed(module, other)
    text += "".join(f" {'-' if its > 0 else '+'} {_bracketed(module, term)}" for its, term in rest)
    return text if sign > 0 else f"-({text})"


def _bracketed(module: Module, node: ast.expr) -> str:
    text = module.segment(node)
    return text if isinstance(node, ast.Name | ast.Constant | ast.Subscript | ast.Attribute | ast.Call) else f"({text})"


def _terms(node: ast.expr, sign: int) -> list[tuple[int, ast.expr]]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        return _terms(node.left, sign) + _terms(node.right, sign if isinstance(node.op, ast.Add) else -sign)
    return [(sign, node)]


def _is_item(module: Module, node: ast.expr, inner: _Inner) -> bool:
    if inner.item is not None and isinstance(node, ast.Name):
        return module.variable(node) is module.variable(inner.item)
    if inner.place is None or not isinstance(node, ast.Subscript) or not isinstance(node.value, ast.Name):
        return False
    same = module.variable(node.value) is module.variable(inner.items)
    return same and isinstance(node.slice, ast.Name) and module.variable(node.slice) is module.variable(inner.place)


def _hangs(module: Module, node: ast.expr, inner: _Inner) -> bool:
    """Whether something hangs on the inner loop's variables."""
    own = [module.variable(one) for one in (inner.place, inner.item) if one is not None]
    return any(isinstance(part, ast.Name) and module.variable(part) in own for part in ast.walk(node))


def _stays(module: Module, loop: ast.For, inner: _Inner, equation: _Equation) -> bool:
    """Whether the equation is the same through the inner loop, and its variables are not read behind it."""
    parts = (one for whole in equation.parts for one in ast.walk(whole))
    names = [name for name in (inner.place, inner.item) if name is not None]
    return all(_steady(module, part, loop) for part in parts) and all(
        followed(module.variable(name)) and not outlives(module, name, loop.body) for name in names
    )


def _steady(module: Module, part: ast.AST, loop: ast.For) -> bool:
    match part:
        case ast.Call() | ast.Await() | ast.NamedExpr() | ast.Lambda() | ast.GeneratorExp():
            return False
        case ast.Name():
            return not module.rebound(part, loop.body) and module.unchanged(part, loop, set())
        case ast.Attribute():
            return module.unchanged(part, loop, set())
        case _:
            return True


def _summed(module: Module, inner: _Inner, kind: Kind, equation: _Equation, assumes: set[str]) -> bool:
    """Whether the equation may be solved: for ints it may; equal values only have to have a hash."""
    item = Kind("str") if kind.name == "str" else kind.item
    if not equation.reckoned:
        hashed(module, inner.items, item, assumes, f"what {inner.items.id!r} holds")
        other = equation.parts[0]
        hashed(module, other, module.kind(other, assumes), assumes)
        return True
    if item is not None and item.name not in {"int", "bool"}:
        return False
    if item is None:
        assumes.add(f"what {inner.items.id!r} holds are ints")
    for part in equation.parts:
        found = module.kind(part, assumes)
        if found is not None and found.name not in {"int", "bool"}:
            return False
        own = isinstance(part, ast.Subscript) and isinstance(part.value, ast.Name) and part.value.id == inner.items.id
        if found is None and not own:
            assumes.add(f"{module.segment(part)!r} is an int")
    return True


def _splices(module: Module, loop: ast.For, inner: _Inner, equation: _Equation, place: ast.stmt) -> list[Splice]:
    items = inner.items.id
    places, counted = module.fresh(f"{items}_places", f"{items}_at"), module.builtin("enumerate")
    at, one = module.fresh("place", "at"), module.fresh("item", "held")
    deeper = unit(module, place)
    lines = (
        f"{places} = {{}}", f"for {at}, {one} in {counted.spelling}({items}):",
        f"{deeper}{places}.setdefault({one}, []).append({at})",
    )  # fmt: skip
    given = at if inner.item is None else f"{items}[{at}]" if inner.place is None else f"({at}, {items}[{at}])"
    text = f"{places}.get({equation.sought}, ())"
    if inner.low is not None:
        text = f"[{given} for {at} in {text} if {at} >= {module.segment(inner.low)}]"
    elif given != at:
        text = f"[{given} for {at} in {text}]"
    return [module.before(place, *lines), module.splice(loop.iter, text), *counted.splices]


RULE = PairSearch()
