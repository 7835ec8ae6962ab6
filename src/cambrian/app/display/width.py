"""How wide a text may be, and texts brought into that width: the one place that asks. Imports nothing heavy.

A terminal has its width, or what COLUMNS says. A pipe and a file have none: what goes there stays whole, a line a line,
for whatever reads it. Help is for people wherever it goes; without a width it is filled to that of COLUMNS, else to 80.
"""

from __future__ import annotations

import os
import re
import shutil
import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TextIO

__all__ = ["columns", "fill", "help_width", "width_of", "wrapped"]

_USUAL = 80
_LEAST = 20
"""Characters in a line at least, however narrow the terminal."""
_HANGING = re.compile(r"(?P<head>\s*\S.*?\s{2,})\S|(?P<mark>\s*(?:note|tried|found|fix|warning|failed):\s+)\S")
_WORD = re.compile(r"(?:'[^']*'|\"[^\"]*\"|\S)+")


def width_of(stream: TextIO) -> int | None:
    """Columns of the terminal that a stream is; ``None`` if it is none."""
    if not stream.isatty():
        return None
    found = shutil.get_terminal_size((0, 0)).columns
    if not found:
        try:
            found = os.get_terminal_size(stream.fileno()).columns
        except (OSError, ValueError):
            found = 0
    return max(found or _USUAL, _LEAST)


def help_width() -> int:
    """Columns of a help text."""
    return max(shutil.get_terminal_size((_USUAL, 24)).columns or _USUAL, _LEAST)


def wrapped(text: str, width: int | None) -> str:
    r"""The text with each line that is too long broken at spaces; what follows stands below where its words began.

    >>> wrapped("  init DIR  make a small task\n  short", 24)
    '  init DIR  make a small\n            task\n  short'
    """
    if width is None:
        return text
    return "\n".join(piece for line in text.split("\n") for piece in _broken(line, width))


def _broken(line: str, width: int) -> Sequence[str]:
    if len(line) <= width:
        return [line]
    indent = len(line) - len(line.lstrip())
    match = _HANGING.match(line)
    plain = min(indent + 2, width // 2) if indent else 0
    hang = len(match["head"] or match["mark"]) if match else plain
    hang = hang if hang <= width // 2 else plain
    # what stands before the hang is kept to the letter: textwrap would pull several spaces into one place to break
    head, rest = (line[:hang], line[hang:]) if match and hang > plain else (line[:indent], line[indent:])
    lines = textwrap.wrap(
        rest, width, initial_indent=" " * len(head), subsequent_indent=" " * hang, break_long_words=False,
        break_on_hyphens=False, drop_whitespace=True,
    )  # fmt: skip
    return [head + lines[0][len(head) :], *lines[1:]] if lines else [line]


def fill(text: str, width: int) -> str:
    r"""The text with its paragraphs filled; lines of the same indentation that follow each other are a paragraph.

    A command of an example is not filled but continued with a backslash, so that it can be copied.

    >>> fill("One sentence\nof two lines.\n\nFor example:\n  cambrian evolve task --seed 1", 24)
    'One sentence of two\nlines.\n\nFor example:\n  cambrian evolve task \\\n      --seed 1'
    """
    parts: list[str] = []
    for indent, lines in groupby(text.splitlines(), key=_indent):
        words = " ".join(line.strip() for line in lines)
        if words.startswith("cambrian ") and indent.strip("\n"):
            parts += _command(indent, words, width)
            continue
        hanging = indent + "    " if words.startswith("--") else indent
        parts.append(
            textwrap.fill(
                words, width, initial_indent=indent, subsequent_indent=hanging, break_long_words=False,
                break_on_hyphens=False,
            )
            if words
            else ""
        )  # fmt: skip
    return "\n".join(parts)


def _command(indent: str, words: str, width: int) -> Iterator[str]:
    """A command over several lines, never broken in quotes."""
    line = indent
    for word in _WORD.findall(words):
        if line.strip() and len(line) + len(word) + 2 > width:
            yield line.rstrip() + " \\"
            line = indent + "    "
        line += word + " "
    yield line.rstrip()


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())] if line.strip() else "\n"


def columns(rows: Sequence[Sequence[str]], width: int | None = None) -> str:
    """Rows in columns, each as wide as its widest cell.

    Args:
        rows: cells; the first of a row names it.
        width: if the table is wider, it goes on below, in blocks of as many columns as there is room for.
    """
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n\n".join(_block(rows, widths, chosen) for chosen in _blocks(widths, width))


def _blocks(widths: Sequence[int], width: int | None) -> Iterator[list[int]]:
    """Columns of each block; the first column stands in all."""
    chosen, used = [0], widths[0]
    for column, wide in enumerate(widths[1:], 1):
        if width is not None and len(chosen) > 1 and used + 2 + wide > width:
            yield chosen
            chosen, used = [0], widths[0]
        chosen.append(column)
        used += 2 + wide
    yield chosen


def _block(rows: Sequence[Sequence[str]], widths: Sequence[int], chosen: Sequence[int]) -> str:
    return "\n".join("  ".join(row[column].ljust(widths[column]) for column in chosen).rstrip() for row in rows)
