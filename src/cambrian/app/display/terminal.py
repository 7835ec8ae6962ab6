"""Text made safe for terminals, and the few colours in use. No terminal is opened here.

Programs under evolution are untrusted, and so is what they print: an escape sequence in it could rewrite the screen,
set the clipboard, or hide lines of a diff. Whatever comes from candidates passes through `clean`.
"""

from __future__ import annotations

import re
from typing import Literal

Style = Literal["plain", "bold", "dim", "good", "bad", "head"]

_CODES: dict[Style, str] = {"plain": "", "bold": "1", "dim": "2", "good": "32", "bad": "31", "head": "36"}
_DIFF: dict[str, Style] = {"+": "good", "-": "bad", "@": "head"}

# C0 and C1 controls but tab and newline, the line and paragraph separators, and the marks that change the direction
# of text (Unicode TR 9; "Trojan source", CVE-2021-42574)
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
_JSON_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")


def clean(text: str) -> str:
    r"""The text with everything that a terminal might obey made visible.

    >>> clean("a\x1b[2Jb")
    'a\\x1b[2Jb'
    """
    return _UNSAFE.sub(lambda match: _visible(match[0]), text.replace("\r\n", "\n"))


def one_line(text: str, width: int = 100) -> str:
    """The first line of a text, made safe and cut to a width."""
    line = clean(text.strip().partition("\n")[0]).replace("\t", " ")
    return line if len(line) <= width else line[: width - 1] + "…"


def clean_json(text: str) -> str:
    r"""A JSON text in which such characters are written as escapes, so that it means the same.

    >>> clean_json('"\x9b2J"')
    '"\\u009b2J"'
    """
    return _JSON_UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _visible(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def paint(text: str, style: Style, *, color: bool) -> str:
    """The text with its colour (ECMA-48), or as it is."""
    code = _CODES[style]
    return f"\x1b[{code}m{text}\x1b[0m" if color and code and text else text


def paint_diff(diff: str, *, color: bool) -> str:
    """A unified diff made safe, and coloured."""
    return "".join(paint(line.rstrip("\n"), _diff_style(line), color=color) + "\n" for line in clean(diff).splitlines())


def _diff_style(line: str) -> Style:
    if line.startswith(("--- ", "+++ ")):
        return "bold"
    return _DIFF.get(line[:1], "plain")
