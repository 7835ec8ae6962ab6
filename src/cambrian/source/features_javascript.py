"""Features of JavaScript and TypeScript scripts, from the trees of `javascript_tree`. Nothing is executed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from .features_tally import Place, Tally
from .javascript_tree import Dialect, parse, walk
from .tree import Problem

if TYPE_CHECKING:
    from ast_grep_py import SgNode

__all__ = ["GLOBALS", "read_javascript"]

_OF_THE_WEB = (
    "fetch URL URLSearchParams TextEncoder TextDecoder Blob File FormData Headers Request Response WebSocket crypto "
    "performance structuredClone setTimeout setInterval setImmediate queueMicrotask AbortController AbortSignal Event "
    "EventTarget MessageChannel BroadcastChannel ReadableStream WritableStream TransformStream CompressionStream atob "
    "btoa alert prompt navigator localStorage window document self Worker XMLHttpRequest caches indexedDB"
)
_OF_HOSTS = "process require module exports Buffer global Deno Bun __dirname __filename"
_OF_THE_LANGUAGE = (
    "WebAssembly Intl SharedArrayBuffer Atomics Proxy Reflect WeakRef FinalizationRegistry Temporal Iterator eval "
    "Function BigInt Symbol Map Set WeakMap WeakSet"
)
GLOBALS = frozenset(f"{_OF_THE_WEB} {_OF_HOSTS} {_OF_THE_LANGUAGE}".split())
_NETWORK = frozenset(("fetch", "WebSocket", "XMLHttpRequest", "EventSource"))

_SYNTAX = {
    "class_declaration": "class:definition", "class": "class:definition",
    "abstract_class_declaration": "class:definition", "class_heritage": "class:inheritance",
    "private_property_identifier": "class:private",
    "class_static_block": "class:static-block", "field_definition": "class:field",
    "public_field_definition": "class:field", "yield_expression": "syntax:yield", "await_expression": "syntax:await",
    "regex": "syntax:regexp", "export_statement": "syntax:export", "decorator": "syntax:decorator",
    "jsx_element": "syntax:jsx", "jsx_self_closing_element": "syntax:jsx", "using_declaration": "syntax:using",
    "optional_chain": "syntax:optional-chain", "meta_property": "syntax:meta-property",
    "with_statement": "syntax:with", "finally_clause": "syntax:try-finally", "try_statement": "syntax:try",
    "template_string": "syntax:template", "object_pattern": "syntax:destructuring",
    "array_pattern": "syntax:destructuring", "generator_function": "syntax:yield",
    "generator_function_declaration": "syntax:yield", "labeled_statement": "syntax:label", "async": "syntax:async-def",
}  # fmt: skip
_FUNCTION_KINDS = (
    "function_declaration function_expression arrow_function method_definition generator_function "
    "generator_function_declaration"
)
_FUNCTIONS = frozenset(_FUNCTION_KINDS.split())
_EACH = frozenset(("map", "forEach", "filter", "reduce", "flatMap", "some", "every", "find", "findIndex", "sort"))
_BINDERS = frozenset(("variable_declarator", "formal_parameters", "required_parameter", "optional_parameter"))
_NUMBER = re.compile(r"-?(?:\d[\d_]*(?:\.\d*)?(?:[eE]\d{1,2})?|0[xX][\da-fA-F_]+)\Z")


def read_javascript(code: str, dialect: Dialect, tools: frozenset[str]) -> Tally | Problem:
    """Count what is in a script, or say why it cannot be read."""
    root = parse(code, dialect)
    return root if isinstance(root, Problem) else _Reader(root, tools).read()


class _Reader:
    """One walk over a tree."""

    def __init__(self, root: SgNode, tools: frozenset[str]) -> None:
        self.tally = Tally(tools)
        self._todo: list[tuple[SgNode, Place]] = [(root, Place())]
        self._bound: set[str] = set()
        self._numbers: dict[str, float] = {}
        for node in walk(root):
            self._note_binding(node)

    def read(self) -> Tally:
        while self._todo:
            node, place = self._todo.pop()
            kind = node.kind()
            if node.is_named():
                self.tally.node(place)
            need = _SYNTAX.get(kind)
            if need:
                self.tally.needs.add(need)
            _HANDLERS.get(kind, _Reader.on_plain)(self, node, place)
        return self.tally

    def push(self, place: Place, *nodes: SgNode) -> None:
        self._todo += [(node, place) for node in reversed(nodes)]

    def on_plain(self, node: SgNode, place: Place) -> None:
        self.push(place, *node.children())

    def on_function(self, node: SgNode, place: Place) -> None:
        name = node.field("name")
        scope = Place(name.text()) if name is not None and name.is_leaf() else place
        if name is None and node.kind() == "arrow_function":
            scope = place
        self.push(scope, *node.children())

    def on_declarator(self, node: SgNode, place: Place) -> None:
        """``const f = () => …`` is a function of that name."""
        name, value = node.field("name"), node.field("value")
        if name is None or value is None or not name.is_leaf() or value.kind() not in _FUNCTIONS:
            self.on_plain(node, place)
        else:
            self.push(Place(name.text()), *value.children())

    def on_for(self, node: SgNode, place: Place) -> None:
        first, condition = node.field("initializer"), node.field("condition")
        self.on_plain(node, self.tally.loop(place, self._rounds(first, condition)))

    def on_for_in(self, node: SgNode, place: Place) -> None:
        items = node.field("right")
        known = items is not None and items.kind() == "array"
        rounds = float(len(items.named_children())) if known and items is not None else None
        if any(child.kind() == "await" for child in node.children()):
            self.tally.needs.add("syntax:async-for")
        self.on_plain(node, self.tally.loop(place, rounds))

    def on_while(self, node: SgNode, place: Place) -> None:
        self.on_plain(node, self.tally.loop(place, None))

    def on_import(self, node: SgNode, _place: Place) -> None:
        if all(child.kind() != "type" for child in node.children()):
            self.tally.needs.add("syntax:import")
            source = next((part for part in walk(node) if part.kind() == "string"), None)
            if source is not None:
                self.tally.needs.add(f"import:{source.text()[1:-1]}")

    def on_call(self, node: SgNode, place: Place) -> None:
        function, arguments = node.field("function") or node.field("constructor"), node.field("arguments")
        if function is None:
            self.on_plain(node, place)
            return
        kind = function.kind()
        given = arguments.named_children() if arguments is not None else []
        if kind == "import":
            self._dynamic(given)
        elif kind == "identifier":
            self._named(function.text(), given, place)
        elif kind in ("member_expression", "subscript_expression"):
            place = self._member(function, given, place)
        self.on_plain(node, place)

    def _named(self, name: str, given: list[SgNode], place: Place) -> None:
        self.tally.call(place, name)
        if name == "require" and name not in self._bound:
            self._dynamic(given)
        elif name == "RegExp" and given and given[0].kind() == "string":
            self.tally.pattern(given[0].text()[1:-1].replace("\\\\", "\\"))

    def _member(self, function: SgNode, given: list[SgNode], place: Place) -> Place:
        owner, key = function.children()[0], function.field("property") or function.field("index")
        name = "" if key is None or not _is_short(key) else key.text().strip("'\"`")
        self.tally.call(place, name, of_tools=owner.is_leaf() and owner.text() == "tools")
        if name in _EACH and any(item.kind() in ("arrow_function", "function_expression") for item in given):
            size = len(owner.named_children()) if owner.kind() == "array" else None
            return self.tally.loop(place, None if size is None else float(size))
        return place

    def _dynamic(self, given: list[SgNode]) -> None:
        literal = bool(given) and given[0].kind() == "string"
        self.tally.needs |= {"syntax:dynamic-import", *([f"import:{given[0].text()[1:-1]}"] if literal else [])}

    def on_name(self, node: SgNode, _place: Place) -> None:
        name = node.text()
        if name in GLOBALS and name not in self._bound and not self.tally.is_tool(name):
            self.tally.needs.add(f"global:{name}")
            self.tally.network |= name in _NETWORK

    def on_number(self, node: SgNode, _place: Place) -> None:
        if node.text().endswith("n"):
            self.tally.needs.add("literal:bigint")

    def on_text(self, node: SgNode, place: Place) -> None:
        self.tally.text(node.text()[1:-1])
        self.on_plain(node, place)

    def on_pattern(self, node: SgNode, _place: Place) -> None:
        self.tally.pattern(node.text())

    def _note_binding(self, node: SgNode) -> None:
        kind = node.kind()
        if kind == "variable_declarator":
            name, value = node.field("name"), node.field("value")
            if name is not None and name.is_leaf():
                self._bound.add(name.text())
                number = _number(value) if value is not None else None
                if number is not None:
                    self._numbers.setdefault(name.text(), number)
        elif kind in _BINDERS or kind in ("import_specifier", "import_clause"):
            self._bound.update(child.text() for child in node.children() if child.kind() == "identifier")
        elif kind in _FUNCTIONS or kind in ("class_declaration", "class"):
            name = node.field("name")
            if name is not None and name.kind() in ("identifier", "type_identifier"):
                self._bound.add(name.text())

    def _rounds(self, first: SgNode | None, condition: SgNode | None) -> float | None:
        """Rounds of ``for (let i = 0; i < 100; …)`` with a step of one."""
        if first is None or condition is None:
            return None
        parts = condition.children() if condition.kind() == "binary_expression" else []
        declared = [part for part in first.named_children() if part.kind() == "variable_declarator"]
        start = declared[0].field("value") if declared else None
        if len(parts) != 3 or start is None or parts[1].kind() not in ("<", "<=", ">", ">="):
            return None
        low, high = self._value(start), self._value(parts[2])
        return None if low is None or high is None else abs(high - low) + len(parts[1].kind()) - 1

    def _value(self, node: SgNode) -> float | None:
        return self._numbers.get(node.text()) if node.kind() == "identifier" else _number(node)


def _number(node: SgNode) -> float | None:
    if node.kind() not in ("number", "unary_expression"):
        return None
    text = node.text() if _is_short(node) else ""
    if _NUMBER.match(text) is None:
        return None
    plain = text.replace("_", "")
    return float(int(plain, 16)) if plain[:2] in ("0x", "0X") else float(plain)


def _is_short(node: SgNode) -> bool:
    """Whether a node has no more below it than a literal has: the text of others may be long."""
    return all(child.is_leaf() for child in node.children())


_HANDLERS: dict[str, Callable[[_Reader, SgNode, Place], None]] = {
    **dict.fromkeys(_FUNCTIONS, _Reader.on_function),
    "variable_declarator": _Reader.on_declarator,
    "for_statement": _Reader.on_for,
    "for_in_statement": _Reader.on_for_in,
    "while_statement": _Reader.on_while,
    "do_statement": _Reader.on_while,
    "import_statement": _Reader.on_import,
    "call_expression": _Reader.on_call,
    "new_expression": _Reader.on_call,
    "identifier": _Reader.on_name,
    "shorthand_property_identifier": _Reader.on_name,
    "number": _Reader.on_number,
    "string": _Reader.on_text,
    "regex_pattern": _Reader.on_pattern,
}
