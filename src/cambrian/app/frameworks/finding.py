"""From what a person names to a task: a folder with ``task.toml``, or program and evaluator of another framework."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from cambrian.app.programs import shown
from cambrian.app.taskfile import FILE, load_task
from cambrian.core.errors import TaskError, UsageError
from cambrian.search.task import Task

from .imports import check_imports
from .reading import Sources, read_task

__all__ = ["Named", "find_sources", "find_task", "opened_task"]

EVALUATORS = ("evaluator.py", "evaluate.py", "eval.py")
_FOLDERS = ("evaluator", "eval")
"""Folders beside the program that may hold the evaluator instead; SkyDiscover's containers have it there."""
_INSIDE = (*EVALUATORS, "run.py")
PROGRAMS = (
    "initial_program.py", "initial.py", "init.py", "seed_program.py", "seed.py", "init_program.py", "program.py",
)  # fmt: skip
CONFIGS = ("config.yaml", "config.yml")


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """How a person named a task: what `find_task` takes, so that it can be kept and opened again.

    Args:
        path: a task's folder or its ``task.toml``; a folder of another framework; or a program's file.
        evaluator: the evaluator, for a program's file.
        framework: whose evaluator it is; empty to find out.
        config: the framework's config; by default the ``config.yaml`` beside the evaluator.
    """

    path: str
    evaluator: str | None = None
    framework: str = ""
    config: str | None = None

    @classmethod
    def of(
        cls,
        path: str | os.PathLike[str],
        evaluator: str | os.PathLike[str] | None = None,
        *,
        framework: str | None = None,
        config: str | os.PathLike[str] | None = None,
    ) -> Named:
        """What the words of a command, or the arguments of a call, name."""
        return cls(
            path=os.fspath(path), evaluator=None if evaluator is None else os.fspath(evaluator),
            framework=framework or "", config=None if config is None else os.fspath(config),
        )  # fmt: skip

    @property
    def absolute(self) -> Named:
        """The same, from whatever folder it is opened."""
        return msgspec.structs.replace(
            self, path=os.path.abspath(self.path),
            evaluator=None if self.evaluator is None else os.path.abspath(self.evaluator),
            config=None if self.config is None else os.path.abspath(self.config),
        )  # fmt: skip

    def open(self) -> Task:
        """The task; see `find_task`."""
        return find_task(
            Path(self.path), None if self.evaluator is None else Path(self.evaluator), framework=self.framework,
            config=None if self.config is None else Path(self.config),
        )  # fmt: skip


def opened_task(
    task: Task | str | os.PathLike[str],
    evaluator: str | os.PathLike[str] | None = None,
    *,
    framework: str | None = None,
    config: str | os.PathLike[str] | None = None,
) -> Task:
    """What a caller of the Python API means: a task as it is, or what `find_task` finds.

    Raises:
        TaskError, UsageError: see `find_task`; also an evaluator for a task that has one.
    """
    if not isinstance(task, Task):
        return Named.of(task, evaluator, framework=framework, config=config).open()
    for name, value in (("evaluator", evaluator), ("framework", framework), ("config", config)):
        if value is not None:
            raise UsageError(f"{name} is {value!r}, and the task {task.name!r} has its evaluator already; leave it out")
    return task


def find_task(path: Path, evaluator: Path | None = None, *, framework: str = "", config: Path | None = None) -> Task:
    """The task that is meant.

    Args:
        path: a task's folder or its ``task.toml``; a folder of another framework; or a program's file.
        evaluator: the evaluator, for a program's file.
        framework: whose evaluator it is; empty to find out.
        config: the framework's config; by default the ``config.yaml`` beside the evaluator.

    Raises:
        TaskError: no task is there, or it is wrong.
        UsageError: the arguments do not go together.
    """
    own = evaluator is None and (path.name == FILE or (path / FILE).is_file())
    if own and (framework or config):
        raise UsageError(
            f"{shown(path)} is a task with a {FILE}, which says whose evaluator it has; --framework and --config are "
            f"for folders without one: change framework in {FILE}"
        )
    if not own and _is_no_place(path, evaluator, framework):
        raise _nothing(path)
    task = load_task(path) if own else read_task(find_sources(path, evaluator, config), framework)
    check_imports(task)
    return task


def find_sources(path: Path, evaluator: Path | None = None, config: Path | None = None) -> Sources:
    """The files that are meant, all of which exist.

    Raises:
        TaskError: a file is missing; says what was looked for and what is there.
    """
    folder = path if path.is_dir() else path.parent
    program = _one(path, (*PROGRAMS, *_others(path)), "the program") if path.is_dir() else _file(path)
    judge = _file(evaluator) if evaluator is not None else _one(folder, _judges(folder), "its evaluator")
    if program.resolve() == judge.resolve():
        raise TaskError(
            "program and evaluator are one file", path=shown(program), fix="name the program first, then the evaluator"
        )
    beside = [item.parent / name for item in (judge, program) for name in CONFIGS]
    found = next((item for item in beside if item.is_file()), None) if config is None else _config(config)
    return Sources(program=(program,), evaluator=judge, config=found)


def _is_no_place(path: Path, evaluator: Path | None, framework: str) -> bool:
    """Whether nothing speaks for another framework: then the complaint is about a ``task.toml``."""
    if evaluator is not None or framework or path.is_file():
        return False
    return not path.is_dir() or not any((path / name).is_file() for name in (*_judges(path), *PROGRAMS))


def _judges(folder: Path) -> tuple[str, ...]:
    """Where the evaluator may lie: beside the program first, then in a folder of its own."""
    return (*EVALUATORS, *(f"{inner}/{name}" for inner in _FOLDERS for name in _INSIDE if (folder / inner).is_dir()))


def _nothing(path: Path) -> TaskError:
    if not path.is_dir():
        return TaskError("there is no such folder", path=str(path), fix=f"name a task's folder: cambrian init {path}")
    return TaskError(
        f"the folder has no {FILE}, and nothing in it is called as an evaluator or a program of another framework is; "
        f"looked for {', '.join((*EVALUATORS, *PROGRAMS))}; found {_there(path)}",
        path=str(path),
        fix=f"name both files: cambrian evolve PROGRAM.py EVALUATOR.py, or make a task: cambrian init {path}",
    )


def _there(folder: Path) -> str:
    files = sorted(item.name for item in folder.iterdir() if item.is_file())
    return ", ".join(files[:20]) or "no file"


def _file(path: Path) -> Path:
    if path.is_file():
        return path
    what = "is a folder" if path.is_dir() else "there is no such file"
    raise TaskError(what, path=str(path), fix="name a file: cambrian evolve PROGRAM.py EVALUATOR.py, or a whole folder")


def _config(path: Path) -> Path:
    if path.is_file():
        return path
    what = "--config is a folder" if path.is_dir() else "--config names a file that is not there"
    near = sorted(item.name for item in path.parent.glob("*.y*ml") if item.is_file()) if path.parent.is_dir() else []
    there = f"; beside it {'is' if len(near) == 1 else 'are'} {', '.join(near[:5])}" if near else ""
    raise TaskError(
        what + there,
        path=str(path),
        fix="name a config.yaml, or leave --config out: the one beside the evaluator counts",
    )


def _others(folder: Path) -> list[str]:
    """Programs in other languages, so that the complaint is about the language."""
    return sorted(path.name for path in folder.glob("initial*.*") if path.suffix != ".py")


def _one(folder: Path, names: tuple[str, ...], what: str) -> Path:
    found = [folder / name for name in names if (folder / name).is_file()]
    if found:
        return found[0]
    raise TaskError(
        f"{what} was not found; looked for {', '.join(names)}; found {_there(folder)}",
        path=str(folder), fix="name both files: cambrian evolve PROGRAM.py EVALUATOR.py",
    )  # fmt: skip
