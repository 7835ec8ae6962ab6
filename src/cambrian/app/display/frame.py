"""One moment of a search: the folded facts, and what people want to know that follows from them. Pure."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from cambrian.core.evaluation import Objective
from cambrian.core.quantity import format_seconds
from cambrian.search.view import Point, Summary


class Gauge(msgspec.Struct, frozen=True, kw_only=True):
    """How much of one ceiling is used.

    Args:
        name: ``"time"``, ``"evaluations"`` or ``"money"``.
        used: for people.
        ceiling: for people.
        fraction: from 0 to 1.
        larger: a ceiling of twice what is used, in the notation of ``--budget``.
    """

    name: str
    used: str
    ceiling: str
    fraction: float
    larger: str = ""


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """What a renderer draws.

    Args:
        view: the folded facts; do not change it.
        elapsed_s: seconds of engine time by now.
        rate: evaluations per second lately; 0 if none.
        last: the last event, one safe line.
        bests: new bests since the last frame.
        resumed: the run was taken up again, and had this view's bests before.
        waiting: it is being taken up, and what it may use now is not known yet.
    """

    view: Summary
    elapsed_s: float
    rate: float = 0.0
    last: str = ""
    bests: tuple[Point, ...] = ()
    resumed: bool = False
    waiting: bool = False

    @property
    def objective(self) -> Objective | None:
        """The objective that ranks."""
        return self.view.task.objectives[0] if self.view.task else None

    def value(self, point: Point | None) -> float | None:
        """The ranking objective at a point."""
        objective = self.objective
        return point.objectives.get(objective.name) if point and objective else None

    @property
    def gauges(self) -> tuple[Gauge, ...]:
        """The budget's ceilings, as far as there are any."""
        return gauges(self.view, self.elapsed_s)

    @property
    def eta_s(self) -> float | None:
        """Seconds until the first ceiling is reached, at the present rate; ``None`` if nobody can tell."""
        budget = self.view.task.budget if self.view.task else None
        left: list[float] = []
        if budget and budget.wall is not None:
            left.append(budget.wall - self.elapsed_s)
        if budget and budget.evaluations is not None and self.rate > 0:
            left.append((budget.evaluations - self.view.evaluations) / self.rate)
        return max(0.0, min(left)) if left else None


def gauges(view: Summary, elapsed_s: float) -> tuple[Gauge, ...]:
    """How much of each ceiling of a run's budget is used."""
    if view.task is None:
        return ()
    budget = view.task.budget
    rows = (
        ("time", elapsed_s, budget.wall, format_seconds, f"{2 * elapsed_s:.0f}s"),
        ("evaluations", float(view.evaluations), budget.evaluations, _whole, f"{2 * view.evaluations}ev"),
        ("money", view.money, budget.money, _dollars, f"{2 * view.money:.2f}usd"),
    )
    return tuple(
        Gauge(name=name, used=show(used), ceiling=show(ceiling), fraction=min(1.0, used / ceiling), larger=larger)
        for name, used, ceiling, show, larger in rows
        if ceiling is not None
    )


def _whole(value: float) -> str:
    return f"{value:.0f}"


def _dollars(value: float) -> str:
    return f"${value:.2f}"


def number(value: float | None) -> str:
    """A score for people: ten significant digits, since packings are decided in the eighth.

    >>> number(2.6359830849176), number(3.0), number(None)
    ('2.635983085', '3', '–')
    """
    return "–" if value is None else f"{value:.10g}"


def scores(objectives: Mapping[str, float]) -> str:
    """All objectives for people; the name of a single one is left out.

    >>> scores({"sum": 3.0}), scores({"sum": 3.0, "size": 12.0})
    ('3', 'sum 3, size 12')
    """
    if len(objectives) == 1:
        return number(next(iter(objectives.values())))
    return ", ".join(f"{name} {number(value)}" for name, value in objectives.items())


def further(view: Summary, point: Point | None) -> str:
    """The objectives beyond the first that differ from the initial program's, such as ``, size 12 (-5 %)``."""
    if point is None or view.task is None or view.initial is None:
        return ""
    told = ""
    for objective in view.task.objectives[1:]:
        before, now = view.initial.objectives.get(objective.name), point.objectives.get(objective.name)
        if before is not None and now is not None and before != now:
            percent = change(before, now)
            told += f", {objective.name} {number(now)}" + (f" ({percent})" if percent else "")
    return told


def change(before: float, after: float) -> str:
    """Relative change for people.

    >>> change(2.0, 3.0), change(0.0, 1.0), change(-4.0, -3.0), change(1.0, 1.0)
    ('+50 %', '', '+25 %', '±0 %')
    """
    if before == 0:
        return ""
    percent = 100 * (after - before) / abs(before)
    return "±0 %" if percent == 0 else f"{percent:+.4g} %"


def curve(values: list[float], width: int) -> str:
    """A line of blocks for a list of numbers, the lowest at the bottom.

    >>> curve([0.0, 1.0, 2.0, 7.0], 4)
    '▁▂▃█'
    """
    if not values or width < 1:
        return ""
    count = min(width, len(values))
    taken = [values[round(index * (len(values) - 1) / max(1, count - 1))] for index in range(count)]
    low, span = min(taken), max(taken) - min(taken)
    return "".join("▁▂▃▄▅▆▇█"[round(7 * (value - low) / span) if span else 0] for value in taken)


def best_over_time(view: Summary, width: int) -> list[float]:
    """The best value at `width` evenly spaced evaluations."""
    if not view.history or view.task is None:
        return []
    name, last = view.task.objectives[0].name, max(1, view.evaluations - 1)
    points = [(point.index, point.objectives[name]) for point in view.history if name in point.objectives]
    samples: list[float] = []
    for step in range(width):
        reached = [value for index, value in points if index <= step * last / max(1, width - 1)]
        samples.append(reached[-1] if reached else points[0][1])
    return samples
