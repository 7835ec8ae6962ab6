"""Functions at the top of a JavaScript or TypeScript file. Pure."""

from __future__ import annotations

from .rules.script import Script
from .rules.script_nodes import FUNCTIONS, Node
from .rules.script_scopes import Binding

__all__ = ["lines_of", "span", "tops"]


def tops(script: Script) -> dict[str, Binding]:
    """Functions at the top of a file, by name."""
    found: dict[str, Binding] = {}
    for each in script.of("identifier"):
        binding = script.binding(each)
        if binding is None or binding.node is not each or binding.scope is not script.root:
            continue
        if binding.kind == "function" or (binding.value is not None and binding.value.kind in FUNCTIONS):
            found[binding.name] = binding
    return found


def span(binding: Binding) -> Node:
    """A function at the top of a file, with all its text."""
    whole = binding.value if binding.value is not None else binding.node.parent
    assert whole is not None  # a name is a part of what declares it
    return whole


def lines_of(node: Node) -> range:
    """1-based lines of a piece of a file."""
    return range(node.line, node.line + node.text.count("\n") + 1)
