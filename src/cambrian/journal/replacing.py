"""Files that are replaced as a whole: nobody ever sees half of one. Standard library only; knows no journal."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from threading import get_ident

from .crashpoints import crash_point


def replace_file(
    path: Path, content: bytes, *, durable: bool, label: str, mode: int | None = None,
    owner: tuple[int, int] | None = None,
) -> None:  # fmt: skip
    """Write a file: it has its old content or its new one, at every moment.

    What a process that dies in here leaves behind is what `leftovers` finds.

    Args:
        path: the file; its folder must be there.
        content: all of it.
        durable: whether it must survive a loss of power from when this returns.
        label: of its crash points.
        mode: permission bits; by default those that a new file gets.
        owner: user and group that it shall belong to, as far as this process may give it away.

    Raises:
        OSError: as the system says; the old content stands.
    """
    fresh = path.with_name(f".{path.name}.new-{os.getpid()}-{get_ident()}")
    try:
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            if owner is not None and owner != (os.geteuid(), os.getegid()):
                with contextlib.suppress(PermissionError):
                    os.fchown(file.fileno(), *owner)
            if mode is not None:
                os.fchmod(file.fileno(), mode)
            if durable:
                os.fdatasync(file.fileno())
        crash_point(f"{label}.before_rename")
        os.replace(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)
    crash_point(f"{label}.after_rename")
    if durable:
        sync_folder(path.parent)


def leftovers(path: Path) -> list[Path]:
    """What processes that died while they replaced `path` have left beside it."""
    return sorted(path.parent.glob(f".{_plain(path.name)}.new-*"))


def clear_leftovers(path: Path) -> None:
    """Delete what processes that do not run any more have left beside `path`."""
    for file in leftovers(path):
        pid = file.name.rpartition(".new-")[2].partition("-")[0]
        if pid.isdecimal() and not Path("/proc", pid).exists():
            file.unlink(missing_ok=True)


def _plain(name: str) -> str:
    """A name in which `Path.glob` finds no pattern."""
    return "".join(f"[{character}]" if character in "*?[" else character for character in name)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a loss of power (fsync(2) says why a file's own flush is not enough)."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
