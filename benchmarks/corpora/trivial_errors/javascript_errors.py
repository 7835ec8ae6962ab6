"""Errors that people make in JavaScript and TypeScript, as edits of a correct program, found on its tokens.

A small scanner is enough: it knows comments, texts, templates (one piece each) and regular expressions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import NamedTuple

from .edits import Edit, Translation, chance, numbered, recased, translated, typo

METHODS: list[Translation] = [
    (r"\.push\(", ".append("), (r"\.push\(", ".add("), (r"\.includes\(", ".contains("), (r"\.includes\(", ".has("),
    (r"\.trim\(\)", ".strip()"), (r"\.toUpperCase\(\)", ".upper()"), (r"\.toLowerCase\(\)", ".lower()"),
    (r"\b(\w+(?:\.\w+)*)\.length\b", r"len(\1)"), (r"\.length\b", ".len()"), (r"\.length\b", ".length()"),
    (r"\.length\b", ".size()"), (r"\.size\b", ".length"), (r"\.forEach\(", ".each("), (r"\.unshift\(", ".prepend("),
    (r"\.shift\(\)", ".popleft()"), (r"\.padStart\(", ".rjust("), (r"\.padEnd\(", ".ljust("),
    (r"console\.log\(", "print("), (r"\bString\(", "str("), (r"\bNumber\(", "int("), (r"\.indexOf\(", ".index("),
    (r"\.slice\(", ".sub("), (r"\.set\(", ".put("), (r"\.has\(", ".contains("), (r"\.delete\(", ".remove("),
    (r"Object\.keys\((\w+)\)", r"\1.keys()"), (r"Object\.entries\((\w+)\)", r"\1.items()"),
    (r"\b(\w+)\.join\((\"[^\"]*\")\)", r"\2.join(\1)"), (r"\.some\(", ".any("), (r"\.every\(", ".all("),
]  # fmt: skip
WORDS: list[Translation] = [
    (r"\bnull\b", "None"), (r"\btrue\b", "True"), (r"\bfalse\b", "False"), (r" && ", " and "), (r" \|\| ", " or "),
    (r"!(?=[a-z])", "not "), (r"\belse if\b", "elif"), (r"\bthrow ", "raise "), (r"\bcatch\b", "except"),
    (r"\bfunction ", "def "), (r"\bthis\.", "self."), (r"\bnull\b", "nil"), (r"\bconst (?=\w+ = )", "const auto "),
    (r"\bundefined\b", "None"),
]  # fmt: skip
KEYWORD = re.compile(
    "async|await|break|case|catch|class|const|constructor|continue|default|delete|do|else|export|extends|finally|for|"
    "from|function|get|if|import|in|instanceof|interface|let|new|null|of|private|public|readonly|require|return|set|"
    "static|super|switch|this|throw|true|false|try|type|typeof|undefined|var|void|while|yield|as|enum|string|number|"
    "boolean|unknown|never|keyof|console"
)
REGEX = r"/(?![/*])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\]|\\.)*\])+/[a-z]*"
PATTERNS = [
    ("comment", r"//[^\n]*|/\*.*?\*/"),
    ("text", r"'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\""),
    ("template", r"`(?:[^`\\]|\\.)*`"),
    ("regex", r"(?<=[(,=:] )" + REGEX),
    ("regex", r"(?<=[(,])" + REGEX),
    ("number", r"\d[\w.]*"),
    ("name", r"#?[A-Za-z_$][\w$]*"),
    ("sign", r"===|!==|=>|\*\*|\?\?|\?\.|\.\.\.|&&|\|\||[-+*/]=|\+\+|--|<=|>=|[^\s\w]"),
]
SCANNER = re.compile("|".join(f"(?P<k{i}>{pattern})" for i, (_, pattern) in enumerate(PATTERNS)), re.DOTALL)
CLOSING = {"(": ")", "[": "]", "{": "}"}
FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "===": "!==", "!==": "==="}
BOUNDARY = {"<": "<=", ">": ">=", "<=": "<", ">=": ">"}
OPERATORS = {"+": "-", "-": "+", "*": "/", "/": "*", "%": "/", "**": "*"}
BOOLEANS = {"&&": "||", "||": "&&", "??": "&&"}


class Token(NamedTuple):
    """A piece of a program."""

    kind: str
    text: str
    start: int
    end: int


class Source:
    """A correct program and its tokens."""

    def __init__(self, text: str) -> None:
        self.text = text
        found = [(match, PATTERNS[int((match.lastgroup or "k0")[1:])][0]) for match in SCANNER.finditer(text)]
        self.every = [Token(kind, match.group(), match.start(), match.end()) for match, kind in found]
        self.tokens = [each for each in self.every if each.kind != "comment"]

    @cached_property
    def opaque(self) -> list[tuple[int, int]]:
        """Comments, texts, templates and regular expressions."""
        return [(each.start, each.end) for each in self.every if each.kind in ("comment", "text", "template", "regex")]

    @cached_property
    def partner(self) -> dict[int, int]:
        """Index of each opening bracket's token → that of its closing one."""
        result: dict[int, int] = {}
        stack: list[int] = []
        for i, each in enumerate(self.tokens):
            if each.kind == "sign" and each.text in CLOSING:
                stack.append(i)
            elif each.kind == "sign" and each.text in CLOSING.values() and stack:
                result[stack.pop()] = i
        return result

    def at(self, i: int) -> str:
        """The text of a token, empty outside."""
        return self.tokens[i].text if 0 <= i < len(self.tokens) else ""

    def names(self) -> Iterator[tuple[int, Token]]:
        """Uses of variables and functions: no members, keys, keywords."""
        for i, each in enumerate(self.tokens):
            member = self.at(i - 1) in (".", "?.", "const", "let", "class", "function", "interface", "type")
            if each.kind == "name" and not KEYWORD.fullmatch(each.text) and not member and self.at(i + 1) != ":":
                yield i, each

    def members(self, *, called: bool | None) -> Iterator[Token]:
        """Names after a dot."""
        for i, each in enumerate(self.tokens):
            wanted = called is None or called == (self.at(i + 1) == "(")
            if wanted and each.kind == "name" and self.at(i - 1) in (".", "?."):
                yield each

    def calls(self) -> Iterator[list[tuple[int, int]]]:
        """For every call with arguments: where each argument begins and ends."""
        for i, each in enumerate(self.tokens):
            before = self.tokens[i - 1] if i else each
            if each.text == "(" and i in self.partner and before.kind == "name" and not KEYWORD.fullmatch(before.text):
                close = self.partner[i]
                if self.at(close + 1) not in ("{", "=>", ":") and close > i + 1:
                    yield self._arguments(i, close)

    def _arguments(self, start: int, close: int) -> list[tuple[int, int]]:
        result: list[tuple[int, int]] = []
        first, i = start + 1, start + 1
        while i <= close:
            if i == close or self.tokens[i].text == ",":
                if i > first:
                    result.append((self.tokens[first].start, self.tokens[i - 1].end))
                first = i + 1
            i = self.partner.get(i, i) + 1
        return result


Maker = Callable[[Source], Iterator[Edit]]


def _signs(source: Source, table: dict[str, str]) -> Iterator[Edit]:
    for each in source.tokens:
        spaced = source.text[each.start - 1] == " " == source.text[each.end : each.end + 1]
        if each.kind == "sign" and each.text in table and spaced:
            yield Edit(each.start, each.end, table[each.text])


def _words(source: Source, word: str) -> Iterator[Edit]:
    for each in source.tokens:
        if each.text == word:
            yield Edit(each.start, each.end + 1, "")


def name_misspelled(source: Source) -> Iterator[Edit]:
    yield from (Edit(t.start, t.end, typo(t.text, t.start)) for _, t in source.names() if len(t.text) > 2)


def attribute_misspelled(source: Source) -> Iterator[Edit]:
    for t in source.members(called=False):
        if len(t.text) > 2 and t.text[0] != "#":
            yield Edit(t.start, t.end, typo(t.text, t.start))


def method_misspelled(source: Source) -> Iterator[Edit]:
    yield from (Edit(t.start, t.end, typo(t.text, t.start)) for t in source.members(called=True) if len(t.text) > 2)


def wrong_case(source: Source) -> Iterator[Edit]:
    for each in [*(t for _, t in source.names()), *source.members(called=None)]:
        if len(each.text) > 2 and recased(each.text) != each.text:
            yield Edit(each.start, each.end, recased(each.text))


def _imports(source: Source) -> Iterator[re.Match[str]]:
    yield from re.finditer(
        r"^(?:const|import) (.*?) (?:= require\(|from )(\"[^\"]*\")\)?;\n", source.text, re.MULTILINE
    )


def import_missing(source: Source) -> Iterator[Edit]:
    yield from (Edit(match.start(), match.end(), "") for match in _imports(source))


def import_module_misspelled(source: Source) -> Iterator[Edit]:
    for match in _imports(source):
        name = match[2].strip('"').removeprefix("node:")
        at = match.end(2) - 1 - len(name)
        yield Edit(at, at + len(name), typo(name, at))


def import_member_wrong(source: Source) -> Iterator[Edit]:
    for match in _imports(source):
        for word in re.finditer(r"\w+", match[1]) if match[1].startswith("{") else ():
            at = match.start(1) + word.start()
            yield Edit(at, at + len(word[0]), typo(word[0], at))
            yield Edit(at, at + len(word[0]), recased(word[0]))


def await_missing(source: Source) -> Iterator[Edit]:
    yield from _words(source, "await")


def new_missing(source: Source) -> Iterator[Edit]:
    yield from _words(source, "new")


def argument_missing(source: Source) -> Iterator[Edit]:
    for arguments in source.calls():
        start = arguments[-2][1] if len(arguments) > 1 else arguments[-1][0]
        if "=>" not in source.text[start : arguments[-1][1]]:
            yield Edit(start, arguments[-1][1], "")


def bracket_missing(source: Source) -> Iterator[Edit]:
    yield from (Edit(t.start, t.end, "") for t in source.tokens if t.kind == "sign" and t.text in "()[]{}")


def comma_missing(source: Source) -> Iterator[Edit]:
    yield from (Edit(t.start, t.end, "") for t in source.tokens if t.text == ",")


def quote_missing(source: Source) -> Iterator[Edit]:
    for each in source.tokens:
        if each.kind in ("text", "template"):
            yield Edit(each.end - 1, each.end, "")
            yield Edit(each.start, each.start + 1, "")


def foreign_method(source: Source) -> Iterator[Edit]:
    yield from translated(source.text, METHODS, source.opaque)


def foreign_word(source: Source) -> Iterator[Edit]:
    yield from translated(source.text, WORDS, source.opaque)


def assignment_in_condition(source: Source) -> Iterator[Edit]:
    yield from _signs(source, {"===": "=", "!==": "="})


def this_missing(source: Source) -> Iterator[Edit]:
    yield from _words(source, "this")


def return_missing(source: Source) -> Iterator[Edit]:
    yield from (edit for edit in _words(source, "return") if source.text[edit.end - 1] == " ")


def call_forgotten(source: Source) -> Iterator[Edit]:
    for i, each in enumerate(source.tokens):
        if each.text == "(" and source.at(i + 1) == ")" and source.at(i + 2) not in ("{", "=>", ":"):
            yield Edit(each.start, each.end + 1, "")


def constant_reassigned(source: Source) -> Iterator[Edit]:
    yield from (Edit(t.start, t.end, "const") for t in source.tokens if t.text == "let")


def off_by_one(source: Source) -> Iterator[Edit]:
    for each in source.tokens:
        if each.kind == "number" and each.text.isdigit():
            yield Edit(each.start, each.end, numbered(each.text, int(each.text)))


def comparison_wrong(source: Source) -> Iterator[Edit]:
    yield from _signs(source, FLIPPED)


def boundary_wrong(source: Source) -> Iterator[Edit]:
    yield from _signs(source, BOUNDARY)


def operator_wrong(source: Source) -> Iterator[Edit]:
    yield from _signs(source, OPERATORS)


def boolean_wrong(source: Source) -> Iterator[Edit]:
    yield from _signs(source, BOOLEANS)


def condition_negated(source: Source) -> Iterator[Edit]:
    for i, each in enumerate(source.tokens):
        if each.text in ("if", "while") and i + 1 in source.partner:
            start, end = source.tokens[i + 1].end, source.tokens[source.partner[i + 1]].start
            yield Edit(start, end, f"!({source.text[start:end]})")


def default_wrong(source: Source) -> Iterator[Edit]:
    for i, each in enumerate(source.tokens):
        value = source.tokens[min(i + 1, len(source.tokens) - 1)]
        if each.text == "=" and value.kind != "sign" and source.at(i + 2) in (",", ")", "}"):
            wrong = {"true": "false", "false": "true"}.get(value.text, f"{value.text} + {value.text}")
            yield Edit(value.start, value.end, wrong)


def variable_swapped(source: Source) -> Iterator[Edit]:
    uses = list(source.names())
    for i, each in uses:
        others = sorted({other.text for j, other in uses if abs(i - j) < 40 and other.text[0].islower()} - {each.text})
        if others and each.text[0].islower() and source.at(i + 1) != "(":
            yield Edit(each.start, each.end, chance("other", each.start).choice(others))


def arguments_swapped(source: Source) -> Iterator[Edit]:
    for arguments in source.calls():
        if len(arguments) > 1:
            (a, b), (c, d) = arguments[:2]
            if "\n" not in source.text[a:d]:
                yield Edit(a, d, source.text[c:d] + source.text[b:c] + source.text[a:b])


def statement_missing(source: Source) -> Iterator[Edit]:
    for match in re.finditer(r"^[ ]+(?! |const|let|return|throw)[^\n{}`]*;\n", source.text, re.MULTILINE):
        if match[0].count("(") == match[0].count(")") and match[0].count("[") == match[0].count("]"):
            yield Edit(match.start(), match.end(), "")


def update_lost(source: Source) -> Iterator[Edit]:
    yield from _signs(source, {"+=": "=", "-=": "=", "*=": "="})


def text_wrong(source: Source) -> Iterator[Edit]:
    for each in source.tokens:
        if each.kind == "text" and each.text[1:-1].isidentifier() and len(each.text) > 4:
            yield Edit(each.start + 1, each.end - 1, typo(each.text[1:-1], each.start))


PROMISED: list[Maker] = [
    name_misspelled, attribute_misspelled, method_misspelled, wrong_case, import_missing, import_module_misspelled,
    import_member_wrong, await_missing, new_missing, argument_missing, bracket_missing, comma_missing, quote_missing,
    foreign_method, foreign_word, assignment_in_condition, this_missing, return_missing, call_forgotten,
    constant_reassigned,
]  # fmt: skip
"""Kinds that the issue or the brief of this corpus names, and what they are in JavaScript."""

UNPROMISED: list[Maker] = [
    off_by_one, comparison_wrong, boundary_wrong, operator_wrong, boolean_wrong, condition_negated, default_wrong,
    variable_swapped, arguments_swapped, statement_missing, update_lost, text_wrong,
]  # fmt: skip
"""Kinds that nobody promised to heal."""
