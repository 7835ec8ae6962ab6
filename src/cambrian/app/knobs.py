"""The part of a task that says how it is searched: read from ``task.toml`` and changed by ``--set``.

What a task *is* (program, entry, scorer, objectives) cannot be changed by a setting.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from cambrian.core.budget import Budget
from cambrian.core.errors import TaskError, UsageError
from cambrian.core.limits import Level, Limits
from cambrian.search.novelty import Novelty
from cambrian.search.task import Sampling, Task

from . import values
from .document import Item, Source, Table
from .strategy_knobs import read_strategy

_LEVELS = {level.name: level for level in Level}


def apply_settings(task: Task, settings: Sequence[str]) -> Task:
    """Change a task's knobs, as ``--set`` does: ``limits.wall=5s``, ``strategy.name=topk``, ``budget=60s,10ev``.

    Args:
        task: the task.
        settings: each ``key=value``; values as in ``task.toml``, quotes around a text may be left out.

    Raises:
        UsageError: no such key, or a value it cannot have.
    """
    for setting in settings:
        key, equals, text = setting.partition("=")
        keys = tuple(part.strip() for part in key.split("."))
        if not equals or not all(keys):
            raise UsageError(f"setting {setting!r} is not understood; write KEY=VALUE, such as limits.wall=5s")
        table = Table({keys[0]: _nested(keys[1:], _value(text.strip()))}, Source(f"--set {setting}"))
        task = read_knobs(table, task, budget=task.budget)
        table.done()
    return task


def read_knobs(table: Table, task: Task, *, budget: Budget) -> Task:
    """The task with the knobs that a table gives.

    Args:
        table: a whole ``task.toml``, or one setting.
        task: gives what the table leaves out.
        budget: what a given budget adds to; the task's own budget holds if the table gives none.

    Raises:
        TaskError: a value is wrong.
    """
    return msgspec.structs.replace(
        task,
        target=table.get("target", values.number, task.target),
        level=table.get("level", _level, task.level),
        imports=table.get("imports", _modules, task.imports),
        budget=_budget(table, budget) or task.budget,
        limits=_limits(table, "limits", task.limits),
        scorer_limits=_limits(table, "scorer_limits", task.scorer_limits),
        strategy=read_strategy(table, task.strategy),
        sampling=_sampling(table, task.sampling),
        novelty=_novelty(table, task.novelty),
        cache=table.get("cache", values.switch, task.cache),
        same_files=table.get("same_files", values.switch, task.same_files),
        cases=table.get("cases", values.whole, task.cases),
        minimise=table.get("minimise", _share, task.minimise),
    )


def _level(item: Item) -> Level:
    return _LEVELS[values.one_of(tuple(_LEVELS))(item)]


def _share(item: Item) -> float:
    value = values.number(item)
    if not 0 <= value <= 0.5:
        raise item.wrong("a share of the budget from 0 to 0.5 is wanted", fix="write minimise = 0.1")
    return value


def _modules(item: Item) -> tuple[str, ...]:
    names = values.texts(item)
    for name in names:
        if not all(part.isidentifier() for part in name.split(".")):
            raise item.about(f"{name!r} is no module name", fix='write for example imports = ["numpy"]', element=name)
    return names


def _budget(table: Table, base: Budget) -> Budget | None:
    item = table.item("budget")
    if item is None:
        return None
    if isinstance(item.value, str):
        try:
            return Budget.parse(item.value)
        except UsageError as error:
            raise item.about(str(error), fix='write for example budget = "60s,500ev"') from None
    section = table.table("budget") or table
    budget = Budget(
        wall=section.get("wall", values.duration, base.wall),
        evaluations=section.get("evaluations", values.count, base.evaluations),
        money=section.get("money", values.amount, base.money),
    )
    section.done()
    return budget


def _limits(table: Table, key: str, base: Limits) -> Limits:
    section = table.table(key)
    if section is None:
        return base
    wall = section.get("wall", values.duration, base.wall)
    # a wall limit alone moves an equal CPU limit with it: a program of one thread can use no more than that
    cpu = wall if base.cpu == base.wall else base.cpu
    limits = Limits(
        wall=wall,
        cpu=section.get("cpu", values.duration, cpu),
        memory=section.get("memory", values.data_size, base.memory),
        output=section.get("output", values.data_size, base.output),
        disk=section.get("disk", values.data_size, base.disk),
        files=section.get("files", values.count, base.files),
        processes=section.get("processes", values.count, base.processes),
    )
    section.done()
    return limits


def _sampling(table: Table, base: Sampling) -> Sampling:
    section = table.table("sampling")
    if section is None:
        return base
    try:
        sampling = Sampling(
            detect=section.get("detect", values.count, base.detect),
            least=section.get("least", values.count, base.least),
            most=section.get("most", values.count, base.most),
            revisit=section.get("revisit", values.whole, base.revisit),
            confirm=section.get("confirm", values.whole, base.confirm),
            alpha=section.get("alpha", values.number, base.alpha),
        )
    except UsageError as error:
        raise table.source.error(("sampling",), str(error), fix=_fix(error)) from None
    section.done()
    return sampling


def _fix(error: UsageError) -> str:
    return "change one of the two" if "must not exceed" in str(error) else "correct it, or leave it out"


def _novelty(table: Table, base: Novelty) -> Novelty:
    section = table.table("novelty")
    if section is None:
        return base
    try:
        novelty = Novelty(
            near=section.get("near", values.number, base.near),
            memory=section.get("memory", values.whole, base.memory),
            tabu=section.get("tabu", values.whole, base.tabu),
        )
    except UsageError as error:
        raise table.source.error(("novelty",), str(error), fix="correct it, or leave it out") from None
    section.done()
    return novelty


def _nested(keys: tuple[str, ...], value: object) -> object:
    for key in reversed(keys):
        value = {key: value}
    return value


def _value(text: str) -> object:
    """A value in TOML's notation, or the text itself."""
    try:
        item = Source.parse("--set", f"value = {text}").item("value")
    except TaskError:
        return text
    return item.value if item else text
