"""``array.find(item => item.id === id)`` in a loop looks through the whole array each time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cambrian.source.rules.javascript import JavaScriptRule
from cambrian.source.rules.looking_up import ahead, outermost
from cambrian.source.rules.rule import Example, Rewrite
from cambrian.source.rules.script import Script, arguments, bare, callee, member
from cambrian.source.rules.script_nodes import Node


class _Search(NamedTuple):
    array: Node
    key: str
    value: Node
    how: str
    node: Node


class FindIndex(JavaScriptRule):
    """A map for what is found again and again by one property."""

    id = "find-index"
    title = "Look items up in a map instead of searching for them"
    why = (
        "`find`, `some` and counting with `filter` by equality of one property go through the array for each lookup. "
        "A `Map` from that property, made once before the loop, gives the first such item, or their number, at once. "
        "The guard asks that nothing in the loop changes the array as far as the text shows; that its items keep "
        "their properties, and that no key is NaN, is assumed."
    )
    words = (".find(", ".filter(", ".some(")
    examples = (
        Example(
            before=(
                "function join(orders, users) {\n"
                "  return orders.map((order) => ({ ...order, user: users.find((u) => u.id === order.userId) }));\n}\n"
            ),
            after=(
                "function join(orders, users) {\n  const usersById = new Map();\n"
                "  for (const u of users) if (!usersById.has(u.id)) usersById.set(u.id, u);\n"
                "  return orders.map((order) => ({ ...order, user: usersById.get(order.userId) }));\n}\n"
            ),
            note="a join",
        ),
        Example(
            before=(
                "function counts(teams, players) {\n  const out = [];\n  for (const team of teams) {\n"
                "    out.push(players.filter((p) => p.team === team).length);\n  }\n  return out;\n}\n"
            ),
            after=(
                "function counts(teams, players) {\n  const out = [];\n  const playersByTeam = new Map();\n"
                "  for (const p of players) playersByTeam.set(p.team, (playersByTeam.get(p.team) ?? 0) + 1);\n"
                "  for (const team of teams) {\n    out.push((playersByTeam.get(team) ?? 0));\n  }\n  return out;\n}\n"
            ),
            note="numbers",
        ),
        Example(
            before="function f(orders, users) {\n  return users.find((u) => u.id === orders[0].userId);\n}\n",
            after=None,
            note="no loop",
        ),
        Example(
            before="function f(orders, users) {\n  return orders.map((o) => users.find((u) => u.age > o.age));\n}\n",
            after=None,
            note="no equality",
        ),
    )

    def find(self, parsed: Script) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for call in parsed.of("call_expression"):
            search = _search(parsed, call)
            found = self._searched(parsed, search) if search is not None else None
            if found is not None:
                yield found

    def _searched(self, script: Script, search: _Search) -> Rewrite | None:
        binding = script.binding(search.array)
        loop = outermost(script, search.node, search.array)
        if binding is None or loop is None or not script.pure(search.value):
            return None
        name = script.fresh(f"{binding.name}By{search.key[:1].upper()}{search.key[1:] or 'Value'}")
        item = _item(search.node)
        key = f"{item}.{search.key}" if search.key else item
        make = f"for (const {item} of {binding.name}) "
        value = search.value.text
        if search.how == "filter":
            make += f"{name}.set({key}, ({name}.get({key}) ?? 0) + 1);"
            text = f"({name}.get({value}) ?? 0)"
        else:
            make += f"if (!{name}.has({key})) {name}.set({key}, {item});"
            text = f"{name}.{'get' if search.how == 'find' else 'has'}({value})"
        before = ahead(script, loop, [f"const {name} = new Map();", make])
        if not before:
            return None
        assumes = [
            f"'{binding.name}' is an array; nobody changes it or its items meanwhile",
            "no key is NaN",
        ]
        what = f"'{binding.name}' is searched again and again by one property"
        return self.at(
            script, search.node, what, [*before, script.splice(search.node, text)], gain=50.0, assumes=assumes
        )


def _item(node: Node) -> str:
    """The name of an item in the function that tests it."""
    for each in node.walk():
        if each.kind == "arrow_function":
            single, several = each.field("parameter"), each.field("parameters")
            return single.text if single else several.parts[0].text.split(":")[0] if several else "each"
    return "each"


def _search(script: Script, call: Node) -> _Search | None:
    for how in ("find", "some", "filter"):
        owner, given = bare(callee(call, how)), arguments(call)
        if owner is None or owner.kind != "identifier" or len(given) != 1 or given[0].kind != "arrow_function":
            continue
        parent = call.parent
        counted = parent is not None and parent.kind == "member_expression" and member(parent)[1] == "length"
        if how == "filter" and not counted:
            return None
        test = bare(given[0].field("body"))
        sides = _sides(script, given[0], test) if test is not None else None
        if sides is None or script.is_async(given[0]):
            return None
        return _Search(owner, sides[0], sides[1], how, parent if how == "filter" and parent is not None else call)
    return None


def _sides(script: Script, function: Node, test: Node) -> tuple[str, Node] | None:
    """Property of the item, and what it is compared with."""
    operator, left, right = test.field("operator"), test.field("left"), test.field("right")
    if test.kind != "binary_expression" or operator is None or operator.text != "===" or not left or not right:
        return None
    for one, other in ((left, right), (right, left)):
        owner, name = member(one)
        binding = script.binding(owner)
        own = binding is not None and binding.scope is function and binding.kind == "parameter"
        if own and all(each.scope is not function for each in script.names(other)):
            several = function.field("parameters")
            return (name, other) if several is None or len(several.parts) == 1 else None
    return None


RULE = FindIndex()
