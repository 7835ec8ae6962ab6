"""The task's own program with functions whose answers are spoilt: text for a jail, made of text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import resources

from cambrian.core.variant import Origin, Variant
from cambrian.search.task import Task

from .bench import Recipe, plain

__all__ = ["SITES", "spoilt"]

SITES = re.compile(r"sites=(\[.*?\])=sites", re.DOTALL)
"""Where a program that tells the sites of its answer has written them."""
_AROUND = """

def __cambrian_audit():
    import sys, types
    room = types.ModuleType("cambrian_audit_corruption")
    sys.modules[room.__name__] = room
    exec(compile({text!r}, room.__name__, "exec"), room.__dict__)
    recipe = {recipe!r}
    for name in {names!r}:
        if callable(globals().get(name)):
            globals()[name] = room.wrapped(globals()[name], recipe)


__cambrian_audit()
"""


def spoilt(
    task: Task, names: Iterable[str], recipe: Recipe | None, *, unless: str = "", only: int = 0
) -> Variant:  # fmt: skip
    """The program with some of its functions' answers spoilt.

    Args:
        task: the task.
        names: the functions.
        recipe: how; `None` lets the program end with the sites of its first answer.
        unless: ``"changed"`` or ``"unchanged"``: raise there.
        only: see `cambrian.search.inside.corruption.wrapped`.
    """
    text = resources.files("cambrian").joinpath("search", "inside", "corruption.py").read_text(encoding="utf-8")
    order = None if recipe is None else {**plain(recipe), "unless": unless, "only": only}
    made = _AROUND.format(text=text, recipe=order, names=list(names))
    files = dict(task.program)
    files[task.entry.split(":")[0]] += made
    return Variant(
        files=files, entry=task.entry, origin=Origin(proposer="audit", why=str(recipe)), language=task.language
    )
