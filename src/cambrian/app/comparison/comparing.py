"""Sides of runs → `Compared`: figures, exact tests, settings that differ. Never says more than so few runs bear."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple, cast

import msgspec

from cambrian.app.display.frame import number
from cambrian.app.results_study import Compared, Difference, Side, Test
from cambrian.app.workspace import Runs
from cambrian.core.errors import RunNotFound, StoreDamaged, UsageError
from cambrian.core.ids import RunId, digest
from cambrian.search.curves import REVISITED, Curve
from cambrian.search.facts import EVALUATED, OPENED, STOPPED, Opened

from .ranks import Effect, holm, paired, unpaired
from .scores import METRICS, Effort, Metric, common_effort, figures, medians, score, values_of

__all__ = ["ALPHA", "Group", "compare", "curve_of"]

ALPHA = 0.05
"""Chance of telling a difference of one figure where there is none, over all pairs of sides."""
_ALL_PAIRS = 4
"""Up to so many sides each is tested against each, beyond that against the first."""


class Group(NamedTuple):
    """Runs that count as alike, under a name."""

    name: str
    runs: tuple[RunId, ...]


class _Pair(NamedTuple):
    metric: str
    a: Side
    b: Side
    effect: Effect


async def compare(runs: Runs, groups: Sequence[Group], *, target: float | None = None, pairs: bool = False) -> Compared:
    """Compare groups of runs.

    Args:
        runs: the workspace's.
        groups: at least one; each with at least one run.
        target: value of the first objective whose reaching is timed.
        pairs: runs of the same seed on two sides belong together.

    Raises:
        UsageError: the runs cannot be compared.
        RunNotFound: a run has not begun.
    """
    curves = {run: await curve_of(runs, run) for group in groups for run in group.runs}
    effort = common_effort(list(curves.values()), target)
    maximize = next(iter(curves.values())).objective.direction == "maximize"
    sides = tuple(_side(group, curves, effort, maximize=maximize) for group in groups)
    objective = next(iter(curves.values())).objective
    return Compared(
        objective=objective.name, direction=objective.direction, sides=sides, equal_evaluations=effort.evaluations,
        equal_cpu_s=effort.cpu_s, target=effort.target, target_from=effort.target_from,
        settings=_differences([[curves[run] for run in group.runs] for group in groups]),
        tests=_tests(sides, effort, maximize=maximize, pairs=pairs), notes=tuple(_notes(sides, list(curves.values()))),
    )  # fmt: skip


async def curve_of(runs: Runs, run: RunId) -> Curve:
    """A run's curve.

    Raises:
        RunNotFound: its search has not begun.
        StoreDamaged: it cannot be read.
    """
    curve = Curve()
    try:
        async for event in runs.reader.read(run, types={OPENED, EVALUATED, REVISITED, STOPPED}):
            curve.apply(event)
    except msgspec.MsgspecError as error:
        raise StoreDamaged(f"run {run!r} cannot be read: {error}") from error
    if curve.opened is None:
        raise RunNotFound(f"run {run!r} is no search that has begun; there is nothing to compare")
    return curve


def _side(group: Group, curves: Mapping[RunId, Curve], effort: Effort, *, maximize: bool) -> Side:
    scores = tuple(score(run, curves[run], effort) for run in group.runs)
    return Side(
        name=group.name, runs=scores, metrics=dict(medians(scores, maximize=maximize, cpu=effort.cpu_s is not None))
    )


def _tests(sides: Sequence[Side], effort: Effort, *, maximize: bool, pairs: bool) -> tuple[Test, ...]:
    """Tests of all figures between sides of several runs; each figure's are adjusted for the number of its pairs."""
    many = len(sides) > _ALL_PAIRS
    couples = [(sides[0], side) for side in sides[1:]] if many else list(itertools.combinations(sides, 2))
    found: list[Test] = []
    for name, metric in figures(cpu=effort.cpu_s is not None).items():
        tried = [
            _Pair(name, a, b, _effect(metric, a, b, maximize=maximize, pairs=pairs))
            for a, b in couples
            if len(a.runs) > 1 and len(b.runs) > 1
        ]
        adjusted = holm([pair.effect.p for pair in tried])
        found += [_test(pair, p, maximize=maximize) for pair, p in zip(tried, adjusted, strict=True)]
    return tuple(found)


def _effect(metric: Metric, a: Side, b: Side, *, maximize: bool, pairs: bool) -> Effect:
    left, right = (values_of(metric, side.runs, maximize=maximize) for side in (a, b))
    if not pairs:
        return unpaired(left, right)
    mine = {run.seed: value for run, value in zip(a.runs, left, strict=True)}
    theirs = {run.seed: value for run, value in zip(b.runs, right, strict=True)}
    if mine.keys() != theirs.keys() or len(mine) < len(left):
        raise UsageError(f"{a.name!r} and {b.name!r} cannot be paired: their seeds are not the same, each once")
    return paired([mine[seed] for seed in mine], [theirs[seed] for seed in mine])


def _test(pair: _Pair, adjusted: float, *, maximize: bool) -> Test:
    metric, effect = METRICS[pair.metric], pair.effect
    more_is_better = maximize and not metric.is_cost
    better = ""
    if adjusted <= ALPHA and effect.estimate:
        better = pair.a.name if (effect.estimate > 0) == more_is_better else pair.b.name
    return Test(
        metric=pair.metric, a=pair.a.name, b=pair.b.name, n=len(pair.a.runs), m=len(pair.b.runs),
        estimate=_finite(effect.estimate), low=_finite(effect.low), high=_finite(effect.high), p=effect.p,
        adjusted=adjusted, least_p=effect.least_p, method=effect.method, better=better,
        sentence=_sentence(metric, pair, adjusted, better),
    )  # fmt: skip


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _sentence(metric: Metric, pair: _Pair, adjusted: float, better: str) -> str:
    effect, sizes = pair.effect, f"{len(pair.a.runs)} and {len(pair.b.runs)} runs"
    if better:
        other = pair.b.name if better == pair.a.name else pair.a.name
        size = f"by {number(abs(effect.estimate))}" if math.isfinite(effect.estimate) else "which never got there"
        return f"{metric.title}: {better} is better than {other} {size} (p = {adjusted:.2g}, {sizes}; {effect.method})"
    told = f"{metric.title}: no difference of {pair.a.name} and {pair.b.name} is shown (p = {adjusted:.2g}, {sizes})"
    if effect.least_p > ALPHA:
        told += f"; so few runs cannot show one, the smallest p they can give is {effect.least_p:.2g}"
    return told


def _differences(sides: Sequence[Sequence[Curve]]) -> tuple[Difference, ...]:
    """Settings in which sides differ. The seed is what alike runs differ in, so it is told of single runs only."""
    told = [[_settings(curve.opened) for curve in side if curve.opened] for side in sides]
    keys = dict.fromkeys(key for side in told for run in side for key in run)
    single = all(len(side) == 1 for side in sides)
    found: list[Difference] = []
    for key in keys:
        values = tuple(" | ".join(dict.fromkeys(run.get(key, "–") for run in side)) for side in told)
        if len(set(values)) > 1 and (single or key != "seed"):
            found.append(Difference(key=key, values=values))
    return tuple(found)


_TEXTS = ("program", "evaluator_text", "problem")


def _settings(opened: Opened) -> dict[str, str]:
    """A run's settings as flat keys; texts as the beginning of their digest."""
    task = cast("dict[str, object]", msgspec.to_builtins(opened.task))
    # a cell of a sweep is called by its settings, which are told anyway
    task["name"] = opened.task.name.partition(" [")[0]
    for name in _TEXTS:
        task[name] = digest(msgspec.json.encode(task[name]))[:12] if task.get(name) else "–"
    task["objectives"] = ", ".join(f"{item.name} {item.direction}" for item in opened.task.objectives)
    return {
        **_flat("", task), "seed": str(opened.seed), "jobs": str(opened.jobs), "jail": opened.level,
        "proposers in use": ", ".join(opened.proposers), "version": opened.version,
    }  # fmt: skip


def _flat(prefix: str, value: object) -> dict[str, str]:
    if isinstance(value, dict):
        items = cast("dict[str, object]", value).items()
        return {key: text for name, inner in items for key, text in _flat(f"{prefix}{name}.", inner).items()}
    told = ", ".join(map(str, cast("list[object]", value))) if isinstance(value, list | tuple) else str(value)
    return {prefix.rstrip("."): told}


def _notes(sides: Sequence[Side], curves: Sequence[Curve]) -> list[str]:
    notes: list[str] = []
    recalled = sum(curve.cached for curve in curves)
    if recalled:
        notes.append(_recalled(sides, recalled))
    if min(len(side.runs) for side in sides) == 1 and len(sides) > 1:
        notes.append("A side of one run says nothing about chance; compare several seeds: cambrian sweep.")
    notes += _unlike(curves)
    if any(len(side.runs) > 1 for side in sides):
        notes.append("The first figure decides; to choose among the others afterwards is to choose what chance gave.")
    if any(0 < side.metrics["best"].coverage < 0.95 for side in sides):
        notes.append("With fewer than six runs an interval is the range of the runs; its coverage is told with it.")
    return notes


def _unlike(curves: Sequence[Curve]) -> list[str]:
    """In what the tasks of runs differ, so that their scores may say little about each other."""
    opened = [curve.opened.task for curve in curves if curve.opened]
    if len({task.evaluator_text for task in opened}) > 1:
        return ["The runs were scored by different scorers: their scores may not compare at all."]
    if len({tuple(sorted(task.program.items())) for task in opened}) > 1:
        return ["The runs did not begin with the same program."]
    return []


def _recalled(sides: Sequence[Side], recalled: int) -> str:
    which = ", ".join(f"{sum(run.cached for run in side.runs)} of {side.name}" for side in sides)
    return (
        f"{recalled} evaluations were recalled from earlier searches and cost no CPU ({which}), so that nothing is "
        "compared at equal CPU and CPU figures are too low; run again with --set cache=false to compare CPU."
    )
