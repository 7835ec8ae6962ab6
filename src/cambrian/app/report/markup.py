"""HTML from text. What is not `Markup` is escaped; only this file makes `Markup` from plain text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import NewType

from cambrian.app.display.terminal import clean

__all__ = ["Markup", "element", "items", "join", "table", "text"]

Markup = NewType("Markup", str)
"""Text that is HTML already."""

_VOID = frozenset({"br", "hr"})


def text(value: str) -> Markup:
    """Any text, harmless: escaped, and marks that would reorder or hide it made visible."""
    return Markup(escape(clean(value), quote=True))


def join(parts: Iterable[Markup]) -> Markup:
    """Pieces in a row, on lines of their own."""
    return Markup("\n".join(parts))


def element(tag: str, *children: Markup | None, **attributes: str | int) -> Markup:
    """An element. Of attribute names a trailing underscore is dropped, others become hyphens."""
    told = "".join(f' {name.rstrip("_").replace("_", "-")}="{text(str(value))}"' for name, value in attributes.items())
    if tag in _VOID:
        return Markup(f"<{tag}{told}>")
    return Markup(f"<{tag}{told}>{''.join(child for child in children if child is not None)}</{tag}>")


def items(sentences: Iterable[str]) -> Markup:
    """A list of sentences."""
    return element("ul", *(element("li", text(sentence)) for sentence in sentences))


def table(head: Sequence[str], rows: Iterable[Sequence[Markup]], *, caption: str, left: int = 1) -> Markup:
    """A table whose first `left` columns hold words, the others numbers.

    Args:
        head: names of the columns.
        rows: cells.
        caption: what it shows, for those who do not see it.
        left: columns of words.
    """

    def cells(tag: str, row: Sequence[Markup]) -> Markup:
        marked = (element(tag, cell) if at < left else element(tag, cell, class_="n") for at, cell in enumerate(row))
        return element("tr", *marked)

    return element(
        "div",
        element(
            "table",
            element("caption", text(caption), class_="sr"),
            element("thead", cells("th", [text(name) for name in head])),
            element("tbody", *(cells("td", row) for row in rows)),
        ),
        class_="scroll",
    )  # fmt: skip
