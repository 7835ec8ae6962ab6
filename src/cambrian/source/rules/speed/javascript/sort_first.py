"""``[...array].sort(order)[0]`` sorts all items to find the first."""

from __future__ import annotations

from collections.abc import Iterator

from cambrian.source.rules.javascript import JavaScriptRule
from cambrian.source.rules.rule import Example, Rewrite
from cambrian.source.rules.script import Script, arguments, bare, called, callee
from cambrian.source.rules.script_nodes import Node

_COPIES = frozenset(("slice", "map", "filter", "concat", "flat", "flatMap", "from", "keys", "values", "entries"))


class SortFirst(JavaScriptRule):
    """The first by an order, without sorting."""

    id = "sort-first-js"
    title = "Find the first by an order without sorting all"
    why = (
        "Sorting takes n log n comparisons, one pass takes n. Sorting is stable, so the first of several equal items "
        "is the one that came first, which is what the pass keeps. The guard asks for a copy (nobody sees it sorted) "
        "and an order given on the spot; that no item is undefined and the order is a consistent one is assumed."
    )
    words = ("sort(", "toSorted(")
    examples = (
        Example(
            before="const least = (xs) => [...xs].sort((a, b) => a - b)[0];\n",
            after="const least = (xs) => "
            "[...xs].reduce((b, a) => (b === undefined || (a - b) < 0 ? a : b), undefined);\n",
            note="the least",
        ),
        Example(
            before=(
                "function best(rows) {\n  const sorted = rows.slice().sort((p, q) => q.score - p.score);\n"
                "  return sorted[0];\n}\n"
            ),
            after=(
                "function best(rows) {\n  const sorted = rows.slice().reduce((q, p) => (q === undefined || "
                "(q.score - p.score) < 0 ? p : q), undefined);\n  return sorted;\n}\n"
            ),
            note="by a variable",
        ),
        Example(before="const f = (xs) => xs.sort((a, b) => a - b)[0];\n", after=None, note="it stays sorted"),
        Example(before="const f = (xs) => [...xs].sort()[0];\n", after=None, note="sorted as texts"),
    )

    def find(self, parsed: Script) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for call in parsed.of("call_expression"):
            text = _reduced(parsed, call)
            places = _places(parsed, call) if text else []
            if places:
                splices = [parsed.splice(place, new or text) for place, new in places]
                yield self.at(
                    parsed, call, "all items are sorted for the sake of the first", splices, gain=5.0,
                    assumes=["no item is undefined, and the order is a consistent one"],
                )  # fmt: skip


def _reduced(script: Script, call: Node) -> str:
    given = arguments(call)
    owner = callee(call, "sort") or callee(call, "toSorted")
    if owner is None or len(given) != 1 or given[0].kind != "arrow_function" or not _is_fresh(call, owner):
        return ""
    several, body = given[0].field("parameters"), bare(given[0].field("body"))
    names = [part.text.split(":")[0].strip() for part in several.parts] if several else []
    if len(names) != 2 or not all(name.isidentifier() for name in names):
        return ""
    if body is None or body.kind == "statement_block" or not script.pure(body):
        return ""
    one, two = names
    test = f"({two}, {one}) => ({two} === undefined || ({body.text}) < 0 ? {one} : {two})"
    return f"{owner.text}.reduce({test}, undefined)"


def _is_fresh(call: Node, owner: Node) -> bool:
    """Whether nobody else sees the array in its order."""
    if called(call)[1] == "toSorted" or owner.kind == "array":
        return True
    return owner.kind == "call_expression" and called(owner)[1] in _COPIES


def _places(script: Script, call: Node) -> list[tuple[Node, str]]:
    """What is to be replaced, by what; "" is the reduction itself."""
    parent = call.parent
    if parent is not None and _first(parent, call):
        return [(parent, "")]
    name = parent.field("name") if parent is not None and parent.kind == "variable_declarator" else None
    binding = script.binding(name)
    if binding is None or name is None or name.kind != "identifier" or binding.kind != "const" or not binding.reads:
        return []
    reads = [use.parent for use in binding.reads if use.parent is not None and _first(use.parent, use)]
    return [(call, ""), *((read, binding.name) for read in reads)] if len(reads) == len(binding.reads) else []


def _first(node: Node, owner: Node) -> bool:
    index = node.field("index")
    return node.kind == "subscript_expression" and node.field("object") is owner and index is not None and (
        index.text == "0"
    )  # fmt: skip


RULE = SortFirst()
