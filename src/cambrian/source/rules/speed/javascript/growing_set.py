"""``if (!out.includes(x)) out.push(x)``: what was seen before is searched for in all that was seen."""

from __future__ import annotations

from collections.abc import Iterator

from cambrian.source.rules.javascript import JavaScriptRule
from cambrian.source.rules.looking_up import Membership, ahead, membership
from cambrian.source.rules.rule import Example, Rewrite
from cambrian.source.rules.script import Script, arguments, bare, callee
from cambrian.source.rules.script_nodes import Node
from cambrian.source.rules.script_scopes import Binding


class GrowingSet(JavaScriptRule):
    """A set beside an array that grows."""

    id = "growing-set"
    title = "Remember what was seen in a set beside the array"
    why = (
        "Collecting different values by `includes` before `push` compares each value with all that were kept. A `Set` "
        "kept in step answers at once, and the array keeps its order. The guard asks for an array made in the same "
        "function that nothing else in the loop changes, and for the push of the very value that was looked for."
    )
    words = ("includes", "indexOf")
    examples = (
        Example(
            before=(
                "function unique(tags) {\n  const out = [];\n  for (const tag of tags) {\n"
                "    if (!out.includes(tag)) {\n      out.push(tag);\n    }\n  }\n  return out;\n}\n"
            ),
            after=(
                "function unique(tags) {\n  const out = [];\n  const outSeen = new Set(out);\n"
                "  for (const tag of tags) {\n"
                "    if (!outSeen.has(tag)) {\n      outSeen.add(tag), out.push(tag);\n    }\n  }\n  return out;\n}\n"
            ),
            note="different values",
        ),
        Example(
            before=(
                "function f(tags) {\n  const out = [];\n  for (const tag of tags) {\n"
                "    if (!out.includes(tag)) out.push(tag.name);\n  }\n  return out;\n}\n"
            ),
            after=None,
            note="another value is kept than was looked for",
        ),
        Example(
            before=(
                "function f(tags) {\n  const out = [];\n  for (const tag of tags) {\n"
                "    if (!out.includes(tag)) out.push(tag);\n    if (out.length > 3) out.shift();\n  }\n"
                "  return out;\n}\n"
            ),
            after=None,
            note="it shrinks as well",
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
        array, loops, value = bare(asked.array), script.loops(asked.node), asked.value
        binding = script.binding(array)
        if binding is None or not loops or script.kind(array) != "array" or binding.kind != "const":
            return None
        loop = loops[-1]
        push = _only_push(binding, loop)
        if push is None or binding.node.within(loop) or not _steady(script, asked):
            return None
        name, statement = script.fresh(f"{binding.name}Seen"), push.parent
        before = ahead(script, loop, [f"const {name} = new Set({binding.name});"])
        if not before or [each.text for each in arguments(push)] != [value.text]:
            return None
        if statement is None or statement.kind != "expression_statement":
            return None
        has = f"{name}.has({value.text})"
        has = has if asked.exact else f"{value.text} === {value.text} && {has}"
        text = f"!({has})" if asked.negated and not asked.exact else has
        splices = [
            *before,
            script.splice(asked.node, text),
            script.splice(push, f"{name}.add({value.text}), {push.text}"),
        ]
        return self.at(script, asked.node, f"'{binding.name}' grows and is searched each time", splices, gain=50.0)


def _only_push(binding: Binding, loop: Node) -> Node | None:
    """The one call in a loop that puts an item in, if nothing else there changes the array."""
    uses = [use for use in binding.reads if use.within(loop)]
    pushes = [push for use in uses if (push := _push(use)) is not None]
    others = [use for use in uses if _push(use) is None and not _plain(use)]
    return pushes[0] if len(pushes) == 1 and not others else None


def _steady(script: Script, asked: Membership) -> bool:
    """Whether what is sought can be asked for again, and is the same then."""
    value = asked.value
    if not (asked.exact or value.kind == "identifier") or not script.pure(value):
        return False
    bindings = [script.binding(each) for each in value.walk() if each.kind == "identifier"]
    return not any(binding.writes for binding in bindings if binding is not None)


def _push(use: Node) -> Node | None:
    parent = use.parent
    call = parent.parent if parent is not None else None
    return call if call is not None and call.kind == "call_expression" and callee(call, "push") is use else None


def _plain(use: Node) -> bool:
    """Whether a use only looks: ``length``, an item, or the search itself."""
    parent = use.parent
    if parent is None or parent.kind != "member_expression":
        return False
    name = parent.field("property")
    return name is not None and name.text in ("includes", "indexOf")


RULE = GrowingSet()
