"""A command for the shell, taken apart into words, where that is clear. Text only."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence

from .sql.template import Hole, Unit

__all__ = ["words_of_command"]

_SPECIAL = frozenset("|&;<>()$`\\*?[]{}~#!\n\r=%")
"""What a shell reads as more than a letter; ``=`` only at the beginning of a command, and ``{ }`` in f-strings."""
_ALLOWED = frozenset("=%{}")
_BUILT_IN = frozenset(
    [
        ".",
        ":",
        "alias",
        "bg",
        "break",
        "cd",
        "command",
        "continue",
        "eval",
        "exec",
        "exit",
        "export",
        "fc",
        "fg",
        "getopts",
        "hash",
        "jobs",
        "local",
        "read",
        "readonly",
        "return",
        "set",
        "shift",
        "source",
        "times",
        "trap",
        "type",
        "ulimit",
        "umask",
        "unalias",
        "unset",
        "wait",
        "if",
        "for",
        "while",
        "until",
        "case",
        "function",
        "time",
    ]
)
"""What only a shell can do, as no program has that name; ``echo``, ``test`` and the like are programs, too."""
_PLAIN = re.compile(r"[^'\"\\{}\n]*$")


def words_of_command(units: Sequence[Unit], segment: Callable[[ast.expr], str]) -> list[str] | None:
    """The words of a command as expressions, or ``None`` where a shell is needed, or the words cannot be told.

    Args:
        units: the command.
        segment: the text of an expression.
    """
    words = _split(units)
    if words is None or words[0] == [] or _needs_shell(words):
        return None
    found = [_word(word, segment) for word in words if word]
    whole = [word for word in found if word is not None]
    return whole if len(whole) == len(found) else None


def _split(units: Sequence[Unit]) -> list[list[Unit]] | None:
    """The command apart at its blanks, without quotes; ``None`` where a quote is open or a sign is the shell's."""
    words: list[list[Unit]] = [[]]
    quote = ""
    for unit in units:
        char = unit.char if unit.hole is None else ""
        if char in _SPECIAL - _ALLOWED or "\ue000" <= char <= "\ue0ff":
            return None
        if char and char in "'\"" and quote in ("", char):
            quote = "" if quote else char
        elif char.isspace() and not quote:
            words.append([])
        else:
            words[-1].append(unit)
    return None if quote else words


def _needs_shell(words: list[list[Unit]]) -> bool:
    """Whether the command itself comes from elsewhere, or is the shell's own, or a word stands for others."""
    if any(unit.hole is not None for unit in words[0]):
        return True
    return "".join(unit.char for unit in words[0]) in _BUILT_IN or any(map(_expands, words))


def _expands(word: Sequence[Unit]) -> bool:
    """Whether some shells make several words of it: ``a{1,2}``, ``{1..3}``."""
    return re.search(r"\{[^{}]*(,|\.\.)[^{}]*\}", "".join("x" if unit.hole else unit.char for unit in word)) is not None


def _word(units: Sequence[Unit], segment: Callable[[ast.expr], str]) -> str | None:
    holes = [unit.hole for unit in units if unit.hole is not None]
    if any(hole.node is None or hole.spec or hole.source for hole in holes):
        return None
    if not holes:
        text = "".join(unit.char for unit in units)
        return f'"{text}"' if _PLAIN.match(text) else repr(text)
    if len(units) == 1:
        return _source(holes[0], segment)
    parts = [f"{{{_source(unit.hole, segment)}}}" if unit.hole is not None else unit.char for unit in units]
    plain = all(_PLAIN.match(part[1:-1] if part.startswith("{") else part) for part in parts)
    return f'f"{"".join(parts)}"' if plain else None


def _source(hole: Hole, segment: Callable[[ast.expr], str]) -> str:
    assert hole.node is not None
    text = segment(hole.node)
    return f"str({text})" if hole.conversion == "s" else text
