"""What is overwritten with blanks in each kind of TypeScript's syntax, and with what where blanks would join.

- A declaration becomes ``;``: the line before may lack its own, and the next one may begin with a bracket.
- A class member's first modifier, and the type of a field without a value, become ``;`` for the same reason.
- ``x as T``, then a line that begins with a bracket: ``;``, since no type goes on there, but a value would.
- An arrow function's ``)`` moves behind its type if that holds an end of line, which must not stand before ``=>``; its
  ``(`` moves before its type parameters likewise (``return <T,>⏎(x) => …``).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from .javascript_tree import span, walk

if TYPE_CHECKING:
    from ast_grep_py import SgNode

__all__ = ["Eraser", "Kept"]

_GAP = re.compile(r"(?:\s|//[^\n]*|/\*(?:[^*]|\*(?!/))*+\*/)*+")
_TYPES = "type_annotation asserts_annotation type_predicate_annotation type_parameters type_arguments implements_clause"
_DECLARATIONS = (
    "interface_declaration type_alias_declaration ambient_declaration function_signature abstract_method_signature "
    "method_signature index_signature"
)
_PURE = frozenset(("interface_declaration", "type_alias_declaration", "ambient_declaration"))
_NESTING = frozenset(("statement_block", "export_statement", "internal_module", "module", "expression_statement"))
_WITHOUT_VALUE = frozenset(("comment", "nested_identifier", "identifier", "string", "empty_statement")) | _PURE
_MODIFIERS = frozenset(("accessibility_modifier", "override_modifier", "readonly", "abstract", "declare"))
_BRACKETED = frozenset(("lookup_type", "array_type", "call_expression", "subscript_expression"))
_BRACKETS = ("(", "[", "`")
_GOES_ON = (*_BRACKETS, "+", "-", "*", "/", "<")
_LITERALS = frozenset(("object", "function_expression", "class", "generator_function"))


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """Something that cannot be erased.

    Args:
        feature: its name as in capability tables, such as ``"syntax:typescript-enum"``.
        line: 1-based.
    """

    feature: str
    line: int


class Eraser:
    """A text whose types are being overwritten.

    Args:
        code: the text that the tree to be visited was made of.
    """

    def __init__(self, code: str) -> None:
        self.code = code
        self.kept: list[Kept] = []
        self._characters = list(code)

    def text(self) -> str:
        """The text as it is now."""
        return "".join(self._characters)

    def visit(self, root: SgNode) -> None:
        """Overwrite all types in a tree."""
        todo = [root]
        while todo:
            node = todo.pop()
            handle = _HANDLERS.get(node.kind())
            todo += reversed(node.children() if handle is None else handle(self, node))

    def blank(self, start: int, end: int, first: str = " ") -> None:
        """Overwrite a stretch, whose first character becomes `first`."""
        for index in range(start, end):
            if self._characters[index] not in "\r\n\u2028\u2029":
                self._characters[index] = " "
        if start < end and first != " ":
            self._characters[start] = first

    def put(self, index: int, character: str) -> None:
        """Overwrite one character."""
        self._characters[index] = character

    def keep(self, feature: str, node: SgNode) -> None:
        """Note what cannot be erased."""
        self.kept.append(Kept(feature=f"syntax:{feature}", line=node.range().start.line + 1))

    def after(self, end: int) -> tuple[int, bool]:
        """The index of the next token, and whether it is on a later line."""
        match = _GAP.match(self.code, end)
        assert match is not None  # it may be empty
        return match.end(), "\n" in match[0]


def _type(eraser: Eraser, node: SgNode) -> list[SgNode]:
    eraser.blank(*span(node))
    return []


def _declaration(eraser: Eraser, node: SgNode) -> list[SgNode]:
    eraser.blank(*span(node), first=";")
    return []


def _cast(eraser: Eraser, node: SgNode) -> list[SgNode]:
    """``x as T``, ``x satisfies T``."""
    children = node.children()
    value, word = children[0], next(child for child in children if child.kind() in ("as", "satisfies"))
    if _runs_on(eraser.code, children[-1]):
        eraser.keep("typescript-ambiguous", node)
        return []
    end = span(node)[1]
    index, later = eraser.after(end)
    eraser.blank(span(word)[0], end, first=";" if later and eraser.code[index : index + 1] in _BRACKETS else " ")
    return [value]


def _runs_on(code: str, node: SgNode) -> bool:
    """Whether a type goes on with a bracket on a new line. The compiler ends it there; the parser here does not."""
    for inner in walk(node):
        if inner.kind() in _BRACKETED:
            first, mark = inner.children()[:2]
            if "\n" in code[span(first)[1] : span(mark)[0]]:
                return True
    return False


def _comparison(eraser: Eraser, node: SgNode) -> list[SgNode]:
    """``f<T>`…` ``, which the compiler takes for a template with types, and the parser here for two comparisons."""
    children = node.children()
    inner = [child.kind() for child in children[0].children()]
    if [child.kind() for child in children[1:]] == [">", "template_string"] and inner[1:2] == ["<"]:
        eraser.keep("typescript-ambiguous", node)
        return []
    return children


def _assertion(eraser: Eraser, node: SgNode) -> list[SgNode]:
    """``<T>x``: as an object it might now begin a block, and after ``return`` a new line would end the statement."""
    start, value = span(node)[0], node.children()[-1]
    if value.kind() in _LITERALS or "\n" in eraser.code[start : span(value)[0]]:
        eraser.keep("typescript-assertion", node)
        return []
    eraser.blank(start, span(node.children()[0])[1])
    return [value]


def _non_null(eraser: Eraser, node: SgNode) -> list[SgNode]:
    eraser.blank(*span(node.children()[-1]))
    return node.children()[:-1]


def _marks(eraser: Eraser, node: SgNode) -> list[SgNode]:
    """``?`` and ``!`` after a name."""
    for child in node.children():
        if child.kind() in ("?", "!"):
            eraser.blank(*span(child))
    return node.children()


def _declarator(eraser: Eraser, node: SgNode) -> list[SgNode]:
    """A variable: its type becomes ``;`` if it has no value, and a bracket or an operator begins the next line."""
    inner = _marks(eraser, node)
    if inner[-1].kind() != "type_annotation":
        return inner
    start, end = span(inner[-1])
    index, later = eraser.after(end)
    eraser.blank(start, end, first=";" if later and eraser.code[index : index + 1] in _GOES_ON else " ")
    return inner[:-1]


def _parameter(eraser: Eraser, node: SgNode) -> list[SgNode]:
    children = node.children()
    if any(child.kind() in _MODIFIERS for child in children):
        eraser.keep("typescript-parameter-property", node)
        return []
    if children[0].kind() == "this":
        _with_comma(eraser, node)
        return []
    return _marks(eraser, node)


def _with_comma(eraser: Eraser, node: SgNode) -> None:
    """Overwrite an item of a list, and the comma behind it."""
    start, end = span(node)
    eraser.blank(start, end)
    index, _ = eraser.after(end)
    if eraser.code[index : index + 1] == ",":
        eraser.blank(index, index + 1)


def _member(eraser: Eraser, node: SgNode) -> list[SgNode]:
    """A field or a method of a class."""
    children = node.children()
    kinds = [child.kind() for child in children]
    if node.kind() == "public_field_definition" and ("declare" in kinds or "abstract" in kinds):
        return _declaration(eraser, node)
    for index, child in enumerate(children):
        if child.kind() in _MODIFIERS:
            eraser.blank(*span(child), first=" " if index else ";")
    inner = _marks(eraser, node)
    if node.kind() == "public_field_definition" and children[-1].kind() == "type_annotation":
        eraser.blank(*span(children[-1]), first=";")
        return inner[:-1]
    return inner


def _abstract(eraser: Eraser, node: SgNode) -> list[SgNode]:
    for child in node.children():
        if child.kind() == "abstract":
            eraser.blank(*span(child))
    return node.children()


def _arrow(eraser: Eraser, node: SgNode) -> list[SgNode]:
    parameters, given, before = node.field("parameters"), node.field("return_type"), node.field("type_parameters")
    if parameters is None:
        return node.children()
    start, end = span(parameters)
    inner = [child for child in node.children() if child.kind() not in _TYPES.split()]
    if given is not None:
        stop = span(given)[1]
        eraser.blank(end, stop)
        if "\n" in eraser.code[end:stop]:
            eraser.put(end - 1, " ")
            eraser.put(stop - 1, ")")
    if before is not None:
        first = span(before)[0]
        eraser.blank(first, span(before)[1])
        if "\n" in eraser.code[first:start]:
            eraser.put(first, "(")
            eraser.put(start, " ")
    return inner


def _specifier(eraser: Eraser, node: SgNode) -> list[SgNode]:
    """``type A`` in the braces of an import or export."""
    if node.children()[0].kind() == "type":
        _with_comma(eraser, node)
    return []


def _import(eraser: Eraser, node: SgNode) -> list[SgNode]:
    kinds = [child.kind() for child in node.children()]
    if "type" in kinds or "typeof" in kinds:
        return _declaration(eraser, node)
    if "import_require_clause" in kinds or node.kind() == "import_alias":
        eraser.keep("typescript-import-equals", node)
        return []
    return node.children()


def _export(eraser: Eraser, node: SgNode) -> list[SgNode]:
    kinds = [child.kind() for child in node.children()]
    if "=" in kinds:
        eraser.keep("typescript-export-equals", node)
        return []
    if "type" in kinds or "namespace" in kinds or not {*_DECLARATIONS.split()}.isdisjoint(kinds):
        return _declaration(eraser, node)
    return node.children()


def _enum(eraser: Eraser, node: SgNode) -> list[SgNode]:
    eraser.keep("typescript-enum", node)
    return []


def _namespace(eraser: Eraser, node: SgNode) -> list[SgNode]:
    """A namespace, which is nothing at run time if there are only types in it."""
    todo = node.children()
    while todo:
        inner = todo.pop()
        if inner.kind() in _NESTING:
            todo += inner.children()
        elif inner.is_named() and inner.kind() not in _WITHOUT_VALUE:
            eraser.keep("typescript-namespace", node)
            return []
    return _declaration(eraser, node)


def _decorator(eraser: Eraser, node: SgNode) -> list[SgNode]:
    eraser.keep("decorator", node)
    return []


_HANDLERS: dict[str, Callable[[Eraser, SgNode], list[SgNode]]] = {
    **dict.fromkeys(_TYPES.split(), _type),
    **dict.fromkeys(_DECLARATIONS.split(), _declaration),
    "as_expression": _cast,
    "satisfies_expression": _cast,
    "binary_expression": _comparison,
    "type_assertion": _assertion,
    "non_null_expression": _non_null,
    "required_parameter": _parameter,
    "optional_parameter": _parameter,
    "variable_declarator": _declarator,
    "public_field_definition": _member,
    "method_definition": _member,
    "abstract_class_declaration": _abstract,
    "arrow_function": _arrow,
    "import_specifier": _specifier,
    "export_specifier": _specifier,
    "import_statement": _import,
    "import_alias": _import,
    "export_statement": _export,
    "enum_declaration": _enum,
    "internal_module": _namespace,
    "module": _namespace,
    "decorator": _decorator,
}
