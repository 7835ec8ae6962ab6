"""String literals of Python, character by character, each with its place in the file. Text only."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["Character", "Literal", "characters", "field_end", "literals"]

_OPEN = re.compile(r"([A-Za-z]{0,2})('''|\"\"\"|'|\")")
_BETWEEN = re.compile(r"(?:\s|\\\r?\n|#[^\r\n]*)*")
_ESCAPE = re.compile(
    r"\\(?:\r\n|[\r\n]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\}|[0-7]{1,3}|.)", re.DOTALL
)
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", '"': '"', "a": "\a", "b": "\b", "f": "\f", "v": "\v"}


class Literal(NamedTuple):
    """One string token: where it starts, where its content starts and ends, where it stops."""

    start: int
    content: int
    close: int
    stop: int
    prefix: str
    quote: str

    @property
    def formatted(self) -> bool:
        """Whether it is an f-string."""
        return "f" in self.prefix.lower()

    @property
    def raw(self) -> bool:
        """Whether backslashes stand for themselves."""
        return "r" in self.prefix.lower()


class Character(NamedTuple):
    """A character of a literal's value, or a field of an f-string (then `char` is empty), and where it is written."""

    char: str
    start: int
    stop: int


def literals(text: str, start: int, stop: int) -> list[Literal] | None:
    """The string tokens of an expression that is nothing but strings side by side; ``None`` if it is more."""
    found: list[Literal] = []
    at = start
    while at < stop:
        match = _OPEN.match(text, at)
        if match is None:
            return None
        literal = _literal(text, at, match)
        found.append(literal)
        between = _BETWEEN.match(text, literal.stop)
        at = between.end() if between is not None else literal.stop
    return found


def _literal(text: str, start: int, match: re.Match[str]) -> Literal:
    prefix, quote = match[1], match[2]
    at = match.end()
    formatted = "f" in prefix.lower()
    while not text.startswith(quote, at):
        if text[at] == "\\":
            at += 2
        elif formatted and text[at] == "{" and not text.startswith("{{", at):
            at = field_end(text, at)
        else:
            at += 2 if formatted and text.startswith("{{", at) else 1
    return Literal(start, match.end(), at, at + len(quote), prefix, quote)


def field_end(text: str, start: int) -> int:
    """Where a field ``{…}`` ends that starts here, its brace included."""
    depth, at = 0, start
    while at < len(text):
        char = text[at]
        if char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
            if depth == 0:
                return at + 1
        elif char in "'\"":
            quote = char * 3 if text.startswith(char * 3, at) else char
            closing = text.find(quote, at + len(quote))
            if closing < 0:
                return len(text)
            at = closing + len(quote) - 1
        at += 1
    return at


def characters(text: str, literal: Literal) -> list[Character]:
    """What a literal's value consists of."""
    found: list[Character] = []
    at = literal.content
    while at < literal.close:
        char, stop = _character(text, at, literal)
        if char == "":
            found.append(Character(char, at, stop))
        found += [Character(each, at, stop) for each in char or ""]
        at = stop
    return found


def _character(text: str, at: int, literal: Literal) -> tuple[str | None, int]:
    char = text[at]
    if char == "\\" and not literal.raw:
        match = _ESCAPE.match(text, at)
        assert match is not None
        return _decoded(match[0]), match.end()
    if literal.formatted and char in "{}":
        if text.startswith(char * 2, at):
            return char, at + 2
        return "", field_end(text, at)
    if char == "\r":
        return "\n", at + (2 if text.startswith("\r\n", at) else 1)
    return char, at + 1


def _decoded(escape: str) -> str | None:
    """What an escape stands for; ``None`` for nothing (an end of line)."""
    body = escape[1:]
    if body[0] in "\r\n":
        return None
    if body in _SIMPLE:
        return _SIMPLE[body]
    if body[0] in "xuU":
        return chr(int(body[1:], 16))
    if body[0] in "01234567":
        return chr(int(body, 8))
    return "\ufffd" if body[0] == "N" else escape
