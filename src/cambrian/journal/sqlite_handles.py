"""Which SQLite files this process has open. Whoever wants to read such a file by other means asks here first.

A POSIX lock belongs to a process and a file, and *closing any descriptor of that file gives up all of them*, whoever
took them (fcntl(2); "How to corrupt an SQLite database file", section 2.2). So a look at the header with a descriptor
of our own would take away the lock by which SQLite in other processes knows that this one is there. The next of them
that closes the file would then delete the write-ahead log under our feet, and with it what we have committed since.
"""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from pathlib import Path
from threading import Lock
from urllib.parse import quote

_File = tuple[int, int]
"""Device and inode."""

_lock = Lock()
_open: Counter[_File] = Counter()


class Handle(sqlite3.Connection):
    """A connection that is counted while it is open."""

    counted: _File | None = None

    def close(self) -> None:
        """Close it. Idempotent."""
        super().close()
        counted, self.counted = self.counted, None
        if counted is not None:
            _uncount(counted)


def connect(path: Path, query: str, *, timeout: float) -> sqlite3.Connection:
    """A connection in autocommit mode, for one thread at a time.

    Args:
        path: the file.
        query: URI parameters, such as ``"mode=ro"``.
        timeout: seconds that a statement waits for a lock.
    """
    counted = _count(path)
    try:
        handle = sqlite3.connect(
            f"file:{quote(str(path.absolute()))}?{query}",
            uri=True,
            timeout=timeout,
            isolation_level=None,
            check_same_thread=False,
            factory=Handle,
        )
    except BaseException:
        if counted is not None:
            _uncount(counted)
        raise
    handle.counted = counted
    return handle


def _count(path: Path) -> _File | None:
    """Count a file before it is opened; one that is only just made has no locks to lose."""
    with _lock:
        try:
            status = path.stat()
        except OSError:  # SQLite will tell
            return None
        file = (status.st_dev, status.st_ino)
        _open[file] += 1
        return file


def _uncount(file: _File) -> None:
    with _lock:
        _open[file] -= 1
        if _open[file] <= 0:
            del _open[file]


def read_head(path: Path, size: int) -> bytes | None:
    """The first bytes of a file; ``None`` if this process has it open, so that it must not be touched.

    Raises:
        OSError: it cannot be read.
    """
    with _lock:
        status = os.stat(path)
        if _open[(status.st_dev, status.st_ino)] > 0:
            return None
        with path.open("rb") as file:
            return file.read(size)
