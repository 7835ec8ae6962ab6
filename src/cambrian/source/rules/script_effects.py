"""Rules: whether a piece of JavaScript only works something out: no effects, nothing that others could change. Pure."""

from __future__ import annotations

from .script import READING, Script, arguments, bare, called
from .script_nodes import FUNCTIONS, Node
from .script_scopes import Binding

__all__ = ["only_computes", "plain", "steady"]

_HARMLESS = frozenset(
    (
        "statement_block", "if_statement", "else_clause", "return_statement", "for_statement", "for_in_statement",
        "while_statement", "break_statement", "continue_statement", "expression_statement", "empty_statement",
        "lexical_declaration", "variable_declarator", "arrow_function", "formal_parameters", "required_parameter",
        "type_annotation", "predefined_type", "comment", "assignment_expression", "augmented_assignment_expression",
        "update_expression", "throw_statement", "new_expression", "array_pattern", "object_pattern", "regex",
        "regex_pattern", "regex_flags", "shorthand_property_identifier_pattern", "pair_pattern", "identifier",
        "array_type", "number", "string", "return", "spread_element", "sequence_expression", "do_statement",
    )
)  # fmt: skip
_READING = READING | {"toLowerCase", "toUpperCase", "trim", "split", "substring", "repeat", "padStart", "replaceAll",
                      "toFixed", "flat", "replace"}  # fmt: skip
_LOGICAL = frozenset(("&&", "||", "??"))
_ERRORS = frozenset(("Error", "RangeError", "TypeError"))


def only_computes(script: Script, node: Node, own: Binding | None = None) -> bool:
    """Whether evaluating an expression or body changes nothing but its own variables, and asks nobody else.

    Properties are read as data: a getter with effects is not seen. Methods that only read are taken by their name.

    Args:
        script: the file.
        node: the piece.
        own: a function that may be called, besides: itself.
    """
    return all(_computes(script, each, node, own) for each in node.walk())


def _computes(script: Script, each: Node, whole: Node, own: Binding | None) -> bool:
    if each.kind == "call_expression":
        return _allowed(script, each, own)
    if each.kind == "new_expression":
        return any(script.is_global(each.field("constructor"), name) for name in _ERRORS)
    if each.kind in ("assignment_expression", "augmented_assignment_expression", "update_expression"):
        target = script.binding(each.field("left") or each.field("argument"))
        return target is not None and target.node.within(whole)
    if each.kind == "unary_expression":
        return not each.text.startswith("delete")
    if each.kind == "this" or (each.kind == "identifier" and each.text == "arguments"):
        return False
    return not each.named or each.kind in _HARMLESS or script.pure(_alone(each))


def _alone(node: Node) -> Node:
    """The node without what is in it, to be asked for itself."""
    return Node(node.kind, (node.start, node.stop), node.line, node.text, node.named)


def _allowed(script: Script, call: Node, own: Binding | None) -> bool:
    owner, name = called(call)
    if owner is None:
        callee = script.binding(call.field("function"))
        return (own is not None and callee is own) or script.pure(_bare_call(call))
    if any(script.is_global(owner, known) for known in ("Math", "Object", "Array", "Number", "String")):
        return name != "random" and script.pure(_bare_call(call))
    return name in _READING and all(each.kind not in FUNCTIONS or not script.is_async(each) for each in arguments(call))


def _bare_call(call: Node) -> Node:
    """The call without its arguments, which are looked at for themselves."""
    made = _alone(call)
    for name in ("function", "arguments"):
        part = call.field(name)
        if part is not None:
            made.link(name, part)
    return made


def steady(script: Script, node: Node, region: Node) -> bool:
    """Whether an expression's variables from outside of it keep their values and contents throughout a region.

    Args:
        script: the file.
        node: the expression.
        region: a loop, say, around it.
    """
    outer = [each for each in script.names(node) if not each.node.within(node)]
    return all(
        not each.node.within(region)
        and not any(write.within(region) for write in each.writes)
        and not script.changed(each, region, node)
        for each in outer
    )


def plain(script: Script, node: Node | None, own: Binding | None = None, depth: int = 6) -> bool:
    """Whether a value certainly is a number, a text or the like: nobody can change it afterwards.

    Args:
        script: the file.
        node: an expression.
        own: a function whose answers are taken to be plain, since this is asked of all of them.
        depth: of variables that are followed.
    """
    node = bare(node)
    if node is None or depth == 0:
        return False
    if node.kind in ("ternary_expression", "binary_expression"):
        return all(plain(script, part, own, depth) for part in _sides(node))
    if node.kind == "identifier":
        return node.text in ("undefined", "Infinity", "NaN") or _plain_name(script, script.binding(node), own, depth)
    again = node.kind == "call_expression" and own is not None and script.binding(node.field("function")) is own
    return again or _always_plain(node) or script.kind(node) in ("number", "string", "boolean")


def _sides(node: Node) -> list[Node | None]:
    """The parts of an expression one of which is its value; none if it always is a new one."""
    if node.kind == "ternary_expression":
        return [node.field("consequence"), node.field("alternative")]
    sign = node.field("operator")
    return [node.field("left"), node.field("right")] if sign is not None and sign.text in _LOGICAL else []


def _always_plain(node: Node) -> bool:
    if node.kind == "member_expression":
        return node.text.endswith(".length")
    return node.kind in ("unary_expression", "null", "undefined", "update_expression")


def _plain_name(script: Script, binding: Binding | None, own: Binding | None, depth: int) -> bool:
    """Of a variable that only ever gets plain values, or a parameter that is reckoned with."""
    if binding is None:
        return False
    if binding.kind == "parameter":
        return not binding.writes and any(_reckoned(use) for use in binding.reads)
    if binding.value is None or binding.node.parent is None or binding.node.parent.kind != "variable_declarator":
        return False
    values = [binding.value]
    for write in binding.writes:
        parent = write.parent
        if parent is not None and parent.kind == "assignment_expression":
            values.append(parent.field("right") or write)
        elif parent is None or parent.kind not in ("augmented_assignment_expression", "update_expression"):
            return False
    return all(plain(script, value, own, depth - 1) for value in values)


def _reckoned(use: Node) -> bool:
    """Whether a name stands where only a number makes sense."""
    parent = use.parent
    sign = parent.field("operator") if parent is not None and parent.kind == "binary_expression" else None
    return sign is not None and sign.text in ("-", "*", "/", "%", "**", ">>", "<<")
