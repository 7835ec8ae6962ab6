"""``x in names`` in a loop, where `names` is a list: a set is built once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from cambrian.source.analysis import Kind, Module
from cambrian.source.rules.hashing import hashed
from cambrian.source.rules.hoisting import outside, unbound, unchanging
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_LISTS = ("list", "tuple", "deque")
_FEW = 6


class _Test(NamedTuple):
    """A test for membership: where the set has to be made, and what is trusted."""

    node: ast.Compare
    searched: ast.Name
    place: ast.stmt
    kind: Kind
    assumes: set[str]


class MembershipSet(PythonRule):
    """A list that is searched on each turn of a loop becomes a set before the loop."""

    id = "membership-set"
    title = "Search a set, not a list, in a loop"
    why = (
        "`x in names` compares x with one item after the other, on every turn of the loop. A set made once before the "
        "loop answers in constant time: it pays from about ten items and turns on. The guard sees that the list "
        "cannot change while the loop runs, and that what it holds and what is looked for can be hashed, or says that "
        "this has to be assumed."
    )
    words = (" in ",)
    examples = (
        Example(
            note="a list that is made in the function",
            before=(
                "def known(words):\n"
                '    names = "ann bob eve".split()\n'
                "    found = []\n"
                "    for word in words.split():\n"
                "        if word in names:\n"
                "            found.append(word)\n"
                "    return found\n"
            ),
            after=(
                "def known(words):\n"
                '    names = "ann bob eve".split()\n'
                "    found = []\n"
                "    names_set = set(names)\n"
                "    for word in words.split():\n"
                "        if word in names_set:\n"
                "            found.append(word)\n"
                "    return found\n"
            ),
            calls=("known('bob x ann bob')", "known('')"),
        ),
        Example(
            note="in a comprehension; hints are trusted, and that is said",
            before=(
                "def both(a: list[int], b: list[int]) -> list[int]:\n"
                "    # those in a that are in b, too\n"
                "    return [x for x in a if x in b]\n"
            ),
            after=(
                "def both(a: list[int], b: list[int]) -> list[int]:\n"
                "    # those in a that are in b, too\n"
                "    b_set = set(b)\n"
                "    return [x for x in a if x in b_set]\n"
            ),
            calls=("both([3, 1, 2, 3], [3, 4, 1])", "both([], [1])", "both([1], [])"),
        ),
        Example(
            note="the list changes in the loop",
            before=(
                "def first_seen(words):\n"
                "    seen = ['']\n"
                "    for word in words:\n"
                "        if word in seen:\n"
                "            seen.remove(word)\n"
                "        else:\n"
                "            seen.append(word)\n"
                "    return seen\n"
            ),
            after=None,
        ),
        Example(
            note="a text: `in` looks for a part of it",
            before=('def vowels(text):\n    letters = "ae" + "iou"\n    return sum(1 for c in text if c in letters)\n'),
            after=None,
        ),
        Example(
            note="a generator that runs later, when the list may have changed",
            before=(
                "def later(words):\n"
                "    names = ['ann']\n"
                "    picked = (word for word in words if word in names)\n"
                "    names.append('bob')\n"
                "    return list(picked)\n"
            ),
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        groups: dict[tuple[object, ast.stmt], list[_Test]] = {}
        for node in parsed.of(ast.Compare):
            searched = node.comparators[0]
            if len(node.ops) == 1 and isinstance(node.ops[0], ast.In | ast.NotIn) and isinstance(searched, ast.Name):
                test = self._test(parsed, node, searched)
                if test is not None:
                    groups.setdefault((parsed.variable(searched), test.place), []).append(test)
        for tests in groups.values():
            yield self._rewrite(parsed, tests)

    def _test(self, module: Module, node: ast.Compare, searched: ast.Name) -> _Test | None:
        if module.variable(searched) is None or not module.loops(node):
            return None
        assumes: set[str] = set()
        kind = module.taken(searched, *_LISTS, assumes=assumes)
        if kind is None or isinstance(node.left, ast.Constant | ast.JoinedStr) or _short(module.value(searched)):
            return None

        place = outside(module, node, unchanging(module, searched, assumes))
        return None if place is None else _Test(node, searched, place, kind, assumes)

    def _rewrite(self, module: Module, tests: list[_Test]) -> Rewrite:
        first = tests[0]
        assumes: set[str] = set()
        word = first.searched.id
        hashed(module, first.searched, first.kind.item, assumes, f"what {word!r} holds")
        for test in tests:
            assumes |= {*test.assumes, *unbound(module, test.searched)}
            hashed(module, test.node.left, module.kind(test.node.left, assumes), assumes)
        name = module.fresh(f"{word}_set", f"{word}_as_set")
        made = module.builtin("set")
        splices = [module.before(first.place, f"{name} = {made.spelling}({word})"), *made.splices]
        splices += [module.splice(test.searched, name) for test in tests]
        what = f"{word!r} is searched from its start on every turn of a loop"
        return self.at(module, first.node, what, splices, assumes=assumes, gain=30.0)


def _short(value: ast.expr) -> bool:
    """Whether it is a display of so few items that comparing them is as fast."""
    return (
        isinstance(value, ast.List | ast.Tuple)
        and len(value.elts) < _FEW
        and not any(isinstance(item, ast.Starred) for item in value.elts)
    )


RULE = MembershipSet()
