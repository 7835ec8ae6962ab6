"""Curves → the figures that are compared, at the same effort for every run. Pure."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cambrian.app.results_study import Median, RunScore
from cambrian.core.errors import UsageError
from cambrian.core.ids import RunId
from cambrian.search.curves import Curve

from .ranks import median_interval

__all__ = ["METRICS", "Effort", "Metric", "common_effort", "figures", "medians", "score", "values_of"]


class Metric(NamedTuple):
    """A figure of a run: its title, the member of `RunScore`, whether less is better, whether it is told in CPU."""

    title: str
    member: str
    is_cost: bool = False
    is_cpu: bool = False

    def read(self, run: RunScore) -> float | None:
        """The figure of a run; ``None`` if it never came."""
        value = getattr(run, self.member)
        return None if value is None else float(value)


METRICS: dict[str, Metric] = {
    "at_evaluations": Metric("best at equal evaluations", "at_evaluations"),
    "at_cpu": Metric("best at equal CPU", "at_cpu", is_cpu=True),
    "mean_best": Metric("mean best so far", "mean_best"),
    "target_evaluations": Metric("evaluations to target", "target_evaluations", is_cost=True),
    "target_cpu_s": Metric("CPU seconds to target", "target_cpu_s", is_cost=True, is_cpu=True),
}
"""Name in JSON → figure. The first decides, the others describe."""


class Effort(NamedTuple):
    """What every run has spent at least (no CPU where evaluations were recalled), and the target that is timed."""

    evaluations: int
    cpu_s: float | None
    target: float | None
    target_from: str


def common_effort(curves: Sequence[Curve], target: float | None) -> Effort:
    """The effort up to which runs can be compared.

    Args:
        curves: of all runs.
        target: asked for by a person.

    Raises:
        UsageError: the runs do not rank by the same objective.
    """
    objective = curves[0].objective
    for curve in curves:
        if curve.objective != objective:
            raise UsageError(
                f"the runs rank by different objectives: {objective.name} ({objective.direction}) and "
                f"{curve.objective.name} ({curve.objective.direction}); compare runs of one task"
            )
    evaluations = min(curve.evaluations for curve in curves)
    # what was recalled cost no CPU, so that a search which recalls seems to get everything for nothing
    cpu_s = None if any(curve.cached for curve in curves) else min(curve.cpu_s for curve in curves)
    chosen, origin = _target(curves, target)
    return Effort(evaluations, cpu_s, chosen, origin)


def _target(curves: Sequence[Curve], asked: float | None) -> tuple[float | None, str]:
    if asked is not None:
        return asked, "asked for"
    given = {curve.opened.task.target for curve in curves if curve.opened is not None}
    if len(given) == 1 and (only := given.pop()) is not None:
        return only, "the task"
    bests = [curve.best for curve in curves if curve.best is not None]
    if not bests:
        return None, "nothing was scored"
    worst = min if curves[0].objective.direction == "maximize" else max
    return worst(bests), "the weakest run's best"


def score(run: RunId, curve: Curve, effort: Effort) -> RunScore:
    """What a run reached."""
    target = effort.target
    return RunScore(
        run=run,
        seed=curve.opened.seed if curve.opened else 0,
        evaluations=curve.evaluations,
        cpu_s=curve.cpu_s,
        wall_s=curve.wall_s,
        best=curve.best,
        at_evaluations=curve.at("evaluations", effort.evaluations),
        at_cpu=None if effort.cpu_s is None else curve.at("cpu_s", effort.cpu_s),
        mean_best=curve.mean("evaluations", effort.evaluations),
        target_evaluations=None if target is None else curve.reach("evaluations", target),
        target_cpu_s=None if target is None or effort.cpu_s is None else curve.reach("cpu_s", target),
        target_wall_s=None if target is None else curve.reach("wall_s", target),
        cached=curve.cached,
        objectives=curve.objectives,
    )


def values_of(metric: Metric, runs: Sequence[RunScore], *, maximize: bool) -> list[float]:
    """The figure of each run. What never came is infinitely costly, and no score at all infinitely bad."""
    never = math.inf if metric.is_cost or not maximize else -math.inf
    return [never if (value := metric.read(run)) is None else value for run in runs]


def figures(*, cpu: bool) -> dict[str, Metric]:
    """The figures that are compared.

    Args:
        cpu: whether CPU seconds tell what a run cost; not so where evaluations were recalled.
    """
    return {name: metric for name, metric in METRICS.items() if cpu or not metric.is_cpu}


def medians(runs: Sequence[RunScore], *, maximize: bool, cpu: bool = True) -> Mapping[str, Median]:
    """Every figure over runs that count as alike, and the best at the end; for `cpu` see `figures`."""
    plain = {
        "best": Metric("best", "best"),
        "evaluations": Metric("evaluations", "evaluations", is_cost=True),
        "cpu_s": Metric("CPU seconds", "cpu_s", is_cost=True),
    }
    found: dict[str, Median] = {}
    for name, metric in {**plain, **figures(cpu=cpu)}.items():
        values = values_of(metric, runs, maximize=maximize)
        low, high, coverage = median_interval(values)
        found[name] = Median(
            median=_told(_middle(values)), low=_told(low), high=_told(high), coverage=coverage, n=len(values)
        )
    return found


def _told(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _middle(values: Sequence[float]) -> float:
    """The median, also where values are infinite on both sides of it."""
    low, high = statistics.median_low(values), statistics.median_high(values)
    return low if low == high else (low + high) / 2
