"""Rules: the tree of a JavaScript or TypeScript file, with parents, so that a rule can look up and down. Pure.

The parser's own nodes search for their parent from the root and count characters from the start of the line; so a tree
is copied once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ast_grep_py import SgNode

__all__ = ["FUNCTIONS", "LOOPS", "Node", "copied", "equated", "parameters"]

FUNCTIONS = frozenset(
    (
        "function_declaration", "function_expression", "arrow_function", "method_definition", "generator_function",
        "generator_function_declaration",
    )
)  # fmt: skip
"""Kinds of nodes that are functions."""
LOOPS = frozenset(("for_statement", "for_in_statement", "while_statement", "do_statement"))
"""Kinds of nodes that are loops."""
_FIELDS = {
    "call_expression": ("function", "arguments"),
    "new_expression": ("constructor", "arguments"),
    "member_expression": ("object", "property"),
    "subscript_expression": ("object", "index"),
    "variable_declarator": ("name", "type", "value"),
    "assignment_expression": ("left", "right"),
    "augmented_assignment_expression": ("left", "operator", "right"),
    "update_expression": ("argument", "operator"),
    "unary_expression": ("argument", "operator"),
    "binary_expression": ("left", "operator", "right"),
    "for_in_statement": ("kind", "left", "operator", "right", "body"),
    "for_statement": ("initializer", "condition", "increment", "body"),
    "while_statement": ("condition", "body"),
    "do_statement": ("condition", "body"),
    "if_statement": ("condition", "consequence", "alternative"),
    "ternary_expression": ("condition", "consequence", "alternative"),
    "arrow_function": ("parameter", "parameters", "body"),
    "function_declaration": ("name", "parameters", "body"),
    "function_expression": ("name", "parameters", "body"),
    "generator_function": ("name", "parameters", "body"),
    "generator_function_declaration": ("name", "parameters", "body"),
    "method_definition": ("name", "parameters", "body"),
    "class_declaration": ("name", "body"),
    "class": ("name", "body"),
    "catch_clause": ("parameter", "body"),
    "pair": ("key", "value"),
    "pair_pattern": ("key", "value"),
    "assignment_pattern": ("left", "right"),
    "object_assignment_pattern": ("left", "right"),
    "required_parameter": ("pattern", "type", "value"),
    "optional_parameter": ("pattern", "type", "value"),
    "import_specifier": ("name", "alias"),
    "regex": ("pattern", "flags"),
}


class Node:
    """A piece of a file.

    Attributes:
        kind: as tree-sitter's grammar calls it.
        start: index of its first character.
        stop: index after its last.
        line: 1-based, of its first character.
        parent: `None` for the root.
        children: all, punctuation included.
    """

    __slots__ = ("_fields", "children", "kind", "line", "named", "parent", "start", "stop", "text")

    def __init__(self, kind: str, span: tuple[int, int], line: int, text: str, named: bool) -> None:
        self.kind, self.line, self.text, self.named = kind, line, text, named
        self.start, self.stop = span
        self.parent: Node | None = None
        self.children: list[Node] = []
        self._fields: dict[str, Node] = {}

    def field(self, name: str) -> Node | None:
        """The child in this role, as the grammar names it."""
        return self._fields.get(name)

    def fields(self, *names: str) -> tuple[Node, ...]:
        """The children in these roles; none at all where one of them is lacking."""
        found = tuple(self._fields[name] for name in names if name in self._fields)
        return found if len(found) == len(names) else ()

    def text_of(self, name: str) -> str:
        """The text of the child in this role; "" where there is none."""
        child = self._fields.get(name)
        return "" if child is None else child.text

    def link(self, name: str, child: Node) -> None:
        """Say which child has a role."""
        self._fields[name] = child

    @property
    def parts(self) -> list[Node]:
        """Children without punctuation and comments."""
        return [child for child in self.children if child.named and child.kind != "comment"]

    def walk(self, into_functions: bool = True) -> Iterator[Node]:
        """It and all below, in the order of the text; functions below it are left out on request."""
        todo: list[Node] = [self]
        while todo:
            node = todo.pop()
            yield node
            if into_functions or node is self or node.kind not in FUNCTIONS:
                todo += reversed(node.children)

    def above(self) -> Iterator[Node]:
        """What it stands in, innermost first."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def within(self, other: Node) -> bool:
        """Whether it lies in another's text."""
        return other.start <= self.start and self.stop <= other.stop


def parameters(function: Node) -> list[Node]:
    """What a function takes, each as it is written."""
    single, several = function.field("parameter"), function.field("parameters")
    if single is not None:
        return [single]
    return [] if several is None else several.parts


def equated(test: Node | None) -> tuple[tuple[Node, Node], ...]:
    """The sides of an equation ``a === b``, both ways round; none if it is something else."""
    if test is None or test.kind != "binary_expression" or test.text_of("operator") != "===":
        return ()
    match test.fields("left", "right"):
        case left, right:
            return (left, right), (right, left)
        case _:
            return ()


def copied(root: SgNode, text: str) -> Node:
    """The tree of a whole file."""
    made = _node(root, text)
    todo = [(root, made)]
    while todo:
        theirs, ours = todo.pop()
        for child in theirs.children():
            own = _node(child, text)
            own.parent = ours
            ours.children.append(own)
            todo.append((child, own))
        _link(theirs, ours)
    return made


def _node(node: SgNode, text: str) -> Node:
    place = node.range()
    span = place.start.index, place.end.index
    return Node(node.kind(), span, place.start.line + 1, text[slice(*span)], node.is_named())


def _link(theirs: SgNode, ours: Node) -> None:
    for name in _FIELDS.get(ours.kind, ()):
        field = theirs.field(name)
        if field is not None:
            place = field.range()
            span, kind = (place.start.index, place.end.index), field.kind()
            for child in ours.children:
                if (child.start, child.stop) == span and child.kind == kind:
                    ours.link(name, child)
                    break
