"""Putting contents into a folder: each file replaced as a whole, all of them or none. Knows no run and no task.

What a process that dies in here leaves is old or new, file by file; whoever needs all of one kind has written down
beforehand what it was about to do, and settles it the next time (`app.promotion`, `improvement.applying`).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from .crashpoints import crash_point
from .replacing import replace_file, sync_folder

__all__ = ["PLACE_LABELS", "write_all", "write_atomically"]

_LABEL = "place"
PLACE_LABELS = ("place.before_rename", "place.after_rename", "place.removed")
"""Labels of the crash points in here."""


class _Stood(NamedTuple):
    """What stood at a path: content and permission bits; None where nothing did."""

    content: bytes
    mode: int


def write_all(folder: Path, contents: Mapping[str, bytes | None]) -> None:
    """Write every file, or put back what was done already.

    Args:
        folder: the folder.
        contents: path → content; None takes a file away.

    Raises:
        OSError: one could not be written or removed; the others are as they were.
    """
    stood = {name: _standing(folder / name) for name in contents}
    made = _missing_folders(folder, contents)
    done: list[str] = []
    try:
        for name, content in contents.items():
            done.append(name)
            _place(folder / name, content, None)
    except OSError:
        for name in reversed(done):
            was = stood[name]
            _place(folder / name, was.content if was else None, was.mode if was else None)
        _remove_empty(made)
        raise


def _standing(file: Path) -> _Stood | None:
    try:
        with file.open("rb") as opened:
            return _Stood(opened.read(), stat.S_IMODE(os.fstat(opened.fileno()).st_mode))
    except (FileNotFoundError, NotADirectoryError):
        return None


def _place(file: Path, content: bytes | None, mode: int | None) -> None:
    if content is not None:
        write_atomically(file, content, mode=mode)
    elif os.path.lexists(file):
        file.unlink()
        crash_point("place.removed")
        sync_folder(file.parent)


def _missing_folders(folder: Path, names: Mapping[str, bytes | None]) -> list[Path]:
    """Folders that have to be made, inner ones first."""
    parents = {parent for name in names for parent in Path(name).parents}
    missing = [folder / parent for parent in parents if not (folder / parent).exists()]
    return sorted(missing, key=lambda path: -len(path.parts))


def _remove_empty(folders: list[Path]) -> None:
    for folder in folders:
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def write_atomically(file: Path, data: bytes, *, mode: int | None = None) -> None:
    """Replace a file's content so that nobody ever sees half of it; keeps mode and owner of what stood there.

    Args:
        file: the file; of a link, what it leads to.
        data: all of it.
        mode: permission bits of a file that is not there.

    Raises:
        OSError: as the system says.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    was = file.stat() if file.exists() else None
    replace_file(
        file.resolve() if file.is_symlink() else file, data, durable=True, label=_LABEL,
        mode=stat.S_IMODE(was.st_mode) if was else 0o644 if mode is None else mode,
        owner=(was.st_uid, was.st_gid) if was else None,
    )  # fmt: skip
