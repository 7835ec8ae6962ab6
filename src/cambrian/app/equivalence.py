"""``[equivalence]`` of a ``task.toml`` → `verify.policy.Policy`. Part of what a task is: no setting changes it."""

from __future__ import annotations

from cambrian.core.errors import UsageError
from cambrian.search.proposer import Mode
from cambrian.verify.policy import ANSWERS, Policy

from . import values
from .document import Item, Table

_WORDS: dict[str, tuple[str, ...]] = {
    "types": ("strict", "numeric"),
    "order": ("all", "dict", "none"),
    "arrays": ("strict", "values"),
    "exceptions": ("any", "type", "type+message", "type+args"),
    "mutation": ("same", "ignore"),
    "objects": ("state", "refuse"),
}
_SWITCHES = ("nan_equal", "signed_zero", "identity", "output")


def read_equivalence(table: Table, mode: Mode) -> Policy:
    """What counts as the same in a task.

    Raises:
        TaskError: a key or a value is wrong, or the task's mode compares nothing.
    """
    section = table.table("equivalence")
    if section is None:
        return ANSWERS
    if mode != "callable":
        raise table.source.error(
            ("equivalence",), f"nothing is compared in {mode} mode: the scorer judges answers by itself",
            fix='take the table out, or write mode = "callable"',
        )  # fmt: skip
    given: dict[str, object] = {}
    for key, words in _WORDS.items():
        given[key] = section.get(key, values.one_of(words), getattr(ANSWERS, key))
    for key in _SWITCHES:
        given[key] = section.get(key, _switch, getattr(ANSWERS, key))
    for key in ("float_rtol", "float_atol"):
        given[key] = section.get(key, values.number, getattr(ANSWERS, key))
    section.done()
    try:
        return Policy(**given)  # type: ignore[arg-type]
    except UsageError as error:
        raise table.source.error(("equivalence",), str(error), fix="write for example float_rtol = 1e-9") from None


def _switch(item: Item) -> bool:
    if not isinstance(item.value, bool):
        raise item.wrong("true or false is wanted", fix=f"write {item.keys[-1]} = true")
    return item.value
