"""The tree of a script for the security rules: places by line, what it imports, names of scopes. Text only."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property

from cambrian.source.rules.script import Script
from cambrian.source.rules.script_nodes import FUNCTIONS, Node

__all__ = ["FUNCTIONS", "Node", "Tree", "callee", "function_of"]

_NAMES = frozenset({"identifier", "property_identifier", "type_identifier"})


class Tree:
    """A script, with what these rules ask of it.

    Args:
        script: it.
    """

    def __init__(self, script: Script) -> None:
        self.script = script
        self.text = script.text
        self.name = script.name
        self.root = script.root
        self._lines = [0, *(place + 1 for place, char in enumerate(script.text) if char == "\n")]

    def of(self, *kinds: str) -> list[Node]:
        """All nodes of these kinds."""
        return self.script.of(*kinds)

    def place(self, offset: int) -> tuple[int, int]:
        """1-based line and column of a character."""
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def scope(self, node: Node) -> str:
        """Dotted names of the functions and classes that a node stands in."""
        names: list[str] = []
        for each in node.above():
            if each.kind in FUNCTIONS or each.kind == "class_declaration":
                parent = each.parent
                holder = parent if parent is not None and parent.kind == "variable_declarator" else each
                name = next((part.text for part in holder.children if part.kind in _NAMES), "")
                names += [name] if name else []
        return ".".join(reversed(names))

    @cached_property
    def modules(self) -> frozenset[str]:
        """What the file imports or requires."""
        imports = self.of("import_statement")
        found = {_unquoted(each) for node in imports for each in node.children if each.kind == "string"}
        for call in self.of("call_expression"):
            if len(call.children) > 1 and call.children[0].text in {"require", "import"}:
                found |= {_unquoted(each) for each in call.children[1].children if each.kind == "string"}
        return frozenset(found)


def function_of(node: Node) -> Node | None:
    """The innermost function that a node is in; ``None`` at the top of the file."""
    return next((each for each in node.above() if each.kind in FUNCTIONS), None)


def callee(call: Node) -> Node:
    """What is called; the grammar takes ``await f<T>(x)`` for a call of ``await f``."""
    called = call.children[0]
    return called.children[-1] if called.kind == "await_expression" else called


def _unquoted(node: Node) -> str:
    return node.text.strip("'\"`").removeprefix("node:")
