"""``cambrian init DIR --from FOLDER``: a task of another framework, made explicit. Writes one folder."""

from __future__ import annotations

from pathlib import Path

from cambrian.app.export import write_files
from cambrian.app.programs import MAX_BYTES, shown
from cambrian.app.taskfile import FILE
from cambrian.core.errors import TaskError, UsageError

from .finding import find_sources
from .reading import read_task
from .writing import task_toml

__all__ = ["adopt"]

_TAKEN = (".py", ".json", ".jsonl", ".yaml", ".yml", ".toml", ".txt", ".csv", ".md")
_MOST = 500


def adopt(source: Path, folder: Path, framework: str = "") -> tuple[list[str], list[str]]:
    """Write a task that says explicitly what was found out about a folder of another framework.

    Args:
        source: the folder with program and evaluator.
        folder: where the task goes: a new or empty folder, which gets copies of the text files, or the source itself,
            which gets a ``task.toml`` and nothing else.
        framework: whose evaluator it is; empty to find out.

    Returns:
        Names of the files written, and of those left out: large ones, and what is not text.

    Raises:
        TaskError: the source is no such folder.
        UsageError: something would be overwritten.
    """
    if not source.is_dir():
        raise TaskError("there is no such folder", path=str(source), fix="name the folder with program and evaluator")
    task = read_task(find_sources(source), framework)
    text = task_toml(task)
    if folder.resolve() == source.resolve():
        _write_beside(folder, text)
        return [FILE], []
    files, left = _copies(source)
    try:
        write_files(folder, {**files, FILE: text})
    except UsageError as error:
        raise UsageError(f"{error}; init overwrites nothing") from None
    return sorted({*files, FILE}), left


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
