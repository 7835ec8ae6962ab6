"""Small tasks for the evaluator doctor: how one is written down and made."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from cambrian.core.budget import Budget
from cambrian.core.evaluation import Direction, Objective
from cambrian.core.limits import Limits
from cambrian.search.proposer import Mode
from cambrian.search.task import Framework, FrameworkOptions, Task


class Specimen(NamedTuple):
    """A task in a few lines.

    Args:
        evaluator: text of the evaluator.
        program: text of the program; its function is ``solve``.
        finding: name of the hole that must be found; empty for a sound evaluator.
        mode: of the task.
        direction: of its only objective.
        framework: whose evaluator it is.
        cascade: for OpenEvolve.
        more: further files of the program.
        beside: files in the folder that are no part of it.
    """

    evaluator: str
    program: str
    finding: str = ""
    mode: Mode = "artifact"
    direction: Direction = "maximize"
    framework: Framework = ""
    cascade: bool = False
    more: tuple[tuple[str, str], ...] = ()
    beside: tuple[tuple[str, str], ...] = ()


def make(specimen: Specimen, folder: Path) -> Task:
    """The task in a folder."""
    files = {"program.py": specimen.program, **dict(specimen.more)}
    for name, text in {**files, **dict(specimen.beside), "evaluate.py": specimen.evaluator}.items():
        (folder / name).write_text(text, encoding="utf-8")
    names = {"": "score", "gepa": "score", "openevolve": "combined_score", "shinka": "combined_score"}
    name = "speedup" if specimen.mode == "callable" else names[specimen.framework]
    return Task(
        name="specimen", folder=str(folder), program=files, entry="program.py:solve", mode=specimen.mode,
        evaluator_text=specimen.evaluator, objectives=(Objective(name=name, direction=specimen.direction),),
        limits=Limits(wall=5.0, cpu=5.0), scorer_limits=Limits(wall=5.0, cpu=5.0), budget=Budget(evaluations=1),
        framework=specimen.framework, framework_options=FrameworkOptions(cascade=specimen.cascade),
    )  # fmt: skip
