"""The JSON answers of the command line, by command, and their JSON Schema (2020-12), made from the records."""

from __future__ import annotations

import msgspec

from cambrian.improvement.securing.report import Secured
from cambrian.sandbox.probe import Capability

from .checking import Checkup
from .display.lines import Progress
from .execution.comparing import Difference
from .execution.history import LineStep, Trace
from .execution.inventory import Present
from .execution.profiling import Profile
from .execution.results import Execution
from .healing import Healing
from .improving import Improved, Listed
from .results import Applied, Change, Collected, EventLine, Exported, Found, Imported, KnownCase, Outcome, RunLine
from .results_study import Compared, Explained, Reported, Swept
from .reviewing import Reviewed
from .ruling import RuleLine, RulePage
from .undoing import Undone, Writing

SCHEMAS: dict[str, object] = {
    "evolve": Outcome,
    "runs.list": list[RunLine],
    "runs.show": Outcome,
    "runs.resume": Outcome,
    "runs.best": Found,
    "runs.events": EventLine,
    "runs.diff": Change,
    "runs.apply": Applied,
    "runs.export": Exported,
    "runs.import": Imported,
    "runs.gc": Collected,
    "runs.cases": list[KnownCase],
    "runs.report": Reported,
    "runs.compare": Compared,
    "runs.explain": Explained,
    "run": Execution,
    "runtimes": list[Present],
    "runs.trace": Trace,
    "runs.trace.inspect": dict[str, object],
    "runs.trace.lines": list[LineStep],
    "runs.trace.resume": Execution,
    "runs.trace.replay": Execution,
    "runs.trace.profile": Profile,
    "runs.trace.diff": Difference,
    "sweep": Swept,
    "improve": Improved,
    "improve.list": Listed,
    "heal": Healing,
    "secure": Secured,
    "review": Reviewed,
    "undo": Undone,
    "undo.list": list[Writing],
    "rules": list[RuleLine],
    "rules.show": RulePage,
    "check": Checkup,
    "doctor": list[Capability],
    "progress": Progress,
}
"""Command, with a dot for a space, → type of its answer. ``runs.trace.inspect`` and the like are what ``runs trace``
answers with that option. ``runs.events`` and ``progress`` are one line of many."""


def _anything(kind: type) -> dict[str, object]:
    if kind is object:
        return {"description": "Any JSON value."}
    raise NotImplementedError(f"{kind} has no JSON Schema")


def schema_of(name: str) -> dict[str, object]:
    """The JSON Schema of an answer.

    Raises:
        KeyError: no such name.
    """
    return msgspec.json.schema(SCHEMAS[name], schema_hook=_anything)
