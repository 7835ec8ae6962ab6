"""Where the values of a script come from, by the variables of its functions: without regard to order. Trees only.

Coarser than `source.taint`: a variable is what anything makes of it, and calls of the script's own functions are not
looked into. What comes from a request is told from what nobody knows.
"""

from __future__ import annotations

import re

from cambrian.source.taint.value import HOSTILE, KNOWN, OPAQUE, Step

from .tree import Node, Tree, function_of

__all__ = ["Flow"]

_REQUEST = re.compile(
    r"(?:\b(?:req|request|ctx\.request|ctx|event|c\.req)\.(?:query|params?|body|headers?|cookies|url|originalUrl|path|files?|"
    r"queryStringParameters|pathParameters|get|hostname|search|nextUrl)\b|\bprocess\.argv\b|\blocation\.(?:search|hash|href)\b|"
    r"\bdocument\.(?:cookie|URL|referrer)\b|\bsearchParams\.get\()"
)
_NUMBERS = re.compile(
    r"(?:Number(?:\.parse(?:Int|Float))?|parseInt|parseFloat|Boolean|BigInt|Math\.\w+|Date\.now|Date)$"
)
_CLEANING = re.compile(r"(?:escapeId|sqlstring\.escape|\bescape|format|escapeIdentifier|escapeLiteral|validator\.\w+)$")
_DEPTH = 12
_READS = frozenset({"member_expression", "subscript_expression", "call_expression"})
_COUNTS = frozenset({"-", "*", "/", "%", "==", "===", "<", ">", "!==", "!=", "<=", ">=", "instanceof", "in"})
_LITERALS = frozenset({
    "string", "unary_expression", "update_expression", "number", "true", "false", "null", "undefined", "regex",
    "arrow_function", "function_expression",
})  # fmt: skip
_GUARDS = ("includes", "has", "test", "isInteger", "isSafeInteger", "isUuid", "validate")


class Flow:
    """Values of a script."""

    def __init__(self, script: Tree) -> None:
        self.script = script
        self._bindings: dict[str, list[tuple[Node, Node | None]]] = {}
        """Name → where it is bound, and what to; ``None`` for parameters and what is taken from them."""
        self._bind()

    def _bind(self) -> None:
        for node in self.script.of("variable_declarator"):
            value = node.children[-1] if any(each.kind == "=" for each in node.children) else node
            self._note(node.children[0], value)
        for node in self.script.of("assignment_expression", "augmented_assignment_expression"):
            self._note(node.children[0], node.children[-1])
        for node in self.script.of("formal_parameters"):
            self._note(node, None)
        for node in self.script.of("arrow_function"):
            if node.children[0].kind == "identifier":
                self._note(node.children[0], None)
        for node in self.script.of("for_in_statement"):
            left, right = node.field("left"), node.field("right")
            if left is not None and right is not None:
                self._note(left, right)

    def _note(self, pattern: Node, value: Node | None) -> None:
        for name in _names(pattern):
            self._bindings.setdefault(name.text, []).append((name, value))

    def bindings(self, name: Node) -> list[tuple[Node, Node | None]]:
        """Where a name that is read gets its value, in the functions around it."""
        found = self._bindings.get(name.text, [])
        scopes = [function_of(name)]
        while scopes[-1] is not None:
            scopes.append(function_of(scopes[-1]))
        for scope in scopes:
            here = [each for each in found if _owner(each[0]) is scope]
            if here:
                return here
        return []

    def single(self, name: Node) -> Node | None:
        """What a variable was given, if it was given it once."""
        found = self.bindings(name)
        return found[0][1] if len(found) == 1 else None

    def trust(self, node: Node, depth: int = 0) -> tuple[int, Step | None]:
        """How far a value may be trusted, and where it comes from."""
        if depth > _DEPTH:
            return OPAQUE, None
        request = _REQUEST.match(node.text) if node.kind in _READS else None
        if request is not None:
            return HOSTILE, self.step(node, f"{request[0].rstrip('(')} comes from a client")
        if self._is_known(node, depth):
            return KNOWN, None
        if node.kind in {"identifier", "shorthand_property_identifier"}:
            return self._variable(node, depth)
        if node.kind == "call_expression":
            return self._call(node, depth)
        return self._worst([each for each in node.parts if each.kind != "property_identifier"], depth)

    def _is_known(self, node: Node, depth: int) -> bool:
        """Whether a value is written in the program, a number or a truth."""
        kind = node.kind
        if kind in _LITERALS or (kind == "template_string" and "${" not in node.text):
            return True
        if kind == "binary_expression":
            return node.children[1].text in _COUNTS
        if kind == "subscript_expression":
            return self.trust(node.children[0], depth + 1)[0] == KNOWN
        return kind == "member_expression" and (node.children[-1].text.isupper() or node.children[-1].text == "length")

    def _worst(self, nodes: list[Node], depth: int) -> tuple[int, Step | None]:
        worst: tuple[int, Step | None] = (KNOWN, None)
        for each in nodes:
            found = self.trust(each, depth + 1)
            if found[0] > worst[0]:
                worst = found
        return worst

    def _variable(self, node: Node, depth: int) -> tuple[int, Step | None]:
        if self._guarded(node):
            return KNOWN, None
        found = self.bindings(node)
        if not found:
            known = node.text in {"undefined", "NaN", "Infinity"} or node.text.isupper()
            return (KNOWN, None) if known else (OPAQUE, None)
        worst: tuple[int, Step | None] = (KNOWN, None)
        for name, value in found:
            here = (
                (OPAQUE, self.step(name, f"parameter {name.text!r}")) if value is None else self.trust(value, depth + 1)
            )
            if here[0] > worst[0]:
                worst = (
                    here[0],
                    self.step(name, f"assigned to {name.text!r}", here[1]) if value is not None else here[1],
                )
        return worst

    def _call(self, node: Node, depth: int) -> tuple[int, Step | None]:
        function = node.children[0]
        if _is_clean(function.text) or (function.text.endswith((".map", ".fill")) and _gives_constants(node)):
            return KNOWN, None
        parts = node.children[-1].parts if node.children[-1].kind == "arguments" else []
        if function.kind != "member_expression":
            found = self._worst(parts, depth)
            return found if found[0] else (OPAQUE, None)
        receiver = function.children[0]
        found = self._worst([receiver, *[each for each in parts if each.kind != "arrow_function"]], depth)
        unknown = found[0] == KNOWN and receiver.kind == "identifier" and not self.bindings(receiver)
        return (OPAQUE, None) if unknown else found

    def _guarded(self, node: Node) -> bool:
        """Whether the function asks first whether the value is one of those allowed, and leaves otherwise."""
        function = function_of(node) or self.script.root
        tests = [test for test in function.walk() if test.kind == "if_statement" and test.start <= node.start]
        return any(_guards(test, node) for test in tests)

    def step(self, node: Node, what: str, before: Step | None = None) -> Step:
        """A step at a node."""
        line, column = self.script.place(node.start)
        return Step(self.script.name, line, column - 1, what, before, 1 if before is None else before.length + 1)


def _gives_constants(call: Node) -> bool:
    """``ids.map(() => '?')``, ``Array(n).fill('?')``: nothing of the items is in it."""
    given = call.children[-1].parts
    if not given:
        return False
    if given[0].kind == "string":
        return True
    if given[0].kind != "arrow_function":
        return False
    parameters = [name.text for name in _names(given[0].children[0])]
    body = given[0].children[-1]
    used = {each.text for each in body.walk() if each.kind == "identifier"}
    return used <= set(parameters[1:2])


def _owner(name: Node) -> Node | None:
    """The function that a binding belongs to; of a parameter, its own."""
    return function_of(name)


def _names(pattern: Node) -> list[Node]:
    """The names that a pattern binds."""
    if pattern.kind in {"identifier", "shorthand_property_identifier_pattern"}:
        return [pattern]
    if pattern.kind in {"member_expression", "subscript_expression"}:
        return []
    if pattern.kind in {
        "assignment_pattern",
        "object_assignment_pattern",
        "pair_pattern",
        "required_parameter",
        "optional_parameter",
    }:
        index = -1 if pattern.kind == "pair_pattern" else 0
        return _names(pattern.children[index])
    return (
        [name for each in pattern.children for name in _names(each)]
        if pattern.kind.endswith(("pattern", "parameters"))
        else []
    )


def _is_clean(called: str) -> bool:
    """Whether what a function gives cannot be an attack: a number, say, or what was made harmless."""
    if _NUMBERS.match(called) or _CLEANING.search(called):
        return True
    return called.endswith((".toFixed", ".getTime", ".indexOf", ".randomUUID")) or called in {"randomUUID", "uuidv4"}


def _guards(test: Node, node: Node) -> bool:
    """Whether an ``if`` lets a value through only if it is one of those allowed."""
    condition = next((each for each in test.children if each.kind == "parenthesized_expression"), None)
    if condition is None or not re.search(rf"\b{re.escape(node.text)}\b", condition.text):
        return False
    if not (any(f".{guard}(" in condition.text for guard in _GUARDS) or " in " in condition.text):
        return False
    if not condition.text.startswith("(!"):
        return test.start <= node.start < test.stop
    body = test.text[condition.stop - test.start :]
    return re.search(r"\b(?:return|throw)\b", body) is not None and node.start >= test.stop
