"""Splices by position: what is outside an edit stays, to the character. Text in, text out; nothing is executed.

`ast` counts lines from 1 and columns in UTF-8 bytes; a splice counts characters of a text: `Locator` translates.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from typing import NamedTuple

from cambrian.core.errors import UsageError

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


class Splice(NamedTuple):
    """Replace the characters from `start` up to `stop` by `text`. Equal ends insert."""

    start: int
    stop: int
    text: str


def lines(text: str) -> list[str]:
    """Lines with their ends, split where Python's tokenizer splits them: at LF, CR LF and CR, nowhere else.

    `str.splitlines` also splits at form feeds and Unicode separators, which shifts every later line number.
    """
    return _LINE.findall(text)


def count(text: str) -> int:
    """How many `lines` there are."""
    if "\r" in text:
        return len(lines(text))
    return text.count("\n") + (text[-1:] not in {"\n", ""})


def apply(text: str, splices: Iterable[Splice]) -> str:
    """Make all splices at once; their positions are those of `text`.

    Raises:
        UsageError: two splices overlap, or one is out of the text.
    """
    parts: list[str] = []
    done = 0
    for splice in sorted(splices):
        if not done <= splice.start <= splice.stop <= len(text):
            raise UsageError(f"splice {splice!r} overlaps another or leaves the text of {len(text)} characters")
        parts += (text[done : splice.start], splice.text)
        done = splice.stop
    parts.append(text[done:])
    return "".join(parts)


def _word(character: str) -> bool:
    """Whether it is a part of a name, number or keyword."""
    return character.isalnum() or character == "_"


class Locator:
    """Translates positions of `ast` nodes to character offsets.

    Args:
        text: the source that the nodes were parsed from.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = lines(text)
        self._starts: list[int] = [0]
        for line in self.lines:
            self._starts.append(self._starts[-1] + len(line))

    def offset(self, line: int, column: int) -> int:
        """Character offset of a 1-based line and a column in UTF-8 bytes."""
        content = self.lines[line - 1]
        if not content.isascii():
            column = len(content.encode()[:column].decode())
        return self._starts[line - 1] + column

    def line_start(self, line: int) -> int:
        """Character offset at which a 1-based line starts; one past the last line is the end of the text."""
        return self._starts[min(line, len(self._starts)) - 1]

    def range(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """Character offsets of a node: its first character and one past its last."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.offset(node.lineno, node.col_offset), self.offset(node.end_lineno, node.end_col_offset)

    def segment(self, node: ast.expr | ast.stmt) -> str:
        """The node's own text."""
        start, stop = self.range(node)
        return self.text[start:stop]

    def splice(self, node: ast.expr | ast.stmt, text: str) -> Splice:
        """A splice that replaces the node by `text`, apart from words beside it: no ``listif`` for ``type([])if``."""
        start, stop = self.range(node)
        before = " " if _word(self.text[start - 1 : start]) and _word(text[:1]) else ""
        behind = " " if _word(text[-1:]) and _word(self.text[stop : stop + 1]) else ""
        return Splice(start, stop, f"{before}{text}{behind}")
