"""A change in pieces that can be taken or left one by one: what leads from one program to another. Pure text."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from typing import NamedTuple

from .edit import lines


class Piece(NamedTuple):
    """A place where two programs differ.

    Args:
        path: the file.
        line: 1-based line of the older text at which it begins.
        hunk: number of the run of changed lines that it belongs to.
        removed: text that goes.
        added: text that comes.
    """

    path: str
    line: int
    hunk: int
    removed: str
    added: str


class Patch:
    """The difference of two programs. Lines are compared without their ends, which are the newer program's.

    Args:
        before: path → text.
        after: path → text.
        fine: where as many lines came as went, each of them is a piece of its own; else a hunk is one piece.
    """

    def __init__(self, before: Mapping[str, str], after: Mapping[str, str], *, fine: bool = False) -> None:
        self._before, self._after, self._fine = before, after, fine
        self._parts: dict[str, list[str | int]] = {}
        self.pieces: list[Piece] = []
        self.hunks = 0
        for path in sorted(before.keys() | after.keys()):
            self._parts[path] = self._file(path)

    def _file(self, path: str) -> list[str | int]:
        """A file as texts that stay and numbers of pieces."""
        old, new = lines(self._before.get(path, "")), lines(self._after.get(path, ""))
        matcher = difflib.SequenceMatcher(a=_bare(old), b=_bare(new), autojunk=False)
        parts: list[str | int] = []
        for tag, a, b, c, d in matcher.get_opcodes():
            if tag == "equal":
                parts.append("".join(new[c:d]))
                continue
            pairs = [(a + i, a + i + 1, c + i, c + i + 1) for i in range(b - a)]
            for i, j, k, m in pairs if self._fine and b - a == d - c else [(a, b, c, d)]:
                parts.append(len(self.pieces))
                self.pieces.append(Piece(path, i + 1, self.hunks, "".join(old[i:j]), "".join(new[k:m])))
            self.hunks += 1
        return parts

    def apply(self, kept: Collection[int]) -> dict[str, str]:
        """The older program with these pieces of the change: all of them give the newer one.

        Args:
            kept: numbers of `pieces`.
        """
        files: dict[str, str] = {}
        for path, parts in self._parts.items():
            text = "".join(part if isinstance(part, str) else self._text(part, part in kept) for part in parts)
            whole = all(part in kept for part in parts if isinstance(part, int))
            if text or path in (self._after if whole else self._before):
                files[path] = text
        return files

    def _text(self, piece: int, kept: bool) -> str:
        return self.pieces[piece].added if kept else self.pieces[piece].removed


def _bare(texts: list[str]) -> list[str]:
    return [text.rstrip("\r\n") for text in texts]
