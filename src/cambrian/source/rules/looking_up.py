"""Rules: places before a loop of JavaScript, and tests of membership in arrays, in all their spellings. Pure."""

from __future__ import annotations

from typing import NamedTuple

from cambrian.source.edit import Splice

from .script import Script, arguments, bare, callee
from .script_nodes import FUNCTIONS, Node

__all__ = ["Membership", "ahead", "membership", "outermost"]


class Membership(NamedTuple):
    """``array.includes(value)``.

    Args:
        node: all of it.
        array: what is searched.
        value: what is looked for.
        negated: it asks whether the value is not there.
        exact: NaN is found, too, as `includes` does and `indexOf` does not.
    """

    node: Node
    array: Node
    value: Node
    negated: bool
    exact: bool


def membership(call: Node) -> Membership | None:
    """What a call of ``includes`` or ``indexOf`` asks."""
    given = arguments(call)
    if len(given) != 1 or given[0].kind == "spread_element":
        return None
    owner = callee(call, "includes")
    if owner is not None:
        return Membership(call, owner, given[0], negated=False, exact=True)
    owner, parent = callee(call, "indexOf"), call.parent
    if owner is None or parent is None or parent.kind != "binary_expression" or parent.field("left") is not call:
        return None
    operator, right = parent.field("operator"), parent.field("right")
    words = f"{operator.text if operator else ''} {right.text if right else ''}"
    if words in ("!== -1", "!= -1", ">= 0", "> -1"):
        return Membership(parent, owner, given[0], negated=False, exact=False)
    return Membership(parent, owner, given[0], negated=True, exact=False) if words in (
        "=== -1", "== -1", "< 0") else None  # fmt: skip


def outermost(script: Script, node: Node, wanted: Node) -> Node | None:
    """The outermost loop around a node in which an expression's variables keep their values and their contents.

    What happens within the node itself does not count.
    """
    found = None
    for loop in script.loops(node):
        if not script.fixed(wanted, loop):
            break
        if any(script.changed(binding, loop, node) for binding in script.names(wanted)):
            break
        found = loop
    return found


def ahead(script: Script, loop: Node, lines: list[str]) -> list[Splice]:
    """Splices that put statements before a loop: before its statement, or into a new body of an arrow function."""
    inner = loop
    for each in loop.above():
        if each.kind in ("statement_block", "program"):
            indent = script.newline + script.indent(inner)
            return [Splice(inner.start, inner.start, "".join(f"{line}{indent}" for line in lines))]
        if each.kind == "export_statement":
            inner = each
            continue
        if each.kind in FUNCTIONS:
            if each.field("body") is not inner or bare(inner) is not inner:
                return []
            text = " ".join(lines)
            return [Splice(inner.start, inner.start, f"{{ {text} return "), Splice(inner.stop, inner.stop, "; }")]
        if each.kind in ("switch_case", "switch_default", "labeled_statement", "else_clause", "if_statement") and (
            inner.kind.endswith("_statement")
        ):
            return []
        inner = each
    return []
