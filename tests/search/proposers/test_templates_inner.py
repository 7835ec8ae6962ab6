"""The inner optimisers, run directly: what they promise whatever the problem."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cambrian.search.proposers.templates.inner.main import Settings, run
from cambrian.search.proposers.templates.inner.meter import Meter, OutOfTimeError
from cambrian.search.proposers.templates.inner.model import Model, Vector
from cambrian.search.proposers.templates.inner.polish import Polisher, measured
from cambrian.search.proposers.templates.inner.searches import SEARCHES
from cambrian.search.proposers.templates.inner.starts import PERTURBATIONS, Perturbation, insert
from cambrian.search.proposers.templates.inner.strict import rounding_margin, strictly_feasible


@dataclass
class Disc:
    """The point of a disc that lies furthest in a direction: a curved optimum, no vertex. No derivatives given."""

    angle: float = 1.0
    pause_s: float = 0.0
    direction: str = "maximize"

    def bounds(self) -> list[tuple[float, float]]:
        return [(-2.0, 2.0), (-2.0, 2.0)]

    def objective(self, x: Vector) -> float:
        time.sleep(self.pause_s)
        return float(x[0] * np.cos(self.angle) + x[1] * np.sin(self.angle))

    def constraints(self, x: Vector) -> Vector:
        return np.array([1.0 - x @ x])

    def artifact(self, x: Vector) -> object:
        return x.tolist()


@dataclass
class Plane:
    """A linear program: its optimum is a vertex."""

    direction: str = "minimize"

    def bounds(self) -> list[tuple[float, float]]:
        return [(0.0, 10.0), (0.0, 10.0)]

    def objective(self, x: Vector) -> float:
        return float(x.sum())

    def constraints(self, x: Vector) -> Vector:
        return np.array([2 * x[0] + x[1] - 3, x[0] + 3 * x[1] - 4])

    def artifact(self, x: Vector) -> object:
        return x.tolist()

    def groups(self) -> list[list[int]]:
        return [[0, 1]]


@dataclass
class Bowl:
    """Bounds only, many local optima."""

    direction: str = "minimize"

    def bounds(self) -> list[tuple[float, float]]:
        return [(-5.0, 5.0)] * 3

    def objective(self, x: Vector) -> float:
        return float((x**2 - 10 * np.cos(2 * np.pi * x) + 10).sum())

    def artifact(self, x: Vector) -> object:
        return x.tolist()


def model(problem: Disc | Plane | Bowl) -> Model:
    return Model(problem, Meter(nominal_s=1.0, cpu_s=1e9, wall_s=1e9))


def plan(search: str, seed: int = 0, nominal_s: float = 0.1) -> Settings:
    return {"search": search, "seed": (seed,), "nominal_s": nominal_s, "cpu_s": 1e9, "wall_s": 1e9, "margin": 1.0}


@pytest.mark.parametrize("search", SEARCHES)
def test_a_curved_optimum_is_found_and_strictly_feasible(search: str) -> None:
    answer, report = run(Disc(), plan(search), b"")
    x = np.array(answer)
    assert 1.0 - x @ x >= 0
    assert report["value"] == pytest.approx(1.0, abs=1e-8)


@pytest.mark.parametrize("search", SEARCHES)
def test_a_vertex_is_found(search: str) -> None:
    answer, _ = run(Plane(), plan(search), b"")
    assert answer == pytest.approx([1.0, 1.0], abs=1e-9)


@pytest.mark.parametrize("search", ["basin_hopping", "differential_evolution"])
def test_the_lowest_of_many_valleys_is_found(search: str) -> None:
    _, report = run(Bowl(), plan(search, nominal_s=1.0), b"")
    assert report["value"] == pytest.approx(0.0, abs=1e-8)


@pytest.mark.parametrize("search", SEARCHES)
def test_equal_settings_give_equal_results_and_the_seed_matters(search: str) -> None:
    assert run(Bowl(), plan(search, 1, 0.02), b"") == run(Bowl(), plan(search, 1, 0.02), b"")
    reports = [run(Bowl(), plan(search, seed, 0.02), b"")[1]["state"] for seed in (1, 2)]
    assert reports[0] != reports[1]


@pytest.mark.parametrize("search", SEARCHES)
def test_the_next_launch_starts_where_the_last_ended(search: str) -> None:
    value, state = np.inf, b""
    for seed in range(3):
        _, report = run(Bowl(), plan(search, seed, 0.02), state)
        state = json.dumps(report).encode()
        assert cast("float", report["value"]) <= value + 1e-12
        value = cast("float", report["value"])
        assert len(state) < 256 * 1024


@given(state=st.one_of(st.binary(max_size=60), st.sampled_from([
    b'{"state": {"members": [[1, 2]]}}', b'{"state": {"members": [[NaN, 1, 1]]}}', b'{"state": {"members": 3}}',
    b'{"state": []}', b"[1]", b'{"state": {"members": [["a"]]}}', b'{"state": {"members": {"a": 1}}}',
])))  # fmt: skip
@settings(max_examples=30)
def test_a_spoilt_state_starts_anew(state: bytes) -> None:
    assert run(Bowl(), plan("multistart", nominal_s=0.001), state) == run(
        Bowl(), plan("multistart", nominal_s=0.001), b""
    )


def test_the_brake_answers_with_what_there_is() -> None:
    spec = plan("basin_hopping", nominal_s=1e6)
    spec["wall_s"] = 0.3
    started = time.monotonic()
    answer, report = run(Disc(pause_s=0.001), spec, b"")
    assert report["braked"] is True
    assert isinstance(answer, list)
    assert time.monotonic() - started < 10


def test_the_brake_fires_once() -> None:
    meter = Meter(nominal_s=1.0, cpu_s=0.0, wall_s=1e9)
    with pytest.raises(OutOfTimeError):
        meter.call(1)
    meter.call(1)
    assert meter.calls == 2


@given(angle=st.floats(0, 6.28), beyond=st.floats(-1e-9, 1e-9))
@settings(max_examples=30)
def test_the_strict_finish_gains_room_at_almost_no_loss(angle: float, beyond: float) -> None:
    disc = model(Disc(angle=angle))
    x = (1 + beyond) * np.array([np.cos(angle), np.sin(angle)])
    margin = rounding_margin(disc)
    found = strictly_feasible(disc, measured(disc, x), margin)
    assert disc.gaps(found.x).min() >= margin
    assert found.value <= -1 + 1.1e-9


def test_an_infeasible_start_becomes_feasible() -> None:
    plane = model(Plane())
    assert Polisher(plane)(np.zeros(2)).feasible


@given(seed=st.integers(0, 2**32), which=st.sampled_from(PERTURBATIONS), problem=st.sampled_from([Plane(), Bowl()]))
@settings(max_examples=60)
def test_perturbations_stay_within_bounds_and_leave_their_input(
    seed: int, which: Perturbation, problem: Plane | Bowl
) -> None:
    made, rng = model(problem), np.random.default_rng(seed)
    x = made.start(rng)
    before = x.copy()
    moved = which(made, x, rng)
    assert (x == before).all()
    assert (made.lower <= moved).all()
    assert (moved <= made.upper).all()


def test_differences_stand_in_for_derivatives() -> None:
    disc = model(Disc())
    x = np.array([0.3, -0.4])
    assert disc.slope(x) == pytest.approx([-np.cos(1.0), -np.sin(1.0)], abs=1e-8)
    assert disc.rows(x) == pytest.approx(np.array([[-0.6, 0.8]]), abs=1e-8)


@dataclass
class Wrong(Bowl):
    """A problem with something wrong."""

    limits: tuple[float, float] = (0.0, 1.0)
    members: int = 0

    def bounds(self) -> list[tuple[float, float]]:
        return [self.limits]

    def groups(self) -> list[list[int]]:
        return [[self.members]]


@pytest.mark.parametrize(
    ("problem", "why"),
    [
        (Wrong(direction="up"), "direction is 'up'"),
        (Wrong(limits=(1.0, 0.0)), "bounds"),
        (Wrong(limits=(0.0, float("inf"))), "bounds"),
        (Wrong(members=7), r"groups\(\) has \[7\]"),
    ],
)
def test_a_wrong_problem_is_named(problem: Wrong, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        model(problem)


def test_a_polish_that_cannot_beat_the_bar_is_given_up() -> None:
    spent: list[int] = []
    for bar in (np.inf, -1e6):
        disc = model(Disc())
        point = Polisher(disc)(np.array([-0.5, 0.1]), bar=bar)
        assert (point.value < -1 + 1e-6) is (bar == np.inf)
        spent.append(disc.meter.calls)
    assert spent[1] < spent[0]


@dataclass
class Spread:
    """Two points on a line whose distance is at least 0.4: one fits where the other is not."""

    direction: str = "maximize"

    def bounds(self) -> list[tuple[float, float]]:
        return [(0.0, 1.0), (0.0, 1.0)]

    def objective(self, x: Vector) -> float:
        return float(abs(x[0] - x[1]))

    def constraints(self, x: Vector) -> Vector:
        return np.array([abs(x[0] - x[1]) - 0.4])

    def artifact(self, x: Vector) -> object:
        return x.tolist()


def test_insertion_puts_groups_where_they_fit_better_than_anywhere() -> None:
    built = Model(Spread(), Meter(nominal_s=1e9, cpu_s=1e9, wall_s=1e9))
    gaps = [
        float(built.gaps(insert(built, np.array([0.5, 0.5]), np.random.default_rng(seed)))[0]) for seed in range(40)
    ]
    assert sum(gap >= 0 for gap in gaps) >= 36  # anywhere: 36 % of the time


def test_a_chain_that_finds_nothing_starts_again_and_the_best_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = "cambrian.search.proposers.templates.inner.searches"
    monkeypatch.setattr(f"{inner}._PATIENCE", 0)
    monkeypatch.setattr(f"{inner}._LEAST_PATIENCE", 3)
    state, value, last = b"", np.inf, dict[str, object]()
    for launch in range(5):
        _, report = run(Bowl(), plan("insertion", launch, nominal_s=0.04), state)
        found = cast("float", report["value"])
        assert found <= value, "what was given up is not forgotten"
        state, value = json.dumps(report).encode(), found
        last = cast("dict[str, object]", report["state"])
    assert last["champion"]
    assert cast("int", last["idle"]) <= 3
