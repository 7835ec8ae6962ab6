"""Repair of JavaScript: which members objects may have lacked where no run was watched. Pure.

An error's message names the member and not the type: what the file names itself, and what the engine's own objects
have, may be meant. A type checker that was at hand says it better: see `checked`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cambrian.source.repair.report import Absent, Failure
from cambrian.source.rules.script_nodes import Node

from .structure import Site
from .words import FOREIGN_MEMBERS, NO_ARGUMENTS

__all__ = ["checked", "guessed"]

_NO_FUNCTION = re.compile(r"\.([\w$]+) is not a function")
_READING = re.compile(r"Cannot (?:read|set) properties of (?:undefined|null) \((?:reading|setting) '([\w$]+)'\)")
_CHECKED = re.compile(
    r"^(?P<file>[^\s(]+)\((?P<line>\d+),(?P<column>\d+)\): error TS\d+: Property '(?P<name>[\w$]+)' does not exist on "
    r"type '(?P<owner>[^']*)'\. Did you mean '(?P<meant>[\w$]+)'\?",
    re.MULTILINE,
)
_BUILT = (
    "push", "pop", "shift", "unshift", "slice", "splice", "concat", "join", "reverse", "sort", "map", "filter",
    "reduce", "forEach", "some", "every", "find", "findIndex", "includes", "indexOf", "lastIndexOf", "flat",
    "flatMap", "fill", "at", "keys", "values", "entries", "length", "size", "get", "set", "has", "add", "delete",
    "clear", "trim", "trimStart", "trimEnd", "split", "replace", "replaceAll", "startsWith", "endsWith",
    "toUpperCase", "toLowerCase", "padStart", "padEnd", "charAt", "charCodeAt", "substring", "repeat", "match",
    "matchAll", "then", "catch", "finally", "toFixed", "toString", "getTime", "toISOString", "next", "json", "text",
    "emit", "on", "once", "test", "exec", "bind", "call", "apply",
)  # fmt: skip
"""Members of the engine's own objects."""


def guessed(site: Site, failure: Failure) -> tuple[Absent, ...]:
    """Members that may have been absent, by the message and the lines of a failure."""
    every = {node.text for node in site.script.of("property_identifier", "shorthand_property_identifier")}
    known = dict.fromkeys((*every, *_BUILT, *FOREIGN_MEMBERS, *NO_ARGUMENTS))
    found: list[Absent] = []
    for name in _suspected(site, failure):
        members = tuple(each for each in known if each != name.text)
        found.append(Absent(start=name.start, name=name.text, members=members))
    return tuple(found)


def _suspected(site: Site, failure: Failure) -> Iterator[Node]:
    """Names of members: the one that is no function; the one before the one that was read of nothing."""
    called, read = _NO_FUNCTION.search(failure.message), _READING.search(failure.message)
    near = {failure.line, *failure.lines}
    for node in site.script.of("member_expression"):
        name, owner = node.field("property"), node.field("object")
        if name is None or owner is None or name.line not in near:
            continue
        if called and name.text == called[1]:
            yield name
        inner = owner.field("property") if owner.kind == "member_expression" else None
        if read and name.text == read[1] and inner is not None:
            yield inner


def checked(text: str, printed: str, file: str) -> tuple[Absent, ...]:
    """Members that TypeScript's checker says are not there, with what it says may be meant.

    Args:
        text: of the file.
        printed: by ``tsc --pretty false``.
        file: name of the file, as the checker has it.
    """
    lines = text.split("\n")
    found: list[Absent] = []
    for match in _CHECKED.finditer(printed):
        line, column = int(match["line"]) - 1, int(match["column"]) - 1
        if match["file"] != file or line >= len(lines):
            continue
        start = sum(len(each) + 1 for each in lines[:line]) + column
        found.append(
            Absent(start=start, name=match["name"], owner=match["owner"], members=(match["meant"],), checked=True)
        )
    return tuple(found)
