"""``names.index(x)`` in a loop: the first place of each item is noted once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from cambrian.source.analysis import Kind, Module
from cambrian.source.rules.catching import caught
from cambrian.source.rules.hashing import hashed
from cambrian.source.rules.hoisting import outside, unchanging
from cambrian.source.rules.loops import unit
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite


class _Search(NamedTuple):
    call: ast.Call
    owner: ast.Name
    kind: Kind
    place: ast.stmt
    assumes: set[str]


class ListIndex(PythonRule):
    """A dict from item to its first place."""

    id = "list-index"
    title = "Note places in a dict instead of searching for each with index()"
    why = (
        "`names.index(x)` compares x with item after item until it finds it; done for each item, that is quadratic."
        " A dict from item to first place, made once, answers in constant time. The guard sees that the list does "
        "not change meanwhile, that nobody waits for the `ValueError` of an item that is not there (the dict raises"
        " `KeyError`), and that items can be hashed, or says so."
    )
    words = (".index",)
    examples = (
        Example(
            note="in a comprehension",
            before=(
                "def ranks(text: str):\n"
                "    words = text.split()\n"
                "    return [words.index(word) for word in words]\n"
            ),
            after=(
                "def ranks(text: str):\n"
                "    words = text.split()\n"
                "    words_first = {}\n"
                "    for place, item in enumerate(words):\n"
                "        words_first.setdefault(item, place)\n"
                "    return [words_first[word] for word in words]\n"
            ),
            calls=("ranks('b a b c a')", "ranks('')"),
        ),
        Example(
            note="places in an order",
            before=(
                "def placed(names: list[str], order: list[str]):\n"
                "    out = {}\n"
                "    for name in names:\n"
                "        out[name] = order.index(name)\n"
                "    return out\n"
            ),
            after=(
                "def placed(names: list[str], order: list[str]):\n"
                "    out = {}\n"
                "    order_first = {}\n"
                "    for place, item in enumerate(order):\n"
                "        order_first.setdefault(item, place)\n"
                "    for name in names:\n"
                "        out[name] = order_first[name]\n"
                "    return out\n"
            ),
            calls=("placed(['b', 'a'], ['a', 'b', 'b'])", "placed([], [])"),
        ),
        Example(
            note="what is not there is waited for",
            before=(
                "def placed(names: list[str], order: list[str]):\n"
                "    out = {}\n"
                "    for name in names:\n"
                "        try:\n"
                "            out[name] = order.index(name)\n"
                "        except ValueError:\n"
                "            out[name] = -1\n"
                "    return out\n"
            ),
            after=None,
        ),
        Example(
            note="the list gets shorter",
            before=(
                "def taken(names: list[str], order: list[str]):\n"
                "    out = []\n"
                "    for name in names:\n"
                "        out.append(order.index(name))\n"
                "        order.remove(name)\n"
                "    return out\n"
            ),
            after=None,
        ),
        Example(
            note="a text: what is sought may be longer than a character",
            before="def places(text: str, parts: list[str]):\n    return [text.index(part) for part in parts]\n",
            after=None,
        ),
        Example(
            note="from a place on",
            before=(
                "def later(names: list[str]):\n"
                "    return [names.index(name, place) for place, name in enumerate(names)]\n"
            ),
            after=None,
        ),
    )  # fmt: skip

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        groups: dict[tuple[object, ast.stmt], list[_Search]] = {}
        for node in parsed.of(ast.Attribute):
            call = parsed.parent(node) if node.attr == "index" and isinstance(node.value, ast.Name) else None
            if not isinstance(call, ast.Call) or call.func is not node or len(call.args) != 1 or call.keywords:
                continue
            found = self._search(parsed, call, node.value) if isinstance(node.value, ast.Name) else None
            if found is not None:
                groups.setdefault((parsed.variable(found.owner), found.place), []).append(found)
        for searches in groups.values():
            yield self._rewrite(parsed, searches)

    def _search(self, module: Module, call: ast.Call, owner: ast.Name) -> _Search | None:
        assumes: set[str] = set()
        kind = module.taken(owner, "list", "tuple", assumes=assumes) if module.loops(call) else None
        if kind is None or caught(module, call) or not module.pure(call.args[0], assumes):
            return None
        if module.constant(call.args[0], module.loops(call)[0], set()):
            return None  # the whole call is the same on each turn: another rule's business

        place = outside(module, call, unchanging(module, owner, assumes))
        return None if place is None else _Search(call, owner, kind, place, assumes)

    def _rewrite(self, module: Module, searches: list[_Search]) -> Rewrite:
        first, word = searches[0], searches[0].owner.id
        assumes = set[str]().union(*(one.assumes for one in searches))
        hashed(module, first.owner, first.kind.item, assumes, f"what {word!r} holds")
        for one in searches:
            sought = one.call.args[0]
            hashed(module, sought, module.kind(sought, assumes), assumes)
            if not _from(module, sought, first.owner):
                assumes.add(f"{module.segment(sought)!r} is in {word!r}: it is a KeyError otherwise, not a ValueError")
        counted = module.builtin("enumerate")
        places = module.fresh(f"{word}_first", f"{word}_places")
        at, item = module.fresh("place", "at"), module.fresh("item", "held")
        deeper = unit(module, first.place)
        lines = (
            f"{places} = {{}}", f"for {at}, {item} in {counted.spelling}({word}):",
            f"{deeper}{places}.setdefault({item}, {at})",
        )  # fmt: skip
        splices = [*counted.splices, module.before(first.place, *lines)]
        splices += [module.splice(one.call, f"{places}[{module.segment(one.call.args[0])}]") for one in searches]
        what = f"{word!r} is searched for the place of each item"
        return self.at(module, first.call, what, splices, assumes=assumes, gain=30.0)


def _from(module: Module, sought: ast.expr, owner: ast.Name) -> bool:
    """Whether what is sought certainly is an item of the list: a loop over the list gave it."""
    bindings = module.reaching(sought) if isinstance(sought, ast.Name) else ()
    for one in bindings:
        source = one.value
        while (
            source is not None
            and isinstance(source, ast.Call)
            and module.calls(source, "builtins.set", "builtins.sorted", "builtins.list", "builtins.reversed")
        ):
            source = source.args[0] if source.args else None
        same = isinstance(source, ast.Name) and module.variable(source) is module.variable(owner)
        if one.how != "for" or one.path or not same:
            return False
    return bool(bindings)


RULE = ListIndex()
