"""``x in xs[:i]`` in a loop: where each item stands first, or last, is noted once."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cambrian.source.analysis import Kind, Module
from cambrian.source.analysis.importing import Imported
from cambrian.source.edit import Splice
from cambrian.source.rules.hashing import hashed
from cambrian.source.rules.hoisting import outside, unchanging
from cambrian.source.rules.loops import not_negative, same, unit
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite


class _Search(NamedTuple):
    """A search in the items before, or from, a place on."""

    node: ast.expr
    items: ast.Name
    sought: ast.expr
    end: ast.expr
    before: bool
    shape: str
    """``"in"``, ``"not in"`` or ``"count"``."""


class SliceMembership(PythonRule):
    """Places by item in a dict instead of a part of the list."""

    id = "slice-membership"
    title = "Note where items stand instead of searching a part of the list on each turn"
    why = (
        "`x in xs[:i]` copies a part of the list and goes through it, on each turn of a loop. A dict from item to its "
        "first place, made once, answers by a comparison; from item to last place for `x in xs[i:]`; to all places for"
        " `xs[:i].count(x)`. The guard sees that the list does not change meanwhile and that the place counts up from 0"
        " or more; of a text only what is one of its characters is sought. That items can be hashed is assumed unless "
        "the text shows it."
    )
    words = ("[:", ":]")
    examples = (
        Example(
            note="seen before",
            before=(
                "def repeated(values: list[int]):\n"
                "    return [v for i, v in enumerate(values) if v in values[:i]]\n"
            ),
            after=(
                "def repeated(values: list[int]):\n"
                "    values_first = {}\n"
                "    for place, item in enumerate(values):\n"
                "        values_first.setdefault(item, place)\n"
                "    return [v for i, v in enumerate(values) if values_first.get(v, i) < i]\n"
            ),
            calls=("repeated([1, 2, 1, 1, 3])", "repeated([])"),
        ),
        Example(
            note="how often before, in a text",
            before=(
                "def first_twice(text: str):\n"
                "    for index, c in enumerate(text):\n"
                "        if text[:index + 1].count(c) > 1:\n"
                "            return c\n"
                "    return None\n"
            ),
            after=(
                "from bisect import bisect_left\n\n\n"
                "def first_twice(text: str):\n"
                "    text_places = {}\n"
                "    for place, item in enumerate(text):\n"
                "        text_places.setdefault(item, []).append(place)\n"
                "    for index, c in enumerate(text):\n"
                "        if bisect_left(text_places.get(c, ()), index + 1) > 1:\n"
                "            return c\n"
                "    return None\n"
            ),
            calls=("first_twice('abcab')", "first_twice('abc')", "first_twice('')"),
        ),
        Example(
            note="not again",
            before=(
                "def last_ones(values: list[str]):\n"
                "    out = []\n"
                "    for i in range(len(values)):\n"
                "        if values[i] not in values[i + 1:]:\n"
                "            out.append(values[i])\n"
                "    return out\n"
            ),
            after=(
                "def last_ones(values: list[str]):\n"
                "    out = []\n"
                "    values_last = {item: place for place, item in enumerate(values)}\n"
                "    for i in range(len(values)):\n"
                "        if values_last.get(values[i], -1) < i + 1:\n"
                "            out.append(values[i])\n"
                "    return out\n"
            ),
            calls=("last_ones(['a', 'b', 'a'])", "last_ones([])"),
        ),
        Example(
            note="the list changes; the place may be below 0",
            before=(
                "def some(values: list[int], k: int):\n"
                "    for i, v in enumerate(values):\n"
                "        if v in values[:i]:\n"
                "            values[i] = 0\n"
                "    return [v for i, v in enumerate(values) if v in values[:i - k]]\n"
            ),
            after=None,
        ),
        Example(
            note="a part of a text; lists, which have no hash; no loop",
            before=(
                "def some(text: str, words: list[str], rows: list[list[int]], i: int):\n"
                "    found = [w for i, w in enumerate(words) if w in text[:i]]\n"
                "    more = [row for i, row in enumerate(rows) if row in rows[:i]]\n"
                "    return found, more, text in words[:3]\n"
            ),
            after=None,
        ),
    )  # fmt: skip

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for node in [*parsed.of(ast.Compare), *parsed.of(ast.Call)]:
            search = _search(node) if parsed.loops(node) else None
            found = None if search is None else self._at(parsed, search)
            if found is not None:
                yield found

    def _at(self, module: Module, search: _Search) -> Rewrite | None:
        items, sought, assumes = search.items, search.sought, set[str]()
        kind = module.taken(items, "list", "tuple", "str", assumes=assumes)
        if kind is None or not not_negative(module, search.end) or not module.pure(sought, assumes):
            return None
        item = Kind("str") if kind.name == "str" else kind.item
        if (item is not None and item.name in {"list", "dict", "set"}) or "\n" in module.segment(search.node):
            return None
        if kind.name == "str" and not _character(module, sought, items):
            return None

        place = outside(module, search.node, unchanging(module, items, assumes))
        if place is None:
            return None
        hashed(module, items, item, assumes, f"what {items.id!r} holds")
        if not _character(module, sought, items):
            hashed(module, sought, module.kind(sought, assumes), assumes)
        splices = _splices(module, search, place)
        what = f"a part of {items.id!r} is copied and searched on each turn"
        return self.at(module, search.node, what, splices, assumes=assumes, gain=10.0)


def _search(node: ast.expr) -> _Search | None:
    """What a comparison or call searches a part of a list for."""
    part, sought, shape = _asked(node)
    if not isinstance(part, ast.Subscript) or not isinstance(part.value, ast.Name) or sought is None:
        return None
    cut = part.slice
    if not isinstance(cut, ast.Slice) or cut.step is not None or (cut.lower is None) == (cut.upper is None):
        return None
    end = cut.upper if cut.lower is None else cut.lower
    return None if end is None else _Search(node, part.value, sought, end, cut.lower is None, shape)


def _asked(node: ast.expr) -> tuple[ast.expr | None, ast.expr | None, str]:
    """What is searched, for what, and whether it is to be in it, or not, or counted."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.In | ast.NotIn):
        return node.comparators[0], node.left, "in" if isinstance(node.ops[0], ast.In) else "not in"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "count":
        plain = len(node.args) == 1 and not node.keywords
        return (node.func.value, node.args[0], "count") if plain else (None, None, "")
    return None, None, ""


def _character(module: Module, sought: ast.expr, items: ast.Name) -> bool:
    """Whether what is sought certainly is an item of the list, or a character of the text."""
    if isinstance(sought, ast.Subscript):
        return same(module, sought.value, items) and not isinstance(sought.slice, ast.Slice)
    bindings = module.reaching(sought) if isinstance(sought, ast.Name) else ()
    for one in bindings:
        source, path = one.value, one.path
        if module.calls(source, "builtins.enumerate") and isinstance(source, ast.Call) and source.args and path == (1,):
            source, path = source.args[0], ()
        if one.how != "for" or path or not same(module, source, items):
            return False
    return bool(bindings)


def _splices(module: Module, search: _Search, place: ast.stmt) -> Sequence[Splice]:
    items, sought, end = search.items.id, module.segment(search.sought), module.segment(search.end)
    counted, at, one = module.builtin("enumerate"), module.fresh("place", "at"), module.fresh("item", "held")
    deeper, walk = unit(module, place), f"for {at}, {one} in {counted.spelling}({items})"
    more: list[Imported] = [counted]
    if search.shape == "count":
        known = module.fresh(f"{items}_places", f"{items}_at")
        bisect = module.importing("bisect", "bisect_left")
        more.append(bisect)
        lines = (f"{known} = {{}}", f"{walk}:", f"{deeper}{known}.setdefault({one}, []).append({at})")
        got = f"{known}.get({sought}, ())"
        text = f"{bisect.spelling}({got}, {end})"
        if not search.before:
            more.append(module.builtin("len"))
            text = f"({more[-1].spelling}({got}) - {text})"
    elif search.before:
        known = module.fresh(f"{items}_first", f"{items}_firsts")
        lines = (f"{known} = {{}}", f"{walk}:", f"{deeper}{known}.setdefault({one}, {at})")
        text = f"{known}.get({sought}, {end}) {'<' if search.shape == 'in' else '>='} {end}"
    else:
        known = module.fresh(f"{items}_last", f"{items}_lasts")
        lines = (f"{known} = {{{one}: {at} {walk}}}",)
        text = f"{known}.get({sought}, -1) {'>=' if search.shape == 'in' else '<'} {end}"
    imports = [splice for each in more for splice in each.splices]
    return [*imports, module.before(place, *lines), module.splice(search.node, text)]


RULE = SliceMembership()
