"""``list(heapq.merge(sorted(a), sorted(b)))``: what is gathered whole is sorted at once."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.analysis import Module
from cambrian.source.analysis.ownership import followed
from cambrian.source.analysis.shapes import only_argument
from cambrian.source.edit import Splice
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite


class MergedLists(PythonRule):
    """Sorted lists that are merged into a list are sorted together: runs are what Timsort looks for."""

    id = "merged-lists"
    title = "Merge sorted lists by `sorted`, where all of the result is kept"
    why = (
        "`heapq.merge` hands out one item at a time by a generator; it is for what does not fit into memory. `sorted` "
        "of all items finds the sorted runs and merges them in C, in the same order of equal items. The guard sees "
        "that the result is made a list, and that each part is sorted (`sorted(...)`); else that is an assumption."
    )
    words = ("merge",)
    examples = (
        Example(
            note="three lists that were sorted just before",
            before=(
                "import heapq\n\n\n"
                "def merged(one, two, three):\n"
                "    one = sorted(one)\n"
                "    two = sorted(two)\n"
                "    result = heapq.merge(one, two, sorted(three))\n"
                "    return list(result)\n"
            ),
            after=(
                "import heapq\n\n\n"
                "def merged(one, two, three):\n"
                "    one = sorted(one)\n"
                "    two = sorted(two)\n"
                "    result = sorted([*one, *two, *sorted(three)])\n"
                "    return result\n"
            ),
            calls=("merged([3, 1], [2], [9, 0])", "merged([], [], [])", "merged([1], [True], [1.0])"),
        ),
        Example(
            note="by a key, at once",
            before=(
                "from heapq import merge\n\n\n"
                "def merged(one, two):\n"
                "    return list(merge(sorted(one, key=len), sorted(two, key=len), key=len))\n"
            ),
            after=(
                "from heapq import merge\n\n\n"
                "def merged(one, two):\n"
                "    return sorted([*sorted(one, key=len), *sorted(two, key=len)], key=len)\n"
            ),
            calls=("merged(['bb', 'a'], ['c', 'dd'])",),
        ),
        Example(
            note="what need not be gone through to its end; streams",
            before=(
                "import heapq\n\n\n"
                "def first(streams, one, two):\n"
                "    for item in heapq.merge(sorted(one), sorted(two)):\n"
                "        if item > 3:\n"
                "            return item\n"
                "    return list(heapq.merge(*streams))\n"
            ),
            after=None,
        ),
        Example(
            note="nothing says that they are sorted, or they are sorted the other way round",
            before=(
                "import heapq\n\n\n"
                "def merged(one, two):\n"
                "    lines = [line for line in one]\n"
                "    return list(heapq.merge(lines, two)), list(heapq.merge(sorted(one, reverse=True), sorted(two)))\n"
            ),
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for call in parsed.of(ast.Call):
            inner = only_argument(call) if parsed.calls(call, "builtins.list") else None
            merge = None if inner is None else _merge(parsed, inner)
            if inner is None or merge is None or "#" in parsed.segment(merge) or "#" in parsed.segment(call):
                continue
            words = {word.arg: parsed.segment(word.value) for word in merge.keywords}
            if not set(words) <= {"key", "reverse"} or len(merge.args) < 2:
                continue
            if all(_sorted(parsed, one, words) for one in merge.args):
                splices = _splices(parsed, call, inner, merge)
                what, assumes = "sorted lists are merged item by item", _ordered(parsed, merge)
                yield self.at(parsed, call, what, splices, assumes=assumes, gain=3.0)


def _ordered(module: Module, merge: ast.Call) -> set[str]:
    """What has to be trusted: NaN, sets and the like have no one order, and come out otherwise."""
    assumes: set[str] = set()
    kinds = [module.kind(one, assumes) for one in merge.args]
    items = {kind.item.name if kind is not None and kind.item is not None else "" for kind in kinds}
    known = items <= {"int", "bool"} or items in ({"str"}, {"bytes"})
    keyed = any(word.arg == "key" for word in merge.keywords)
    return assumes if known and not keyed else {"what the lists hold, or its keys, has one order"}


def _merge(module: Module, node: ast.expr) -> ast.Call | None:
    """The merge that an expression is, or that its variable was given, which nobody else reads."""
    made = module.value(node)
    if not isinstance(made, ast.Call) or not module.calls(made, "heapq.merge"):
        return None
    if made is node:
        return made
    variable = module.variable(node)
    alone = variable is not None and len(variable.reads) == 1 and not variable.captured and not variable.secret
    if (
        not alone
        or module.block(module.statement(made)).statements is not module.block(module.statement(node)).statements
    ):
        return None
    return made if variable is not None and variable.scope.kind == "function" else None


def _sorted(module: Module, node: ast.expr, words: dict[str | None, str]) -> bool:
    """Whether it is a list that was sorted in the same way, and has not been changed since."""
    made = module.value(node)
    if not isinstance(made, ast.Call) or not module.calls(made, "builtins.sorted") or len(made.args) != 1:
        return False
    if {word.arg: module.segment(word.value) for word in made.keywords} != words:
        return False
    if made is node:
        return True
    variable = module.variable(node)
    if not followed(variable) or variable.scope.kind != "function":
        return False
    return all(module.use(read) in {"read", "return"} for read in variable.reads)


def _splices(parsed: Module, call: ast.Call, inner: ast.expr, merge: ast.Call) -> list[Splice]:
    """``sorted`` of all in place of the merging."""
    made = parsed.builtin("sorted")
    parts = ", ".join(f"*{parsed.segment(one)}" for one in merge.args)
    given = "".join(f", {word.arg}={parsed.segment(word.value)}" for word in merge.keywords)
    text = f"{made.spelling}([{parts}]{given})"
    if merge is inner:
        return [parsed.splice(call, text), *made.splices]
    return [parsed.splice(merge, text), parsed.splice(call, parsed.segment(inner)), *made.splices]


RULE = MergedLists()
