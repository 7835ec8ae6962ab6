"""Program, evaluator and config of another framework as a `Task`. Reads and checks; runs nothing, writes nothing."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import msgspec

from cambrian.app.programs import check_source, parse, read_text, shown
from cambrian.core.budget import Budget
from cambrian.core.errors import TaskError
from cambrian.core.evaluation import Objective
from cambrian.core.limits import Limits
from cambrian.search.task import Framework, Task

from .config import Config
from .detection import detect, options_of
from .shape import Shape, starts_processes

__all__ = ["OBJECTIVES", "Sources", "check_evaluator", "read_task"]

OBJECTIVES: dict[str, str] = {"openevolve": "combined_score", "shinka": "combined_score", "gepa": "score"}
"""Framework → what its evaluators' score is called here; more is better."""
_TIMEOUT_S = 300.0
"""Of one evaluation where nobody says otherwise, as OpenEvolve has it."""
_MIB = 2**20
_PROCESSES = 16


class Sources(msgspec.Struct, frozen=True, kw_only=True):
    """What a person named, or what was found in a folder.

    Args:
        program: the files that may change, the main one first.
        evaluator: the evaluator.
        config: the framework's config, if there is one.
    """

    program: tuple[Path, ...]
    evaluator: Path
    config: Path | None = None


def read_task(sources: Sources, framework: str = "") -> Task:
    """The task.

    Args:
        sources: see `Sources`.
        framework: whose evaluator it is; empty to find out.

    Raises:
        TaskError: a file is wrong, or the framework is not recognised.
    """
    config = Config() if sources.config is None else Config(shown(sources.config), read_text(sources.config))
    text = read_text(sources.evaluator)
    shape = Shape.of(shown(sources.evaluator), text)
    chosen = detect(shape, framework)
    folder = _folder(sources)
    program = {path.resolve().relative_to(folder).as_posix(): _source(path) for path in sources.program}
    beside = sources.evaluator.resolve().parent
    options = options_of(shape, chosen, config, beside, list(program))
    main = next(iter(program))
    limits = _limits(config, several=_starts(beside, text, program), stages=_stages(shape) if options.cascade else 1)
    return Task(
        name=folder.name, description=f"an evaluator of {chosen}, as it is", folder=str(folder), program=program,
        entry=f"{main}:{_entry(shape, program[main], main)}",
        evaluator=sources.evaluator.resolve().relative_to(folder).as_posix(), evaluator_text=text,
        objectives=(Objective(name=OBJECTIVES[chosen]),), framework=chosen, framework_options=options, limits=limits,
        budget=Budget(evaluations=config.whole("max_iterations") or 200),
    )  # fmt: skip


def check_evaluator(path: str, text: str, framework: Framework) -> None:
    """Refuse an evaluator that the framework named could not call.

    Raises:
        TaskError: says what was looked for and what was found.
    """
    detect(Shape.of(path, text), framework)


def _folder(sources: Sources) -> Path:
    """The folder that holds program and evaluator, as deep down as there is one."""
    folders = [path.resolve().parent for path in (*sources.program, sources.evaluator)]
    folder = Path(os.path.commonpath(folders))
    if folder == Path(folder.anchor):
        raise TaskError(
            "program and evaluator have no folder in common", path=shown(sources.evaluator),
            fix="put them into one folder",
        )  # fmt: skip
    return folder


def _source(path: Path) -> str:
    text = read_text(path)
    check_source(shown(path), text, python=path.suffix == ".py")
    if path.suffix != ".py":
        raise TaskError(
            f"{path.suffix or 'a file without a suffix'} is no Python; programs in other languages and prompts can be "
            f"evaluated, but no proposer here can change them yet",
            path=shown(path), fix="name a Python program",
        )  # fmt: skip
    return text


def _starts(folder: Path, evaluator: str, program: dict[str, str]) -> bool:
    """Whether evaluator, program or a module beside the evaluator looks like it starts processes."""
    if any(map(starts_processes, (evaluator, *program.values()))):
        return True
    return any(starts_processes(read_text(path)) for path in sorted(folder.glob("*.py"))[:100])


def _stages(shape: Shape) -> int:
    return sum(f"evaluate_stage{number}" in shape.functions for number in (1, 2, 3))


def _limits(config: Config, *, several: bool, stages: int) -> Limits:
    """Their timeout, of each stage; room in memory; several processes only for those who start some."""
    wall = (config.number("evaluator.timeout") or _TIMEOUT_S) * stages
    memory = config.number("evaluator.memory_limit_mb")
    usual = 4096 if several else 2048
    return Limits(
        wall=wall, cpu=wall * (4 if several else 1), memory=int((memory or usual) * _MIB), output=16 * _MIB,
        disk=min(256 * _MIB, int((memory or usual) * _MIB / 4)), files=5000, processes=_PROCESSES if several else 1,
    )  # fmt: skip


def _entry(shape: Shape, program: str, path: str) -> str:
    """The program's function that the evaluator calls, as far as can be told. It only names what proposers look at."""
    defined = [node.name for node in parse(path, program).body if isinstance(node, ast.FunctionDef)]
    if shape.experiment in defined:
        return shape.experiment
    used = [name for name in shape.attributes if name in defined]
    return (used or defined[-1:] or ["main"])[0]
