"""``JSON.parse(text)``, ``new RegExp(words)`` or ``Object.keys(x)`` in a loop, of the same thing each time."""

from __future__ import annotations

from collections.abc import Iterator

from cambrian.source.rules.javascript import JavaScriptRule
from cambrian.source.rules.looking_up import ahead, outermost
from cambrian.source.rules.rule import Example, Rewrite
from cambrian.source.rules.script import READING, Script, arguments, called
from cambrian.source.rules.script_nodes import Node

_WITH_PATTERNS = frozenset(("match", "matchAll", "replace", "replaceAll", "search", "split"))
_CALLS = {"JSON": ("parse", "stringify"), "Object": ("keys", "values", "entries")}


class InvariantCall(JavaScriptRule):
    """Once before the loop."""

    id = "invariant-call-js"
    title = "Do what is the same in each turn once, before the loop"
    why = (
        "Parsing a text, compiling a pattern or listing keys costs the same in each turn and gives the same. The guard "
        "asks that the arguments keep their values in the loop, that patterns have no state (flags g and y, where that "
        "counts), and that what comes of it is only read. A wrong text or pattern raises as before, if the loop has a "
        "turn, and not if it has none. That nobody changes the object meanwhile is assumed."
    )
    words = ("JSON.", "RegExp", "Object.")
    examples = (
        Example(
            before=(
                "function match(lines, word) {\n  return lines.filter((line) => new RegExp(word, 'i').test(line));\n}\n"
            ),
            after=(
                "function match(lines, word) {\n  let pattern;\n"
                "  return lines.filter((line) => (pattern ??= new RegExp(word, 'i')).test(line));\n}\n"
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
                "function price(items, text) {\n  let total = 0;\n  let parsed;\n"
                "  for (const item of items) {\n"
                "    const rates = (parsed ??= JSON.parse(text));\n    total += item.n * rates[item.kind];\n  }\n"
                "  return total;\n}\n"
            ),
            note="a text",
        ),
        Example(
            before="function clean(line) {\n  return line.replace(new RegExp('[ ]+', 'g'), ' ');\n}\n",
            after=(
                "let pattern;\nfunction clean(line) {\n"
                "  return line.replace((pattern ??= new RegExp('[ ]+', 'g')), ' ');\n}\n"
            ),
            note="a constant pattern of a function",
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
            if not name or given is None or not parsed.pure(given) or not _read(parsed, node):
                continue
            loop = outermost(parsed, node, given)
            place = loop or _constant(parsed, node, given)
            fresh = parsed.fresh(name, f"{name}Once")
            before = ahead(parsed, place, [f"let {fresh};"]) if place is not None else []
            if before:
                what = "is the same in each turn" if loop is not None else "is the same in each call"
                text = f"({fresh} ??= {node.text})"
                yield self.at(
                    parsed, node, f"{node.text[:40]} {what}", [*before, parsed.splice(node, text)],
                    gain=10.0 if loop is not None else 2.0, assumes=_assumed(parsed, node, given),
                )  # fmt: skip


def _assumed(script: Script, node: Node, given: Node) -> list[str]:
    """Patterns and texts stay what they are if their variables do; objects may be changed by others."""
    same = called(node)[0] is None or called(node)[1] == "parse"
    kept = all(not each.writes for each in script.names(given)) and "member" not in {n.kind[:6] for n in given.walk()}
    return [] if same and kept else ["nobody changes its arguments meanwhile"]


def _constant(script: Script, node: Node, given: Node) -> Node | None:
    """The function at the top of the file before which a pattern can be kept that is the same in all calls."""
    names = script.names(given)
    texts = all(each.kind == "const" and each.scope is script.root and script.kind(each.node) for each in names)
    function = next((each for each in reversed(list(node.above())) if each.kind == "function_declaration"), None)
    own = script.binding(function.field("name")) if function is not None else None
    if node.kind != "new_expression" or not texts or function is None or own is None or own.scope is not script.root:
        return None
    return None if any(use.stop <= function.start for use in own.reads) else function


def _result(script: Script, node: Node) -> str:
    """What its result may be called; "" for other calls."""
    given = arguments(node)
    if node.kind == "new_expression":
        made = node.field("constructor")
        flags = given[1].text.strip("'\"`") if len(given) > 1 and given[1].kind == "string" else ""
        stateless = len(given) == 1 or (flags and not set(flags) & set("y" if _begins_anew(node) else "gy"))
        return "pattern" if script.is_global(made, "RegExp") and stateless and given[0].kind != "regex" else ""
    owner, name = called(node)
    if owner is None or name not in _CALLS.get(owner.text, ()) or not script.is_global(owner, owner.text):
        return ""
    fits = len(given) == 1 and given[0].kind in ("identifier", "member_expression")
    return {"parse": "parsed", "stringify": "written"}.get(name, name) if fits else ""


def _begins_anew(pattern: Node) -> bool:
    """Whether it is handed to a method that starts from the beginning, whatever a pattern remembers."""
    parent = pattern.parent
    call = parent.parent if parent is not None and parent.kind == "arguments" else None
    return call is not None and called(call)[1] in _WITH_PATTERNS and arguments(call)[0] is pattern


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
