"""``Object.keys(object).includes(key)`` lists all keys to look for one."""

from __future__ import annotations

from collections.abc import Iterator

from cambrian.source.rules.javascript import JavaScriptRule
from cambrian.source.rules.looking_up import membership
from cambrian.source.rules.rule import Example, Rewrite
from cambrian.source.rules.script import Script, arguments, called


class KeysMembership(JavaScriptRule):
    """Asks the object."""

    id = "keys-membership"
    title = "Ask an object whether it has a key"
    why = (
        "`Object.keys` makes an array of all keys, which is then searched. `Object.hasOwn` (ECMAScript 2022) asks the "
        "object itself. They differ for keys that are no strings, which `includes` never finds, and for properties "
        "that are hidden from listing: that there are none of these is assumed."
    )
    words = ("Object.keys(",)
    examples = (
        Example(
            before="const has = (stock, name) => Object.keys(stock).includes(name);\n",
            after="const has = (stock, name) => Object.hasOwn(stock, name);\n",
            note="is it there",
        ),
        Example(
            before="function lacks(stock, name) {\n  return Object.keys(stock).indexOf(name) === -1;\n}\n",
            after="function lacks(stock, name) {\n  return !Object.hasOwn(stock, name);\n}\n",
            note="is it not there",
        ),
        Example(before="const f = (o, v) => Object.values(o).includes(v);\n", after=None, note="values"),
        Example(before="const f = (keys, k) => keys.includes(k);\n", after=None, note="some array"),
    )

    def find(self, parsed: Script) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for call in parsed.of("call_expression"):
            asked = membership(call)
            if asked is None or asked.array.kind != "call_expression":
                continue
            owner, name = called(asked.array)
            given = arguments(asked.array)
            if name != "keys" or not parsed.is_global(owner, "Object") or len(given) != 1:
                continue
            text = f"{'!' if asked.negated else ''}Object.hasOwn({given[0].text}, {asked.value.text})"
            yield self.at(
                parsed, asked.node, "all keys are listed to look for one", [parsed.splice(asked.node, text)],
                gain=20.0, assumes=["the key is a string, and no property is hidden"],
            )  # fmt: skip


RULE = KeysMembership()
