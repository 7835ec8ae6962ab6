"""Where things stand in a TOML text, and how a list in it is given other elements. Text only; judges no values."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Sequence

Keys = tuple[str, ...]
"""Path of a key in a document."""

_KEY = r"(?:[A-Za-z0-9_-]+|\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*')"
_KEYS = re.compile(rf"\s*({_KEY}(?:[ \t]*\.[ \t]*{_KEY})*)[ \t]*")
_ONE_KEY = re.compile(_KEY)
_BLANK = re.compile(r"(?:\s|#[^\n]*)+")
_PIECE = re.compile(
    r"\"\"\"(?:\\.|[^\\])*?\"\"\"\"{0,2}|'''.*?''''{0,2}|\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*'|#[^\n]*"
    r"|[\[{]|[\]}]|\n|[^\[\]{}\n\"'#]+",
    re.DOTALL,
)


def with_list(text: str, key: str, names: Sequence[str]) -> str | None:
    """A document in which a top-level list of texts has other elements and nothing else has changed.

    Args:
        text: the document.
        key: the list's name.
        names: the elements that it is to have.

    Returns:
        The new text; ``None`` if that cannot be done with certainty: no TOML, no such list, or a comment inside it.
    """
    try:
        before = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
    span = next((span for keys, span in _spans(text) if keys == (key,)), None)
    if span is None or not isinstance(before.get(key), list):
        return None
    start = text.index("[", text.index("=", span[0]))
    end = _bracket_end(text, start)
    if end is None:
        return None
    after = text[:start] + list_text(names) + text[end:]
    try:
        return after if tomllib.loads(after) == {**before, key: list(names)} else None
    except tomllib.TOMLDecodeError:
        return None


def list_text(names: Sequence[str]) -> str:
    """A list of texts in TOML's notation (basic strings, whose escapes are those of JSON)."""
    return "[" + ", ".join(json.dumps(name) for name in names) + "]"


def _bracket_end(text: str, start: int) -> int | None:
    """Where the list that begins at `start` ends; ``None`` if there is a comment in it, which would be lost."""
    depth = 0
    for piece in _PIECE.finditer(text, start):
        mark = piece[0]
        if mark.startswith("#"):
            return None
        depth += (mark in "[{") - (mark in "]}") if len(mark) == 1 else 0
        if depth == 0:
            return piece.end()
    return None


def line_spans(text: str) -> dict[Keys, tuple[int, int]]:
    """Path of every key and table header with the 1-based numbers of its first and last line. The text must be TOML."""
    return {keys: _lines(text, span) for keys, span in _spans(text)}


def _lines(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """1-based first and last line of a span of offsets."""
    return text.count("\n", 0, span[0]) + 1, text.count("\n", 0, span[1]) + 1


def _spans(text: str) -> Iterable[tuple[Keys, tuple[int, int]]]:
    """Path of every key and table header with the offsets of its first and last character. The text must be TOML."""
    at, prefix = 0, ()
    while True:
        if blank := _BLANK.match(text, at):
            at = blank.end()
        if at >= len(text):
            return
        begin = at
        if text[at] == "[":
            at = at + 2 if text.startswith("[[", at) else at + 1
            prefix, at = _read_keys(text, at)
            at = text.find("\n", at) if "\n" in text[at:] else len(text)
            yield prefix, (begin, begin)
            continue
        keys, at = _read_keys(text, at)
        at = _value_end(text, at)
        yield (*prefix, *keys), (begin, at)


def _read_keys(text: str, at: int) -> tuple[Keys, int]:
    match = _KEYS.match(text, at)
    if match is None:
        raise AssertionError(f"no key at {at} of text that tomllib accepted")
    return tuple(_unquoted(key) for key in _ONE_KEY.findall(match[1])), match.end()


def _unquoted(key: str) -> str:
    return str(tomllib.loads(f"key = {key}")["key"]) if key[0] in "\"'" else key


def _value_end(text: str, at: int) -> int:
    depth = 0
    for piece in _PIECE.finditer(text, at):
        mark = piece[0]
        if mark == "\n" and depth == 0:
            return piece.start()
        depth += (mark in "[{") - (mark in "]}") if len(mark) == 1 else 0
    return len(text)
