"""Repair of JavaScript: a file as it is run: the body of a function, watched if asked for. Pure.

Types are blanked and modules turned into calls of ``require``, so that all lines stay.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from cambrian.source.edit import Splice, apply
from cambrian.source.rules.script import Script, member
from cambrian.source.rules.script_nodes import Node
from cambrian.source.tree import Problem
from cambrian.source.typescript import erase

__all__ = ["Ready", "is_typescript", "ready"]

_TYPED = (".ts", ".mts", ".cts")
_STATIC = frozenset(("super", "import", "this_type"))


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it is run.

    Args:
        code: the body of a function.
        waits: it is asynchronous, and strict.
        typed: it still has types that mean something when it runs (enumerations and the like).
    """

    code: str
    waits: bool
    typed: bool = False


def is_typescript(name: str) -> bool:
    """Whether a file has types, by its name."""
    return name.endswith(_TYPED)


def ready(text: str, name: str, *, watch: bool = False) -> Ready | Problem:
    """A file made ready to be run.

    Args:
        text: of it.
        name: of it.
        watch: note what objects do not have of the properties that are read, with ``__see`` and ``__named``.
    """
    if text.startswith("#!"):
        text = f"//{text[2:]}"
    if is_typescript(name):
        erased = erase(text, name)
        if isinstance(erased, Problem):
            return erased
        if not erased.kept:
            return _body(erased.code, "program.js", watch=watch)
        return _body(text, "program.ts", watch=watch)
    return _body(text, "program.js", watch=watch)


def _body(text: str, name: str, *, watch: bool) -> Ready:
    script = Script.read(text, name)
    if isinstance(script, Problem):
        return Ready(code=text, waits=False, typed=is_typescript(name))  # the engine says what is wrong
    modules = script.of("import_statement", "export_statement")
    splices = [splice for node in modules for splice in _module(node)]
    if watch:
        splices += _watching(script)
    waits = bool(modules) or any(script.function(node) is None for node in script.of("await_expression"))
    code = ("'use strict';" if waits else "") + apply(text, _apart(splices))
    return Ready(code=code, waits=waits, typed=is_typescript(name))


def _apart(splices: list[Splice]) -> list[Splice]:
    """Without those that lie in another."""
    wide = [each for each in splices if each.stop > each.start]
    return [
        each
        for each in splices
        if not any(other.start < each.stop and each.start < other.stop and other != each for other in wide)
    ]


def _module(node: Node) -> Iterator[Splice]:
    if node.kind == "export_statement":
        yield from _export(node)
        return
    source = next((each for each in node.children if each.kind == "string"), None)
    if source is None:
        return
    clause = next((each for each in node.children if each.kind == "import_clause"), None)
    text = "; ".join(_taken(part, source.text) for part in clause.parts) if clause else f"require({source.text})"
    yield Splice(node.start, node.stop, text + ";" + "\n" * node.text.count("\n"))


def _taken(part: Node, source: str) -> str:
    if part.kind == "identifier":
        return f"const {part.text} = ((m) => m.default ?? m)(require({source}))"
    if part.kind == "namespace_import":
        return f"const {part.parts[0].text} = require({source})"
    names = [(each.field("name"), each.field("alias")) for each in part.parts if each.kind == "import_specifier"]
    taken = [f"{name.text}: {alias.text}" if alias else name.text for name, alias in names if name]
    strict = [f'"{name.text}"' for name, _ in names if name]
    return f"const {{ {', '.join(taken)} }} = __strict(require({source}), [{', '.join(strict)}], {source})"


def _export(node: Node) -> Iterator[Splice]:
    words = [each for each in node.children if each.kind in ("export", "default")]
    declared = [each for each in node.parts if each.kind.endswith("_declaration")]
    if declared:
        yield Splice(node.start, declared[0].start, "")
    elif words and words[-1].kind == "default":
        yield Splice(node.start, words[-1].stop, "module.exports =")
    else:
        yield Splice(node.start, node.stop, "\n" * node.text.count("\n"))


def _watching(script: Script) -> Iterator[Splice]:
    for node in script.of("member_expression"):
        owner, name = member(node)
        if owner is None or owner.kind in _STATIC or _stored(node) or any(c.text == "?." for c in node.children):
            continue
        yield Splice(owner.start, owner.start, "__see(")
        yield Splice(owner.stop, owner.stop, f', "{name.lstrip("#")}", {node.stop - len(name)})')
    for node in script.of("variable_declarator"):
        pattern, value = node.field("name"), node.field("value")
        if pattern is None or value is None or pattern.kind != "object_pattern" or not _requires(value):
            continue
        keys = [each.field("key") or each for each in pattern.parts if "..." not in each.text]
        names, starts = ", ".join(f'"{key.text}"' for key in keys), ", ".join(str(key.start) for key in keys)
        yield Splice(value.start, value.start, "__named(")
        yield Splice(value.stop, value.stop, f", [{names}], [{starts}])")


def _requires(value: Node) -> bool:
    return value.kind == "call_expression" and value.text.startswith("require(")


def _stored(node: Node) -> bool:
    parent = node.parent
    if parent is None:
        return True
    if node.text.startswith(("super", "import")) or ".#" in node.text:
        return True
    if parent.kind in ("assignment_expression", "augmented_assignment_expression", "for_in_statement"):
        return parent.field("left") is node
    return parent.kind.endswith("pattern") or parent.kind == "update_expression" or parent.text.startswith("delete")
