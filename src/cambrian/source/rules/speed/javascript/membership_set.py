"""``array.includes(x)`` in a loop looks through the whole array each time."""

from __future__ import annotations

from collections.abc import Iterator

from cambrian.source.rules.javascript import JavaScriptRule
from cambrian.source.rules.looking_up import Membership, ahead, membership, outermost
from cambrian.source.rules.rule import Example, Rewrite
from cambrian.source.rules.script import Script, bare

_FEW = 8


class MembershipSet(JavaScriptRule):
    """A set for what is searched again and again."""

    id = "membership-set-js"
    title = "Look values up in a set instead of an array"
    why = (
        "`includes` and `indexOf` compare with one item after the other; a `Set` made once before the loop answers at "
        "once. Both compare alike (`indexOf` does not find NaN, so neither does what stands for it). The guard asks "
        "that nothing in the loop changes the array as far as the text shows; that it is an array, and that no "
        "function called in between changes it, is an assumption where it comes from outside."
    )
    words = ("includes", "indexOf")
    examples = (
        Example(
            before="function keep(words, stop) {\n  return words.filter((word) => !stop.includes(word));\n}\n",
            after=(
                "function keep(words, stop) {\n  const stopSet = new Set(stop);\n"
                "  return words.filter((word) => !stopSet.has(word));\n}\n"
            ),
            note="a callback",
        ),
        Example(
            before=("const common = (a, b) => a.filter((x) => b.indexOf(x) !== -1);\n"),
            after=(
                "const common = (a, b) => { const bSet = new Set(b); "
                "return a.filter((x) => x === x && bSet.has(x)); };\n"
            ),
            note="an arrow function without a body; NaN is not found, as before",
        ),
        Example(
            before="function f(words, seen) {\n  for (const word of words) {\n    if (!seen.includes(word)) "
            "seen.push(word);\n  }\n}\n",
            after=None,
            note="it changes meanwhile",
        ),
        Example(
            before="function f(words) {\n  const text = 'a b';\n  return words.filter((w) => text.includes(w));\n}\n",
            after=None,
            note="a part of a text",
        ),
    )

    def find(self, parsed: Script) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for call in parsed.of("call_expression"):
            asked = membership(call)
            found = self._asked(parsed, asked) if asked is not None else None
            if found is not None:
                yield found

    def _asked(self, script: Script, asked: Membership) -> Rewrite | None:
        array = bare(asked.array)
        binding = script.binding(array)
        if array is None or binding is None or script.kind(array) not in ("array", ""):
            return None
        few = binding.value is not None and binding.value.kind == "array" and len(binding.value.parts) <= _FEW
        loop = outermost(script, asked.node, array)
        if loop is None or few or (not asked.exact and asked.value.kind != "identifier"):
            return None
        name = script.fresh(f"{binding.name}Set")
        before = ahead(script, loop, [f"const {name} = new Set({binding.name});"])
        if not before:
            return None
        value = asked.value.text
        text = f"{name}.has({value})" if asked.exact else f"{value} === {value} && {name}.has({value})"
        if asked.negated:
            text = f"!({text})"
        known = script.kind(array) == "array" and binding.kind == "const"
        assumes = [] if known else [f"'{binding.name}' is an array that nobody changes meanwhile"]
        return self.at(
            script, asked.node, f"'{binding.name}' is searched again and again",
            [*before, script.splice(asked.node, text)], gain=50.0, assumes=assumes,
        )  # fmt: skip


RULE = MembershipSet()
