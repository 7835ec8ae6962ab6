"""How answers, words and errors are written: data on stdout, the rest on stderr, nothing that a terminal might obey."""

from __future__ import annotations

import sys

import msgspec

from cambrian.app.display.terminal import clean, clean_json, paint, paint_diff
from cambrian.app.display.width import width_of, wrapped
from cambrian.app.settings import read_settings

from .stdout import emit

_LEAST = 8
"""Characters that a column keeps when it is cut."""


def answer_json(value: object) -> None:
    """One JSON text on stdout, indented on a terminal."""
    data = msgspec.json.encode(value)
    if sys.stdout.isatty():
        data = msgspec.json.format(data, indent=2)
    _print(clean_json(data.decode()))


def answer_line(value: object) -> None:
    """One JSON text on one line of stdout, written out at once."""
    emit(clean_json(msgspec.json.encode(value).decode()) + "\n")


def answer(text: str) -> None:
    """A text on stdout, made safe if that is a terminal."""
    _print(clean(text) if sys.stdout.isatty() else text)


def answer_diff(diff: str) -> None:
    """A diff on stdout, coloured and made safe if that is a terminal."""
    text = paint_diff(diff, color=read_settings().color) if sys.stdout.isatty() else diff
    emit(text)


def say(text: str) -> None:
    """Words for a person, on stderr, in the width of the terminal."""
    print(wrapped(clean(text), width_of(sys.stderr)), file=sys.stderr, flush=True)  # noqa: T201 - this is the command line


def complain(text: str, *, fix: str = "") -> None:
    """An error, on stderr."""
    mark = paint("error:", "bad", color=sys.stderr.isatty() and read_settings().color)
    see = f"\n  see: {fix}" if fix else ""
    print(f"cambrian: {mark} {clean(text)}{see}", file=sys.stderr, flush=True)  # noqa: T201 - this is the command line


def counted(number: int, noun: str, more: str = "s") -> str:
    """A number of things, as people write it: ``"1 file"``, ``"3 files"``, ``"2 processes"`` with "es" for `more`."""
    return f"{number} {noun}{'' if number == 1 else more}"


def fitted(rows: list[tuple[str, ...]], column: int) -> list[tuple[str, ...]]:
    """Rows of which one column is cut, with … in the middle, so that they fit the terminal, if stdout is one."""
    width = width_of(sys.stdout)
    if width is None:
        return rows
    widths = [max(len(row[each]) for row in rows) for each in range(len(rows[0]))]
    over = sum(widths) + 2 * (len(widths) - 1) - width
    room = max(_LEAST, widths[column] - max(0, over))
    return [(*row[:column], _cut(row[column], room), *row[column + 1 :]) for row in rows]


def _cut(text: str, room: int) -> str:
    if len(text) <= room:
        return text
    tail = (room - 1) // 2
    return text[: room - 1 - tail] + "…" + text[len(text) - tail :]


def _print(text: str) -> None:
    emit(text + "\n")
