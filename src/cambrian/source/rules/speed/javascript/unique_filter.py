"""``array.filter((x, i) => array.indexOf(x) === i)`` searches the whole array for each item."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cambrian.source.rules.javascript import JavaScriptRule
from cambrian.source.rules.looking_up import ahead
from cambrian.source.rules.rule import Example, Rewrite
from cambrian.source.rules.script import Script, arguments, bare, called, callee, member
from cambrian.source.rules.script_nodes import Node, equated, parameters


class _Unique(NamedTuple):
    """The name of an item, and the property by which items are told apart; "" if by themselves."""

    item: str
    key: str


class UniqueFilter(JavaScriptRule):
    """Remembers what came before in a set."""

    id = "unique-filter"
    title = "Remember what came before in a set"
    why = (
        "Keeping an item if its first place is its own compares it with all before it: n² steps. A `Set` of what came "
        "before answers at once; the first of equals stays, in the same order. NaN, which `indexOf` never finds, is "
        "left out as before. The guard asks that the array which is searched is the one which is filtered."
    )
    words = ("indexOf(", "findIndex(")
    examples = (
        Example(
            before="const unique = (xs) => xs.filter((x, i) => xs.indexOf(x) === i);\n",
            after=(
                "const unique = (xs) => { const seen = new Set(); "
                "return xs.filter((x) => x === x && !seen.has(x) && seen.add(x)); };\n"
            ),
            note="different values",
        ),
        Example(
            before=(
                "function unique(rows) {\n"
                "  return rows.filter((row, i) => rows.findIndex((r) => r.id === row.id) === i);\n}\n"
            ),
            after=(
                "function unique(rows) {\n  const seen = new Set();\n"
                "  return rows.filter((row) => row.id === row.id && !seen.has(row.id) && seen.add(row.id));\n}\n"
            ),
            note="by a property",
        ),
        Example(
            before="const twice = (xs) => xs.filter((x, i, all) => all.indexOf(x) !== i);\n",
            after=None,
            note="those that come again",
        ),
        Example(
            before="const f = (xs, ys) => xs.filter((x, i) => ys.indexOf(x) === i);\n", after=None, note="another array"
        ),
    )

    def find(self, parsed: Script) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for call in parsed.of("call_expression"):
            array, given = callee(call, "filter"), arguments(call)
            if array is None or len(given) != 1 or given[0].kind != "arrow_function":
                continue
            unique = _unique(array, given[0])
            name = parsed.fresh("seen", "seenBefore")
            before = ahead(parsed, call, [f"const {name} = new Set();"]) if unique is not None else []
            if unique is not None and before and not parsed.loops(call):
                key = f"{unique.item}.{unique.key}" if unique.key else unique.item
                test = f"({unique.item}) => {key} === {key} && !{name}.has({key}) && {name}.add({key})"
                assumes = ["it is an array, the items of which do not change meanwhile"] if unique.key else []
                yield self.at(
                    parsed, call, "each item is searched for in all", [*before, parsed.splice(given[0], test)],
                    gain=50.0, assumes=assumes,
                )  # fmt: skip


def _unique(array: Node, function: Node) -> _Unique | None:
    """What a test asks, if it asks whether an item is the first of its kind."""
    several, test = function.field("parameters"), bare(function.field("body"))
    names = [(each.field("pattern") or each).text for each in several.parts] if several is not None else []
    if len(names) not in (2, 3) or not all(map(str.isidentifier, names)):
        return None
    whole = {array.text} if array.kind == "identifier" else set[str]()
    for one, other in equated(test):
        search, place = bare(one), bare(other)
        if search is None or place is None or place.text != names[1] or search.kind != "call_expression":
            continue
        owner, how = called(search)
        if owner is not None and owner.text in {*whole, *names[2:]}:
            return _asked(search, how, names[0])
    return None


def _asked(search: Node, how: str, item: str) -> _Unique | None:
    given = arguments(search)
    if len(given) != 1:
        return None
    if how == "indexOf" and given[0].text == item:
        return _Unique(item, "")
    if how != "findIndex" or given[0].kind != "arrow_function":
        return None
    names = parameters(given[0])
    key = _shared_key(bare(given[0].field("body")), {item, names[0].text if len(names) == 1 else ""})
    return None if key is None else _Unique(item, key)


def _shared_key(test: Node | None, names: set[str]) -> str | None:
    """The property of two variables that an equation compares; "" if it compares them as they are."""
    sides = [bare(one) for one, _ in equated(test)]
    owners = [member(each) if each is not None else (None, "") for each in sides]
    found = {owner.text if owner is not None else "" for owner, _ in owners}
    keys = {name for _, name in owners}
    return keys.pop() if found == names and len(keys) == 1 else None


RULE = UniqueFilter()
