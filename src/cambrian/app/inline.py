"""A program and a scorer from Python → `search.task.Task`. For notebooks and scripts; runs nothing.

Both are taken by their source and must stand on their own: the program runs in a jail that sees no other file, the
scorer in another one. Whatever they need is imported inside them.
"""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from cambrian.core.budget import Budget
from cambrian.core.errors import TaskError
from cambrian.core.evaluation import Direction, Objective
from cambrian.core.ids import digest
from cambrian.core.limits import Level, Limits
from cambrian.journal.placing import write_atomically
from cambrian.search.proposer import Mode
from cambrian.search.task import StrategyConfig, Task
from cambrian.source.names import undefined

from .programs import check_scorer, check_source
from .request import check_definition, checked

PROGRAM, EVALUATOR = "program.py", "evaluate.py"


def define_task(
    program: Callable[..., object] | str,
    scorer: Callable[..., object] | str,
    *,
    entry: str | None = None,
    name: str | None = None,
    description: str = "",
    mode: Mode = "artifact",
    objectives: Mapping[str, Direction] | None = None,
    target: float | None = None,
    budget: Budget | str | None = None,
    limits: Limits | None = None,
    strategy: StrategyConfig | None = None,
    level: Level = Level.L2,
) -> Task:
    """A task without a folder.

    Args:
        program: a function, or the source of a module.
        scorer: a function, or the source of an ``evaluate.py``. A function becomes ``score`` in artifact mode and
            ``inputs`` in callable mode.
        entry: name of the function to call; needed if the program is given as text.
        name: for people; by default the entry's.
        description: for people.
        mode: ``"artifact"`` or ``"callable"``.
        objectives: name → direction; the first ranks. By default ``{"score": "maximize"}``, or the speed-up.
        target: value of the first objective at which a run stops.
        budget: of a run, as a record or a text such as ``"60s,500ev"``.
        limits: of one evaluation.
        strategy: the search's knobs.
        level: weakest jail level accepted.

    Raises:
        TaskError: a source cannot be had, or needs names that are defined elsewhere.
        UsageError: another argument is wrong.
    """
    check_definition(
        program=program, scorer=scorer, entry=entry, name=name, description=description, mode=mode,
        objectives=objectives, target=target, budget=budget, limits=limits, strategy=strategy, level=level,
    )  # fmt: skip
    text, function = _source(program, "program")
    entry = entry or function
    if entry is None:
        raise TaskError("a program given as text needs its entry", fix='pass entry="solve", the function to call')
    scorer_text, scorer_name = _source(scorer, "scorer")
    wanted = "score" if mode == "artifact" else "inputs"
    if scorer_name and scorer_name != wanted:
        scorer_text += f"\n\n{wanted} = {scorer_name}\n"
    _check(text, scorer_text, mode)
    default: dict[str, Direction] = {"score" if mode == "artifact" else "speedup": "maximize"}
    task = Task(
        name=name or entry, description=description, folder="", program={PROGRAM: text},
        entry=f"{PROGRAM}:{entry}", mode=mode, evaluator=EVALUATOR, evaluator_text=scorer_text,
        objectives=tuple(Objective(name=key, direction=way) for key, way in (objectives or default).items()),
        target=target, level=level, limits=limits or Limits(), strategy=strategy or StrategyConfig(),
    )  # fmt: skip
    if budget is not None:
        task = msgspec.structs.replace(task, budget=Budget.parse(budget) if isinstance(budget, str) else budget)
    return checked(task)


def materialise(task: Task, tasks: Path) -> Task:
    """A task that has no folder yet, with one inside the workspace; the same task always gets the same.

    Args:
        task: the task.
        tasks: where such folders stand.
    """
    if task.folder:
        return task
    content = [sorted(task.program.items()), task.evaluator_text, task.problem or ""]
    folder = tasks.resolve() / digest(msgspec.json.encode(content))[:16]
    for name, text in {**task.program, task.evaluator: task.evaluator_text}.items():
        write_atomically(folder / name, text.encode())
    return msgspec.structs.replace(task, folder=str(folder))


def _source(given: Callable[..., object] | str, what: str) -> tuple[str, str | None]:
    """A text and the name of the function that it was taken from."""
    if isinstance(given, str):
        return textwrap.dedent(given), None
    name = str(getattr(given, "__name__", ""))
    if not inspect.isfunction(given) or not name.isidentifier():
        raise TaskError(f"the {what} {given!r} is no plain function", fix="give a def, or a module's source as text")
    if inspect.getclosurevars(given).nonlocals:
        missing = ", ".join(sorted(inspect.getclosurevars(given).nonlocals))
        raise TaskError(f"the {what} {name!r} uses {missing} of the function around it", fix="move it to the top level")
    try:
        return textwrap.dedent(inspect.getsource(given)), name
    except (OSError, TypeError) as error:
        raise TaskError(f"the source of {name!r} cannot be found: {error}", fix="give the source as text") from error


def _check(program: str, scorer: str, mode: Mode) -> None:
    check_source(PROGRAM, program)
    check_scorer(EVALUATOR, scorer, mode)
    for path, text in ((PROGRAM, program), (EVALUATOR, scorer)):
        if missing := undefined({path: text}):
            raise TaskError(
                f"uses {missing[0].name!r}, which is not defined in it", path=path, line=missing[0].line,
                fix="import or define it inside the function; the jail sees nothing else",
            )  # fmt: skip
