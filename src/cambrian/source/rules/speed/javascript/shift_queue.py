"""``queue.shift()`` in a loop moves all the items that are left, each time."""

from __future__ import annotations

from collections.abc import Iterator

from cambrian.source.rules.javascript import JavaScriptRule
from cambrian.source.rules.looking_up import ahead
from cambrian.source.rules.rule import Example, Rewrite
from cambrian.source.rules.script import Script, callee, member
from cambrian.source.rules.script_nodes import Node
from cambrian.source.rules.script_scopes import Binding


class ShiftQueue(JavaScriptRule):
    """An index instead of taking away."""

    id = "shift-queue"
    title = "Go through a queue with an index instead of taking its front away"
    why = (
        "`shift` moves the rest of a long array. A local queue that is filled with `push` and emptied from the front "
        "can stay as it is while an index goes through it. The guard asks that the array was made in this function, "
        "that the loop runs while it is not empty and takes one item per turn first, and that there is no other use."
    )
    words = (".shift(",)
    examples = (
        Example(
            before=(
                "function reach(graph, start) {\n  const seen = new Set([start]);\n  const queue = [start];\n"
                "  while (queue.length > 0) {\n    const node = queue.shift();\n"
                "    for (const next of graph[node]) {\n      if (!seen.has(next)) {\n        seen.add(next);\n"
                "        queue.push(next);\n      }\n    }\n  }\n  return seen;\n}\n"
            ),
            after=(
                "function reach(graph, start) {\n  const seen = new Set([start]);\n  const queue = [start];\n"
                "  let queueAt = 0;\n"
                "  while (queueAt < queue.length) {\n    const node = queue[queueAt++];\n"
                "    for (const next of graph[node]) {\n      if (!seen.has(next)) {\n        seen.add(next);\n"
                "        queue.push(next);\n      }\n    }\n  }\n  return seen;\n}\n"
            ),
            note="a search in breadth",
        ),
        Example(
            before="function f(queue) {\n  while (queue.length) {\n    use(queue.shift());\n  }\n}\n",
            after=None,
            note="the caller sees what is left",
        ),
        Example(
            before="function f(a) {\n  const q = [a];\n  while (q.length) {\n    const x = q.shift();\n"
            "    if (x > 3) return q;\n    q.push(x + 1);\n  }\n}\n",
            after=None,
            note="what is left is returned",
        ),
    )

    def find(self, parsed: Script) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for call in parsed.of("call_expression"):
            binding = parsed.binding(callee(call, "shift"))
            found = self._queue(parsed, call, binding) if binding is not None else None
            if found is not None:
                yield found

    def _queue(self, script: Script, call: Node, binding: Binding) -> Rewrite | None:
        loops = script.loops(call)
        loop = loops[0] if loops else None
        if loop is None or loop.kind != "while_statement" or binding.writes or not _copied(binding):
            return None
        if binding.node.within(loop) or script.function(loop) is not script.function(binding.node):
            return None
        condition = loop.field("condition")
        if condition is None or not _is_queue(binding, condition, loop.field("body"), call):
            return None
        name = script.fresh(f"{binding.name}At")
        before = ahead(script, loop, [f"let {name} = 0;"])
        splices = [
            *before,
            script.splice(condition, f"({name} < {binding.name}.length)"),
            script.splice(call, f"{binding.name}[{name}++]"),
        ]
        what = f"the front of '{binding.name}' is taken away"
        return self.at(script, call, what, splices, gain=30.0) if before else None


def _copied(binding: Binding) -> bool:
    """Whether it begins with an array of its own."""
    value = binding.value
    return value is not None and (value.kind == "array" or value.text.startswith("Array"))


def _is_queue(binding: Binding, condition: Node, body: Node | None, call: Node) -> bool:
    """Whether a loop goes on while there are items, takes one first, and otherwise puts some in alone."""
    first = body.parts[0] if body is not None and body.parts else None
    if first is None or not call.within(first) or first.kind not in ("lexical_declaration", "expression_statement"):
        return False
    tests = [use for use in binding.reads if use.within(condition)]
    length = f"{binding.name}.length"
    if len(tests) != 1 or condition.text.strip("()") not in (length, f"{length} > 0", f"{length} !== 0"):
        return False
    return all(use is tests[0] or use.within(call) or _push(use) for use in binding.reads)


def _push(use: Node) -> bool:
    parent = use.parent
    call = parent.parent if parent is not None else None
    if call is None or parent is None or call.kind != "call_expression" or member(parent)[1] != "push":
        return False
    return callee(call, "push") is use and call.parent is not None and call.parent.kind == "expression_statement"


RULE = ShiftQueue()
