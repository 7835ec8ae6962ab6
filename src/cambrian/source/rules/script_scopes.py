"""Rules: which name of a JavaScript file means which variable. Pure.

Follows ECMA-262's declarations: `let`, `const` and classes belong to their block, `var` to its function, functions to
the block they are declared in. A name that nothing in the file declares is global and has no `Binding`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from .script_nodes import FUNCTIONS, Node

__all__ = ["Binding", "Scopes", "starts_empty"]

BindingKind = Literal["const", "let", "var", "function", "class", "parameter", "import", "catch"]
_BLOCKS = FUNCTIONS | {
    "program", "statement_block", "for_statement", "for_in_statement", "catch_clause", "switch_body",
    "class_static_block",
}  # fmt: skip
_NAMES = frozenset(("identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern"))
_PATTERNS = frozenset(
    ("array_pattern", "object_pattern", "pair_pattern", "rest_pattern", "assignment_pattern", "required_parameter",
     "optional_parameter", "object_assignment_pattern")
)  # fmt: skip


class Binding:
    """A variable.

    Attributes:
        name: of it.
        kind: how it was declared.
        node: the name where it is declared.
        scope: the block or function that it belongs to.
        value: what it is declared with, if it is one name for one value.
        annotation: its type in TypeScript.
        reads: where its value is used.
        writes: where it gets another value, the declaration not counted.
    """

    __slots__ = ("annotation", "kind", "name", "node", "reads", "scope", "value", "writes")

    def __init__(self, name: str, kind: BindingKind, node: Node, scope: Node) -> None:
        self.name, self.kind, self.node, self.scope = name, kind, node, scope
        self.value: Node | None = None
        self.annotation: Node | None = None
        self.reads: list[Node] = []
        self.writes: list[Node] = []


def starts_empty(binding: Binding) -> bool:
    """Whether a variable is declared with ``[]``."""
    return binding.value is not None and binding.value.kind == "array" and not binding.value.parts


class Scopes:
    """The variables of a file.

    Args:
        root: its tree.
    """

    def __init__(self, root: Node) -> None:
        self._declared: dict[Node, dict[str, Binding]] = {}
        self._by_node: dict[Node, Binding] = {}
        self.names: set[str] = set()
        every = list(root.walk())
        for node in every:
            self._declare(node)
        for node in every:
            if node.kind in _NAMES:
                self.names.add(node.text)
                self._refer(node)

    def binding(self, node: Node) -> Binding | None:
        """What a name means; `None` for a global one, and for what is no name of a variable."""
        return self._by_node.get(node)

    def seen_from(self, node: Node, name: str) -> Binding | None:
        """What a name would mean at a place."""
        for scope in (node, *node.above()):
            if name in self._declared.get(scope, {}):
                return self._declared[scope][name]
        return None

    def visible(self, node: Node) -> list[str]:
        """Names that can be used at a place, the innermost first."""
        found: dict[str, None] = {}
        for scope in (node, *node.above()):
            found.update(dict.fromkeys(self._declared.get(scope, {})))
        return list(found)

    def _declare(self, node: Node) -> None:
        if node.kind in ("lexical_declaration", "variable_declaration"):
            kind: BindingKind = "var" if node.kind == "variable_declaration" else "let"
            kind = "const" if node.children[0].kind == "const" else kind
            for each in node.parts:
                self._declarator(each, kind, node)
        elif node.kind == "for_in_statement" and (word := node.field("kind")) and (left := node.field("left")):
            spelled: BindingKind = "const" if word.text == "const" else "var" if word.text == "var" else "let"
            self._pattern(left, spelled, _function(node) if spelled == "var" else node)
        elif node.kind in FUNCTIONS:
            self._function(node)
        elif node.kind == "class_declaration" and (name := node.field("name")):
            self._add(name, "class", _block(node))
        elif node.kind == "catch_clause" and (caught := node.field("parameter")):
            self._pattern(caught, "catch", node)
        elif node.kind == "import_clause":
            for name in _imported(node):
                self._add(name, "import", _block(node))

    def _declarator(self, node: Node, kind: BindingKind, declaration: Node) -> None:
        name = node.field("name")
        if node.kind != "variable_declarator" or name is None:
            return
        self._pattern(name, kind, _function(declaration) if kind == "var" else _block(declaration))
        if name.kind == "identifier":
            binding = self._by_node[name]
            binding.value, binding.annotation = node.field("value"), node.field("type")
            if kind == "var" and binding.node is not name:
                binding.writes.append(name)

    def _function(self, node: Node) -> None:
        name = node.field("name")
        if name is not None and node.kind in ("function_declaration", "generator_function_declaration"):
            self._add(name, "function", _block(node))
        elif name is not None and node.kind in ("function_expression", "generator_function"):
            self._add(name, "function", node)
        single, several = node.field("parameter"), node.field("parameters")
        for each in [single] if single else several.parts if several else []:
            self._pattern(each, "parameter", node)
            pattern = each.field("pattern")
            if pattern is not None and pattern.kind == "identifier":
                self._by_node[pattern].annotation = each.field("type")

    def _pattern(self, node: Node, kind: BindingKind, scope: Node) -> None:
        for name in _bound(node):
            self._add(name, kind, scope)

    def _add(self, name: Node, kind: BindingKind, scope: Node) -> None:
        table = self._declared.setdefault(scope, {})
        if name.text not in table:
            table[name.text] = Binding(name.text, kind, name, scope)
        self._by_node[name] = table[name.text]

    def _refer(self, node: Node) -> None:
        if node in self._by_node:
            return
        binding = self.seen_from(node, node.text)
        if binding is None:
            return
        self._by_node[node] = binding
        written, read = _use(node)
        if written:
            binding.writes.append(node)
        if read:
            binding.reads.append(node)


def _bound(node: Node) -> Iterator[Node]:
    """Names that a pattern binds."""
    if node.kind in ("identifier", "shorthand_property_identifier_pattern"):
        yield node
    elif node.kind == "pair_pattern":
        value = node.field("value")
        yield from _bound(value) if value else ()
    elif node.kind in ("assignment_pattern", "object_assignment_pattern"):
        left = node.field("left")
        yield from _bound(left) if left else ()
    elif node.kind in ("required_parameter", "optional_parameter"):
        pattern = node.field("pattern")
        yield from _bound(pattern) if pattern else ()
    elif node.kind in _PATTERNS:
        for part in node.parts:
            yield from _bound(part)


def _use(node: Node) -> tuple[bool, bool]:
    """Whether a name is written and read where it stands."""
    parent = node.parent
    if node.kind == "shorthand_property_identifier_pattern":
        return True, False
    if parent is None:
        return False, True
    if parent.kind == "update_expression":
        return True, parent.parent is None or parent.parent.kind not in ("expression_statement", "for_statement")
    if parent.kind == "augmented_assignment_expression" and parent.field("left") is node:
        return True, True
    if parent.kind in ("assignment_expression", "for_in_statement") and parent.field("left") is node:
        return True, False
    pattern = parent.kind in _PATTERNS and not (parent.field("right") is node or parent.field("value") is node)
    written = pattern or parent.kind == "pair_pattern"
    return written, not written


def _imported(clause: Node) -> Iterator[Node]:
    for part in clause.parts:
        if part.kind == "identifier":
            yield part
        for inner in part.walk() if part.kind in ("named_imports", "namespace_import") else ():
            if inner.kind == "import_specifier":
                name = inner.field("alias") or inner.field("name")
                yield from [name] if name else []
            elif inner.kind == "identifier" and part.kind == "namespace_import":
                yield inner


def _function(node: Node) -> Node:
    """The function or file that a `var` belongs to."""
    return next(each for each in node.above() if each.kind in FUNCTIONS or each.parent is None)


def _block(node: Node) -> Node:
    """The block that a declaration belongs to; a function's own body is the function."""
    for each in node.above():
        if each.kind == "statement_block" and each.parent is not None and each.parent.kind in FUNCTIONS:
            return each.parent
        if each.kind in _BLOCKS:
            return each
    raise AssertionError("a declaration outside of every file")
