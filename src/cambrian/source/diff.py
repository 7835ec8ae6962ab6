"""What changed between two programs, for people. Text only."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from .edit import lines


class Stat(NamedTuple):
    """Size of a change: files touched, lines added, lines removed."""

    files: int
    added: int
    removed: int


def unified(before: Mapping[str, str], after: Mapping[str, str], *, context: int = 3) -> str:
    """Unified diff of two programs (path → text), files in order of name; empty when they are equal.

    A missing file counts as ``/dev/null``, as in git; a last line without an end is marked the same way.
    """
    parts: list[str] = []
    for name in _changed(before, after):
        old, new = before.get(name), after.get(name)
        parts += _finish(
            difflib.unified_diff(
                lines(old or ""),
                lines(new or ""),
                "/dev/null" if old is None else f"a/{name}",
                "/dev/null" if new is None else f"b/{name}",
                n=context,
            )
        )
    return "".join(parts)


def stat(before: Mapping[str, str], after: Mapping[str, str]) -> Stat:
    """How much changed."""
    added = removed = files = 0
    for name in _changed(before, after):
        files += 1
        for line in difflib.ndiff(lines(before.get(name, "")), lines(after.get(name, ""))):
            added += line.startswith("+ ")
            removed += line.startswith("- ")
    return Stat(files, added, removed)


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def _finish(diff: Iterator[str]) -> Iterator[str]:
    for line in diff:
        yield line
        if not line.endswith(("\n", "\r")):
            yield "\n\\ No newline at end of file\n"
