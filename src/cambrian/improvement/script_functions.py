"""Functions of a JavaScript or TypeScript file: which there are, what they reach, what rules make of them."""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import Path

from cambrian.core.errors import UsageError
from cambrian.source.rules.catalogue import find, rules
from cambrian.source.rules.rule import Rewrite, applied
from cambrian.source.rules.script import Script
from cambrian.source.script_tops import span, tops
from cambrian.source.tree import Problem

from .improving import Change
from .targets import read_source

__all__ = ["check_function", "derived", "is_script", "parsed"]

_SUFFIXES = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts")
_ROUNDS = 6


def is_script(path: Path) -> bool:
    """Whether a file is JavaScript or TypeScript, by its name."""
    return path.suffix.lower() in _SUFFIXES


def parsed(text: str, path: Path) -> Script:
    """A file.

    Raises:
        UsageError: it cannot be read.
    """
    read = Script.read(text, path.name)
    if isinstance(read, Problem):
        raise UsageError(f"{str(path)!r} cannot be read: {read}")
    return read


def check_function(path: Path, name: str) -> None:
    """Refuse a file that cannot be read, and a function that it has not; "" names none.

    Raises:
        UsageError: it is so; names those that may be meant.
    """
    known = tops(parsed(read_source(path), path))
    if name and name not in known:
        some = ", ".join([*get_close_matches(name, known), *known][:8]) or "none"
        raise UsageError(f"{str(path)!r} has no function {name!r} at its top; it has {some}")


def derived(text: str, path: str, name: str, barred: frozenset[str] = frozenset()) -> tuple[str, tuple[Change, ...]]:
    """The text with all that the rules would do in a function, and in what it calls, round by round.

    Args:
        text: the file.
        path: its name.
        name: of a function at its top.
        barred: rules that are not asked.
    """
    made: list[Change] = []
    chosen = [rule for rule in rules("speed", "javascript") if rule.id not in barred]
    for _ in range(_ROUNDS):
        scopes = _reached(text, path, name)
        found = [one for one in find(text, path, chosen) if _allowed(one, scopes)]
        new = applied(text, sorted(found, key=lambda one: -one.gain)) if found else text
        if new == text:
            break
        made += [
            Change(rule=one.rule, line=one.line, what=one.what, ground=one.ground, assumes=one.assumes) for one in found
        ]
        text = new
    return text, tuple(made)


def _allowed(one: Rewrite, scopes: set[str]) -> bool:
    return bool(one.splices) and one.ground != "changes" and one.scope.partition(".")[0] in scopes


def _reached(text: str, path: str, name: str) -> set[str]:
    """A function and those at the top of the file that it names, and so on."""
    known = tops(parsed(text, Path(path)))
    found, todo = {name}, [name]
    while todo:
        binding = known.get(todo.pop())
        words = set(re.findall(r"[\w$]+", span(binding).text)) if binding is not None else set[str]()
        new = (words & known.keys()) - found
        found |= new
        todo += new
    return found
