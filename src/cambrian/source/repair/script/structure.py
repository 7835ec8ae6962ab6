"""Repair of JavaScript: calls, awaits, returns, `this`, `new` and conditions. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from cambrian.source.repair.report import Failure, Fix, Pattern
from cambrian.source.rules.script import Script, arguments, bare, called
from cambrian.source.rules.script_nodes import FUNCTIONS, Node
from cambrian.source.tree import Problem

from .words import NO_ARGUMENTS

__all__ = ["Site", "fix_at", "structural"]

_NEW = re.compile(r"(?:Class c|C)onstructor ([\w$]+) (?:cannot be invoked without|requires) 'new'")
_BUILT = frozenset(("Map", "Set", "WeakMap", "WeakSet", "Promise", "Date", "Error", "URL", "Proxy", "RegExp"))
_EFFECTS = ("assignment_expression", "augmented_assignment_expression", "update_expression", "yield_expression")
_WAITED = ("all", "race", "allSettled", "any", "Promise", "sleep", "once")
"""Functions that give promises, wherever they come from."""
_MOST_ARGUMENTS = 6
_FEW = 2


class Site(msgspec.Struct, frozen=True):
    """A file that parses."""

    text: str
    script: Script

    @classmethod
    def read(cls, text: str, name: str) -> Site | None:
        """A file; `None` if it does not parse."""
        script = Script.read(text, name)
        return None if isinstance(script, Problem) else cls(text, script)


def fix_at(site: Site, node: Node, text: str, what: str, cost: float, pattern: Pattern | None = None,
           *, named: bool = True) -> Fix:  # fmt: skip
    """A fix that writes a node anew."""
    made = site.text[: node.start] + text + site.text[node.stop :]
    return Fix(text=made, what=what, cost=cost, line=node.line, pattern=pattern, named=named)


def structural(site: Site, failure: Failure) -> Iterator[Fix]:
    """All of these, those on the lines of the failure first by cost."""
    near = {failure.line, *failure.lines} - {0}
    tested = failure.type == "Output"
    constructors = list(_constructors(site, failure))
    waits = [*_awaits(site), *_promises(site)]
    sure = [fix.text for fix in constructors if _NEW.search(failure.message)]
    sure += [fix.text for fix in waits if fix.line == failure.line]
    others = [*_conditions(site), *_forgotten_calls(site), *_returns(site), *_these(site, failure), *_calls(site)]
    for fix in (*constructors, *waits, *others):
        far = 0.0 if not near or fix.line in near else 0.3
        named = fix.named and (tested or fix.text in sure)  # without a test, only what the error itself points at
        yield msgspec.structs.replace(fix, cost=fix.cost + far, named=named)


def _conditions(site: Site) -> Iterator[Fix]:
    """``=`` where a value is asked for."""
    for node in site.script.of("assignment_expression"):
        left, right = node.field("left"), node.field("right")
        asked = any(
            each.kind in ("if_statement", "while_statement", "ternary_expression", "do_statement", "binary_expression")
            for each in [*node.above()][:3]
        )
        if left is None or right is None or node.parent is None:
            continue
        returned = node.parent.kind in ("return_statement", "arrow_function")
        if asked or returned or node.parent.kind == "parenthesized_expression":
            yield fix_at(site, node, f"{left.text} === {right.text}", "'=' became '==='", 0.6 if asked else 1.0)


def _constructors(site: Site, failure: Failure) -> Iterator[Fix]:
    match = _NEW.search(failure.message)
    classes = {name.text for node in site.script.of("class_declaration") if (name := node.field("name"))}
    for call in site.script.of("call_expression"):
        owner, name = called(call)
        if owner is None and (name in _BUILT or name in classes) and (match is None or match[1] == name):
            yield fix_at(site, call, f"new {call.text}", f"'new' before {name}", 0.1 if match else 1.0)


def _awaits(site: Site) -> Iterator[Fix]:
    """``await`` before calls of what may be asynchronous, within asynchronous functions."""
    script = site.script
    own = _asynchronous(script)
    for call in script.of("call_expression", "new_expression"):
        parent = call.parent
        if parent is None or parent.kind == "await_expression" or not _may_wait(site, call):
            continue
        name = called(call)[1] if call.kind == "call_expression" else "Promise" if "Promise" in call.text[:12] else ""
        if name not in own and name not in _WAITED:
            continue
        inside = parent.kind in ("member_expression", "subscript_expression")
        text = f"(await {call.text})" if inside else f"await {call.text}"
        yield fix_at(site, call, text, f"awaited {name}()", 0.7)
    for loop in script.of("for_in_statement"):
        operator = loop.field("operator")
        if operator is not None and operator.text == "of" and not any(c.kind == "await" for c in loop.children):
            made = site.text[: loop.start + 3] + " await" + site.text[loop.start + 3 :]
            yield Fix(text=made, what="'for await'", cost=1.3, line=loop.line)


def _may_wait(site: Site, node: Node) -> bool:
    """Whether ``await`` may stand there."""
    function = site.script.function(node)
    return "import" in site.text if function is None else site.script.is_async(function)


def _promises(site: Site) -> Iterator[Fix]:
    """``await`` before a variable that holds a promise, where something of what it promises is used."""
    script = site.script
    own = {*_asynchronous(script), *_WAITED}
    for node in script.of("identifier"):
        binding, parent = script.binding(node), node.parent
        value = binding.value if binding is not None else None
        if binding is None or value is None or parent is None or value.kind != "call_expression":
            continue
        if node in binding.reads and called(value)[1] in own and parent.kind != "await_expression":
            inside = parent.kind in ("member_expression", "subscript_expression")
            text = f"(await {node.text})" if inside else f"await {node.text}"
            if _may_wait(site, node):
                yield fix_at(site, node, text, f"awaited {node.text}", 0.9)


def _asynchronous(script: Script) -> set[str]:
    """Names of functions of the file that give promises."""
    found: set[str] = set()
    for node in script.of(*FUNCTIONS):
        if script.is_async(node) or "new Promise" in node.text:
            name = node.field("name")
            parent = node.parent
            if name is None and parent is not None:
                name = parent.field("name") or parent.field("key") or parent.field("left")
            if name is not None:
                found.add(name.text.rpartition(".")[2])
    return found


def _forgotten_calls(site: Site) -> Iterator[Fix]:
    """A method or function that is named where its result is meant."""
    script = site.script
    for node in script.of("super"):
        if node.parent is not None and node.parent.kind == "expression_statement":
            yield fix_at(site, node, "super()", "called 'super'", 0.5)
    own = _without_parameters(site)
    for node in script.of("member_expression", "identifier"):
        name = node.field("property") if node.kind == "member_expression" else node
        if name is None or name.text not in own | NO_ARGUMENTS or not _is_value(node):
            continue
        if node.kind == "identifier" and (name.text not in own or script.binding(node) is None):
            continue
        of_member = node.parent is not None and node.parent.kind == "member_expression"
        cost = 0.8 if name.text in own or of_member else 1.1
        yield fix_at(site, node, f"{node.text}()", f"called {name.text!r}", cost)


def _without_parameters(site: Site) -> set[str]:
    """The functions and methods of a file that take nothing, but for those that are read as properties."""
    nodes = site.script.of("method_definition", "function_declaration")
    named = [node.fields("name", "parameters") for node in nodes]
    accessors = [node for node in site.script.of("method_definition") if node.text.startswith(("get ", "set "))]
    own = {found[0].text for found in named if found and not found[1].parts}
    return own - {node.text_of("name") for node in accessors}


def _is_value(node: Node) -> bool:
    """Whether the value of a name is taken there: it is not called, set or declared."""
    parent = node.parent
    if parent is None or node in (parent.field("name"), parent.field("property")):
        return False
    if parent.kind in ("call_expression", "new_expression"):
        return parent.field("arguments") is node
    if parent.kind in ("assignment_expression", "variable_declarator"):
        return node in (parent.field("right"), parent.field("value"))
    return True


def _returns(site: Site) -> Iterator[Fix]:
    """``return`` before the last expression of a function, or of a branch at its end."""
    for node in site.script.of("expression_statement"):
        inner = bare(node.parts[0]) if node.parts else None
        if inner is None or inner.kind in _EFFECTS or not _is_last(node):
            continue
        cost = 0.8 if _ends_function(node) else 1.0
        if inner.kind == "call_expression" and called(inner)[1] in ("log", "push", "set", "add", "emit", "forEach"):
            cost += 0.8
        yield fix_at(site, node, f"return {node.text}", "returned the last value", cost)
    for node in site.script.of("arrow_function"):
        body = node.field("body")
        if body is not None and body.kind == "statement_block" and len(body.parts) == 0 and ":" in body.text:
            yield fix_at(site, body, f"({body.text})", "brackets around an object", 1.0)


def _is_last(node: Node) -> bool:
    """Whether a statement ends a block, or is a branch."""
    block = node.parent
    if block is None or block.kind not in ("statement_block", "if_statement", "else_clause"):
        return False
    return block.kind != "statement_block" or block.parts[-1] is node


def _ends_function(node: Node) -> bool:
    """Whether it ends a function that gives nothing anywhere."""
    block = node.parent
    if block is None or block.parent is None or block.parent.kind not in FUNCTIONS:
        return False
    return not any(each.kind == "return_statement" for each in block.walk(into_functions=False))


def _these(site: Site, failure: Failure) -> Iterator[Fix]:
    """``this.`` before names that the class has as members."""
    script = site.script
    for around in script.of("class_declaration", "class"):
        own = _members(site, around)
        for node in around.walk():
            if node.kind != "identifier" or node.text not in own or node.parent is None:
                continue
            binding = script.binding(node)
            if binding is not None and (binding.node is node or node.text in failure.message.split()[:1]):
                continue
            if node.parent.kind not in ("required_parameter", "formal_parameters"):
                cost = 0.6 if binding is None else 1.4
                yield fix_at(site, node, f"this.{node.text}", f"'this.' before {node.text!r}", cost)
    if "this" in failure.message or "undefined" in failure.message:
        yield from _arrows(site)


def _members(site: Site, around: Node) -> set[str]:
    """The names of what a class has."""
    own = set(re.findall(r"\bthis\.(#?[\w$]+)", around.text))
    for node in site.script.of("method_definition", "public_field_definition"):
        name = node.field("name") or (node.parts[0] if node.parts else None)
        if name is not None and node.within(around):
            own.add(name.text)
    return own


def _arrows(site: Site) -> Iterator[Fix]:
    """A function that reads ``this`` as an arrow, which has that of where it stands."""
    for node in site.script.of("function_expression"):
        several, body = node.field("parameters"), node.field("body")
        if several is not None and body is not None and "this" in body.text and not site.script.is_async(node):
            yield fix_at(site, node, f"{several.text} => {body.text}", "an arrow keeps 'this'", 1.0)


def _calls(site: Site) -> Iterator[Fix]:
    """An argument more, where a function of the file asks for more than it is given."""
    script = site.script
    known = dict(named for node in script.of(*FUNCTIONS) if (named := _signature(node)) is not None)
    for call in script.of("call_expression", "new_expression"):
        name = called(call)[1] if call.kind == "call_expression" else call.text_of("constructor")
        wanted = known.get(name, [])
        given = arguments(call)
        if len(given) < len(wanted) and call.field("arguments") is not None:
            yield from _filled(site, call, wanted, given)
        yield from _alike(site, call, given)
        if not wanted and len(given) < _FEW and call.kind == "call_expression":
            yield from _given(site, call, given)


def _signature(node: Node) -> tuple[str, list[str]] | None:
    """What a function is called, and its parameters; of a constructor the class."""
    name, several = node.field("name"), node.field("parameters")
    if name is None and node.parent is not None and node.parent.kind == "variable_declarator":
        name = node.parent.field("name")
    if name is None or several is None:
        return None
    if name.text == "constructor":
        around = next((e for e in node.above() if e.kind in ("class_declaration", "class")), None)
        name = around.field("name") if around is not None else None
    return None if name is None else (name.text, [each.text for each in several.parts])


def _alike(site: Site, call: Node, given: list[Node]) -> Iterator[Fix]:
    """What other calls of the same function give at the end, and this one does not."""
    head, target = call.field("function"), call.field("arguments")
    texts = [each.text for each in given]
    for other in site.script.of("call_expression") if head is not None and target is not None else ():
        func = other.field("function")
        more = arguments(other)
        if func is None or head is None or target is None or func.text != head.text or len(more) <= len(given):
            continue
        for tail in (more[len(given) :], more[: len(more) - len(given)]):
            words = [each.text for each in tail]
            made = ", ".join([*texts, *words] if tail[-1] is more[-1] else [*words, *texts])
            yield fix_at(site, target, f"({made})", f"gave {', '.join(words)}, as elsewhere", 1.4, named=False)


def _given(site: Site, call: Node, given: list[Node]) -> Iterator[Fix]:
    """An argument for a function that the file does not have: a variable close by."""
    target = call.field("arguments")
    texts = [each.text for each in given]
    scopes = site.script.scopes
    for rank, name in enumerate(scopes.visible(call)[: _FEW + 1]):
        binding = scopes.seen_from(call, name)
        if target is None or name in texts or binding is None or binding.kind in ("function", "class", "import"):
            continue
        for made in {", ".join([*texts, name]), ", ".join([name, *texts])}:
            yield fix_at(site, target, f"({made})", f"gave {name}", 1.7 + 0.1 * rank, named=False)


def _filled(site: Site, call: Node, wanted: list[str], given: list[Node]) -> Iterator[Fix]:
    required = sum("=" not in each and "..." not in each and "?" not in each.split(":")[0] for each in wanted)
    lacking = 0.0 if len(given) < required else 0.8
    visible = site.script.scopes.visible(call)[:30]
    texts = [each.text for each in given]
    for place in range(len(given) + 1):
        slot = re.split(r"[:=?]", wanted[min(place, len(wanted) - 1)])[0].strip()
        exact = [slot] if slot in visible else []
        others = [each for each in visible if each != slot][:12]
        for rank, value in enumerate([*exact, *others, "0", "1", "''", "[]", "{}"]):
            cost = 0.7 + lacking + (0.0 if value == slot else 0.6) + 0.05 * min(rank, _MOST_ARGUMENTS)
            made = ", ".join([*texts[:place], value, *texts[place:]])
            target = call.field("arguments")
            if target is not None:
                yield fix_at(site, target, f"({made})", f"gave {value} to {slot!r}", cost, named=value == slot)
