"""``Math.max(...all)``, ``new Set(all)`` or ``all.reduce(…)`` in a loop, of the same array each time."""

from __future__ import annotations

from collections.abc import Iterator

from cambrian.source.rules.javascript import JavaScriptRule
from cambrian.source.rules.looking_up import ahead
from cambrian.source.rules.rule import Example, Rewrite
from cambrian.source.rules.script import Script, arguments, bare, called, member
from cambrian.source.rules.script_effects import only_computes, plain, steady
from cambrian.source.rules.script_nodes import FUNCTIONS, Node

_ANSWERS = {"map": "mapped", "filter": "kept", "flatMap": "mapped", "toSorted": "sorted", "sort": "sorted",
            "flat": "flat"}  # fmt: skip
_COPIES = frozenset(("slice", "concat", "from"))
_READING = frozenset(
    ("has", "get", "size", "length", "includes", "indexOf", "at", "some", "every", "find", "findIndex", "join",
     "lastIndexOf")
)  # fmt: skip


class InvariantScan(JavaScriptRule):
    """Goes through an array once, before the loop."""

    id = "invariant-scan"
    title = "Go through an array once instead of in each turn of a loop"
    why = (
        "The greatest of an array, a sum over it, a set or a sorted copy of it takes n steps; in a loop, n². "
        "The guard asks that neither the array nor anything else that is read changes in the loop as far as the text "
        "shows, that the functions handed in only compute, and that what comes of it is only read. That it raises "
        "nothing if the loop has no turn, and that nobody changes the items meanwhile, is assumed."
    )
    words = ("Math.", "new Set(", "new Map(", "reduce(", "sort(", "toSorted(", ".map(", ".filter(", ".length")
    examples = (
        Example(
            before="function scaled(xs) {\n  return xs.map((x) => x / Math.max(...xs));\n}\n",
            after="function scaled(xs) {\n  const most = Math.max(...xs);\n  return xs.map((x) => x / most);\n}\n",
            note="the greatest",
        ),
        Example(
            before=(
                "function shares(rows) {\n  const out = [];\n  for (const row of rows) {\n"
                "    out.push(row.n / rows.reduce((sum, r) => sum + r.n, 0));\n  }\n  return out;\n}\n"
            ),
            after=(
                "function shares(rows) {\n  const out = [];\n  const total = rows.reduce((sum, r) => sum + r.n, 0);\n"
                "  for (const row of rows) {\n    out.push(row.n / total);\n  }\n  return out;\n}\n"
            ),
            note="a sum",
        ),
        Example(
            before="const common = (a, b) => a.filter((x) => new Set(b).has(x));\n",
            after="const common = (a, b) => { const made = new Set(b); return a.filter((x) => made.has(x)); };\n",
            note="a set that is made anew for each item",
        ),
        Example(
            before="const ranks = (xs) => xs.map((x) => [...xs].sort((a, b) => a - b).indexOf(x));\n",
            after=(
                "const ranks = (xs) => { const sorted = [...xs].sort((a, b) => a - b); "
                "return xs.map((x) => sorted.indexOf(x)); };\n"
            ),
            note="a sorted copy",
        ),
        Example(
            before="function f(xs) {\n  while (xs.length) {\n    xs.splice(xs.indexOf(Math.max(...xs)), 1);\n  }\n}\n",
            after=None,
            note="it changes meanwhile",
        ),
        Example(
            before="const f = (xs) => xs.map((x) => xs.filter((y) => y < x));\n",
            after=None,
            note="another one each time",
        ),
        Example(
            before="const f = (xs, ys) => xs.map((x) => [x, ys.map((y) => y * 2)]);\n",
            after=None,
            note="each has an array of its own",
        ),
    )

    def find(self, parsed: Script) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for node in parsed.of("call_expression", "new_expression"):
            name = _scan(parsed, node)
            loop = _outermost(parsed, node) if name else None
            if loop is None or not only_computes(parsed, _arguments(node)):
                continue
            fresh = parsed.fresh(name, f"{name}Once")
            before = ahead(parsed, loop, [f"const {fresh} = {node.text};"])
            if before:
                yield self.at(
                    parsed, node, f"{node.text[:40]} is the same in each turn", [*before, parsed.splice(node, fresh)],
                    gain=30.0, assumes=["it raises nothing if the loop has no turn", "nobody changes what it reads"],
                )  # fmt: skip


def _arguments(node: Node) -> Node:
    return node.field("arguments") or node


def _scan(script: Script, node: Node) -> str:
    """What the answer of a call that goes through an array may be called; "" for other calls."""
    given = arguments(node)
    if node.kind == "new_expression":
        return "made" if _makes(script, node, given) and _read(node) else ""
    owner, name = called(node)
    if owner is None:
        return ""
    if script.is_global(owner, "Math"):
        spread = len(given) == 1 and given[0].kind == "spread_element"
        return {"max": "most", "min": "least"}.get(name, "") if spread else ""
    if name == "reduce":
        return "total" if len(given) == 2 and _function(given[0]) and plain(script, given[1]) else ""
    return _ANSWERS.get(name, "") if _answers(node, owner, name, given) else ""


def _makes(script: Script, node: Node, given: list[Node]) -> bool:
    """Whether a set or map is made of an array in a variable."""
    made = node.field("constructor")
    if len(given) != 1 or not any(script.is_global(made, name) for name in ("Set", "Map")):
        return False
    return bare(given[0]) is given[0] and given[0].kind != "array"


def _answers(node: Node, owner: Node, name: str, given: list[Node]) -> bool:
    """Whether a method goes through an array, with at most a function, and leaves it as it is."""
    if len(given) > 1 or (given and not _function(given[0])) or (name == "sort" and not _copy(owner)):
        return False
    return _simple(owner) and _read(node)


def _simple(owner: Node) -> bool:
    """Whether what a method belongs to is no chain of calls with functions, which would have to be looked at too."""
    return not any(each.kind in FUNCTIONS for each in owner.walk())


def _copy(owner: Node) -> bool:
    """Whether an array is a new one, which may be sorted."""
    return owner.kind == "array" or (owner.kind == "call_expression" and called(owner)[1] in _COPIES)


def _function(node: Node) -> bool:
    return node.kind in FUNCTIONS


def _read(node: Node) -> bool:
    """Whether of what comes of it only something is read."""
    parent = node.parent
    if parent is not None and parent.kind == "member_expression" and parent.field("object") is node:
        return member(parent)[1] in _READING
    return False


def _outermost(script: Script, node: Node) -> Node | None:
    found = None
    for loop in script.loops(node):
        if not steady(script, node, loop):
            break
        found = loop
    return found


RULE = InvariantScan()
