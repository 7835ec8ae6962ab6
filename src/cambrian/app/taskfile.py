"""Folder → `search.task.Task`. Reads and checks; runs nothing, writes nothing.

Every complaint is a `TaskError` that names the file, the line, the value and the fix.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from cambrian.core.budget import Budget
from cambrian.core.errors import TaskError
from cambrian.core.evaluation import Direction, Objective
from cambrian.search.proposer import Mode
from cambrian.search.task import MEASURED, Framework, Task

from . import values
from .document import Item, Source, Table
from .equivalence import read_equivalence
from .frameworks.explicit import read_framework, read_framework_options, usual_objective
from .frameworks.reading import check_evaluator
from .knobs import apply_settings, read_knobs
from .programs import check_entry, check_scorer, find_file, read_program, read_starts, read_text, shown

__all__ = ["FILE", "apply_settings", "load_task"]

FILE = "task.toml"
"""Name of the file that makes a folder a task."""

_MODES: tuple[Mode, ...] = ("artifact", "callable")
_KEYS = (
    "name", "description", "language", "mode", "program", "starts", "entry", "evaluator", "problem", "objectives",
    "target", "level", "imports", "budget", "limits", "scorer_limits", "strategy", "sampling", "novelty", "equivalence",
    "framework", "framework_options", "cache", "same_files", "minimise", "cases",
)  # fmt: skip
_DIRECTIONS: tuple[Direction, ...] = ("maximize", "minimize")


def load_task(path: Path | str, settings: Sequence[str] = ()) -> Task:
    """Read a task's folder.

    Args:
        path: the folder, or its ``task.toml``.
        settings: see `apply_settings`.

    Raises:
        TaskError: anything in it is wrong.
        UsageError: a setting is wrong.
    """
    file = _task_file(Path(path))
    table = Source.parse(shown(file), read_text(file))
    return apply_settings(_read(table, file.parent.resolve()), settings)


def _task_file(path: Path) -> Path:
    file = path if path.name == FILE else path / FILE
    if file.is_file():
        return file
    what = f"the folder has no {FILE}" if file.parent.is_dir() else "there is no such folder"
    raise TaskError(what, path=str(path), fix=f"name a task's folder, or make one: cambrian init {path}")


def _read(table: Table, folder: Path) -> Task:
    table.only(_KEYS)
    mode: Mode = _mode(item) if (item := table.item("mode")) else "artifact"
    program = table.need(
        "program", lambda item: read_program(item, folder),
        fix='name the files that may change: program = ["program.py"]',
    )  # fmt: skip
    entry = table.need("entry", lambda item: check_entry(item, program), fix='write entry = "program.py:solve"')
    starts = table.get("starts", lambda item: read_starts(item, folder, program), ())
    problem_item = table.item("problem")
    problem = _problem(problem_item, folder) if problem_item else None
    evaluator = table.item("evaluator") or Item("evaluate.py", ("evaluator",), table.source)
    name, text = _companion(evaluator, folder, program)
    framework = read_framework(table)
    if framework:
        check_evaluator(shown(folder / name), text, framework)
    else:
        check_scorer(shown(folder / name), text, mode, problem[0] if problem else None)
    task = Task(
        name=table.get("name", values.text, folder.name),
        description=table.get("description", values.text, ""),
        language=table.get("language", values.one_of(("python",)), "python"),
        folder=str(folder), program=program, starts=starts, entry=entry, mode=mode,
        evaluator=name, evaluator_text=text, problem=problem[1] if problem else None,
        objectives=_objectives(table, mode, framework), framework=framework,
        framework_options=read_framework_options(table, framework), equivalence=read_equivalence(table, mode),
    )  # fmt: skip
    task = read_knobs(table, task, budget=Budget())
    table.done()
    return task


def _mode(item: Item) -> Mode:
    read: Callable[[Item], Mode] = values.one_of(_MODES)
    return read(item)


def _problem(item: Item, folder: Path) -> tuple[str, str]:
    """Name and text of the data for proposers. A program that a template wrote brings it along and may import it."""
    name = values.text(item)
    return name, read_text(find_file(item, folder, name))


def _companion(item: Item, folder: Path, program: dict[str, str]) -> tuple[str, str]:
    """Name and text of a file beside the program: the scorer."""
    name = values.text(item)
    if name in program:
        raise item.about(
            f"{name!r} is also listed in program, so candidates could rewrite it", fix="take it out of program"
        )
    return name, read_text(find_file(item, folder, name))


def _objectives(table: Table, mode: Mode, framework: Framework) -> tuple[Objective, ...]:
    section = table.table("objectives")
    items = section.items() if section else []
    if not items and mode == "callable":
        return (Objective(name="speedup"),)
    if not items and framework:
        return (usual_objective(framework),)
    if not items:
        raise table.source.error(
            ("objectives",), "no objective is named",
            fix='write [objectives] and a line such as score = "maximize"; the scorer reports it by that name',
        )  # fmt: skip
    for item in items:
        if mode == "callable" and item.keys[-1] not in MEASURED:
            raise item.about(
                "this is not measured in callable mode", fix=f'choose {" or ".join(MEASURED)}, or mode = "artifact"'
            )
    read: Callable[[Item], Direction] = values.one_of(_DIRECTIONS)
    return tuple(Objective(name=item.keys[-1], direction=read(item)) for item in items)
