"""Errors that people make in Python, as edits of a correct program. Positions come from `ast` and `tokenize`.

Text inside of f-strings is left alone: versions of Python disagree about positions there.
"""

from __future__ import annotations

import ast
import io
import itertools
import tokenize
from collections.abc import Callable, Iterator
from functools import cached_property

from .edits import Edit, Translation, chance, numbered, recased, translated, typo

METHODS: list[Translation] = [
    (r"\.append\(", ".push("), (r"\.strip\(\)", ".trim()"), (r"\.upper\(\)", ".toUpperCase()"),
    (r"\.lower\(\)", ".toLowerCase()"), (r"\.startswith\(", ".startsWith("), (r"\.endswith\(", ".endsWith("),
    (r"\.items\(\)", ".entries()"), (r"\.extend\(", ".addAll("), (r"\bstr\((\w+)\)", r"\1.toString()"),
    (r"\blen\((\w+(?:\.\w+)*)\)", r"\1.length"), (r"\blen\((\w+(?:\.\w+)*)\)", r"\1.len()"),
    (r"\blen\((\w+(?:\.\w+)*)\)", r"\1.size()"), (r"\.popleft\(\)", ".shift()"), (r"\.insert\(0, ", ".unshift("),
    (r"\.remove\(", ".delete("), (r"\.isdigit\(\)", ".isDigit()"), (r"\.index\(", ".indexOf("),
    (r"\bprint\(", "console.log("), (r"\bprint\(", "println("), (r"\.rjust\(", ".padStart("),
    (r"\.ljust\(", ".padEnd("), (r"\.splitlines\(\)", ".lines()"), (r"\.add\(", ".push("),
    (r"(?<=if )(\w+) in (\w+)(?=:)", r"\2.includes(\1)"), (r"(?<=if )(\w+) in (\w+)(?=:)", r"\2.contains(\1)"),
    (r'("[^"]*")\.join\((\w+)\)', r"\2.join(\1)"), (r"\bmax\((\w+)\)", r"\1.max()"), (r"\bsum\((\w+)\)", r"\1.sum()"),
    (r"\bsorted\((\w+)\)", r"\1.sorted()"), (r"\.setdefault\(", ".putIfAbsent("),
]  # fmt: skip
WORDS: list[Translation] = [
    (r"\bNone\b", "null"), (r"\bTrue\b", "true"), (r"\bFalse\b", "false"), (r" and ", " && "), (r" or ", " || "),
    (r"\bnot (?=\w)", "!"), (r"\belif\b", "else if"), (r"\braise ", "throw "), (r"\bexcept ", "catch "),
    (r"\bdef ", "function "), (r" \+= 1\b", "++"), (r"\bself\.", "this."), (r"\bNone\b", "nil"),
]  # fmt: skip
FLIPPED: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("<", ">"), ast.Gt: (">", "<"), ast.LtE: ("<=", ">="), ast.GtE: (">=", "<="), ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="), ast.In: ("in", "not in"), ast.Is: ("is", "is not"), ast.IsNot: ("is not", "is"),
}  # fmt: skip
BOUNDARY: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("<", "<="), ast.Gt: (">", ">="), ast.LtE: ("<=", "<"), ast.GtE: (">=", ">"),
}  # fmt: skip
OPERATORS: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"), ast.Sub: ("-", "+"), ast.Mult: ("*", "+"), ast.Div: ("/", "//"), ast.FloorDiv: ("//", "/"),
    ast.Mod: ("%", "//"), ast.Pow: ("**", "*"), ast.BitAnd: ("&", "|"), ast.BitOr: ("|", "&"),
}  # fmt: skip
EXCEPTIONS = {"ValueError": "KeyError", "KeyError": "IndexError", "IndexError": "KeyError", "TypeError": "ValueError"}
Function = ast.FunctionDef | ast.AsyncFunctionDef
Maker = Callable[["Source"], Iterator[Edit]]


class Source:
    """A correct program and where its parts stand, in characters."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.splitlines(keepends=True)
        self.parent: dict[ast.AST, ast.AST] = {}
        self.nodes: list[ast.AST] = []
        self._visit(ast.parse(text))

    def _visit(self, node: ast.AST) -> None:
        self.nodes.append(node)
        if isinstance(node, ast.JoinedStr):
            return
        for child in ast.iter_child_nodes(node):
            self.parent[child] = node
            self._visit(child)

    @cached_property
    def starts(self) -> list[int]:
        """Where each line begins."""
        starts = [0]
        for line in self.lines:
            starts.append(starts[-1] + len(line))
        return starts

    def span(self, node: ast.expr | ast.stmt | ast.arg | ast.keyword | ast.alias) -> tuple[int, int]:
        """First character and the one after the last."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._place(node.lineno, node.col_offset), self._place(node.end_lineno, node.end_col_offset)

    def _place(self, line: int, column: int) -> int:
        return self.starts[line - 1] + len(self.lines[line - 1].encode()[:column].decode())

    def source(self, node: ast.expr) -> str:
        """The text of an expression."""
        start, end = self.span(node)
        return self.text[start:end]

    @cached_property
    def tokens(self) -> list[tuple[str, str, int, int]]:
        """Kind, text, start and end of each token; a formatted string is one, of kind ``FSTRING``."""
        result: list[tuple[str, str, int, int]] = []
        depth, begun = 0, 0
        for each in tokenize.generate_tokens(io.StringIO(self.text).readline):
            kind = tokenize.tok_name[each.type]
            start, end = self.starts[each.start[0] - 1] + each.start[1], self.starts[each.end[0] - 1] + each.end[1]
            if kind == "FSTRING_START":
                begun = start if depth == 0 else begun
                depth += 1
            elif kind == "FSTRING_END":
                depth -= 1
                if depth == 0:
                    result.append(("FSTRING", "", begun, end))
            elif depth == 0:
                formatted = kind == "STRING" and "f" in each.string.split(each.string[-1])[0].lower()
                result.append(("FSTRING" if formatted else kind, each.string, start, end))
        return result

    @cached_property
    def opaque(self) -> list[tuple[int, int]]:
        """Strings and comments."""
        return [(start, end) for kind, _, start, end in self.tokens if kind in ("STRING", "FSTRING", "COMMENT")]

    def function(self, node: ast.AST) -> Function | None:
        """The function that a node stands in."""
        here: ast.AST | None = node
        while here is not None and not isinstance(here, Function):
            here = self.parent.get(here)
        return here

    def local_names(self, function: Function) -> list[str]:
        """Parameters and variables of a function, `self` left out."""
        names = [each.arg for each in ast.walk(function) if isinstance(each, ast.arg)]
        names += [
            each.id for each in ast.walk(function) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
        ]
        return [name for name in dict.fromkeys(names) if name not in ("self", "_")]


def _names(source: Source, change: Callable[[str, int], str]) -> Iterator[Edit]:
    for node in source.nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and len(node.id) > 2 and node.id != "self":
            start, end = source.span(node)
            yield Edit(start, end, change(node.id, start))


def _attributes(source: Source, change: Callable[[str, int], str], *, called: bool | None) -> Iterator[Edit]:
    for node in source.nodes:
        if isinstance(node, ast.Attribute) and len(node.attr) > 2:
            parent = source.parent[node]
            if called is None or (isinstance(parent, ast.Call) and parent.func is node) == called:
                end = source.span(node)[1]
                yield Edit(end - len(node.attr), end, change(node.attr, end))


def name_misspelled(source: Source) -> Iterator[Edit]:
    yield from _names(source, typo)


def attribute_misspelled(source: Source) -> Iterator[Edit]:
    yield from _attributes(source, typo, called=False)


def method_misspelled(source: Source) -> Iterator[Edit]:
    yield from _attributes(source, typo, called=True)


def wrong_case(source: Source) -> Iterator[Edit]:
    yield from _names(source, lambda name, _: recased(name))
    yield from _attributes(source, lambda name, _: recased(name), called=None)


def import_missing(source: Source) -> Iterator[Edit]:
    for node in source.nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            start, end = source.span(node)
            yield Edit(start, end + 1, "")


def import_module_misspelled(source: Source) -> Iterator[Edit]:
    for node in source.nodes:
        if isinstance(node, ast.ImportFrom) and node.module:
            start = source.span(node)[0] + len("from ")
            yield Edit(
                start, start + len(node.module), typo(node.module.split(".")[0], start) + node.module.partition(".")[2]
            )
        elif isinstance(node, ast.Import):
            start = source.span(node.names[0])[0]
            yield Edit(start, start + len(node.names[0].name), typo(node.names[0].name, start))


def import_member_wrong(source: Source) -> Iterator[Edit]:
    for node in source.nodes:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                start = source.span(alias)[0]
                yield Edit(start, start + len(alias.name), typo(alias.name, start))
                yield Edit(start, start + len(alias.name), recased(alias.name))


def await_missing(source: Source) -> Iterator[Edit]:
    for node in source.nodes:
        if isinstance(node, ast.Await):
            start = source.span(node)[0]
            yield Edit(start, start + len("await "), "")


def _own_calls(source: Source) -> Iterator[ast.Call]:
    own = {node.name for node in source.nodes if isinstance(node, Function | ast.ClassDef)}
    for node in source.nodes:
        if isinstance(node, ast.Call) and not any(isinstance(each, ast.Starred) for each in node.args):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in own:
                yield node


def argument_missing(source: Source) -> Iterator[Edit]:
    for call in _own_calls(source):
        if call.args:
            start, end = source.span(call.args[-1])
            if len(call.args) > 1:
                start = source.span(call.args[-2])[1]
            elif call.keywords:
                end = source.span(call.keywords[0])[0]
            yield Edit(start, end, "")


def argument_extra(source: Source) -> Iterator[Edit]:
    for call in _own_calls(source):
        if call.args and not call.keywords:
            end = source.span(call.args[-1])[1]
            yield Edit(end, end, chance("extra", end).choice([", None", ", 0", ', ""', ", True"]))


def bracket_missing(source: Source) -> Iterator[Edit]:
    yield from (Edit(start, end, "") for _, text, start, end in source.tokens if text in ("(", ")", "[", "]", "{", "}"))


def colon_missing(source: Source) -> Iterator[Edit]:
    for (_, text, start, end), (following, *_) in itertools.pairwise(source.tokens):
        if text == ":" and following in ("NEWLINE", "COMMENT"):
            yield Edit(start, end, "")


def comma_missing(source: Source) -> Iterator[Edit]:
    yield from (Edit(start, end, "") for _, text, start, end in source.tokens if text == ",")


def quote_missing(source: Source) -> Iterator[Edit]:
    for kind, text, start, end in source.tokens:
        if kind == "STRING" and not text.endswith('"""'):
            yield Edit(end - 1, end, "")
            yield Edit(start, start + 1, "")


def foreign_method(source: Source) -> Iterator[Edit]:
    yield from translated(source.text, METHODS, source.opaque)


def foreign_word(source: Source) -> Iterator[Edit]:
    yield from translated(source.text, WORDS, source.opaque)


def keyword_wrong(source: Source) -> Iterator[Edit]:
    for node in source.nodes:
        if isinstance(node, ast.keyword) and node.arg and node in source.parent:
            start = source.span(node)[0]
            wrong = typo(node.arg, start) if start % 3 else node.arg + "s"
            yield Edit(start, start + len(node.arg), wrong)


def indentation(source: Source) -> Iterator[Edit]:
    for node in source.nodes:
        if isinstance(node, ast.stmt) and node.col_offset >= 4:
            at = source.starts[node.lineno - 1]
            if source.text[at : at + node.col_offset].isspace():
                yield Edit(at, at, " " * chance("indent", at).choice([1, 2, 4]))
                yield Edit(at, at + chance("dedent", at).choice([1, 2, 4]), "")


def assignment_in_condition(source: Source) -> Iterator[Edit]:
    for node in source.nodes:
        if isinstance(node, ast.Compare) and isinstance(source.parent[node], ast.If | ast.While | ast.BoolOp):
            yield from _between(source, node, {ast.Eq: ("==", "=")})


def self_parameter_missing(source: Source) -> Iterator[Edit]:
    for node in source.nodes:
        if isinstance(node, Function) and node.args.args and node.args.args[0].arg == "self":
            start, end = source.span(node.args.args[0])
            yield Edit(start, end + (2 if source.text[end] == "," else 0), "")


def self_missing(source: Source) -> Iterator[Edit]:
    for node in source.nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
            start, end = source.span(node.value)
            yield Edit(start, end + 1, "")


def text_plus_number(source: Source) -> Iterator[Edit]:
    for node in source.nodes:
        if (
            isinstance(node, ast.Call)
            and source.source(node.func) == "str"
            and isinstance(source.parent[node], ast.BinOp)
        ):
            start, end = source.span(node)
            yield Edit(start, end, source.source(node.args[0]))


def return_missing(source: Source) -> Iterator[Edit]:
    for node in source.nodes:
        if isinstance(node, ast.Return) and node.value:
            yield Edit(source.span(node)[0], source.span(node.value)[0], "")


def call_forgotten(source: Source) -> Iterator[Edit]:
    for node in source.nodes:
        if isinstance(node, ast.Call) and not node.args and not node.keywords:
            end = source.span(node)[1]
            yield Edit(end - 2, end, "")


def off_by_one(source: Source) -> Iterator[Edit]:
    for node in source.nodes:
        if isinstance(node, ast.Constant) and type(node.value) is int:
            start, end = source.span(node)
            yield Edit(start, end, numbered(source.text[start:end], node.value))


def _between(source: Source, node: ast.Compare, table: dict[type[ast.cmpop], tuple[str, str]]) -> Iterator[Edit]:
    operator = table.get(type(node.ops[0]))
    if operator and len(node.ops) == 1:
        start, end = source.span(node.left)[1], source.span(node.comparators[0])[0]
        yield Edit(start, end, source.text[start:end].replace(*operator, 1))


def comparison_wrong(source: Source) -> Iterator[Edit]:
    for node in source.nodes:
        if isinstance(node, ast.Compare):
            yield from _between(source, node, FLIPPED)


def boundary_wrong(source: Source) -> Iterator[Edit]:
    for node in source.nodes:
        if isinstance(node, ast.Compare):
            yield from _between(source, node, BOUNDARY)


def operator_wrong(source: Source) -> Iterator[Edit]:
    for node in source.nodes:
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            start, end = source.span(node.left)[1], source.span(node.right)[0]
            yield Edit(start, end, source.text[start:end].replace(*OPERATORS[type(node.op)], 1))


def boolean_wrong(source: Source) -> Iterator[Edit]:
    for node in source.nodes:
        if isinstance(node, ast.BoolOp):
            start, end = source.span(node.values[0])[1], source.span(node.values[1])[0]
            old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
            yield Edit(start, end, source.text[start:end].replace(old, new))


def condition_negated(source: Source) -> Iterator[Edit]:
    for node in source.nodes:
        if isinstance(node, ast.If | ast.While):
            start, end = source.span(node.test)
            yield Edit(start, end, f"not ({source.text[start:end]})")


def default_wrong(source: Source) -> Iterator[Edit]:
    for node in source.nodes:
        if isinstance(node, Function):
            for default in [*node.args.defaults, *(each for each in node.args.kw_defaults if each)]:
                start, end = source.span(default)
                old = source.text[start:end]
                yield Edit(
                    start, end, {"None": "0", "True": "False", "False": "True", "()": "None"}.get(old, f"{old} * 2")
                )


def variable_swapped(source: Source) -> Iterator[Edit]:
    for node in source.nodes:
        function = source.function(node)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and function:
            start, end = source.span(node)
            others = [name for name in source.local_names(function) if name != node.id]
            if node.id in source.local_names(function) and others:
                yield Edit(start, end, chance("other", start).choice(others))


def variable_shadowed(source: Source) -> Iterator[Edit]:
    for node in source.nodes:
        function = source.function(node)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and function:
            start, end = source.span(node)
            others = [name for name in source.local_names(function) if name != node.id]
            if others:
                yield Edit(start, end, chance("shadow", start).choice(others))


def arguments_swapped(source: Source) -> Iterator[Edit]:
    for node in source.nodes:
        if isinstance(node, ast.Call) and len(node.args) > 1:
            first, second = node.args[:2]
            start, end = source.span(first)[0], source.span(second)[1]
            gap = source.text[source.span(first)[1] : source.span(second)[0]]
            yield Edit(start, end, source.source(second) + gap + source.source(first))


def statement_missing(source: Source) -> Iterator[Edit]:
    for node in source.nodes:
        if isinstance(node, ast.Expr | ast.Assign | ast.AugAssign) and node.lineno == node.end_lineno:
            start, end = source.span(node)
            yield Edit(start, end, "pass")


def update_lost(source: Source) -> Iterator[Edit]:
    for node in source.nodes:
        if isinstance(node, ast.AugAssign):
            start, end = source.span(node.target)[1], source.span(node.value)[0]
            yield Edit(start, end, " = ")


def return_too_early(source: Source) -> Iterator[Edit]:
    for node in source.nodes:
        body: list[ast.stmt] = getattr(node, "body", [])
        for before, after in itertools.pairwise(body) if isinstance(node, Function) else ():
            if isinstance(before, ast.For | ast.While) and isinstance(after, ast.Return):
                at = source.starts[after.lineno - 1]
                yield Edit(at, at, "    ")


def text_wrong(source: Source) -> Iterator[Edit]:
    for kind, text, start, end in source.tokens:
        if kind == "STRING" and text[1:-1].isidentifier() and len(text) > 4:
            yield Edit(start + 1, end - 1, typo(text[1:-1], start))


def exception_wrong(source: Source) -> Iterator[Edit]:
    for node in source.nodes:
        if isinstance(node, ast.ExceptHandler) and isinstance(node.type, ast.Name):
            start, end = source.span(node.type)
            yield Edit(start, end, EXCEPTIONS.get(node.type.id, "LookupError"))


PROMISED: list[Maker] = [
    name_misspelled, attribute_misspelled, method_misspelled, wrong_case, import_missing, import_module_misspelled,
    import_member_wrong, await_missing, argument_missing, argument_extra, bracket_missing, colon_missing, comma_missing,
    quote_missing, foreign_method, foreign_word, keyword_wrong, indentation, assignment_in_condition,
    self_parameter_missing, self_missing, text_plus_number, return_missing, call_forgotten,
]  # fmt: skip
"""Kinds that the issue or the brief of this corpus names."""

UNPROMISED: list[Maker] = [
    off_by_one, comparison_wrong, boundary_wrong, operator_wrong, boolean_wrong, condition_negated, default_wrong,
    variable_swapped, variable_shadowed, arguments_swapped, statement_missing, update_lost, return_too_early,
    text_wrong, exception_wrong,
]  # fmt: skip
"""Kinds that nobody promised to heal."""
