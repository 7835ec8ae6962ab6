"""What callers of the Python API may ask for, checked before anything is made. Knows no task and opens nothing.

Type checkers see the same rules in the signatures; a notebook has no type checker, and a wrong value that got into a
journal would be found only when the run is read again.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar, cast, get_args

import msgspec

from cambrian.core.budget import Budget
from cambrian.core.errors import UsageError
from cambrian.core.evaluation import Direction
from cambrian.core.limits import Level, Limits
from cambrian.core.quantity import format_seconds, format_size
from cambrian.search.proposer import Mode
from cambrian.search.task import StrategyConfig, Task

from .display import DisplayName
from .frameworks.detection import FRAMEWORKS

__all__ = ["JOBS_MAX", "SEED_MAX", "check_definition", "check_limits", "check_request", "checked"]

JOBS_MAX = 1024
SEED_MAX = 2**63 - 1
"""Largest seed: what a journal's numbers hold."""

_LEAST: dict[str, tuple[float, Callable[[float], str]]] = {
    "wall": (0.01, format_seconds), "cpu": (0.005, format_seconds),
    "memory": (2**20, lambda value: format_size(int(value))), "output": (16, lambda value: format_size(int(value))),
}  # fmt: skip
"""Limit → the least that can be meant: what a program that only returns a number takes, measured, and no more."""
_FILES = {"evaluator": "evaluator.py", "config": "config.yaml"}

T = TypeVar("T")


def check_request(**given: object) -> None:
    """Refuse arguments of `evolve` or `resume` that cannot be meant; ``None`` is always let through.

    Args:
        given: any of task, evaluator, framework, config, run, budget, target, seed, jobs, settings, workspace, display.

    Raises:
        UsageError: names the argument, its value and what to write.
    """
    _check(given, _REQUEST)


def check_definition(**given: object) -> None:
    """Refuse arguments of `define_task` that cannot be meant; ``None`` is always let through.

    Raises:
        UsageError: names the argument, its value and what to write.
    """
    _check(given, _DEFINITION)


def check_limits(task: Task) -> None:
    """Refuse limits under which no program at all could run: before a run is recorded, not by its first evaluation.

    Raises:
        UsageError: names the limit, its value and the least that can be meant.
    """
    for section, limits in (("limits", task.limits), ("scorer_limits", task.scorer_limits)):
        for name, (least, told) in _LEAST.items():
            value = getattr(limits, name)
            if value < least:
                raise UsageError(
                    f"{section}.{name} is {told(value)}, too little for any program; the least that can be meant is "
                    f"{told(least)}: write {section}.{name}={told(least)} or more"
                )
        if limits.memory <= limits.disk:
            raise UsageError(
                f"{section}.memory is {format_size(limits.memory)}, {section}.disk is {format_size(limits.disk)} and "
                f"must be less, as scratch files are memory: write {section}.memory={format_size(4 * limits.disk)}, or "
                f"{section}.disk={format_size(max(1, limits.memory // 4))}"
            )


def checked(record: T) -> T:
    """The record, if a journal would give it back.

    Raises:
        UsageError: a member has a type or a value that it cannot have; says which.
    """
    try:
        msgspec.json.decode(msgspec.json.encode(record), type=type(record))
    except (msgspec.MsgspecError, TypeError, OverflowError, ValueError, RecursionError) as error:
        raise UsageError(f"a part of the task cannot be written down: {error}; correct the task") from error
    return record


def _check(given: Mapping[str, object], rules: Mapping[str, Callable[[str, object], None]]) -> None:
    for name, value in given.items():
        if value is not None:
            rules[name](name, value)


def _wrong(name: str, value: object, wanted: str) -> UsageError:
    shown = repr(value)
    return UsageError(f"{name} is {shown if len(shown) <= 80 else shown[:79] + '…'}; {wanted}")


def _task(name: str, value: object) -> None:
    if callable(value):
        raise _wrong(
            name, value, "a function is not a task by itself; write task=cambrian.define_task(program, scorer)"
        )
    if not isinstance(value, Task) and not _is_path(value):
        raise _wrong(name, value, 'write a task\'s folder, such as "mytask", or what cambrian.define_task gives')


def _run(name: str, value: object) -> None:
    if not isinstance(value, str):
        raise _wrong(name, value, 'write a run\'s id, the beginning of it, or "last"')


def _budget(name: str, value: object) -> None:
    if isinstance(value, str):
        Budget.parse(value)
    elif not isinstance(value, Budget):
        what = "a number alone has no unit; " if isinstance(value, int | float) else ""
        raise _wrong(name, value, f'{what}write for example {name}="60s", {name}="500ev" or {name}="60s,500ev"')
    else:
        checked(value)


def _target(name: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _wrong(name, value, f"a finite number is wanted; write for example {name}=2.5")


def _seed(name: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= SEED_MAX:
        raise _wrong(name, value, f"a whole number from 0 to 2**63 - 1 is wanted; write for example {name}=7")


def _jobs(name: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= JOBS_MAX:
        raise _wrong(name, value, f"a whole number from 1 to {JOBS_MAX} is wanted; write for example {name}=2")


def _settings(name: str, value: object) -> None:
    if isinstance(value, str):
        raise _wrong(name, value, f"a list of texts is wanted; write {name}=[{value!r}]")
    for item in _items(value):
        if not isinstance(item, str):
            raise _wrong(name, value, f'a list of texts is wanted; write for example {name}=["limits.wall=5s"]')


def _workspace(name: str, value: object) -> None:
    if not _is_path(value):
        raise _wrong(name, value, f'a folder is wanted; write for example {name}=".cambrian"')


def _file(name: str, value: object) -> None:
    if not _is_path(value):
        raise _wrong(name, value, f'a file is wanted; write for example {name}="{_FILES[name]}"')


def _is_path(value: object) -> bool:
    return isinstance(value, str | os.PathLike) and value != ""


def _items(value: object) -> Sequence[object]:
    """What is in a list or a tuple; of anything else one item that is no text."""
    return cast("Sequence[object]", value) if isinstance(value, list | tuple) else (None,)


def _pairs(value: object) -> list[tuple[object, object]]:
    return list(cast("Mapping[object, object]", value).items()) if isinstance(value, Mapping) else []


def _text(name: str, value: object) -> None:
    if not isinstance(value, str):
        raise _wrong(name, value, f'a text is wanted; write {name}="…"')


def _source(name: str, value: object) -> None:
    if not isinstance(value, str) and not callable(value):
        raise _wrong(name, value, "a function, or the source of a module as a text, is wanted")


def _one_of(choices: tuple[str, ...]) -> Callable[[str, object], None]:
    def check(name: str, value: object) -> None:
        if value not in choices:
            raise _wrong(name, value, f"one of {', '.join(map(repr, choices))} is wanted")

    return check


def _instance(kind: type[object], example: str) -> Callable[[str, object], None]:
    def check(name: str, value: object) -> None:
        if not isinstance(value, kind):
            raise _wrong(name, value, f"a {kind.__name__} is wanted; write for example {name}={example}")

    return check


def _objectives(name: str, value: object) -> None:
    fix = f'write for example {name}={{"score": "maximize"}}'
    pairs = _pairs(value)
    if not pairs or not all(isinstance(key, str) and way in get_args(Direction) for key, way in pairs):
        raise _wrong(name, value, f"names with their directions are wanted; {fix}")


_REQUEST: dict[str, Callable[[str, object], None]] = {
    "task": _task, "evaluator": _file, "framework": _one_of(FRAMEWORKS), "config": _file,
    "run": _run, "budget": _budget, "target": _target, "seed": _seed, "jobs": _jobs,
    "settings": _settings, "workspace": _workspace, "display": _one_of(get_args(DisplayName)),
}  # fmt: skip
_DEFINITION: dict[str, Callable[[str, object], None]] = {
    "program": _source, "scorer": _source, "entry": _text, "name": _text, "description": _text,
    "mode": _one_of(get_args(Mode)), "objectives": _objectives, "target": _target, "budget": _budget,
    "limits": _instance(Limits, "cambrian.Limits(wall=5.0)"),
    "strategy": _instance(StrategyConfig, 'cambrian.StrategyConfig(name="topk")'),
    "level": _instance(Level, "cambrian.Level.L2"),
}  # fmt: skip
