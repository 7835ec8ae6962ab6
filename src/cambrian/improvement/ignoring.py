"""Improvement: what a repository's ``.gitignore`` files hide (gitignore(5)). The patterns are pathspec's business."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

__all__ = ["Ignored"]

_NAME = ".gitignore"
_LARGEST = 2**20


class Ignored(msgspec.Struct, frozen=True):
    """What is hidden in a folder: the patterns of each folder down to it, outermost first."""

    specs: tuple[tuple[str, GitIgnoreSpec], ...] = ()

    @classmethod
    def above(cls, root: Path, folder: Path) -> Ignored:
        """What the folders from `root` down to the one above `folder` hide."""
        found = cls()
        if folder == root or not folder.is_relative_to(root):
            return found
        for parent in reversed([place for place in folder.parents if place.is_relative_to(root)]):
            found = found.within(parent)
        return found

    def within(self, folder: Path) -> Ignored:
        """And what a folder's own file hides."""
        file = folder / _NAME
        if not file.is_file() or file.stat().st_size > _LARGEST:
            return self
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
        return Ignored((*self.specs, (f"{folder}/", _spec(lines))))

    def hides(self, path: str, *, folder: bool) -> bool:
        """Whether a path is hidden; the innermost file that has something to say decides."""
        for prefix, spec in reversed(self.specs):
            said = spec.check_file(path[len(prefix) :] + ("/" if folder else "")).include
            if said is not None:
                return said
        return False


def _spec(lines: list[str]) -> GitIgnoreSpec:
    """The patterns; lines that are none are left out, as git does."""
    from pathspec import GitIgnoreSpec  # imported where there is something to ignore: it takes its time

    try:
        return GitIgnoreSpec.from_lines(lines)
    except ValueError:
        return GitIgnoreSpec.from_lines([line for line in lines if _is_pattern(line)])


def _is_pattern(line: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True
