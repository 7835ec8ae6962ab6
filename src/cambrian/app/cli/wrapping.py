"""Help texts in the width of the terminal: paragraphs of docstrings are filled anew, not wrapped a second time."""

from __future__ import annotations

import textwrap
from itertools import groupby
from typing import TYPE_CHECKING

from cyclopts.help.formatters.plain import PlainFormatter

if TYPE_CHECKING:
    from rich.console import Console


class Filled(PlainFormatter):
    """Plain help, each paragraph filled to the width of the terminal."""

    def _print_plain(self, console: Console, text: str) -> None:
        super()._print_plain(console, fill(text, console.width))


def fill(text: str, width: int) -> str:
    r"""The text with its paragraphs filled; lines of the same indentation that follow each other are a paragraph.

    >>> fill("One sentence\nof two lines.\n\nFor example:\n  cambrian evolve task", 24)
    'One sentence of two\nlines.\n\nFor example:\n  cambrian evolve task'
    """
    parts: list[str] = []
    for indent, lines in groupby(text.splitlines(), key=_indent):
        words = " ".join(line.strip() for line in lines)
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


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())] if line.strip() else "\n"
