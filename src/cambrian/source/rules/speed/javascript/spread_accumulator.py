"""``[...all, x]`` and ``{ ...all, [k]: v }`` in a `reduce` or a loop copy all that is there for each item."""

from __future__ import annotations

from collections.abc import Iterator

from cambrian.source.rules.javascript import JavaScriptRule
from cambrian.source.rules.rule import Example, Rewrite
from cambrian.source.rules.script import Script, arguments, bare, callee
from cambrian.source.rules.script_nodes import Node
from cambrian.source.rules.script_scopes import starts_empty


class SpreadAccumulator(JavaScriptRule):
    """Adds in place."""

    id = "spread-accumulator"
    title = "Add to an array or object instead of copying it for each item"
    why = (
        "A copy for each item costs n² in all; nobody else sees the accumulator of a `reduce` that starts with a new "
        "array or object, nor a local array that only this loop reads, so that it may be changed in place. The guard "
        "asks for just that: a new start value, and no other use of the accumulator within the loop."
    )
    words = ("...", "concat(")
    examples = (
        Example(
            before="const f = (xs) => xs.reduce((all, x) => [...all, x * 2], []);\n",
            after="const f = (xs) => xs.reduce((all, x) => { all.push(x * 2); return all; }, []);\n",
            note="an array",
        ),
        Example(
            before="const f = (xs) => xs.reduce((all, x) => ({ ...all, [x.id]: x.name }), {});\n",
            after="const f = (xs) => xs.reduce((all, x) => { all[x.id] = x.name; return all; }, {});\n",
            note="an object",
        ),
        Example(
            before="const f = (xs) => xs.reduce((n, x) => ({ ...n, [x]: (n[x] ?? 0) + 1 }), {});\n",
            after="const f = (xs) => xs.reduce((n, x) => { n[x] = (n[x] ?? 0) + 1; return n; }, {});\n",
            note="numbers of each, where the one before is read",
        ),
        Example(
            before=(
                "function f(xs) {\n  let out = [];\n  for (const x of xs) {\n    out = [...out, x + 1];\n  }\n"
                "  return out;\n}\n"
            ),
            after=(
                "function f(xs) {\n  let out = [];\n  for (const x of xs) {\n    out.push(x + 1);\n  }\n"
                "  return out;\n}\n"
            ),
            note="a loop",
        ),
        Example(
            before=(
                "function f(xs) {\n  let out = [];\n  const steps = [];\n  for (const x of xs) {\n"
                "    out = [...out, x];\n    steps.push(out);\n  }\n  return steps;\n}\n"
            ),
            after=None,
            note="each state is kept",
        ),
        Example(
            before="const f = (xs) => xs.reduce((all, x) => [...all, all], []);\n",
            after=None,
            note="each state is a part of the next",
        ),
        Example(
            before="const f = (xs, start) => xs.reduce((all, x) => [...all, x], start);\n",
            after=None,
            note="the start belongs to somebody else",
        ),
    )

    def find(self, parsed: Script) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for call in parsed.of("call_expression"):
            yield from self._reduce(parsed, call)
        for assignment in parsed.of("assignment_expression"):
            yield from self._loop(parsed, assignment)

    def _reduce(self, script: Script, call: Node) -> Iterator[Rewrite]:
        given = arguments(call)
        if callee(call, "reduce") is None or len(given) != 2 or given[0].kind != "arrow_function":
            return
        several, body = given[0].field("parameters"), given[0].field("body")
        if several is None or body is None or len(several.parts) < 2 or given[1].parts:
            return
        name, made = several.parts[0].text.split(":")[0], bare(body)
        if made is None or made.kind != given[1].kind or not name.isidentifier():
            return
        added = _added(script, made, name)
        if added:
            text = f"{{ {added} return {name}; }}"
            assumes = ["no key is '__proto__'"] if made.kind == "object" else []
            yield self.at(
                script,
                made,
                f"'{name}' is copied for each item",
                [script.splice(body, text)],
                gain=50.0,
                assumes=assumes,
            )

    def _loop(self, script: Script, node: Node) -> Iterator[Rewrite]:
        left, right = node.field("left"), bare(node.field("right"))
        binding, loops = script.binding(left), script.loops(node)
        if binding is None or right is None or not loops or binding.kind != "let" or script.kind(left) != "array":
            return
        if not starts_empty(binding) or binding.writes != [left]:
            return
        loop = loops[-1]
        if binding.node.within(loop) or node.parent is None or node.parent.kind != "expression_statement":
            return
        others = [use for use in binding.reads if not use.within(node)]
        if any(use.within(loop) or use.stop <= loop.start for use in others):
            return
        added = _added(script, right, binding.name).removesuffix(";")
        if added and script.function(node) is script.function(binding.node):
            what = f"'{binding.name}' is copied for each item"
            yield self.at(script, node, what, [script.splice(node, added)], gain=50.0)


def _looked_at(use: Node) -> bool:
    """Whether of the accumulator only an entry is read, while it is as it was."""
    parent = use.parent
    if parent is None or parent.kind not in ("member_expression", "subscript_expression"):
        return False
    above = parent.parent
    asked = above is not None and above.kind == "call_expression" and above.field("function") is parent
    return not asked and parent.field("object") is use


def _added(script: Script, made: Node, name: str) -> str:
    """Statements that add what a copy has more; "" if it is no such copy, or uses the accumulator otherwise."""
    parts = made.parts
    if len(parts) < 2 or parts[0].text != f"...{name}":
        return ""
    uses = [each for part in parts[1:] for each in part.walk() if each.text == name and script.binding(each)]
    if uses and (len(parts) > 2 or not all(map(_looked_at, uses))):
        return ""
    if made.kind == "array":
        spread = any(part.kind == "spread_element" for part in parts[1:])
        return "" if spread else f"{name}.push({', '.join(part.text for part in parts[1:])});"
    texts = [_put(name, part) for part in parts[1:]]
    return " ".join(texts) if all(texts) else ""


def _put(name: str, part: Node) -> str:
    """The statement that sets a property; "" if it is something else."""
    if part.kind != "pair":
        return ""
    match part.fields("key", "value"):
        case key, value:
            return f"{name}{_place(key)} = {value.text};"
        case _:
            return ""


def _place(key: Node) -> str:
    if key.kind == "computed_property_name":
        return key.text
    return f"[{key.text}]" if key.kind in ("string", "number") else f".{key.text}"


RULE = SpreadAccumulator()
