"""When a search ends. Time comes from the clock handed in; counts come from the population."""

from __future__ import annotations

from cambrian.core.ports import Clock

from .facts import StopReason
from .population import Population
from .task import Task


class Stoppers:
    """Target, budgets, plateau and people.

    Args:
        task: names the target, the budget and the plateau.
        clock: for the wall budget.

    Attributes:
        money: US dollars spent.
        reserve_s: seconds of the wall budget that are kept back for confirming the winner.
        interrupted: somebody asked for the end.
    """

    def __init__(self, task: Task, clock: Clock) -> None:
        self._task = task
        self._clock = clock
        self._began = clock.monotonic()
        self._before_s = 0.0
        self.money = 0.0
        self.reserve_s = 0.0
        self.interrupted = False

    def begin(self, *, elapsed: float, money: float) -> None:
        """Start counting from what earlier processes of this run have used: seconds and US dollars."""
        self._began, self._before_s, self.money = self._clock.monotonic(), elapsed, money

    def elapsed(self) -> float:
        """Seconds of engine time over all resumes."""
        return self._before_s + self._clock.monotonic() - self._began

    def remaining(self) -> float | None:
        """Seconds of the wall budget that the search may still take; `None` without one."""
        left = self.left()
        return None if left is None else max(0.0, left - self.reserve_s)

    def left(self) -> float | None:
        """Seconds of the wall budget that are left, with what is kept back for confirming the winner."""
        wall = self._task.budget.wall
        return None if wall is None else max(0.0, wall - self.elapsed())

    def check(self, population: Population, *, in_flight: int) -> StopReason | None:
        """Why no further candidate may start, if so."""
        budget, plateau = self._task.budget, self._task.strategy.plateau
        reasons: list[tuple[StopReason, bool]] = [
            ("interrupted", self.interrupted),
            ("target", self._reached(population)),
            ("money", budget.money is not None and self.money >= budget.money),
            (
                "evaluations",
                budget.evaluations is not None and population.evaluations + in_flight >= budget.evaluations,
            ),
            ("wall", self.remaining() == 0.0),
            ("plateau", plateau is not None and population.since_best >= plateau),
        ]
        return next((reason for reason, holds in reasons if holds), None)

    def _reached(self, population: Population) -> bool:
        target, objective = self._task.target, self._task.objectives[0]
        return target is not None and population.best is not None and population.best[0] >= objective.gain(target)
