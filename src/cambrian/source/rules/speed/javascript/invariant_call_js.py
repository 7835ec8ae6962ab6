"""``JSON.parse(text)``, ``new RegExp(words)`` or ``Object.keys(x)`` in a loop, of the same thing each time."""

from __future__ import annotations

from collections.abc import Iterator

from cambrian.source.rules.javascript import JavaScriptRule
from cambrian.source.rules.looking_up import ahead, outermost
from cambrian.source.rules.rule import Example, Rewrite
from cambrian.source.rules.script import READING, Script, arguments, called
from cambrian.source.rules.script_nodes import Node

_WITH_PATTERNS = frozenset(("match", "replace", "search", "split"))
_CALLS = {"JSON": ("parse", "stringify"), "Object": ("keys", "values", "entries")}


class InvariantCall(JavaScriptRule):
    """Once before the loop."""

    id = "invariant-call-js"
    title = "Do what is the same in each turn once, before the loop"
    why = (
        "Parsing a text, compiling a pattern or listing keys costs the same in each turn and gives the same. The guard "
        "asks that the arguments keep their values in the loop, that patterns have no state (flags g and y), and that "
        "what comes of it is only read. If the loop has no turn, a wrong text would now raise: that is assumed not "
        "to be so, as is that nobody changes the object meanwhile."
    )
    words = ("JSON.", "RegExp", "Object.")
    examples = (
        Example(
            before=(
                "function match(lines, word) {\n  return lines.filter((line) => new RegExp(word, 'i').test(line));\n}\n"
            ),
            after=(
                "function match(lines, word) {\n  const pattern = new RegExp(word, 'i');\n"
                "  return lines.filter((line) => pattern.test(line));\n}\n"
            ),
            note="a pattern",
        ),
        Example(
            before=(
                "function price(items, text) {\n  let total = 0;\n  for (const item of items) {\n"
                "    const rates = JSON.parse(text);\n    total += item.n * rates[item.kind];\n  }\n"
                "  return total;\n}\n"
            ),
            after=(
                "function price(items, text) {\n  let total = 0;\n  const parsed = JSON.parse(text);\n"
                "  for (const item of items) {\n"
                "    const rates = parsed;\n    total += item.n * rates[item.kind];\n  }\n  return total;\n}\n"
            ),
            note="a text",
        ),
        Example(
            before="function f(rows, text) {\n  return rows.map((row) => Object.assign(JSON.parse(text), row));\n}\n",
            after=None,
            note="each turn changes a copy of its own",
        ),
        Example(
            before="function f(lines, w) {\n  return lines.filter((line) => new RegExp(w, 'g').test(line));\n}\n",
            after=None,
            note="a pattern with a state",
        ),
    )

    def find(self, parsed: Script) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for node in parsed.of("call_expression", "new_expression"):
            name = _result(parsed, node)
            given = node.field("arguments")
            loop = outermost(parsed, node, given) if name and given is not None else None
            if loop is None or given is None or not parsed.pure(given) or not _read(parsed, node):
                continue
            fresh = parsed.fresh(name, f"{name}Once")
            before = ahead(parsed, loop, [f"const {fresh} = {node.text};"])
            if before:
                assumes = ["its arguments are right even if the loop has no turn, and nobody changes them meanwhile"]
                yield self.at(
                    parsed, node, f"{node.text[:40]} is the same in each turn", [*before, parsed.splice(node, fresh)],
                    gain=10.0, assumes=assumes,
                )  # fmt: skip


def _result(script: Script, node: Node) -> str:
    """What its result may be called; "" for other calls."""
    given = arguments(node)
    if node.kind == "new_expression":
        made = node.field("constructor")
        flags = given[1].text.strip("'\"`") if len(given) > 1 and given[1].kind == "string" else ""
        stateless = len(given) == 1 or (flags and not set(flags) & set("gy"))
        return "pattern" if script.is_global(made, "RegExp") and stateless and given[0].kind != "regex" else ""
    owner, name = called(node)
    if owner is None or name not in _CALLS.get(owner.text, ()) or not script.is_global(owner, owner.text):
        return ""
    fits = len(given) == 1 and given[0].kind in ("identifier", "member_expression")
    return {"parse": "parsed", "stringify": "written"}.get(name, name) if fits else ""


def _read(script: Script, node: Node) -> bool:
    """Whether nothing changes what a call gives: a member of it is read, or a variable that is only read."""
    if called(node)[1] == "stringify":
        return True
    parent = node.parent
    if parent is not None and parent.kind == "variable_declarator":
        binding = script.binding(parent.field("name"))
        return binding is not None and not binding.writes and all(_looks(use) for use in binding.reads)
    return _looks(node)


def _looks(use: Node) -> bool:
    parent = use.parent
    if parent is None:
        return False
    if parent.kind == "arguments" and parent.parent is not None:
        return called(parent.parent)[1] in _WITH_PATTERNS and arguments(parent.parent)[0] is use
    if parent.kind not in ("member_expression", "subscript_expression"):
        return parent.kind in ("for_in_statement", "spread_element")
    if parent.field("object") is not use:
        return True
    above = parent.parent
    if above is not None and above.kind == "call_expression" and above.field("function") is parent:
        name = parent.field("property")
        return name is not None and name.text in READING | {"test", "exec"}
    return above is not None and not _takes(above, parent)


def _takes(above: Node, part: Node) -> bool:
    """Whether a member is stored, changed or handed on there."""
    if above.kind in ("assignment_expression", "augmented_assignment_expression"):
        return above.field("left") is part
    return above.kind in ("update_expression", "arguments", "array", "pair", "return_statement", "arrow_function")


RULE = InvariantCall()
