"""One launch: settings and the last launch's state in, the answer and a report out."""

from __future__ import annotations

import json
from typing import TypedDict, cast

import numpy as np

from .meter import Meter
from .model import Model, Problem
from .polish import Point, measured
from .searches import Population, advance, size_of
from .strict import rounding_margin, strictly_feasible


class Settings(TypedDict):
    """What the template writes into the program.

    ``search``: name in `searches.SEARCHES`. ``seed``: of this launch. ``nominal_s``: nominal seconds to spend.
    ``cpu_s``, ``wall_s``: the brake. ``margin``: factor on the margin of the strict finish.
    """

    search: str
    seed: tuple[int, ...]
    nominal_s: float
    cpu_s: float
    wall_s: float
    margin: float


def run(problem: object, settings: Settings, state: bytes) -> tuple[object, dict[str, object]]:
    """Search on from `state`.

    Args:
        problem: the task's problem module.
        settings: see `Settings`.
        state: the last launch's report as JSON text; anything else starts anew.

    Returns:
        What the program answers, and its ``__report__``: calls into the problem, local solves, nominal seconds,
        whether the brake fired, and the state.
    """
    meter = Meter(nominal_s=settings["nominal_s"], cpu_s=settings["cpu_s"], wall_s=settings["wall_s"])
    model = Model(cast("Problem", problem), meter)
    population = _population(model, state, size_of(settings["search"], model))
    advance(settings["search"], model, population, tuple(settings["seed"]))
    spent, solves, braked = meter.spent, meter.solves, meter.braked
    meter.braked = True  # the finish is short and must end: no brake there
    best = strictly_feasible(model, population.best, settings["margin"] * rounding_margin(model))
    report: dict[str, object] = {
        "calls": meter.calls,
        "solves": solves,
        "nominal_s": spent,
        "braked": braked,
        "value": model.sign * best.value,
        "state": _state(settings["search"], population),
    }
    return model.artifact(best.x), report


def _state(search: str, population: Population) -> dict[str, object]:
    """What the next launch goes on with."""
    champion = population.champion
    return {
        "search": search,
        "members": [point.x.tolist() for point in population.members],
        "champion": [] if champion is None else champion.x.tolist(),
        "idle": population.idle,
    }


def _population(model: Model, state: bytes, most: int) -> Population:
    """The population of an earlier launch of the same search on the same problem, measured anew."""
    try:
        old = json.loads(state)["state"]
        members = _points(model, old["members"])[:most]
        champion = _points(model, [old["champion"]])
        idle = int(old["idle"])
    except (ValueError, KeyError, TypeError):
        return Population([])
    return Population(members, champion[0] if champion else None, idle)


def _points(model: Model, rows: list[list[float]]) -> list[Point]:
    points = [np.array(row, dtype=np.float64) for row in rows]
    fits = [x for x in points if x.shape == (model.size,) and bool(np.isfinite(x).all())]
    return [measured(model, model.clip(x)) for x in fits]
