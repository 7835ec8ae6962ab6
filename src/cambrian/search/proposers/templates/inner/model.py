"""A task's problem module as numbers for optimisers: always minimise, gaps ≥ 0, derivatives found where not given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from .meter import Meter

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

_STEP = 6e-6  # cube root of the spacing of doubles: the best step of a central difference


class Problem(Protocol):
    """What a problem module must have. ``docs/how-to/problem-file.md`` tells of what it may have."""

    def bounds(self) -> Sequence[tuple[float, float]]:
        """Lowest and highest value of each variable, finite."""
        ...

    def objective(self, x: Vector) -> float:
        """What is to be made better."""
        ...

    def artifact(self, x: Vector) -> object:
        """What the program returns for x."""
        ...


class Model:
    """The problem, counted.

    Args:
        problem: the task's problem module.
        meter: told of every call.

    Raises:
        ValueError: bounds that are not finite or out of order, an unknown direction, a group outside the variables.
    """

    def __init__(self, problem: Problem, meter: Meter) -> None:
        self.meter = meter
        self._problem = problem
        limits = np.asarray(problem.bounds(), dtype=np.float64).reshape(-1, 2)
        self.lower, self.upper = limits[:, 0].copy(), limits[:, 1].copy()
        if not (np.isfinite(limits).all() and (self.lower <= self.upper).all() and len(limits)):
            raise ValueError("problem.bounds() must give a finite (low, high) with low <= high for each variable")
        self.size = len(limits)
        self.span = self.upper - self.lower
        self.sign = _sign(problem)
        self._constraints = _optional(problem, "constraints")
        self._gradient = _optional(problem, "gradient")
        self._jacobian = _optional(problem, "jacobian")
        self._start = _optional(problem, "start")
        self.groups = _groups(problem, self.size)

    @property
    def constrained(self) -> bool:
        """Whether there is more than bounds."""
        return self._constraints is not None

    def clip(self, x: Vector) -> Vector:
        """The nearest point within bounds."""
        return np.minimum(np.maximum(x, self.lower), self.upper)

    def start(self, rng: np.random.Generator) -> Vector:
        """The problem's own random start, or a uniform one within bounds."""
        if self._start is None:
            return rng.uniform(self.lower, self.upper)
        return self.clip(_vector(self._start(rng)))

    def value(self, x: Vector) -> float:
        """What is to be made small; infinity where the problem gives no number."""
        self.meter.call(self.size)
        value = self.sign * float(self._problem.objective(x))
        return value if np.isfinite(value) else np.inf

    def slope(self, x: Vector) -> Vector:
        """Gradient of `value`."""
        if self._gradient is not None:
            self.meter.call(self.size)
            return self.sign * _vector(self._gradient(x))
        return self._difference(lambda point: np.array([self.value(point)]), x)[0]

    def gaps(self, x: Vector) -> Vector:
        """Feasible where every entry is at least 0; empty without constraints."""
        if self._constraints is None:
            return np.zeros(0)
        gaps = _vector(self._constraints(x))
        self.meter.call(gaps.size)
        return np.where(np.isfinite(gaps), gaps, -1e300)

    def rows(self, x: Vector) -> Matrix:
        """Jacobian of `gaps`: one row per constraint."""
        if self._jacobian is not None:
            rows = np.asarray(self._jacobian(x), dtype=np.float64)
            self.meter.call(rows.size)
            return rows
        return self._difference(self.gaps, x)

    def artifact(self, x: Vector) -> object:
        """What the program returns for x."""
        return self._problem.artifact(x)

    def _difference(self, function: Callable[[Vector], Vector], x: Vector) -> Matrix:
        """Central differences, one-sided where a bound is in the way."""
        columns: list[Vector] = []
        for index in range(self.size):
            step = _STEP * max(1.0, abs(float(x[index])))
            above, below = x.copy(), x.copy()
            above[index] = min(x[index] + step, self.upper[index])
            below[index] = max(x[index] - step, self.lower[index])
            width = above[index] - below[index]
            columns.append((function(above) - function(below)) / width if width > 0 else function(x) * 0.0)
        return np.stack(columns, axis=1)


def violation(gaps: Vector) -> float:
    """How far the worst constraint is from holding."""
    return max(0.0, -float(gaps.min())) if gaps.size else 0.0


def _vector(value: object) -> Vector:
    return np.array(value, dtype=np.float64).reshape(-1)


def _optional(problem: Problem, name: str) -> Callable[..., object] | None:
    return cast("Callable[..., object] | None", getattr(problem, name, None))


def _sign(problem: Problem) -> float:
    direction = getattr(problem, "direction", None)
    if direction not in {"maximize", "minimize"}:
        raise ValueError(f"problem.direction is {direction!r}; it must be 'maximize' or 'minimize'")
    return -1.0 if direction == "maximize" else 1.0


def _groups(problem: Problem, size: int) -> list[NDArray[np.intp]]:
    """The problem's groups of variables that belong together; each variable for itself where it names none."""
    named = _optional(problem, "groups")
    if named is None:
        return [np.array([index]) for index in range(size)]
    groups = [np.array(group, dtype=np.intp) for group in cast("Sequence[Sequence[int]]", named())]
    for group in groups:
        if not group.size or group.min() < 0 or group.max() >= size:
            raise ValueError(f"problem.groups() has {group.tolist()!r}; indices must be 0 to {size - 1}")
    return groups
