"""``array.filter(f)[0]`` and ``array.filter(f).length > 0`` test every item, although the first match decides."""

from __future__ import annotations

from collections.abc import Iterator

from cambrian.source.rules.javascript import JavaScriptRule
from cambrian.source.rules.rule import Example, Rewrite
from cambrian.source.rules.script import Script, arguments, bare, callee, member
from cambrian.source.rules.script_nodes import Node

_SOME = ("> 0", "!== 0", "!= 0", ">= 1")
_NONE = ("=== 0", "== 0", "< 1")


class FirstMatch(JavaScriptRule):
    """Stops at the first match."""

    id = "first-match"
    title = "Stop at the first item that fits"
    why = (
        "`filter` goes through all items and makes an array of those that fit. `find` and `some` stop at the first. "
        "The guard asks for a test without effects; that it raises for no later item is assumed where its text does "
        "not show it, as is that the object is an array."
    )
    words = (".filter(",)
    examples = (
        Example(
            before="const first = (xs) => xs.filter((x) => x.id === 3)[0];\n",
            after="const first = (xs) => xs.find((x) => x.id === 3);\n",
            note="the first",
        ),
        Example(
            before="function any(xs) {\n  return xs.filter((x) => x > 3).length > 0;\n}\n",
            after="function any(xs) {\n  return xs.some((x) => x > 3);\n}\n",
            note="is there one",
        ),
        Example(
            before="function none(xs) {\n  if (xs.filter((x) => x > 3).length === 0) return 1;\n  return 2;\n}\n",
            after="function none(xs) {\n  if (!xs.some((x) => x > 3)) return 1;\n  return 2;\n}\n",
            note="is there none",
        ),
        Example(
            before="const f = (xs) => (!xs.filter((x) => x > 3).length ? 1 : xs.filter((x) => x > 3).shift());\n",
            after="const f = (xs) => (!xs.some((x) => x > 3) ? 1 : xs.find((x) => x > 3));\n",
            note="in other words",
        ),
        Example(before="const all = (xs) => xs.filter((x) => x > 3).length;\n", after=None, note="their number"),
        Example(before="const f = (xs) => xs.filter((x) => log(x))[0];\n", after=None, note="a test with effects"),
    )

    def find(self, parsed: Script) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for call in parsed.of("call_expression"):
            owner, given = callee(call, "filter"), arguments(call)
            if owner is None or len(given) != 1 or given[0].kind != "arrow_function":
                continue
            body = bare(given[0].field("body"))
            if body is None or body.kind == "statement_block" or not parsed.pure(body):
                continue
            place, text = _asked(call, owner, given[0])
            if place is not None:
                assumes = ["it is an array, and the test raises for none of its items"]
                yield self.at(
                    parsed, place, "all items are tested although the first that fits decides",
                    [parsed.splice(place, text)], gain=2.0, assumes=assumes,
                )  # fmt: skip


def _is_tested(length: Node) -> bool:
    """Whether ``….length`` stands where only its truth counts."""
    if member(length)[1] != "length":
        return False
    inner, above = length, length.parent
    while above is not None and above.kind == "parenthesized_expression":
        inner, above = above, above.parent
    if above is None or (above.kind == "unary_expression" and above.text.startswith("!")):
        return above is not None
    return above.kind in ("if_statement", "while_statement", "ternary_expression") and (
        above.field("condition") is inner
    )  # fmt: skip


def _taken(method: Node, owner: Node, test: Node) -> tuple[Node | None, str]:
    """``filter(…).at(0)`` or ``filter(…).shift()``."""
    call, name = method.parent, member(method)[1]
    words = [each.text for each in arguments(call)] if call is not None and call.kind == "call_expression" else None
    fits = words == (["0"] if name == "at" else [])
    return (call, f"{owner.text}.find({test.text})") if fits else (None, "")


def _asked(call: Node, owner: Node, test: Node) -> tuple[Node | None, str]:
    parent = call.parent
    if parent is None:
        return None, ""
    if _is_tested(parent):
        return parent, f"{owner.text}.some({test.text})"
    if member(parent)[1] in ("at", "shift"):
        return _taken(parent, owner, test)
    if parent.kind == "subscript_expression":
        return (parent, f"{owner.text}.find({test.text})") if _first_read(parent) else (None, "")
    compared = parent.parent
    if member(parent)[1] != "length" or compared is None or compared.kind != "binary_expression":
        return None, ""
    words = f"{compared.text_of('operator')} {compared.text_of('right')}" if compared.field("left") is parent else ""
    mark = "" if words in _SOME else "!" if words in _NONE else None
    return (None, "") if mark is None else (compared, f"{mark}{owner.text}.some({test.text})")


def _first_read(item: Node) -> bool:
    """Whether an item is the first one, and is not set."""
    above = item.parent
    stored = above is not None and above.kind == "assignment_expression" and above.field("left") is item
    return item.text_of("index") == "0" and not stored


RULE = FirstMatch()
