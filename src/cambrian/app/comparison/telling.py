"""`Compared` in words and a table, for people. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence

from cambrian.app.display.frame import number
from cambrian.app.display.terminal import one_line
from cambrian.app.display.width import columns, wrapped
from cambrian.app.results_study import Compared, Median, RunScore, Side
from cambrian.core.quantity import format_seconds

from .scores import METRICS

__all__ = ["said", "told", "with_interval"]

_WIDTH = 48


def told(compared: Compared, width: int | None = None) -> str:
    """The whole comparison as lines.

    Args:
        compared: the comparison.
        width: columns of the terminal; `None` for as many as it takes.
    """
    first = f"{compared.objective} ({compared.direction})"
    cpu = "" if compared.equal_cpu_s is None else f", {compared.equal_cpu_s:.3g} s CPU"
    lines = [f"{first}, at equal effort: {compared.equal_evaluations} evaluations{cpu}"]
    if compared.target is not None:
        lines.append(f"target {number(compared.target)} ({compared.target_from})")
    lines += ["", columns([_head(compared.sides), *_rows(compared.sides, compared.objective)], width)]
    if compared.settings:
        lines += ["", "what differs", columns([("", *_names(compared.sides)), *_settings(compared)], width)]
    lines += said(compared)
    lines += [*([""] if compared.notes else []), *(f"note: {note}" for note in compared.notes)]
    return wrapped("\n".join(lines), width)


def said(compared: Compared) -> list[str]:
    """What the tests allow to say: all of the figure that decides, of the others what is shown."""
    first = next(iter(METRICS))
    worth = [test for test in compared.tests if test.metric == first or test.better]
    return ["", "what can be said", *(f"  {one_line(test.sentence, 240)}" for test in worth)] if worth else []


def _names(sides: Sequence[Side]) -> list[str]:
    return [one_line(side.name, _WIDTH) for side in sides]


def _head(sides: Sequence[Side]) -> tuple[str, ...]:
    return ("", *_names(sides))


def _rows(sides: Sequence[Side], first: str) -> Iterator[tuple[str, ...]]:
    yield ("runs", *(str(len(side.runs)) for side in sides))
    yield ("best at the end", *(with_interval(side.metrics["best"]) for side in sides))
    names = [name for name in (sides[0].runs[0].objectives if sides[0].runs else {}) if name != first]
    yield from ((f"{name} of that best", *(_objective(name, side.runs) for side in sides)) for name in names)
    for name, metric in METRICS.items():
        if name in sides[0].metrics:
            yield (metric.title, *(with_interval(side.metrics[name]) for side in sides))
    yield ("reached the target", *(_reached(side.runs) for side in sides))
    yield ("evaluations", *(with_interval(side.metrics["evaluations"]) for side in sides))
    if any(run.cached for side in sides for run in side.runs):
        yield ("recalled, at no CPU", *(str(sum(run.cached for run in side.runs)) for side in sides))
    yield ("CPU of the search", *(format_seconds(side.metrics["cpu_s"].median or 0.0) for side in sides))


def _reached(runs: Sequence[RunScore]) -> str:
    return f"{sum(run.target_evaluations is not None for run in runs)} of {len(runs)}"


def _objective(name: str, runs: Sequence[RunScore]) -> str:
    """The median of another objective over the runs' bests."""
    values = [run.objectives[name] for run in runs if name in run.objectives]
    return number(statistics.median(values)) if values else "never"


def with_interval(median: Median) -> str:
    """A median and its interval, such as ``2.63 [2.61, 2.64]``; a single value as it is."""
    middle = _value(median.median)
    if median.n == 1 or median.low == median.high:
        return middle
    coverage = "" if median.coverage >= 0.95 else f" {median.coverage:.0%}"
    return f"{middle} [{_value(median.low)}, {_value(median.high)}]{coverage}"


def _value(value: float | None) -> str:
    return "never" if value is None else f"{value:.7g}"


def _settings(compared: Compared) -> Iterator[tuple[str, ...]]:
    for item in compared.settings:
        yield (item.key, *(one_line(value, _WIDTH) for value in item.values))
