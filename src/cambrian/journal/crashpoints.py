"""Labelled places where a test may let the process die. Standard library only; does nothing unless armed.

A label names the moment, as in ``crash_point("sqlite.append.before_commit")``. Nothing in the environment and no
configuration can arm one: only `arm`, called by a test's own child process.
"""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["FILE_LABELS", "SQLITE_LABELS", "arm", "crash_point"]

SQLITE_LABELS = (
    "sqlite.create.before_link",
    "sqlite.create.after_link",
    "sqlite.append.before_write",
    "sqlite.append.after_events",
    "sqlite.append.before_commit",
    "sqlite.append.after_commit",
    "sqlite.lease.before_write",
    "sqlite.fork.before_write",
    "sqlite.fork.after_events",
    "sqlite.restore.before_commit",
    "sqlite.restore.after_commit",
    "sqlite.gc.after_delete",
    "sqlite.gc.after_commit",
)
"""Every label of the SQLite backend."""

FILE_LABELS = (
    "file.create.before_rename",
    "file.create.after_rename",
    "file.blob.before_rename",
    "file.blob.after_rename",
    "file.append.before_write",
    "file.append.before_rename",
    "file.append.after_rename",
    "file.append.half_written",
    "file.append.written",
    "file.append.before_commit",
    "file.append.after_commit",
    "file.lease.before_rename",
    "file.lease.after_rename",
    "file.fork.before_rename",
    "file.fork.after_rename",
    "file.restore.before_rename",
    "file.restore.after_rename",
    "file.gc.after_delete",
)
"""Every label of the file backend."""

_armed: list[Callable[[str], None]] = []


def arm(hook: Callable[[str], None]) -> None:
    """Call `hook` with every label from now on, for the rest of this process."""
    _armed.append(hook)


def crash_point(label: str) -> None:
    """Pass a labelled place."""
    for hook in _armed:
        hook(label)
