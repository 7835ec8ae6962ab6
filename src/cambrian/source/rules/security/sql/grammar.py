"""What stands in each hole of an SQL statement: a value, for which a parameter can stand, or something else.

Reads the words and signs before a hole, not the whole language: names of tables and columns, keywords such as
``ASC``, and whole conditions can be no parameters (ISO/IEC 9075-2, ``<dynamic parameter specification>``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

__all__ = [
    "BEGIN",
    "END",
    "HOLE",
    "OPAQUE",
    "RESET",
    "Role",
    "Spot",
    "goes_on_as_sql",
    "looks_like_sql",
    "spots",
    "takes_parameters",
]

HOLE, OPAQUE = "\ue000", "\ue001"
"""Stand for a hole that is to become a parameter, and for a hole that stays."""
BEGIN, RESET, END = "\ue002", "\ue003", "\ue004"
"""Around a part that has several versions, and between them."""

Role = Literal["value", "list", "identifier", "quoted-identifier", "open", "clause"]

_OPERATORS = frozenset(
    {"=", "<", ">", "<=", ">=", "<>", "!=", "==", "||", "+", "-", "/", "%", "<=>", "~", "@>", "->>", "->"}
)
_BEFORE_VALUES = frozenset({
    "like", "ilike", "glob", "regexp", "rlike", "match", "between", "limit", "offset", "then", "else", "escape",
    "values", "similar", "to", "top", "is", "interval", "against",
})  # fmt: skip
_NOT_VALUES = frozenset({"top", "interval", "to"})
_STATEMENT = re.compile(
    r"\s*(?:/\*.*?\*/\s*|--[^\n]*\n\s*|\(\s*)*(?:select|insert|update|delete|replace|with|create|drop|alter|merge|call|exec|"
    r"execute|truncate|pragma|grant|revoke|set|show|describe|explain|values|vacuum|attach|copy|lock|upsert|use|begin)\b",
    re.IGNORECASE | re.DOTALL,
)
_FIXED = re.compile(
    r"\s*(?:create|alter|drop|pragma|set|vacuum|use|grant|revoke|truncate|lock|show|describe|begin)\b", re.IGNORECASE
)
_PART = re.compile(
    r"\s+(?:and|or|where|order\s+by|group\s+by|limit|offset|having|set|values|from|join|on|union|returning)\b"
    r"|\s*(?:where|and|or|order by)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z_$@#][\w$@#]*|\d+(?:\.\d+)?")
_SIGN = re.compile(r"<=>|->>|->|@>|<=|>=|<>|!=|==|\|\||::|.", re.DOTALL)
_STARTS = frozenset({"'", '"', "`", HOLE, OPAQUE})
_NAME_CHARACTERS = re.compile(r"[\w.$@#]")


def looks_like_sql(text: str) -> bool:
    """Whether a text begins as statements of SQL do."""
    return _STATEMENT.match(text) is not None


def takes_parameters(text: str) -> bool:
    """Whether a statement is one of those that databases take with parameters."""
    return _FIXED.match(text) is None


def goes_on_as_sql(text: str) -> bool:
    """Whether a text has the words that join the parts of statements."""
    return _PART.search(text) is not None


class Spot(NamedTuple):
    """A hole.

    Args:
        start: first character that a parameter replaces: of the hole, or of the quotes around it.
        stop: one past the last.
        role: what stands there.
        quoted: it stands in a string literal of SQL.
    """

    start: int
    stop: int
    role: Role
    quoted: bool = False


@dataclass
class _State:
    """What has been read: the last words and signs, and for each open bracket whether values stand in it."""

    last: str = ""
    before: str = ""
    between: bool = False
    brackets: list[tuple[bool, str]] = field(default_factory=list[tuple[bool, str]])
    values: bool = False
    """Whether a comma here is followed by a value: in VALUES (…) or after LIMIT."""

    def push(self, token: str) -> None:
        self.before, self.last = self.last, token

    def copy(self) -> _State:
        return replace(self, brackets=list(self.brackets))


def spots(text: str, *, double_quotes: bool = False) -> list[Spot]:
    """The holes of a statement, in order; of several in one literal the literal is told once.

    Args:
        text: the statement, with `HOLE` and `OPAQUE` for what is not known of it.
        double_quotes: whether ``"…"`` after an operator is a string, as MySQL and SQLite take it.
    """
    return _Scanner(text, double_quotes).run()


class _Scanner:
    def __init__(self, text: str, double_quotes: bool) -> None:
        self.text = text
        self.double_quotes = double_quotes
        self.state = _State()
        self.kept: list[_State] = []
        self.found: list[Spot] = []

    def run(self) -> list[Spot]:
        at = 0
        while at < len(self.text):
            at = self._one(at)
        return self.found

    def _one(self, at: int) -> int:
        char = self.text[at]
        if char.isspace():
            return at + 1
        if char in (BEGIN, RESET, END):
            return self._version(char, at)
        if char in _STARTS:
            return self._string(at, char) if char not in (HOLE, OPAQUE) else self._hole(at)
        if self.text.startswith("--", at) or self.text.startswith("/*", at):
            return self._comment(at)
        word = _WORD.match(self.text, at)
        if word is not None:
            self._word(word[0].lower())
            return word.end()
        sign = _SIGN.match(self.text, at)
        assert sign is not None
        self._sign(sign[0])
        return sign.end()

    def _version(self, char: str, at: int) -> int:
        if char == BEGIN:
            self.kept.append(self.state.copy())
        elif char == RESET and self.kept:
            self.state = self.kept[-1].copy()
        elif self.kept:
            self.kept.pop()
        return at + 1

    def _comment(self, at: int) -> int:
        closing = "\n" if self.text[at] == "-" else "*/"
        end = self.text.find(closing, at + 2)
        end = len(self.text) if end < 0 else end + len(closing)
        holes = [place for place in range(at, end) if self.text[place] == HOLE]
        self.found += [Spot(place, place + 1, "clause") for place in holes]
        return end

    def _word(self, word: str) -> None:
        state = self.state
        if word == "between":
            state.between = True
        if word in {"select", "where", "set", "from", "order", "group", "having", "on", "or"}:
            state.values = False
        state.push(word)

    def _sign(self, sign: str) -> None:
        state = self.state
        if sign == "(":
            outside = state.values
            state.values = self._opens_values()
            state.brackets.append((outside, state.last))
        elif sign == ")" and state.brackets:
            was, _ = state.brackets.pop()
            state.values = was
        elif sign == ";":
            state.values, state.between = False, False
        state.push(sign)

    def _opens_values(self) -> bool:
        """Whether values stand in a bracket that opens here."""
        state = self.state
        if state.last in {"in", "values", "any", "all"} or (
            state.last == "," and not state.brackets and state.before == ")"
        ):
            return True
        function = _WORD.fullmatch(state.last) is not None and state.before in _OPERATORS | {"like", "ilike", ","}
        return (function and (state.before != "," or state.values)) or self._value_follows()

    def _value_follows(self) -> bool:
        """Whether what comes next is a value."""
        state = self.state
        last = state.last
        if last in _OPERATORS:
            return not (last in "+-/%" and state.before in {"", "select", "by", "("})
        if last == "*":
            return _WORD.fullmatch(state.before) is not None and state.before not in {"select", "distinct", "all"}
        if last in _BEFORE_VALUES:
            return last not in _NOT_VALUES
        if last == "and" and state.between:
            return True
        if last == "(" and state.brackets:
            return state.values
        return (last == "," and state.values) or (last == "," and state.before == "?" and state.values)

    def _hole(self, at: int) -> int:
        state = self.state
        if self.text[at] == OPAQUE:
            state.push("?")
            return at + 1
        touches = _touches(self.text, at)
        if touches:
            role: Role = "identifier"
        elif state.last in {"in", "any", "all"}:
            role = "list"
        elif self._value_follows():
            role = "value"
        else:
            role = _other_role(state)
        if state.last == "and" and role == "value":
            state.between = False
        if state.last == "limit":
            state.values = True
        self.found.append(Spot(at, at + 1, role))
        state.push("?")
        return at + 1

    def _string(self, at: int, quote: str) -> int:
        end = at + 1
        while end < len(self.text):
            if self.text[end] == quote:
                if not self.text.startswith(quote * 2, end):
                    break
                end += 1
            end += 1
        holds = HOLE in self.text[at:end]
        mixed = any(mark in self.text[at:end] for mark in (BEGIN, RESET, END))
        if holds:
            self._quoted(at, end, quote, mixed=mixed)
        self.state.push("''")
        return end + 1

    def _quoted(self, at: int, end: int, quote: str, *, mixed: bool) -> None:
        string = quote == "'" or (quote == '"' and self.double_quotes and self._value_follows())
        closed = end < len(self.text) and not mixed
        role: Role = "value" if string and closed else "open" if string else "quoted-identifier"
        if self.state.last in {"in", "any"} and role == "value":
            role = "list"
        self.found.append(Spot(at, min(end + 1, len(self.text)), role, quoted=True))


def _touches(text: str, at: int) -> bool:
    """Whether a hole is a part of a word, or the name of a function."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return bool(before and _NAME_CHARACTERS.match(before)) or bool(
        after and (_NAME_CHARACTERS.match(after) or after == "(")
    )


def _other_role(state: _State) -> Role:
    clause = state.last in {"where", "and", "or", "having", "on", "", ";", "(", "not", "?", ")"} or state.last == "''"
    return "clause" if clause else "identifier"
