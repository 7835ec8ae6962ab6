"""``cambrian init DIR --from FOLDER`` or ``PROGRAM EVALUATOR``: such a task, made explicit. Writes one folder."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from cambrian.app.export import write_files
from cambrian.app.programs import MAX_BYTES, shown
from cambrian.app.taskfile import FILE
from cambrian.core.errors import TaskError, UsageError
from cambrian.search.task import Task

from .finding import Named, find_sources
from .reading import read_task
from .writing import task_toml

__all__ = ["Adopted", "adopt"]

_TAKEN = (".py", ".json", ".jsonl", ".yaml", ".yml", ".toml", ".txt", ".csv", ".md")
_MOST = 500


class Adopted(NamedTuple):
    """A task that was made.

    Args:
        task: what was found out.
        source: the folder that holds program and evaluator.
        written: names of files, under which they were found there.
        left: names of those left out: large ones, and what is not text.
    """

    task: Task
    source: Path
    written: list[str]
    left: list[str]


def adopt(named: Named, folder: Path) -> Adopted:
    """Write a task that says explicitly what was found out about program and evaluator of another framework.

    Args:
        named: a folder that holds both, or the two files, whatever they are called.
        folder: where the task goes: a new or empty folder, which gets copies of the text files of the folder that
            holds both, or that folder itself, which gets a ``task.toml`` and nothing else.

    Raises:
        TaskError: there is no such program or evaluator.
        UsageError: something would be overwritten.
    """
    path = Path(named.path)
    if not path.exists():
        raise TaskError(
            "there is no such file or folder", path=str(path),
            fix="name a folder that holds program and evaluator, or both files: --from PROGRAM EVALUATOR",
        )  # fmt: skip
    evaluator, config = (None if it is None else Path(it) for it in (named.evaluator, named.config))
    task = read_task(find_sources(path, evaluator, config), named.framework)
    text, source = task_toml(task), task.path
    if folder.resolve() == source.resolve():
        _write_beside(folder, text)
        return Adopted(task, source, [FILE], [])
    files, left = _copies(source)
    try:
        write_files(folder, {**files, FILE: text})
    except UsageError as error:
        raise UsageError(f"{error}; init overwrites nothing") from None
    return Adopted(task, source, sorted({*files, FILE}), left)


def _write_beside(folder: Path, text: str) -> None:
    try:
        with (folder / FILE).open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise UsageError(f"{shown(folder / FILE)} exists already; init overwrites nothing") from None
    except OSError as error:
        raise UsageError(f"{shown(folder / FILE)} cannot be written: {error.strerror}") from error


def _copies(source: Path) -> tuple[dict[str, str], list[str]]:
    files: dict[str, str] = {}
    left: list[str] = []
    for path in sorted(source.rglob("*")):
        name = path.relative_to(source)
        if any(part.startswith((".", "__pycache__")) for part in name.parts) or path.is_dir() or name.name == FILE:
            continue
        text = _text(path) if path.suffix in _TAKEN and len(files) < _MOST else None
        if text is None:
            left.append(name.as_posix())
        else:
            files[name.as_posix()] = text
    return files, left


def _text(path: Path) -> str | None:
    """The text of a file that is one and is not large, nor a link to somewhere else."""
    if path.is_symlink() or not path.is_file() or path.stat().st_size > MAX_BYTES:
        return None
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
