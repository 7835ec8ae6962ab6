"""``array.unshift(x)`` in a loop moves all the items, each time."""

from __future__ import annotations

from collections.abc import Iterator

from cambrian.source.edit import Splice
from cambrian.source.rules.javascript import JavaScriptRule
from cambrian.source.rules.rule import Example, Rewrite
from cambrian.source.rules.script import Script, arguments, callee
from cambrian.source.rules.script_nodes import LOOPS, Node
from cambrian.source.rules.script_scopes import Binding, starts_empty


class UnshiftLoop(JavaScriptRule):
    """Appends, and turns round once."""

    id = "unshift-loop"
    title = "Append and reverse once instead of inserting in front"
    why = (
        "`unshift` moves all that is there. Appending and one `reverse` after the loop give the same array. The guard "
        "asks for a local array that is empty before the loop and that the loop uses for nothing else."
    )
    words = (".unshift(",)
    examples = (
        Example(
            before=(
                "function turned(xs) {\n  const out = [];\n  for (const x of xs) {\n    out.unshift(x);\n  }\n"
                "  return out;\n}\n"
            ),
            after=(
                "function turned(xs) {\n  const out = [];\n  for (const x of xs) {\n    out.push(x);\n  }\n"
                "  out.reverse();\n  return out;\n}\n"
            ),
            note="a loop",
        ),
        Example(
            before="function f(xs, out) {\n  for (const x of xs) {\n    out.unshift(x);\n  }\n  return out;\n}\n",
            after=None,
            note="something may be there before",
        ),
        Example(
            before=(
                "function f(xs) {\n  const out = [];\n  for (const x of xs) {\n    out.unshift(x);\n"
                "    if (out[0] > 3) break;\n  }\n  return out;\n}\n"
            ),
            after=None,
            note="it is read meanwhile",
        ),
    )

    def find(self, parsed: Script) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for call in parsed.of("call_expression"):
            owner = callee(call, "unshift")
            binding = parsed.binding(owner)
            if owner is not None and binding is not None:
                yield from self._front(parsed, call, owner, binding)

    def _front(self, script: Script, call: Node, owner: Node, binding: Binding) -> Iterator[Rewrite]:
        loops, given, parent = script.loops(call), arguments(call), call.parent
        loop = loops[-1] if loops else None
        if loop is None or loop.kind not in LOOPS or len(given) != 1 or given[0].kind == "spread_element":
            return
        if not starts_empty(binding) or binding.writes or binding.node.within(loop):
            return
        if any(use is not owner and use.start < loop.stop for use in binding.reads) or not _in_block(loop):
            return
        if parent is None or parent.kind != "expression_statement" or _leaves(loop):
            return
        if script.function(loop) is not script.function(binding.node):
            return
        method = Splice(owner.stop, given[0].start, ".push(")
        after = Splice(loop.stop, loop.stop, f"{script.newline}{script.indent(loop)}{binding.name}.reverse();")
        yield self.at(script, call, f"items are inserted in front of '{binding.name}'", [method, after], gain=30.0)


def _in_block(loop: Node) -> bool:
    """Whether statements can be put behind a loop."""
    return loop.parent is not None and loop.parent.kind in ("statement_block", "program")


def _leaves(loop: Node) -> bool:
    """Whether something within may get past what stands after the loop, into a place that sees the array."""
    guarded = any(each.kind == "try_statement" for each in loop.above())
    return guarded or any(each.kind == "yield_expression" for each in loop.walk())


RULE = UnshiftLoop()
