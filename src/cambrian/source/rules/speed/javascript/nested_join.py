"""A loop in a loop that looks for the items with the same key goes through all of them each time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cambrian.source.edit import Splice
from cambrian.source.rules.javascript import JavaScriptRule
from cambrian.source.rules.looking_up import ahead, outermost
from cambrian.source.rules.rule import Example, Rewrite
from cambrian.source.rules.script import Script, arguments, bare, callee, member, statements
from cambrian.source.rules.script_nodes import Node, equated, parameters
from cambrian.source.rules.script_scopes import Binding

_READING = frozenset(("map", "forEach", "reduce", "some", "every", "find", "join", "flatMap", "filter", "includes"))


class _Join(NamedTuple):
    """Items of an array with a certain key.

    Args:
        node: the whole.
        array: what is gone through.
        item: the name of an item.
        key: the property; "" is the item itself.
        value: what it must be equal to.
        splices: replace what asks, given what the items with that key are called.
    """

    node: Node
    array: Node
    item: str
    key: str
    value: Node
    places: tuple[tuple[Node, str], ...]


class NestedJoin(JavaScriptRule):
    """Groups by the key once."""

    id = "nested-join"
    title = "Group items by their key instead of searching them for each"
    why = (
        "Two tables joined by a loop in a loop, or by `filter` in a loop, compare each with each. A `Map` from the key "
        "to the items that have it, made once before the loops, hands out just these, in the same order. The guard "
        "asks that the inner loop does nothing but test the key, and that nothing changes the array meanwhile as far "
        "as the text shows; that its items keep their keys, and that no key is NaN, is assumed."
    )
    words = ("===",)
    examples = (
        Example(
            before=(
                "function join(users, orders) {\n  const out = [];\n  for (const user of users) {\n"
                "    for (const order of orders) {\n      if (order.userId === user.id) {\n"
                "        out.push([user.name, order.total]);\n      }\n    }\n  }\n  return out;\n}\n"
            ),
            after=(
                "function join(users, orders) {\n  const out = [];\n  const ordersByUserId = new Map();\n"
                "  for (const order of orders) {\n    const found = ordersByUserId.get(order.userId);\n"
                "    if (found) found.push(order); else ordersByUserId.set(order.userId, [order]);\n  }\n"
                "  for (const user of users) {\n    for (const order of ordersByUserId.get(user.id) ?? []) {\n"
                "      {\n        out.push([user.name, order.total]);\n      }\n    }\n  }\n  return out;\n}\n"
            ),
            note="a join of two tables",
        ),
        Example(
            before=(
                "const pages = (users, posts) =>\n"
                "  users.map((user) => ({ user, posts: posts.filter((post) => post.by === user.id) }));\n"
            ),
            after=(
                "const pages = (users, posts) =>\n"
                "  { const postsByBy = new Map(); for (const post of posts) { const found = postsByBy.get(post.by); "
                "if (found) found.push(post); else postsByBy.set(post.by, [post]); } return "
                "users.map((user) => ({ user, posts: (postsByBy.get(user.id) ?? []).slice() })); };\n"
            ),
            note="those of each; each has an array of its own",
        ),
        Example(
            before=(
                "function f(users, orders) {\n  for (const user of users) {\n    for (const order of orders) {\n"
                "      if (order.userId === user.id) user.n += 1;\n      else user.others += 1;\n    }\n  }\n}\n"
            ),
            after=None,
            note="the others count, too",
        ),
        Example(
            before=(
                "function f(users, orders) {\n  for (const user of users) {\n    for (const order of orders) {\n"
                "      if (order.userId === user.id) order.userId = 0;\n    }\n  }\n}\n"
            ),
            after=None,
            note="the key changes",
        ),
        Example(
            before=(
                "function f(users, orders) {\n  for (const user of users) {\n    for (const order of orders) {\n"
                "      if (order.userId === user.id) orders.push({ userId: 0 });\n    }\n  }\n}\n"
            ),
            after=None,
            note="the array grows",
        ),
        Example(before="const f = (xs, k) => xs.filter((x) => x.id === k);\n", after=None, note="no loop around it"),
    )

    def find(self, parsed: Script) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for loop in parsed.of("for_in_statement"):
            join = _by_loop(parsed, loop)
            yield from self._joined(parsed, join) if join is not None else ()
        for call in parsed.of("call_expression"):
            join = _by_filter(parsed, call)
            yield from self._joined(parsed, join) if join is not None else ()

    def _joined(self, script: Script, join: _Join) -> Iterator[Rewrite]:
        binding = script.binding(join.array)
        loop = outermost(script, join.node, join.array)
        if binding is None or loop is None or loop is join.node or not script.pure(join.value):
            return
        name = script.fresh(f"{binding.name}By{join.key[:1].upper()}{join.key[1:] or 'Value'}")
        splices = _grouped(script, loop, join, name, binding)
        if splices:
            assumes = [f"'{binding.name}' is an array; nobody changes it or its items meanwhile", "no key is NaN"]
            what = f"'{binding.name}' is gone through for each, to find those with one key"
            yield self.at(script, join.node, what, splices, gain=50.0, assumes=assumes)


def _grouped(script: Script, loop: Node, join: _Join, name: str, binding: Binding) -> list[Splice]:
    found = script.fresh("found", "same")
    key = f"{join.item}.{join.key}" if join.key else join.item
    lines = [
        f"const {name} = new Map();", f"for (const {join.item} of {binding.name}) {{",
        f"  const {found} = {name}.get({key});",
        f"  if ({found}) {found}.push({join.item}); else {name}.set({key}, [{join.item}]);", "}",
    ]  # fmt: skip
    block = any(each.kind in ("statement_block", "program") and loop.parent is each for each in loop.above())
    inline = script.statement(loop).kind in ("lexical_declaration", "export_statement") and _in_arrow(loop)
    if inline and not block:
        lines = [lines[0], " ".join(line.strip() for line in lines[1:])]
    before = ahead(script, loop, lines)
    value = join.value.text
    asked = f"{name}.get({value}) ?? []"
    places = [script.splice(node, text.replace("@", asked)) for node, text in join.places]
    return [*before, *places] if before else []


def _in_arrow(loop: Node) -> bool:
    """Whether a body of an arrow function has to be made for what comes before."""
    for each in loop.above():
        if each.kind in ("statement_block", "program"):
            return False
        if each.kind == "arrow_function":
            return True
    return False


def _by_loop(script: Script, loop: Node) -> _Join | None:
    """``for (const item of array) { if (item.key === value) … }``."""
    left, array = loop.field("left"), bare(loop.field("right"))
    body = statements(loop.field("body"))
    if left is None or array is None or loop.text_of("operator") != "of" or len(body) != 1:
        return None
    test, binding, bound = body[0], script.binding(left), script.binding(array)
    if [each.kind for each in (left, array, test)] != ["identifier", "identifier", "if_statement"]:
        return None
    if binding is None or bound is None or binding.writes or test.field("alternative"):
        return None
    match test.fields("condition", "consequence"):
        case condition, then:
            sides = _sides(script, bare(condition), left.text, loop) if script.clean(condition) else None
        case _:
            return None
    if sides is None or script.changed(bound, loop) or not _kept(script, then, *sides):
        return None
    places = ((array, "@"), (test, then.text))
    return _Join(loop, array, left.text, *sides, places)


def _by_filter(script: Script, call: Node) -> _Join | None:
    """``array.filter((item) => item.key === value)``, its length aside."""
    array, given, parent = bare(callee(call, "filter")), arguments(call), call.parent
    if array is None or array.kind != "identifier" or parent is None:
        return None
    if len(given) != 1 or given[0].kind != "arrow_function":
        return None
    names = parameters(given[0])
    item = names[0].field("pattern") or names[0] if len(names) == 1 else None
    if item is None or item.kind != "identifier":
        return None
    sides = _sides(script, bare(given[0].field("body")), item.text, given[0])
    name = member(parent)[1]
    if sides is None or name == "length" or parent.kind == "subscript_expression":
        return None
    text = "(@)" if name in _READING and parent.kind == "member_expression" else "(@).slice()"
    return _Join(call, array, item.text, *sides, ((call, text),))


def _sides(script: Script, test: Node | None, item: str, scope: Node) -> tuple[str, Node] | None:
    """Property of the item, and what it is compared with, which must come from outside of a scope."""
    for one, other in equated(test):
        owner, name = (one, "") if one.kind == "identifier" else member(one)
        own = owner is not None and owner.kind == "identifier" and owner.text == item
        if own and not any(each.node.within(scope) for each in script.names(other)):
            return name, other
    return None


def _kept(script: Script, then: Node, key: str, value: Node) -> bool:
    """Whether the body of a loop leaves alone what is compared."""
    names = {member(each)[1] for each in value.walk() if each.kind == "member_expression"}
    return script.fixed(value, then) and not any(_stored(then, name) for name in {key, *names})


def _stored(then: Node, key: str) -> bool:
    """Whether a property of this name gets another value."""
    for each in then.walk():
        target = each.field("left") if each.kind.endswith("assignment_expression") else each.field("argument")
        if target is not None and each.kind != "unary_expression" and (not key or member(target)[1] == key):
            return True
    return False


RULE = NestedJoin()
