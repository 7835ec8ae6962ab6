"""`Curve`: the best so far of a search, against evaluations, CPU and time. Folded from facts; no I/O.

Memory grows with the number of new bests, not with the run.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Literal, NamedTuple

import msgspec

from cambrian.core.errors import UsageError
from cambrian.core.evaluation import Objective, Usage
from cambrian.core.event import Event
from cambrian.core.ids import VariantId

from .facts import EVALUATED, OPENED, STOPPED, Opened

REVISITED = "search.revisited"

Axis = Literal["evaluations", "cpu_s", "wall_s"]
"""evaluations: finished ones, failures included. cpu_s: CPU seconds of candidates and scorers. wall_s: engine time."""


class Rise(NamedTuple):
    """A new best: what had been spent when it came, and its value of the first objective."""

    evaluations: int
    cpu_s: float
    wall_s: float
    value: float


class _Evaluation(msgspec.Struct):
    status: str
    variant: VariantId = VariantId("")
    objectives: dict[str, float] = {}
    usage: Usage = Usage()


class _Evaluated(msgspec.Struct):
    evaluation: _Evaluation
    elapsed_s: float
    cached: bool = False
    best: bool = False


class _Leader(msgspec.Struct):
    evaluation: _Evaluation


class _Revisited(msgspec.Struct):
    """An elite was run again; `leader` if another one leads for it."""

    evaluation: _Evaluation
    cpu_s: float = 0.0
    leader: _Leader | None = None


class _Stop(msgspec.Struct):
    elapsed_s: float


_EVALUATED = msgspec.json.Decoder(_Evaluated)
_REVISITED = msgspec.json.Decoder(_Revisited)
_STOP = msgspec.json.Decoder(_Stop)


class Curve:
    """Best so far. Feed it every event in order with `apply`.

    Attributes:
        opened: the search's first fact.
        rises: new bests of the first objective, in order; falls, too, where a lucky best was run again.
        evaluations: finished ones, cancelled ones left out.
        cached: of these, recalled from an earlier search, so that they cost no CPU.
        cpu_s: CPU seconds that the search used; a confirmation at its end is not counted.
        wall_s: seconds of engine time.
        objectives: all of the best, where it is told which one that is.
    """

    def __init__(self) -> None:
        self.opened: Opened | None = None
        self.rises: list[Rise] = []
        self.evaluations, self.cached, self.cpu_s, self.wall_s = 0, 0, 0.0, 0.0
        self.objectives: dict[str, float] = {}
        self._best = VariantId("")

    @property
    def objective(self) -> Objective:
        """The one that ranks.

        Raises:
            UsageError: the search has not begun.
        """
        if self.opened is None:
            raise UsageError("the search has not begun, so that it has no objective")
        return self.opened.task.objectives[0]

    def apply(self, event: Event) -> None:
        """Take one event in; unknown types are passed over."""
        if event.type == EVALUATED:
            self._conclude(_EVALUATED.decode(event.data))
        elif event.type == REVISITED:
            self._revisit(_REVISITED.decode(event.data))
        elif event.type == OPENED:
            self.opened = msgspec.json.decode(event.data, type=Opened)
        elif event.type == STOPPED:
            self.wall_s = max(self.wall_s, _STOP.decode(event.data).elapsed_s)

    def _conclude(self, record: _Evaluated) -> None:
        result = record.evaluation
        self.cpu_s += result.usage.cpu_s + result.usage.scorer_cpu_s
        self.wall_s = max(self.wall_s, record.elapsed_s)
        if result.status == "cancelled":
            return
        self.evaluations += 1
        self.cached += record.cached
        if record.best:
            self.objectives = result.objectives
        value = result.objectives.get(self.objective.name)
        if value is not None and (not self.rises or self.objective.better(value, self.rises[-1].value)):
            self._lead(result)

    def _revisit(self, record: _Revisited) -> None:
        self.cpu_s += record.cpu_s
        if record.leader is not None:
            self._lead(record.leader.evaluation)
        elif record.evaluation.variant == self._best and record.evaluation.status == "ok":
            self._lead(record.evaluation)

    def _lead(self, result: _Evaluation) -> None:
        value = result.objectives.get(self.objective.name)
        if value is not None:
            self._best, self.objectives = result.variant, result.objectives
            self.rises.append(Rise(self.evaluations, self.cpu_s, self.wall_s, value))

    @property
    def best(self) -> float | None:
        """The best value."""
        return self.rises[-1].value if self.rises else None

    def spent(self, axis: Axis) -> float:
        """How far the run went."""
        return float({"evaluations": self.evaluations, "cpu_s": self.cpu_s, "wall_s": self.wall_s}[axis])

    def at(self, axis: Axis, spent: float) -> float | None:
        """The best when so much was spent; ``None`` if nothing had a score by then."""
        count = bisect_right(self._along(axis), spent)
        return self.rises[count - 1].value if count else None

    def mean(self, axis: Axis, upto: float) -> float | None:
        """Area under the curve of the best so far, divided by its width: from the first score up to `upto`.

        ``None`` if there is no score before `upto`.
        """
        along = self._along(axis)
        if not along or along[0] >= upto:
            return self.at(axis, upto)
        ends = [min(end, upto) for end in [*along[1:], upto]]
        area = sum(
            (end - begin) * rise.value for begin, end, rise in zip(along, ends, self.rises, strict=True) if end > begin
        )
        return area / (upto - along[0])

    def reach(self, axis: Axis, target: float) -> float | None:
        """What had been spent when the target was reached; ``None`` if it never was."""
        for place, rise in zip(self._along(axis), self.rises, strict=True):
            if not self.objective.better(target, rise.value):
                return place
        return None

    def _along(self, axis: Axis) -> list[float]:
        return [float(getattr(rise, axis)) for rise in self.rises]
