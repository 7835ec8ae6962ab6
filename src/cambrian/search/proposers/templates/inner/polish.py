"""From a start to a local optimum. Sequential linear programming first; SLSQP where the optimum is no vertex.

Sequential linear programming (Fletcher and Sainz de la Maza 1989, without their second phase) suits max-min problems:
their optima are vertices, where it converges quadratically, and each step is one sparse linear program. Measured on 26
circles: 5 to 6 programs, 20 ms in all, from a perturbed optimum; SLSQP took 36 to 230 ms from four random starts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .model import Matrix, Model, Vector, violation
from .solvers import lbfgsb, linear_program, slsqp

FEASIBLE = 1e-9
"""Violation up to which a point counts as feasible while searching; the strict finish removes it."""
_PENALTY = 100.0  # price of one unit of violation, in units of the objective's steepest slope
_HOPE = 4.0  # times the next step's promise; on 26 circles 12 of 13 improvements pass, for a third less time
_STALLS = 3  # polishes that end away from a vertex before SLSQP is taken at once


@dataclass(frozen=True)
class Point:
    """A point, its value (to be made small) and its violation."""

    x: Vector
    value: float
    violation: float

    @property
    def feasible(self) -> bool:
        """Nearly; see `FEASIBLE`."""
        return self.violation <= FEASIBLE

    def better(self, other: Point, by: float = 0.0) -> bool:
        """Feasible before infeasible, then the smaller value, then the smaller violation (Deb 2000)."""
        if self.feasible != other.feasible:
            return self.feasible
        if self.feasible:
            return self.value < other.value - by
        return self.violation < other.violation - by


def measured(model: Model, x: Vector) -> Point:
    """The point at x."""
    return Point(x, model.value(x), violation(model.gaps(x)))


class Polisher:
    """Polishes points; learns whether the problem's optima are vertices.

    Args:
        model: the problem.
        iterations: steps per polish.
        tolerance: expected gain, relative to the value, at which a polish has converged.
    """

    def __init__(self, model: Model, iterations: int = 40, tolerance: float = 1e-11) -> None:
        self._model = model
        self._iterations = iterations
        self._tolerance = tolerance
        self._stalls = 0

    def __call__(self, x: Vector, radius: float = 0.1, bar: float = np.inf) -> Point:
        """A local optimum near x.

        Args:
            x: where to start; may be infeasible.
            radius: first step length, as a share of each variable's range.
            bar: a value that the optimum is to beat: a polish that will clearly not is given up, and answers with a
                point that is worse.
        """
        model = self._model
        model.meter.solves += 1
        x = model.clip(x)
        if not model.constrained:
            return measured(model, lbfgsb(model, x, 5 * self._iterations))
        if self._stalls < _STALLS:
            point, vertex = self._linear(x, radius, bar)
            if vertex:
                return point
            self._stalls += 1
            x = point.x
        return self._curved(x)

    def _linear(self, x: Vector, radius: float, bar: float) -> tuple[Point, bool]:
        """Sequential linear programs within a trust region; whether it converged."""
        model = self._model
        state = _Linearised(model, x)
        for _ in range(self._iterations):
            step, predicted = state.step(radius)
            if step is None:
                radius /= 4
            elif state.violation <= FEASIBLE and state.value - _HOPE * predicted > bar:
                return state.point, True
            elif predicted <= self._tolerance * max(1.0, abs(state.value)):
                return state.point, state.violation <= FEASIBLE
            else:
                radius *= state.move(step, predicted, radius)
            if radius < 1e-9:
                break
        return state.point, False

    def _curved(self, x: Vector) -> Point:
        """SLSQP with the constraints near x; again with those that it ran into."""
        model = self._model
        best = measured(model, x)
        chosen = np.zeros(0, dtype=np.intp)
        for _ in range(4):
            gaps = model.gaps(x)
            reach = 0.3 * max(1e-3, float(np.median(np.abs(gaps))))
            chosen = np.union1d(chosen, np.flatnonzero(gaps <= reach))
            price = 1e-8 * (model.size + len(chosen)) * model.size**2
            model.meter.spend(price * 10)
            x = slsqp(model, x, chosen, 3 * self._iterations)
            found = measured(model, x)
            best = found if found.better(best) else best
            if found.feasible:
                break
        return best


class _Linearised:
    """The problem around a moving point, with the exact penalty that judges moves."""

    def __init__(self, model: Model, x: Vector) -> None:
        self._model = model
        self._slope, self._rows = np.zeros(0), np.zeros((0, 0))
        self._arrive(x, model.value(x), model.gaps(x))

    def _arrive(self, x: Vector, value: float, gaps: Vector) -> None:
        self._x, self.value, self._gaps = x, value, gaps
        self.violation = violation(gaps)
        self._slope, self._rows = self._model.slope(x), self._model.rows(x)
        self._penalty = _PENALTY * max(1e-9, float(np.abs(self._slope).max()))

    @property
    def point(self) -> Point:
        return Point(self._x, self.value, self.violation)

    def step(self, radius: float) -> tuple[Vector | None, float]:
        """The best step of the linear model and what it promises; the worst violation is one more variable.

        Only constraints that a step could reach are passed on (a screen by each row's own slope).
        """
        model = self._model
        reach = np.minimum(radius * model.span, model.span)
        near = self._gaps <= np.abs(self._rows) @ reach * 1.01 + self.violation
        elastic = self.violation > 1e-13
        rows, cost = self._rows[near], self._slope
        lower, upper = np.maximum(model.lower - self._x, -reach), np.minimum(model.upper - self._x, reach)
        if elastic:
            rows = np.hstack([rows, np.ones((len(rows), 1))])
            cost = np.append(cost, self._penalty)
            lower, upper = np.append(lower, 0.0), np.append(upper, self.violation)
        model.meter.spend(_price(rows))
        found = linear_program(cost, rows, -self._gaps[near], lower, upper)
        if found is None:
            return None, 0.0
        step, left = found[: model.size], float(found[-1]) if elastic else 0.0
        return step, -float(self._slope @ step) + self._penalty * (self.violation - left)

    def move(self, step: Vector, predicted: float, radius: float) -> float:
        """Take the step if the penalty function falls; the factor for the radius."""
        model = self._model
        x = model.clip(self._x + step)
        value, gaps = model.value(x), model.gaps(x)
        gained = self.value - value + self._penalty * (self.violation - violation(gaps))
        length = float((np.abs(step) / np.maximum(model.span, 1e-300)).max())
        if gained > 0:
            self._arrive(x, value, gaps)
        if gained <= 0.1 * predicted:
            return min(0.25, max(length / 2, 1e-12) / radius)
        return 2.0 if gained > 0.75 * predicted and length > 0.99 * radius and radius < 0.5 else 1.0


def _price(rows: Matrix) -> float:
    """Nominal seconds of one linear program: the right order for 26 circles on one core of an EPYC server, no more."""
    return 4e-4 + 7e-6 * (rows.shape[0] + rows.shape[1])
