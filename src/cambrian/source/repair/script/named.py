"""Repair of JavaScript: what follows from what an error names: variables, members, modules, constants. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from cambrian.source.edit import apply
from cambrian.source.repair.report import Absent, Failure, Fix, Pattern
from cambrian.source.repair.spelling import similar
from cambrian.source.rules.script import arguments, called
from cambrian.source.rules.script_nodes import Node

from .structure import Site, fix_at
from .words import FOREIGN, FOREIGN_MEMBERS, GLOBALS, MODULES, SLEEPS

__all__ = ["constants", "members", "modules", "names", "rare", "unbound", "uncalled"]

_SHORT = 2
"""Letters of a name that is as near to any other short one."""
_UNDEFINED = re.compile(r"\b([\w$]+) is not defined")
_BEFORE = re.compile(r"^Cannot access '([\w$]+)' before initialization")
_NO_FUNCTION = re.compile(r"\.([\w$]+) is not a function")
_MODULE = re.compile(r"(?:Cannot find module|No such built-in module:?|Cannot find package) '?(?:node:)?([^'\s]+)'?")
_PROVIDES = re.compile(r"The requested module '([^']+)' does not provide an export named '([\w$]+)'")


def names(site: Site, failure: Failure) -> Iterator[Fix]:
    """A variable that there is not: another word, ``this.`` before it, a module not taken in."""
    match = _UNDEFINED.search(failure.message) or _BEFORE.match(failure.message)
    unknown = unbound(site)
    told = match[1] if match else ""
    for wanted in dict.fromkeys(node.text for node in unknown if told in ("", node.text)):
        yield from _unknown(site, [node for node in unknown if node.text == wanted], failure)


def unbound(site: Site) -> list[Node]:
    """Where names stand that nothing in the file binds and the engine does not have."""
    return [
        node
        for node in site.script.of("identifier", "shorthand_property_identifier")
        if site.script.binding(node) is None and node.text not in GLOBALS
    ]


def _unknown(site: Site, uses: list[Node], failure: Failure) -> Iterator[Fix]:
    script, wanted = site.script, uses[0].text
    near = [node for node in uses if node.line == failure.line] or uses
    for call in script.of("call_expression") if wanted in ("len", "sizeof", "count") else ():
        if called(call)[1] == wanted and len(arguments(call)) == 1:
            for word in ("length", "size"):
                yield fix_at(site, call, f"{arguments(call)[0].text}.{word}", f"{wanted}() became .{word}", 0.2)
    yield from _modules_with(site, wanted)
    for use in near[:3]:
        for other in FOREIGN.get(wanted, ()):
            yield _everywhere(site, uses, other, 0.2)
        if _belongs(use, wanted):
            yield fix_at(site, use, f"this.{wanted}", f"'this.' before {wanted!r}", 0.6)
        for other, edits in similar(wanted, [*script.scopes.visible(use), *GLOBALS]):
            sure = len(wanted) > _SHORT or other.lower() == wanted.lower()
            pattern = Pattern("ReferenceError", "", wanted, other)
            what = f"{wanted!r} became {other!r}"
            yield fix_at(site, use, _as(use, other), what, 0.5 + 0.5 * edits, pattern, named=sure)
            if len(uses) > 1:
                yield msgspec.structs.replace(_everywhere(site, uses, other, 0.55 + 0.5 * edits), named=sure)


def _as(use: Node, other: str) -> str:
    return f"{use.text}: {other}" if use.kind == "shorthand_property_identifier" else other


def _everywhere(site: Site, uses: list[Node], other: str, cost: float) -> Fix:
    text = apply(site.text, [site.script.splice(use, _as(use, other)) for use in uses])
    word = uses[0].text
    return Fix(text=text, what=f"{word!r} became {other!r}", cost=cost, line=uses[0].line)


def _belongs(use: Node, name: str) -> bool:
    """Whether the class around a place has a member of this name, or sets one."""
    around = next((each for each in use.above() if each.kind in ("class_declaration", "class")), None)
    if around is None:
        return False
    word = re.escape(name)
    given = rf"\b(?:private|public|protected|readonly)\s+(?:readonly\s+)?{word}\b"
    own = rf"^\s*(?:async |static |get )*{word}\s*[(=;]"
    return f"this.{name}" in around.text or bool(
        re.search(given, around.text) or re.search(own, around.text, re.MULTILINE)
    )


def _modules_with(site: Site, name: str) -> Iterator[Fix]:
    """A module of Node that is called so, or has it."""
    style = "import" if re.search(r"^(?:import|export)\b", site.text, re.MULTILINE) else "require"
    place = _first(site)
    if name in SLEEPS:
        given, word = ("setTimeout as", "from") if style == "import" else ("setTimeout:", "=")
        source = '"timers/promises"' if style == "import" else 'require("timers/promises")'
        line = f"{'import' if style == 'import' else 'const'} {{ {given} {name} }} {word} {source};\n"
        what = f"{name!r} is the timer that gives a promise"
        yield Fix(text=site.text[:place] + line + site.text[place:], what=what, cost=0.6, line=1)
    lacking = list(dict.fromkeys([name, *(node.text for node in unbound(site))]))
    for module, taken in MODULES.items():
        whole = module == name or module.rpartition("/")[2] == name
        if not whole and name not in taken:
            continue
        every = [each for each in lacking if each in taken]  # one line brings all that the module has of them
        what = name if whole else f"{{ {', '.join(every)} }}"
        source = f'"{module}"'
        if style == "import":
            line = f"import {f'* as {name}' if whole and module != 'assert' else what} from {source};\n"
        else:
            line = f"const {what} = require({source});\n"
        text = site.text[:place] + line + site.text[place:]
        cost = 0.1 if whole else 0.3
        told = name if whole else ", ".join(every)
        what = f"{told!r} is taken from {module!r}"
        yield Fix(text=text, what=what, cost=cost, line=1, named=_used_so(site, name, whole=whole))


def _used_so(site: Site, name: str, *, whole: bool) -> bool:
    """Whether a name is used as what a module has: a module for its members; what could be a variable is called."""
    for use in (node for node in unbound(site) if node.text == name):
        parent = use.parent
        called_ = parent is not None and parent.kind in ("call_expression", "new_expression", "class_heritage")
        owner = parent is not None and parent.kind == "member_expression" and parent.field("object") is use
        if not (owner or (called_ and not whole) or name[:1].isupper()):
            return False
    return True


def _first(site: Site) -> int:
    """Where a line of imports may stand."""
    for node in site.script.root.children:
        if node.kind == "hash_bang_line" or (node.kind == "expression_statement" and "use strict" in node.text):
            return site.text.find("\n", node.stop) + 1
        if node.kind != "comment":
            return node.start
    return 0


def members(site: Site, failure: Failure) -> Iterator[Fix]:
    """Members that objects do not have: what they have instead."""
    absent = sorted(failure.absent, key=lambda each: abs(_line(site, each) - failure.line) if failure.line else 0)
    for each in absent:
        if site.text[each.start : each.start + len(each.name)] != each.name:
            continue
        far = 0.0 if not failure.line or abs(_line(site, each) - failure.line) <= 1 else 0.4
        yield from _renamed(site, each, far)


def _line(site: Site, absent: Absent) -> int:
    return site.text.count("\n", 0, absent.start) + 1


def rare(site: Site) -> Iterator[Fix]:
    """A member that is named once, and much like another one that is named elsewhere."""
    found: dict[str, list[Node]] = {}
    for node in site.script.of("property_identifier", "shorthand_property_identifier"):
        found.setdefault(node.text, []).append(node)
    for name, nodes in found.items():
        for other, edits in similar(name, found) if len(nodes) == 1 and len(name) > 2 else ():
            if edits <= 2:
                cost = 0.8 + 0.4 * edits
                what = f"{name!r} became {other!r}"
                yield fix_at(site, nodes[0], other, what, cost, named=False)


def uncalled(site: Site, failure: Failure) -> Iterator[Fix]:
    """Brackets behind what is no function."""
    match = _NO_FUNCTION.search(failure.message)
    if match is None or any(each.name == match[1] for each in failure.absent):
        return
    for call in site.script.of("call_expression"):
        given = call.field("arguments")
        owner, name = called(call)
        fits = owner is not None and name == match[1] and not arguments(call) and call.line == failure.line
        if fits and given is not None:
            yield fix_at(site, given, "", f"{name!r} is no function", 0.2)


def _renamed(site: Site, absent: Absent, far: float) -> Iterator[Fix]:
    """Another member; ``.size`` for ``.size()``, ``at(-1)`` for ``last()``."""
    end = absent.start + len(absent.name)
    call = re.match(r"\(\s*\)", site.text[end:])
    pairs = [(other, 0.4) for other in FOREIGN_MEMBERS.get(absent.name, ()) if other in absent.members]
    pairs += [(other, 0.5 + 0.5 * edits) for other, edits in similar(absent.name, absent.members)]
    for other, cost in pairs:
        counted = other in ("length", "size") and absent.owner in _COUNTED
        stop = end + call.end() if call and counted else end
        pattern = Pattern("TypeError", absent.owner, absent.name, other)
        text = site.text[: absent.start] + other + site.text[stop:]
        what = f"{absent.name!r}{' of ' if absent.owner else ''}{absent.owner} became {other!r}"
        yield Fix(text=text, what=what, cost=cost + far, line=_line(site, absent), pattern=pattern)
    yield from _of_plain(site, absent, end, far)
    if absent.owner == "Promise":
        owner = next((n for n in site.script.of("member_expression") if n.stop == end), None)
        inner = owner.field("object") if owner else None
        if inner is not None:
            what = f"awaited {inner.text[:40]!r}"
            yield fix_at(site, inner, f"(await {inner.text})", what, 0.2 + far)


_COUNTED = ("Array", "String", "string", "Map", "Set", "Buffer", "Uint8Array", "Float64Array")
"""What has its length or size as a property, not as a method."""
_PLAIN = {"items": "entries", "entries": "entries", "keys": "keys", "values": "values"}


def _of_plain(site: Site, absent: Absent, end: int, far: float) -> Iterator[Fix]:
    """``Object.entries(x)`` for ``x.items()``, where x is a plain object."""
    if absent.owner != "Object":
        return
    for call in site.script.of("call_expression", "member_expression"):
        is_call = call.kind == "call_expression"
        member = call.field("function") if is_call else call
        owner = member.field("object") if member is not None else None
        if member is None or owner is None or member.stop != end:
            continue
        if is_call and absent.name in _PLAIN:
            word = _PLAIN[absent.name]
            yield fix_at(site, call, f"Object.{word}({owner.text})", f"Object.{word} of a plain object", 0.3 + far)
        if not is_call and absent.name in ("length", "size", "len"):
            yield fix_at(site, call, f"Object.keys({owner.text}).length", "the number of its keys", 0.7 + far)


def modules(site: Site, failure: Failure) -> Iterator[Fix]:
    """A module, or what is taken from it, under another name."""
    match = _MODULE.search(failure.message)
    for node in site.script.of("string") if match else ():
        if match and node.text[1:-1].removeprefix("node:") == match[1]:
            head = "node:" if node.text[1:-1].startswith("node:") else ""
            for other, edits in similar(match[1], MODULES):
                quoted = f"{node.text[0]}{head}{other}{node.text[0]}"
                yield fix_at(site, node, quoted, f"module {match[1]!r} became {other!r}", 0.4 + 0.4 * edits)
    provided = _PROVIDES.search(failure.message)
    if provided:
        yield from _exports(site, provided[1].removeprefix("node:"), provided[2], failure)


def _exports(site: Site, module: str, name: str, failure: Failure) -> Iterator[Fix]:
    known = {*MODULES.get(module, ()), *(one for each in failure.absent if each.name == name for one in each.members)}
    for node in site.script.of("import_specifier"):
        imported = node.field("name")
        if imported is None or imported.text != name:
            continue
        for other, edits in similar(name, known):
            renamed = other if node.field("alias") else f"{other} as {name}"
            cost = 0.4 + 0.4 * edits
            uses = [each for each in site.script.of("identifier") if each.text == name]
            yield _everywhere(site, uses, other, cost + 0.05)
            yield fix_at(site, imported, renamed, f"{name!r} of {module!r} became {other!r}", cost)


def constants(site: Site, failure: Failure) -> Iterator[Fix]:
    """``const`` of a variable that gets another value."""
    if "constant" not in failure.message:
        return
    script = site.script
    for node in script.of("lexical_declaration"):
        if node.children[0].kind != "const":
            continue
        names = [script.binding(each) for each in node.walk() if script.binding(each) is not None]
        if any(binding is not None and binding.writes and binding.node.within(node) for binding in names):
            yield fix_at(site, node.children[0], "let", "'const' became 'let'", 0.2)
    for loop in script.of("for_in_statement", "for_statement"):
        word = loop.field("kind")
        if word is not None and word.text == "const":
            yield fix_at(site, word, "let", "'const' became 'let'", 0.6)
