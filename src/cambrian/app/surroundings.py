"""Reading what stands beside a task's scorer: for a run that is taken up again, and for the evaluation cache.

Left out are ``task.toml``, what tools keep for themselves (`ASIDE`), and for a run that is taken up again the program
and the scorer, whose texts it has.
"""

from __future__ import annotations

import os
import sysconfig
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from cambrian.core.ids import Digest, digest
from cambrian.search.surroundings import Surroundings
from cambrian.search.task import Task

FILES, BYTES = 2_000, 64 * 2**20
"""Files of a task's folder, and bytes of them, that are read for the cache; with more it is not used. With more files
those in folders below it are known to a run together, folder by folder, by names, sizes and when they were written."""
WHOLE = 2**18
"""Bytes up to which a file is known to a run by its content; a larger one by its size and when it was written."""
MANY = 500
"""Files right in one folder beyond which they are known to a run together."""
MOST = 100_000
"""Files that a run looks at."""
ASIDE = frozenset({".cambrian", ".git", ".venv", "__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache"})
"""Folders that no scorer's answer hangs on: journals, histories, environments, caches."""
_JOURNAL, _BESIDE_IT = "journal.db", frozenset({"cache", "lines", "tasks"})
"""By this file a workspace is known, whatever its name; what else stands in it where it is the task's folder itself."""


def read_surroundings(task: Task) -> Surroundings:
    """What stands beside the scorer of a task that has a folder. A file that cannot be read is marked as such."""
    own = {task.evaluator, *task.program}
    folders = list(_at_most(MOST, _folders(task.path)))
    large = sum(len(names) for _, names in folders) > FILES
    marks: dict[str, str] = {}
    for folder, names in folders:
        place = "" if folder == task.path else f"{folder.relative_to(task.path).as_posix()}/"
        beside = {f"{place}{name}": folder / name for name in names if f"{place}{name}" not in own}
        if len(beside) > MANY or (large and place):
            marks[_writable(place or "./")] = _digest("\n".join(f"{name}\0{_stamp(beside[name])}" for name in beside))
        else:
            marks |= {_writable(name): _mark(path) for name, path in beside.items()}
    return Surroundings(marks)


def _at_most(files: int, folders: Iterator[tuple[Path, list[str]]]) -> Iterator[tuple[Path, list[str]]]:
    for folder, names in folders:
        yield folder, names[:files]
        files -= len(names)
        if files <= 0:
            return


def _mark(path: Path) -> str:
    try:
        small = path.stat().st_size <= WHOLE
        return sha256(path.read_bytes()).hexdigest() if small else _stamp(path)
    except OSError as error:
        return f"cannot be read: {error.strerror}"


def _stamp(path: Path) -> str:
    try:
        stat = path.stat()
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    return f"{stat.st_size} bytes of {stat.st_mtime_ns}"


def _writable(name: str) -> str:
    """A name as a journal can hold it: one that is not UTF-8 has its bytes escaped."""
    return name.encode("utf-8", "backslashreplace").decode()


def surroundings(folder: Path) -> Digest | None:
    """Digest of what a scorer can read: the task's folder and which packages are installed; `None` if it is too much.

    Everything counts by its content, for a score that is recalled is never looked at again.
    """
    purelib = Path(sysconfig.get_paths()["purelib"])
    parts = [f"{purelib}\0{purelib.stat().st_mtime_ns if purelib.exists() else 0}"]
    left = BYTES
    try:
        for count, path in enumerate(here / name for here, names in _folders(folder) for name in names):
            left -= path.stat().st_size
            if count >= FILES or left < 0:
                return None
            parts.append(f"{path.relative_to(folder)}\0{sha256(path.read_bytes()).hexdigest()}")
    except OSError:
        return None
    return _digest("\n".join(parts))


def _digest(text: str) -> Digest:
    return digest(text.encode("utf-8", "surrogateescape"))


def _folders(top: Path) -> Iterator[tuple[Path, list[str]]]:
    """Each folder with the names of the files right in it, in an order that is always the same."""
    for here, folders, names in os.walk(top):
        place = Path(here)
        workspace = _JOURNAL in names
        if workspace and place != top:
            folders.clear()
            continue
        aside = ASIDE | _BESIDE_IT if workspace else ASIDE
        folders[:] = sorted(name for name in folders if name not in aside)
        files = (name for name in names if not (workspace and name.startswith(_JOURNAL)) and (place / name).is_file())
        yield place, sorted(name for name in files if place / name != top / "task.toml")
