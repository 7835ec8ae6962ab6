"""Rules: what a JavaScript or TypeScript file means, worked out from its text, as far as rules ask. Nothing is run.

An answer holds for certain, or it is no: getters, proxies and changed prototypes of builtins aside, which a rule has to
name among what it assumes wherever that matters.
"""

from __future__ import annotations

from functools import cached_property

from cambrian.source.edit import Splice
from cambrian.source.javascript_tree import Dialect, parse
from cambrian.source.tree import Problem

from .script_nodes import FUNCTIONS, LOOPS, Node, copied
from .script_scopes import Binding, Scopes

__all__ = ["CALLBACKS", "READING", "Script", "arguments", "bare", "called", "callee", "member", "statements"]

_LONGEST_LINE = 4000
_DIALECTS: dict[str, Dialect] = {"ts": "typescript", "mts": "typescript", "cts": "typescript"}
CALLBACKS = frozenset(
    [
        "map",
        "filter",
        "forEach",
        "some",
        "every",
        "find",
        "findIndex",
        "findLast",
        "findLastIndex",
        "flatMap",
        "reduce",
        "reduceRight",
    ]
)
"""Methods of arrays that call a function for each item."""
READING = CALLBACKS | frozenset(
    [
        "at",
        "concat",
        "entries",
        "includes",
        "indexOf",
        "join",
        "keys",
        "lastIndexOf",
        "slice",
        "toReversed",
        "toSorted",
        "toSpliced",
        "toString",
        "values",
        "with",
        "get",
        "has",
        "charAt",
        "charCodeAt",
        "codePointAt",
        "startsWith",
        "endsWith",
    ]
)
"""Methods of arrays, maps, sets and strings that change none."""
_GLOBAL_PURE = frozenset(["String", "Number", "Boolean", "parseInt", "parseFloat", "isNaN", "isFinite", "BigInt"])
_OWNERS_PURE = {
    "Math": frozenset(
        [
            "abs",
            "ceil",
            "floor",
            "max",
            "min",
            "round",
            "sqrt",
            "pow",
            "trunc",
            "sign",
            "log",
            "log2",
            "log10",
            "exp",
            "hypot",
            "cbrt",
        ]
    ),
    "Object": frozenset(("keys", "values", "entries", "hasOwn")),
    "Array": frozenset(("isArray", "from", "of")),
    "Number": frozenset(("isInteger", "isNaN", "isFinite", "isSafeInteger", "parseFloat", "parseInt")),
    "JSON": frozenset(("parse", "stringify")),
    "String": frozenset(("fromCharCode", "fromCodePoint", "raw")),
}
_TEXT_METHODS = frozenset(
    [
        "charAt",
        "charCodeAt",
        "codePointAt",
        "concat",
        "endsWith",
        "includes",
        "indexOf",
        "lastIndexOf",
        "padEnd",
        "padStart",
        "repeat",
        "slice",
        "split",
        "startsWith",
        "substring",
        "toLowerCase",
        "toUpperCase",
        "trim",
        "trimEnd",
        "trimStart",
        "toString",
    ]
)
_MAKES_ARRAY = frozenset(
    ["map", "filter", "slice", "concat", "flat", "flatMap", "split", "toSorted", "toReversed", "toSpliced", "with"]
)
_VALUES = frozenset(["string", "number", "true", "false", "null", "undefined", "template_string"])
_PLAIN = frozenset(
    [
        "identifier",
        "parenthesized_expression",
        "binary_expression",
        "unary_expression",
        "ternary_expression",
        "member_expression",
        "subscript_expression",
        "template_substitution",
        "this",
        "non_null_expression",
        "as_expression",
        "spread_element",
    ]
)


class Script:
    """A file.

    Args:
        text: of it.
        root: its tree.
        name: of the file.
    """

    def __init__(self, text: str, root: Node, name: str) -> None:
        self.text, self.root, self.name = text, root, name

    @classmethod
    def read(cls, text: str, name: str = "program.js") -> Script | Problem:
        """A file, or why it cannot be read. Minified files are not looked at.

        Args:
            text: untrusted.
            name: its end tells the dialect.
        """
        dialect = _DIALECTS.get(name.rpartition(".")[2].lower(), "javascript")
        if max(map(len, text.splitlines()), default=0) > _LONGEST_LINE:
            return Problem(file=name, line=0, message=f"too dense: a line of more than {_LONGEST_LINE} characters")
        root = parse(text, dialect, name)
        return root if isinstance(root, Problem) else cls(text, copied(root, text), name)

    @cached_property
    def newline(self) -> str:
        """The end of its lines."""
        return "\r\n" if "\r\n" in self.text else "\n"

    @cached_property
    def scopes(self) -> Scopes:
        """Its variables."""
        return Scopes(self.root)

    @cached_property
    def _kinds(self) -> dict[str, list[Node]]:
        found: dict[str, list[Node]] = {}
        for node in self.root.walk():
            found.setdefault(node.kind, []).append(node)
        return found

    def of(self, *kinds: str) -> list[Node]:
        """All nodes of some kinds, each in the order of the text."""
        return [node for kind in kinds for node in self._kinds.get(kind, ())]

    def binding(self, node: Node | None) -> Binding | None:
        """The variable that a name means."""
        return None if node is None else self.scopes.binding(node)

    def is_global(self, node: Node | None, name: str) -> bool:
        """Whether a node is this name and means what the language, or the host, calls so."""
        return node is not None and node.kind == "identifier" and node.text == name and self.binding(node) is None

    def function(self, node: Node) -> Node | None:
        """The innermost function around a node."""
        return next((each for each in node.above() if each.kind in FUNCTIONS), None)

    def is_async(self, function: Node) -> bool:
        """Whether a function is asynchronous."""
        return any(child.kind == "async" for child in function.children)

    def scope_name(self, node: Node) -> str:
        """Qualified name of the function it stands in; "" at the top of a file."""
        names = [name for each in (node, *node.above()) if (name := function_name(each))]
        return ".".join(reversed(names))

    def statement(self, node: Node) -> Node:
        """The innermost statement around a node that stands in a block."""
        for each in (node, *node.above()):
            if each.parent is not None and each.parent.kind in ("statement_block", "program"):
                return each
        return node

    def loops(self, node: Node) -> list[Node]:
        """What repeats a node, innermost first: loops, and functions given to ``map`` and the like, on the spot."""
        found: list[Node] = []
        inner = node
        for each in node.above():
            if each.kind in LOOPS and _repeats(each, inner):
                found.append(each)
            elif each.kind in FUNCTIONS:
                call = _callback_of(each)
                if call is None or self.is_async(each):
                    break
                found.append(call)
            inner = each
        return found

    def indent(self, statement: Node) -> str:
        """The blanks before a statement that begins its line."""
        begin = self.text.rfind("\n", 0, statement.start) + 1
        lead = self.text[begin : statement.start]
        return lead if not lead.strip() else lead[: len(lead) - len(lead.lstrip())]

    def before(self, statement: Node, text: str) -> Splice:
        """A splice that puts a line in front of a statement of a block."""
        whole = _exported(statement)
        return Splice(whole.start, whole.start, f"{text}{self.newline}{self.indent(whole)}")

    def fresh(self, *wanted: str) -> str:
        """A name that the file does not have: the first of those wanted, or with a number."""
        numbered = (f"{wanted[-1]}{number}" for number in range(2, 1000))
        return next(name for name in (*wanted, *numbered) if name not in self.scopes.names)

    def kind(self, node: Node | None, depth: int = 5) -> str:
        """What a value certainly is: array, string, number, boolean, object, map, set, function, promise; or ""."""
        node = bare(node)
        if node is None or depth == 0:
            return ""
        simple = {
            "array": "array", "string": "string", "template_string": "string", "number": "number", "true": "boolean",
            "false": "boolean", "object": "object", "arrow_function": "function", "function_expression": "function",
            "update_expression": "number",
        }.get(node.kind)  # fmt: skip
        if simple:
            return simple
        if node.kind == "identifier":
            return self._kind_of_name(node, depth)
        if node.kind == "new_expression" and (made := node.field("constructor")):
            return made.text.lower() if made.text in ("Map", "Set", "Array", "Promise") else ""
        if node.kind == "binary_expression":
            return self._kind_of_operation(node, depth)
        return self._kind_of_call(node, depth) if node.kind == "call_expression" else ""

    def _kind_of_name(self, node: Node, depth: int) -> str:
        binding = self.binding(node)
        if binding is None or binding.value is None or binding.node.text != node.text:
            return ""
        kinds = {self.kind(binding.value, depth - 1)}
        for write in binding.writes:
            parent = write.parent
            if parent is None or parent.kind not in ("assignment_expression", "augmented_assignment_expression"):
                return "number" if kinds == {"number"} and parent and parent.kind == "update_expression" else ""
            if parent.kind == "assignment_expression":
                kinds.add(self.kind(parent.field("right"), depth - 1))
            elif kinds != {"string"}:
                return ""
        return kinds.pop() if len(kinds) == 1 else ""

    def _kind_of_operation(self, node: Node, depth: int) -> str:
        operator = node.field("operator")
        word = operator.text if operator else ""
        if word in ("===", "!==", "==", "!=", "<", ">", "<=", ">=", "in", "instanceof"):
            return "boolean"
        if word == "+":
            kinds = {self.kind(node.field("left"), depth - 1), self.kind(node.field("right"), depth - 1)}
            return "string" if "string" in kinds else "number" if kinds == {"number"} else ""
        return ""

    def _kind_of_call(self, node: Node, depth: int) -> str:
        owner, name = called(node)
        if owner is None:
            return {"String": "string", "Number": "number", "parseInt": "number", "parseFloat": "number"}.get(
                name if self.is_global(node.field("function"), name) else "", ""
            )
        listed = {"Object": ("keys", "values", "entries"), "Array": ("from", "of")}.get(owner.text, ())
        if name in listed and self.is_global(owner, owner.text):
            return "array"
        if self.is_global(owner, "Math"):
            return "number"
        kind = self.kind(owner, depth - 1)
        if kind == "array" and name in _MAKES_ARRAY | {"sort", "reverse"}:
            return "array"
        if kind == "string":
            return "array" if name == "split" else "string" if name in _TEXT_METHODS - _NO_TEXT else ""
        return "string" if name in ("toLowerCase", "toUpperCase", "trim", "toFixed") else ""

    def pure(self, node: Node) -> bool:
        """Whether evaluating an expression changes nothing and, of unchanged things, always gives the same.

        Properties are read as data: a getter with effects is not seen.
        """
        return all(self._pure_part(each) for each in node.walk())

    def _pure_part(self, node: Node) -> bool:
        if not node.named or node.kind in _VALUES or node.kind in _PLAIN:
            return True
        if node.kind == "call_expression":
            return self._pure_call(node)
        return node.kind in (
            "property_identifier", "arguments", "string_fragment", "escape_sequence", "optional_chain", "array",
            "object", "pair", "shorthand_property_identifier",
        )  # fmt: skip

    def _pure_call(self, node: Node) -> bool:
        owner, name = called(node)
        if owner is None:
            return name in _GLOBAL_PURE and self.is_global(node.field("function"), name)
        if owner.text in _OWNERS_PURE and self.is_global(owner, owner.text):
            return name in _OWNERS_PURE[owner.text]
        return name in _TEXT_METHODS and (
            self.kind(owner) == "string" or name in ("toLowerCase", "toUpperCase", "trim", "split")
        )

    def names(self, node: Node) -> list[Binding]:
        """The variables of the file that an expression reads or writes."""
        found = (self.binding(each) for each in node.walk())
        return list(dict.fromkeys(each for each in found if each is not None))

    def declared_in(self, binding: Binding, region: Node) -> bool:
        """Whether a variable comes to be within a part of the file."""
        return binding.node.within(region)

    def fixed(self, node: Node, region: Node) -> bool:
        """Whether an expression's variables come from outside of a region and get no other value in it."""
        return all(
            not self.declared_in(each, region) and not any(write.within(region) for write in each.writes)
            for each in self.names(node)
        )

    def changed(self, binding: Binding, region: Node, aside: Node | None = None) -> bool:
        """Whether an array, map or set of this variable may be changed in a region by something that names it.

        Args:
            binding: the variable.
            region: where.
            aside: a part of it that does not count.
        """
        uses = [use for use in (*binding.reads, *binding.writes) if aside is None or not use.within(aside)]
        return any(use.within(region) and not _harmless(use) for use in uses)

    def splice(self, node: Node, text: str) -> Splice:
        """A splice that replaces a node."""
        return Splice(node.start, node.stop, text)

    def clean(self, node: Node) -> bool:
        """Whether no comment would be lost if a node were written anew."""
        return not any(each.kind == "comment" for each in node.walk())


_NO_TEXT = frozenset(
    ["charCodeAt", "codePointAt", "endsWith", "includes", "indexOf", "lastIndexOf", "split", "startsWith"]
)  # of _TEXT_METHODS, those whose answer is no string


def function_name(node: Node) -> str:
    """The name by which a function or class is known; "" if it has none."""
    if node.kind not in FUNCTIONS and node.kind not in ("class_declaration", "class"):
        return ""
    own = node.field("name")
    parent = node.parent
    if own is None and parent is not None and parent.kind == "variable_declarator":
        own = parent.field("name")
    return own.text if own else ""


def bare(node: Node | None) -> Node | None:
    """An expression without its brackets and TypeScript's assertions."""
    while node is not None and node.kind in ("parenthesized_expression", "as_expression", "non_null_expression"):
        node = node.parts[0] if node.parts else None
    return node


def called(call: Node) -> tuple[Node | None, str]:
    """What a call's method belongs to and its name; ``(None, name)`` for a plain function, ``(None, "")`` else."""
    function = call.field("function")
    if function is None:
        return None, ""
    if function.kind == "identifier":
        return None, function.text
    owner, name = member(function)
    return owner, name


def callee(call: Node, name: str) -> Node | None:
    """The object of a call of this method; `None` if it is another call. Optional calls are others."""
    owner, found = called(call)
    return owner if found == name and call.kind == "call_expression" and "?." not in _link(call) else None


def _link(call: Node) -> str:
    function = call.field("function")
    return "".join(child.text for node in (call, function) if node for child in node.children if not child.parts)


def member(node: Node) -> tuple[Node | None, str]:
    """Object and name of ``object.name``."""
    if node.kind != "member_expression":
        return None, ""
    owner, name = node.field("object"), node.field("property")
    return owner, name.text if name else ""


def arguments(call: Node) -> list[Node]:
    """A call's arguments."""
    given = call.field("arguments")
    return given.parts if given and given.kind == "arguments" else []


def statements(block: Node | None) -> list[Node]:
    """The statements of a body, which may be a single one."""
    if block is None:
        return []
    return block.parts if block.kind == "statement_block" else [block]


def _repeats(loop: Node, inner: Node) -> bool:
    """Whether a part of a loop is evaluated again and again."""
    return inner not in (loop.field("right"), loop.field("initializer"), loop.field("left"))


def _callback_of(function: Node) -> Node | None:
    """The call of ``map`` or the like that a function is given to."""
    given = function.parent
    call = given.parent if given is not None and given.kind == "arguments" else None
    if call is None or call.kind != "call_expression" or arguments(call)[0] is not function:
        return None
    return call if called(call)[0] is not None and called(call)[1] in CALLBACKS else None


def _exported(statement: Node) -> Node:
    parent = statement.parent
    return parent if parent is not None and parent.kind == "export_statement" else statement


def _harmless(use: Node) -> bool:
    """Whether a name of an array, map or set is used so that it stays as it is and nobody else gets hold of it."""
    parent = use.parent
    if parent is None:
        return False
    if parent.kind == "member_expression" and parent.field("object") is use:
        name, above = member(parent)[1], parent.parent
        is_call = above is not None and above.kind == "call_expression" and above.field("function") is parent
        return name in READING if is_call else (name in ("length", "size") and not _written(parent))
    if parent.kind == "subscript_expression":
        return parent.field("index") is use or not _written(parent)
    if parent.kind == "for_in_statement":
        return parent.field("right") is use
    return parent.kind in ("spread_element", "unary_expression", "template_substitution") or (
        parent.kind == "binary_expression" and parent.text.count("instanceof") == 0
    )


def _written(node: Node) -> bool:
    parent = node.parent
    if parent is None:
        return False
    if parent.kind in ("assignment_expression", "augmented_assignment_expression"):
        return parent.field("left") is node
    return (
        parent.kind == "update_expression"
        or (parent.kind == "unary_expression" and parent.text.startswith("delete"))
        or parent.kind.endswith("_pattern")
    )
