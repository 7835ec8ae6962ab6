"""``table[i - 1][j]`` in a loop over ``j``: the row is taken once, before the loop."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from cambrian.source.analysis import Module
from cambrian.source.analysis.index import Loop, Region
from cambrian.source.rules.hoisting import outside
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_INDEXED = ("list", "tuple", "str", "dict")
_WORDS = {"- 1": "before", "+ 1": "after"}


class _Found(NamedTuple):
    node: ast.Subscript
    place: ast.stmt
    assumes: set[str]


class HoistedItem(PythonRule):
    """An item that is the same on every turn of a loop is read once (Muchnick 1997, §13.2)."""

    id = "hoisted-item"
    title = "Take a row, or an item, once before the loop that reads it"
    why = (
        "Tables that are filled row by row (dynamic programming) read `table[i - 1]` and `table[i]` for each column: "
        "two look-ups and an addition that give the same on every turn of the inner loop. They are taken before it. "
        "The guard sees that nothing in the loop assigns the sequence, its items or the index; what is within a row "
        "may change, as the row itself stays. That the item is there even if the loop does not ask for it is assumed."
    )
    words = ("for ", "while ")
    examples = (
        Example(
            note="the longest common subsequence",
            before=(
                "def common(a: str, b: str):\n"
                "    table = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]\n"
                "    for i in range(1, len(a) + 1):\n"
                "        for j in range(1, len(b) + 1):\n"
                "            if a[i - 1] == b[j - 1]:\n"
                "                table[i][j] = table[i - 1][j - 1] + 1\n"
                "            else:\n"
                "                table[i][j] = max(table[i - 1][j], table[i][j - 1])\n"
                "    return table[-1][-1]\n"
            ),
            after=(
                "def common(a: str, b: str):\n"
                "    table = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]\n"
                "    for i in range(1, len(a) + 1):\n"
                "        a_before = a[i - 1]\n"
                "        table_i = table[i]\n"
                "        table_before = table[i - 1]\n"
                "        for j in range(1, len(b) + 1):\n"
                "            if a_before == b[j - 1]:\n"
                "                table_i[j] = table_before[j - 1] + 1\n"
                "            else:\n"
                "                table_i[j] = max(table_before[j], table_i[j - 1])\n"
                "    return table[-1][-1]\n"
            ),
            calls=("common('abcbdab', 'bdcaba')", "common('', 'a')", "common('a', '')"),
        ),
        Example(
            note="the row is replaced; the index moves; the item is assigned",
            before=(
                "def told(rows: list[list[int]], n: int):\n"
                "    for i in range(n):\n"
                "        for j in range(n):\n"
                "            rows[i] = rows[i] + [j] + rows[i]\n"
                "    k = 0\n"
                "    while rows[k][0] < n:\n"
                "        rows[k][1] += rows[k][0]\n"
                "        k += 1\n"
                "    return rows\n"
            ),
            after=None,
        ),
        Example(
            note="read once on a turn, and not a row",
            before=(
                "def pairs(xs: list[int]):\n"
                "    found = 0\n"
                "    for i in range(len(xs)):\n"
                "        for j in range(i):\n"
                "            found += xs[i] > xs[j]\n"
                "    return found\n"
            ),
            after=None,
        ),
        Example(
            note="something else than a list may be under that name",
            before=(
                "def told(n: int, book):\n"
                "    page = book.open()\n"
                "    for i in range(n):\n"
                "        for j in range(n):\n"
                "            print(page[i - 1][j])\n"
            ),
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        groups: dict[tuple[str, ast.stmt], list[_Found]] = {}
        asked: dict[tuple[str, ast.AST], _Found | None] = {}
        for node in parsed.of(ast.Subscript):
            loops = parsed.loops(node)
            if not loops or not _plain(parsed, node) or not isinstance(loops[0], ast.For | ast.While):
                continue
            key = " ".join(parsed.segment(node).split()), loops[0]
            if key not in asked:
                asked[key] = _hoisted(parsed, node)
            found = asked[key]
            if found is not None:
                groups.setdefault((key[0], found.place), []).append(found._replace(node=node))
        for items in groups.values():
            if _pays(parsed, items):
                yield self._rewrite(parsed, items)

    def _rewrite(self, module: Module, items: list[_Found]) -> Rewrite:
        first = items[0]
        text = " ".join(module.segment(first.node).split())
        name = _name(module, first.node)
        splices = [module.before(first.place, f"{name} = {text}"), *(module.splice(one.node, name) for one in items)]
        assumes = {f"{text!r} can be read before the loop"}.union(*(one.assumes for one in items))
        what = f"{text!r} is the same on every turn of the loop"
        return self.at(module, first.node, what, splices, assumes=assumes, gain=1.3)


def _plain(module: Module, node: ast.Subscript) -> bool:
    """Whether it reads an item of a variable, by variables and numbers."""
    if not isinstance(node.ctx, ast.Load) or not isinstance(node.value, ast.Name):
        return False
    parts = [part for part in ast.walk(node.slice) if isinstance(part, ast.expr)]
    if not all(isinstance(part, ast.Name | ast.Constant | ast.BinOp) for part in parts):
        return False
    return any(isinstance(part, ast.Name) for part in parts) and module.scope(node).kind == "function"


def _hoisted(module: Module, node: ast.Subscript) -> _Found | None:
    assert isinstance(node.value, ast.Name)
    assumes: set[str] = set()
    if module.taken(node.value, *_INDEXED, assumes=assumes) is None:
        return None
    owner = node.value
    names = [part for part in ast.walk(node.slice) if isinstance(part, ast.Name)]

    def steady(loop: Loop, region: Region) -> bool:
        if not isinstance(loop, ast.For | ast.While) or any(module.rebound(name, region) for name in names):
            return False
        mine: set[str] = set()
        fine = module.unchanged(owner, region, mine)
        assumes.update(mine if fine else ())
        return fine

    place = outside(module, node, steady)
    return None if place is None else _Found(node, place, assumes)


def _pays(module: Module, items: list[_Found]) -> bool:
    """Whether an item is read several times on a turn, or by a computed index, or is a row that is indexed in turn."""
    first = items[0].node
    above = module.parent(first)
    row = isinstance(above, ast.Subscript) and above.value is first
    return len(items) > 1 or row or isinstance(first.slice, ast.BinOp)


def _name(module: Module, node: ast.Subscript) -> str:
    assert isinstance(node.value, ast.Name)
    index = module.segment(node.slice)
    word = next((word for end, word in _WORDS.items() if index.replace(" ", "").endswith(end.replace(" ", ""))), "item")
    wish = f"{node.value.id}_{index if isinstance(node.slice, ast.Name) else word}"
    return module.fresh(wish, f"{wish}_item")


RULE = HoistedItem()
