"""The chart of a sweep's page: for each setting its runs, their median and its interval. SVG without a script. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cambrian.app.comparison.scores import METRICS
from cambrian.app.display.frame import number
from cambrian.app.display.terminal import one_line
from cambrian.app.report.markup import Markup, element, join, text
from cambrian.app.results_study import RunScore, Side

__all__ = ["DECIDES", "anchor_of", "intervals"]

DECIDES = next(iter(METRICS))
"""The figure that is drawn: the one that decides."""
_WIDTH, _LEFT, _RIGHT, _ROW, _FOOT = 900, 300, 20, 30, 34
_NAME = 42
_TICKS = 5


def anchor_of(run: str) -> str:
    """Where a run's best program stands in the page."""
    return f"best-{run}"


def intervals(sides: Sequence[Side]) -> Markup | None:
    """The chart; ``None`` if no run has a score.

    Args:
        sides: one row each, in this order.
    """
    values = list(_values(sides))
    if not values:
        return None
    scale = _Scale(min(values), max(values))
    height = len(sides) * _ROW + _FOOT
    parts = [*_axis(scale, height)]
    for place, side in enumerate(sides):
        parts += _row(side, scale, place * _ROW + _ROW // 2)
    told = f"{METRICS[DECIDES].title} of {len(sides)} settings: the table below holds the same figures"
    return element("svg", *parts, viewBox=f"0 0 {_WIDTH} {height}", role="img", aria_label=told)


class _Scale:
    """Value → place, a little wider than what is drawn."""

    def __init__(self, low: float, high: float) -> None:
        room = (high / 2 - low / 2) * 0.1 or max(abs(high) * 0.01, 1e-300)  # halves: the whole may overflow
        self._low, self._high = low - room, high + room

    def at(self, value: float) -> str:
        part = (value / 2 - self._low / 2) / (self._high / 2 - self._low / 2)
        return f"{_LEFT + part * (_WIDTH - _LEFT - _RIGHT):.1f}"

    @property
    def ticks(self) -> list[float]:
        return [self._low + (self._high / _TICKS - self._low / _TICKS) * (at + 0.5) for at in range(_TICKS)]


def _values(sides: Sequence[Side]) -> Iterator[float]:
    for side in sides:
        middle = side.metrics[DECIDES]
        runs = (METRICS[DECIDES].read(run) for run in side.runs)
        yield from (value for value in (middle.low, middle.high, middle.median, *runs) if value is not None)


def _axis(scale: _Scale, height: int) -> Iterator[Markup]:
    bottom = height - _FOOT + 4
    for value in scale.ticks:
        x = scale.at(value)
        yield element("line", x1=x, x2=x, y1=0, y2=bottom, class_="axis")
        yield element("text", text(f"{value:.6g}"), x=x, y=bottom + 18, text_anchor="middle")


def _row(side: Side, scale: _Scale, y: int) -> Iterator[Markup]:
    label = element("title", text(side.name))
    yield element("text", label, text(one_line(side.name, _NAME)), x=4, y=y + 4, class_="name")
    middle = side.metrics[DECIDES]
    if middle.low is not None and middle.high is not None:
        yield element("line", x1=scale.at(middle.low), x2=scale.at(middle.high), y1=y, y2=y, class_="span")
    yield from (_dot(run, scale, y) for run in side.runs if METRICS[DECIDES].read(run) is not None)
    if middle.median is not None:
        told = element("title", text(f"median {number(middle.median)}"))
        x = float(scale.at(middle.median))
        yield element("rect", told, x=f"{x - 2:.1f}", y=y - 9, width=4, height=18, class_="median")


def _dot(run: RunScore, scale: _Scale, y: int) -> Markup:
    value = METRICS[DECIDES].read(run) or 0.0
    told = element("title", text(f"{run.run}, seed {run.seed}: {number(value)}"))
    dot = element("circle", told, cx=scale.at(value), cy=y, r=5, class_="run")
    return join([element("a", dot, href=f"#{anchor_of(run.run)}")])
