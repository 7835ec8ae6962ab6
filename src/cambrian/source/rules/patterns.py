"""Regular expressions of the plainest kind: which characters they ask for. What is not plain has no answer."""

from __future__ import annotations

import string
from typing import NamedTuple

__all__ = ["Characters", "characters", "literal", "required"]

_SPECIAL = frozenset(".^$*+?{}[]\\|()")
_MOST = 128
"""Characters of a class, or of a text that repetitions make."""
_RESERVED = ("--", "&&", "~~", "||")
"""Signs of set operations, of which `re` warns."""
_NAMES = {
    "".join(sorted(getattr(string, name))): name for name in ("ascii_lowercase", "ascii_uppercase", "ascii_letters")
}


class _Item(NamedTuple):
    """A character and how often it stands there; `most` is ``None`` without an end."""

    character: str
    least: int
    most: int | None


class Characters(NamedTuple):
    """A class of characters that are all told.

    Args:
        text: the characters, each once.
        name: of the constant in the module `string`, or ``""``.
        repeated: whether one or more of them are taken at once.
    """

    text: str
    name: str
    repeated: bool


def literal(pattern: str) -> str:
    """The only text that a pattern matches; ``""`` if there are others."""
    items = _items(pattern)
    if not items or any(item.least != item.most for item in items):
        return ""
    return _joined(items)


def required(pattern: str, *, front: bool = False) -> str:
    """The text that is a part of exactly those texts that a pattern is found in; ``""`` if no single one is.

    Args:
        pattern: without ``^``.
        front: whether it has to be found at the front; then the text is what others begin with.
    """
    items = _items(pattern) or []
    while items and items[-1].least == 0:
        items.pop()
    while not front and items and items[0].least == 0:
        items.pop(0)
    inner = items[: len(items) - 1] if front else items[1 : len(items) - 1]
    if any(item.least != item.most for item in inner):
        return ""
    return _joined(items)


def _joined(items: list[_Item]) -> str:
    return "".join(item.character * item.least for item in items) if sum(i.least for i in items) <= _MOST else ""


def _items(pattern: str) -> list[_Item] | None:
    found: list[_Item] = []
    place = 0
    while place < len(pattern):
        character = pattern[place]
        if character == "\\":
            character = pattern[place + 1 : place + 2]
            if not character or character.isalnum() or not character.isascii():
                return None
            place += 1
        elif character in _SPECIAL:
            return None
        repetition, place = _repetition(pattern, place + 1)
        if repetition is None:
            return None
        found.append(_Item(character, *repetition))
    return found


def _repetition(pattern: str, place: int) -> tuple[tuple[int, int | None] | None, int]:
    """How often what stands before `place` is asked for, and where the pattern goes on."""
    sign = pattern[place : place + 1]
    if sign in ("?", "*", "+"):
        lazy = pattern[place + 1 : place + 2] in ("?", "+")
        return (None, place) if lazy else ((int(sign == "+"), 1 if sign == "?" else None), place + 1)
    if sign != "{":
        return (1, 1), place
    words, closed, behind = pattern[place + 1 :].partition("}")
    found = _bounds(words) if closed and behind[:1] not in ("?", "+") else None
    return (None, place) if found is None else (found, place + len(words) + 2)


def _bounds(words: str) -> tuple[int, int | None] | None:
    """What stands between braces: ``2``, ``2,``, ``2,5``."""
    least, comma, most = words.partition(",")
    if len(words) > 9 or not _is_number(least) or (most and not _is_number(most)):
        return None
    if most and int(most) < int(least):
        return None
    return int(least), int(most) if most else None if comma else int(least)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def characters(pattern: str) -> Characters | None:
    """The characters that a pattern such as ``[a-z_]+`` takes, one or several at a time; ``None`` for any other."""
    repeated = pattern.endswith("]+")
    inner = pattern[1 : -2 if repeated else -1]
    if not pattern.startswith("[") or not pattern.endswith("]+" if repeated else "]") or not inner or inner[0] == "^":
        return None
    if any(sign in inner for sign in _RESERVED):
        return None
    found: dict[str, None] = {}
    place = 0
    while place < len(inner):
        first, after = _single(inner, place)
        if first is None:
            return None
        last = first
        if inner[after : after + 1] == "-" and after + 1 < len(inner):
            last, after = _single(inner, after + 1)
        if last is None or ord(last) < ord(first) or ord(last) - ord(first) > _MOST:
            return None
        found.update(dict.fromkeys(map(chr, range(ord(first), ord(last) + 1))))
        place = after
    text = "".join(found)
    return Characters(text, _NAMES.get("".join(sorted(text)), ""), repeated) if len(text) <= _MOST else None


def _single(inner: str, place: int) -> tuple[str | None, int]:
    """The character at a place of a class, and what comes behind; what may be read in two ways is none."""
    character = inner[place]
    if character == "\\":
        character = inner[place + 1 : place + 2]
        good = bool(character) and character.isascii() and not character.isalnum()
        return (character if good else None), place + 2
    return (None if character in "[]" else character), place + 1
