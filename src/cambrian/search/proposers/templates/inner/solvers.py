"""scipy behind typed doors: one linear program, SLSQP, L-BFGS-B. Nothing here knows of searches."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from .model import Matrix, Model, Vector


class _Result(Protocol):
    x: Vector | None
    fun: float


_optimize = importlib.import_module("scipy.optimize")
_sparse = importlib.import_module("scipy.sparse")
_milp = cast("Callable[..., _Result]", _optimize.milp)
_minimize = cast("Callable[..., _Result]", _optimize.minimize)
_linear_constraint = cast("Callable[..., object]", _optimize.LinearConstraint)
_bounds = cast("Callable[..., object]", _optimize.Bounds)
_csc = cast("Callable[..., object]", _sparse.csc_array)


def linear_program(cost: Vector, rows: Matrix, at_least: Vector, lower: Vector, upper: Vector) -> Vector | None:
    """Minimise ``cost @ d`` with ``rows @ d >= at_least`` and bounds.

    `milp` without integers is the thinnest public door to HiGHS. A step of 26 circles: 1.7 ms with a sparse matrix and
    without presolve, 2.3 ms with presolve; `linprog` 2.1 and 2.8 ms.

    Returns:
        The solution, or None where there is none.
    """
    constraint = _linear_constraint(_csc(rows), at_least, np.inf)
    result = _milp(cost, constraints=constraint, bounds=_bounds(lower, upper), options={"presolve": False})
    return None if result.x is None or not np.isfinite(result.x).all() else result.x


def slsqp(model: Model, x: Vector, chosen: NDArray[np.intp], iterations: int) -> Vector:
    """SLSQP (Kraft 1988) from x with the constraints whose indices are `chosen`."""

    def gaps(point: Vector) -> Vector:
        return model.gaps(point)[chosen]

    def rows(point: Vector) -> Matrix:
        return model.rows(point)[chosen]

    constraints: list[dict[str, object]] = [{"type": "ineq", "fun": gaps, "jac": rows}] if chosen.size else []
    return _scipy_minimize(model, x, "SLSQP", {"maxiter": iterations, "ftol": 1e-13}, constraints)


def lbfgsb(model: Model, x: Vector, iterations: int) -> Vector:
    """L-BFGS-B (Byrd, Lu, Nocedal, Zhu 1995) from x."""
    return _scipy_minimize(model, x, "L-BFGS-B", {"maxiter": iterations, "ftol": 1e-15, "gtol": 1e-10}, [])


def _scipy_minimize(
    model: Model, x: Vector, method: str, options: dict[str, float], constraints: list[dict[str, object]]
) -> Vector:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "values were clipped to bounds": they are meant to be
        result = _minimize(
            model.value, x, method=method, jac=model.slope, constraints=constraints,
            bounds=_bounds(model.lower, model.upper), options=options,
        )  # fmt: skip
    found = result.x
    return x if found is None or not np.isfinite(found).all() else model.clip(found)
