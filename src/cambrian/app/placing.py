"""Putting texts into a folder: each file replaced as a whole, all of them or none. Knows no run and no task."""

from __future__ import annotations

import stat
from collections.abc import Collection, Mapping
from pathlib import Path

from cambrian.core.errors import TaskError
from cambrian.journal.replacing import replace_file, sync_folder


def write_all(folder: Path, after: Mapping[str, str], before: Mapping[str, str], remove: Collection[str] = ()) -> None:
    """Write every file and remove some, or put back what was done already.

    Args:
        folder: the folder.
        after: path → text to write.
        before: path → text that stands there; files that are not there are left out.
        remove: paths of files that are to go.

    Raises:
        TaskError: one could not be written or removed; the others are as they were.
    """
    done: list[str] = []
    try:
        for name, text in after.items():
            write_atomically(folder / name, text.encode())
            done.append(name)
        for name in remove:
            (folder / name).unlink(missing_ok=True)
            done.append(name)
            sync_folder((folder / name).parent)
    except OSError as error:
        for name in done:
            _put_back(folder / name, before.get(name))
        raise TaskError(
            f"cannot be written: {error.strerror}; nothing was changed", path=str(error.filename or folder),
            fix="see to permissions and room, then repeat",
        ) from error  # fmt: skip


def _put_back(file: Path, text: str | None) -> None:
    if text is None:
        file.unlink()
    else:
        write_atomically(file, text.encode())


def write_atomically(file: Path, data: bytes) -> None:
    """Replace a file's content so that nobody ever sees half of it; keeps the mode of what stood there.

    Raises:
        OSError: as the system says.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    mode = stat.S_IMODE(file.stat().st_mode) if file.exists() else 0o644
    replace_file(file.resolve() if file.is_symlink() else file, data, durable=True, mode=mode, label="app.place")
