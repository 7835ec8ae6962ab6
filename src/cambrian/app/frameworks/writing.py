"""A task of another framework as a ``task.toml`` that says explicitly what was found out. Text only."""

from __future__ import annotations

import json
from collections.abc import Iterable

import msgspec

from cambrian.app.toml_text import list_text
from cambrian.search.task import FrameworkOptions, Task

__all__ = ["task_toml"]


def task_toml(task: Task) -> str:
    """The text.

    Args:
        task: as `cambrian.app.frameworks.reading.read_task` gives it.
    """
    objective = task.objectives[0]
    lines = [
        f"# The evaluator was written for {task.framework} and runs as it is. It shares a process with the program, so",
        "# a program can forge its score: every record says split = false. See docs/explanation/trust.md.",
        f"name = {json.dumps(task.name)}",
        f"framework = {json.dumps(task.framework)}",
        f"program = {list_text(list(task.program))}   # the files that may change",
        f"entry = {json.dumps(task.entry)}   # the function that the evaluator calls; proposers look at it",
        f"evaluator = {json.dumps(task.evaluator)}",
        "",
        "[objectives]",
        f"{objective.name} = {json.dumps(objective.direction)}",
        "",
        *_options(task.framework_options),
        "[limits]   # of one evaluation, over the whole process tree",
        f'wall = "{task.limits.wall:g}s"',
        f'cpu = "{task.limits.cpu:g}s"',
        f'memory = "{task.limits.memory // 2**20}MiB"',
        f'disk = "{task.limits.disk // 2**20}MiB"',
        f"files = {task.limits.files}",
        f'output = "{task.limits.output // 2**20}MiB"',
        f"processes = {task.limits.processes}   # with more than 1 it may start processes, which share the memory",
        "",
        "[budget]",
        f"evaluations = {task.budget.evaluations}",
    ]
    return "\n".join(lines) + "\n"


def _options(options: FrameworkOptions) -> Iterable[str]:
    usual = msgspec.structs.asdict(FrameworkOptions())
    given = {key: value for key, value in msgspec.structs.asdict(options).items() if value != usual[key]}
    if not given:
        return ()
    return ("[framework_options]", *(f"{key} = {json.dumps(value)}" for key, value in given.items()), "")
