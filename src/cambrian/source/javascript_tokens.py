"""Tokens of JavaScript and TypeScript, read in one pass of linear time, however odd the text. Nothing is executed.

Whether ``/`` divides or opens a regular expression is told by the tokens before it: ECMA-262 §12 leaves no other way
without a grammar. After ``}`` that is a guess, right for nearly all code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["Token", "tokens"]

_SCAN = re.compile(
    r"(?P<blank>\s+|//[^\n]*|/\*(?:[^*]|\*(?!/))*+\*/|\A\#![^\n]*)"
    r"|(?P<number>0[xXbBoO][\da-fA-F_]+n?|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?n?)"
    r"|(?P<word>[\w$#\\\u200c\u200d]+)"
    r"|(?P<string>\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+')"
    r"|(?P<broken>/\*.*)"
    r"|(?P<mark>\+\+|--|=>|\.\.\.|\?\.(?!\d)|.)",
    re.DOTALL,
)
_REGEX = re.compile(r"/(?:[^\\/\[\n]|\\[^\n]|\[(?:[^\\\]\n]|\\[^\n])*+\])++/\w*")
_TEMPLATE = re.compile(r"(?:[^`\\$]|\\.|\$(?!\{))*+(`|\$\{)", re.DOTALL)
_OPERATORS = "return typeof case do else in of instanceof new void delete throw await yield extends default"
_BEFORE_OPERAND = frozenset(_OPERATORS.split())
_BEFORE_HEAD = frozenset(("if", "while", "for", "with"))
_CLOSED_BY = {"(": ")", "[": "]", "{": "}", "${": "}"}


class Token(NamedTuple):
    """A token that is no blank and no comment.

    Args:
        kind: ``word``, ``number``, ``string``, ``template`` (a stretch of one), ``regex``, ``mark`` or ``broken`` (a
            comment or template without an end). Each quote of a string without an end is a ``mark``.
        text: its characters.
        end: index after the last one.
        closers: what would close all that is open after it, innermost last. Shared with the reader: look, don't keep.
    """

    kind: str
    text: str
    end: int
    closers: list[str]


def tokens(code: str) -> Iterator[Token]:
    """The tokens of a text. Never raises for any text."""
    return _Reader(code).read()


class _Reader:
    """One pass over a text, with what has to be remembered on the way."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.closers: list[str] = []
        self.operand_after: list[bool] = []
        """For each thing open, whether an operand follows its closing."""
        self.last = ""
        self.operand = True
        """Whether an operand is expected, and ``/`` therefore opens a regular expression."""

    def read(self) -> Iterator[Token]:
        at = 0
        while at < len(self.code):
            match = _SCAN.match(self.code, at)
            assert match is not None  # the last alternative takes any character
            kind, end = match.lastgroup or "mark", match.end()
            if kind != "blank":
                kind, end = self._mark(match[0], at, end) if kind == "mark" else self._word(kind, match[0], end)
                self.last = match[0]
                yield Token(kind, self.code[at:end], end, self.closers)
            at = end

    def _word(self, kind: str, text: str, end: int) -> tuple[str, int]:
        self.operand = kind == "word" and text in _BEFORE_OPERAND and self.last not in (".", "?.")
        return kind, end

    def _mark(self, text: str, at: int, end: int) -> tuple[str, int]:
        if text == "`":
            return self._template(end)
        if text == "/" and self.operand and (regex := _REGEX.match(self.code, at)):
            self.operand = False
            return "regex", regex.end()
        if text in "([{":
            self._open(text)
        elif text in ")]}":
            return self._close(text, end)
        elif text not in ("++", "--"):  # which stand on either side of an operand
            self.operand = True
        return "mark", end

    def _open(self, text: str) -> None:
        head = text == "(" and self.last in _BEFORE_HEAD
        block = text == "{" and (not self.operand or self.last in ("", ";", "{", "}", "=>", "else", "do"))
        self.closers.append(_CLOSED_BY[text])
        self.operand_after.append(head or block)
        self.operand = True

    def _close(self, text: str, end: int) -> tuple[str, int]:
        if not self.closers or self.closers[-1] != text:
            if text == "}" and self.closers and self.closers[-1] == "}`":
                self.closers.pop()
                self.operand_after.pop()
                return self._template(end)
            self.operand = False
            return "mark", end
        self.closers.pop()
        self.operand = self.operand_after.pop()
        return "mark", end

    def _template(self, at: int) -> tuple[str, int]:
        """A stretch of a template, from `at` on: to its end, or to the next ``${``."""
        match = _TEMPLATE.match(self.code, at)
        if match is None:
            return "broken", len(self.code)
        self.operand = match[1] != "`"
        if self.operand:
            self.closers.append("}`")
            self.operand_after.append(False)
        return "template", match.end()
