"""What a ``task.toml`` says of an evaluator of another framework: ``framework`` and ``[framework_options]``."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from cambrian.app import values
from cambrian.app.document import Item, Table
from cambrian.core.evaluation import Objective
from cambrian.search.task import Framework, FrameworkOptions

from .detection import FRAMEWORKS
from .reading import OBJECTIVES

__all__ = ["read_framework", "read_framework_options", "usual_objective"]


def read_framework(table: Table) -> Framework:
    """Whose evaluator it is; empty for a scorer of Cambrian's own.

    Raises:
        TaskError: no such framework.
    """
    item = table.item("framework")
    read: Callable[[Item], Framework] = values.one_of(FRAMEWORKS)
    return "" if item is None else read(item)


def read_framework_options(table: Table, framework: Framework) -> FrameworkOptions:
    """How it is called.

    Raises:
        TaskError: a value is wrong, or there is no framework that it could be meant for.
    """
    section, usual = table.table("framework_options"), FrameworkOptions()
    if section is None:
        return usual
    if not framework:
        raise table.source.error(
            ("framework_options",), "framework_options without a framework",
            fix=f"write framework = one of {', '.join(FRAMEWORKS)} at the top, or take the section out",
        )  # fmt: skip
    options = FrameworkOptions(
        script=section.get("script", _flag, usual.script),
        cascade=section.get("cascade", _flag, usual.cascade),
        thresholds=section.get("thresholds", _numbers, usual.thresholds),
        ignored=section.get("ignored", values.texts, usual.ignored),
        function=section.get("function", values.text, usual.function),
        components=section.get("components", values.texts, usual.components),
        dataset=section.get("dataset", values.text, usual.dataset),
    )
    section.done()
    return options


def usual_objective(framework: Framework) -> Objective:
    """What ranks where no objective is named."""
    return Objective(name=OBJECTIVES[framework])


def _flag(item: Item) -> bool:
    if not isinstance(item.value, bool):
        raise item.wrong("true or false is wanted", fix=f"write {item.keys[-1]} = true")
    return item.value


def _numbers(item: Item) -> tuple[float, ...]:
    value = item.value
    if not isinstance(value, list):
        raise item.wrong("a list of numbers is wanted", fix=f"write for example {item.keys[-1]} = [0.5, 0.75]")
    members = cast("list[object]", value)
    return tuple(values.number(Item(member, item.keys, item.source)) for member in members)
