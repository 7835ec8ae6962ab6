"""The proposers that take part in a search, by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from cambrian.compute.optimiser import OptimiserWorker
from cambrian.core.errors import UsageError

from .proposer import Proposer, Setting
from .proposers.choices import Choices, choices
from .proposers.crossover import Crossover
from .proposers.edits import OperatorEdits
from .proposers.templates import SEARCHES, Template
from .proposers.tuning import LiteralTuning

Maker = Callable[[Setting], Proposer]

MAKERS: dict[str, Maker] = {
    "edit": OperatorEdits,
    "tune": lambda setting: LiteralTuning(setting, OptimiserWorker()),
    "choose": Choices,
    "crossover": Crossover,
    **{f"template.{search}": partial(Template, search=search) for search in SEARCHES},
}
"""Every proposer, in the order in which they get their first turn."""


def make_proposers(setting: Setting, wanted: Sequence[str]) -> list[Proposer]:
    """The proposers of a search, each of which fits the task.

    Args:
        setting: the task, as proposers see it.
        wanted: names or families (ending in a dot); empty means all.

    Raises:
        UsageError: a name that there is not, or none that fits.
    """
    unknown = [name for name in wanted if not any(_is(maker, name) for maker in MAKERS)]
    if unknown:
        raise UsageError(f"strategy.proposers names {unknown[0]!r}; choose from {', '.join(MAKERS)}")
    chosen = [name for name in MAKERS if not wanted or any(_is(name, item) for item in wanted)]
    fitting = [name for name in chosen if _fits(name, setting)]
    if not fitting:
        raise UsageError(f"none of the proposers {', '.join(chosen)} fits: templates need a problem.py")
    return [MAKERS[name](setting) for name in fitting]


def _is(name: str, item: str) -> bool:
    return name == item or (item.endswith(".") and name.startswith(item))


def _fits(name: str, setting: Setting) -> bool:
    if name.startswith("template."):
        return setting.problem is not None and setting.mode == "artifact"
    if name == "choose":
        return bool(choices(setting.initial))
    return setting.initial.language == "python"
