"""Evaluations kept beside the journal, workspace-wide: one file each, bounded, and never relied upon.

A file that is torn or altered fails its checksum: that is told, it is deleted, and its program runs again. Several
processes may use the cache at once: files are put in place whole, by renaming.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from cambrian.core.ids import Digest
from cambrian.journal.replacing import replace_file
from cambrian.search.recall import Kept, Recall
from cambrian.search.task import Task

from .surroundings import surroundings

BOUND = 256 * 2**20
"""Bytes that all of it may take."""
AGE = 30 * 86_400.0
"""Seconds after which what nobody asked for goes."""
_CHECK = 32
_log = logging.getLogger("cambrian.app")


class EvaluationCache(Kept):
    """A folder of evaluations.

    Args:
        folder: made when something is kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: Digest) -> bytes | None:
        """See `Kept`. What is found counts as used now."""
        file = self._file(key)
        try:
            data = file.read_bytes()
            if sha256(data[_CHECK:]).digest() != data[:_CHECK]:
                _log.warning("the kept evaluation %s was damaged and is deleted; its program runs again", file)
                file.unlink(missing_ok=True)
                return None
            os.utime(file)
        except OSError:
            return None
        return data[_CHECK:]

    def put(self, key: Digest, content: bytes) -> None:
        """See `Kept`."""
        file = self._file(key)
        with suppress(OSError):  # a full disk ends the journal, and so the search; it need not end here
            file.parent.mkdir(parents=True, exist_ok=True)
            replace_file(file, sha256(content).digest() + content, durable=False, label="app.cache")

    def _file(self, key: Digest) -> Path:
        return self._folder / key[:2] / key[2:]

    def trim(self, *, bound: int = BOUND, age: float = AGE, now: float | None = None) -> int:
        """Delete what is older than `age`, then what was not used for longest until `bound` bytes are left.

        Args:
            bound: bytes.
            age: seconds.
            now: seconds since the Unix epoch; by default the machine's.

        Returns:
            Bytes freed.
        """
        oldest = (time.time() if now is None else now) - age
        files = sorted(self._files(), reverse=True)  # the latest used first
        left = freed = 0
        for used, size, path in files:
            if used < oldest or left + size > bound:
                with suppress(OSError):
                    os.unlink(path)
                    freed += size
            else:
                left += size
        return freed

    def _files(self) -> Iterator[tuple[float, int, str]]:
        """When each was last used, its bytes, its path; parts that a killed process has left are among them."""
        if not self._folder.is_dir():
            return
        for part in os.scandir(self._folder):
            if not part.is_dir(follow_symlinks=False):
                continue
            for entry in os.scandir(part.path):
                with suppress(OSError):
                    stat = entry.stat(follow_symlinks=False)
                    yield stat.st_mtime, stat.st_size, entry.path


def recall_of(task: Task, folder: Path) -> Recall | None:
    """What a search of a task may recall; `None` where nothing may be: there is no telling whether a score still holds.

    Args:
        task: the task.
        folder: where evaluations are kept.
    """
    if not task.cache or task.mode != "artifact":
        return None
    around = surroundings(task.path)
    if around is None:
        return None
    cache = EvaluationCache(folder)
    cache.trim()
    return Recall(task, cache, around)
