"""MAP-Elites: each cell has its best, wherever the bounds come from; centroids are spread and found."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.core.ids import VariantId
from cambrian.search.archives import CVT, Cells, Elite, Grid, Scale, spread
from cambrian.search.archives.nearest import Nearest

from .elites import elites

POINTS = spread(9, 2)
MAKERS: dict[str, Callable[[Scale], Cells]] = {
    "grid": lambda scale: Grid(scale, bins=4),
    "cvt": lambda scale: CVT(scale, POINTS),
}
kinds = pytest.mark.parametrize("make", MAKERS.values(), ids=list(MAKERS))


@kinds
@given(given_elites=elites(features=2))
def test_each_cell_holds_the_best_that_ever_fell_into_it(
    make: Callable[[Scale], Cells], given_elites: list[Elite]
) -> None:
    archive = make(Scale([(-1e3, 1e3), (-500, 500)]))
    best: dict[int, Elite] = {}
    for elite in given_elites:
        archive.add(elite)
        cell = archive.cell(elite.features)
        best[cell] = max(best.get(cell, elite), elite, key=lambda item: item.order)
    assert dict(archive.champions) == {cell: elite.variant for cell, elite in best.items()}


@kinds
@given(given_elites=elites(features=2))
def test_a_champion_leaves_only_for_a_better_one_of_its_cell_also_when_bounds_grow(
    make: Callable[[Scale], Cells], given_elites: list[Elite]
) -> None:
    archive = make(Scale())
    known = {elite.variant: elite for elite in given_elites}
    for elite in given_elites:
        for variant in archive.add(elite).evicted:
            loser = known[variant]
            winner = known[archive.champions[archive.cell(loser.features)]]
            assert winner.order > loser.order
        for cell, variant in archive.champions.items():
            assert archive.cell(known[variant].features) == cell


@given(st.lists(st.tuples(st.floats(allow_nan=False, allow_infinity=False), st.floats(-5, 5)), min_size=1))
def test_bounds_that_follow_hold_everything_and_depend_on_the_order_alone(points: list[tuple[float, float]]) -> None:
    scale, again = Scale(), Scale()
    changes = sum(scale.fit(point) for point in points)
    for point in points:
        again.fit(point)
        assert all(0 <= value <= 1 for value in scale.unit(point))
    assert scale.bounds == again.bounds
    assert changes <= 2200, "a span doubles each time: never more often than a double has powers of two"


def test_bounds_that_are_given_stay() -> None:
    scale = Scale([(0, 10)])
    assert not scale.fit((1000.0,))
    assert scale.unit((1000.0,)) == (1.0,)
    assert scale.unit((-7.0,)) == (0.0,)
    assert scale.unit((2.5,)) == (0.25,)


def test_more_bins_keep_more() -> None:
    def kept(bins: int) -> int:
        archive = Grid(Scale([(0, 1), (0, 1)]), bins=bins)
        rng = Random(1)
        for born in range(500):
            archive.add(Elite(VariantId(f"v{born}"), (rng.random(),), born, (rng.random(), rng.random())))
        return len(archive)

    assert (kept(1), kept(2), kept(5)) == (1, 4, 25)


def test_parents_are_drawn_evenly_over_the_cells() -> None:
    archive = Grid(Scale([(0, 4)]), bins=4)
    for born in range(4):
        archive.add(Elite(VariantId(f"v{born}"), (10.0**born,), born, (born + 0.5,)))
    rng = Random(2)
    counts = [0, 0, 0, 0]
    for _ in range(4000):
        counts[int(archive.draw(rng).variant[1:])] += 1
    assert min(counts) > 850


@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.integers(0, 2).map(float)), min_size=1, max_size=50),
    st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(-1, 3)),
)
def test_the_nearest_is_the_nearest(points: list[tuple[float, ...]], point: tuple[float, ...]) -> None:
    def gap(index: int) -> float:
        return sum((a - b) * (a - b) for a, b in zip(points[index], point, strict=True))

    assert Nearest(points).find(point) == min(range(len(points)), key=lambda index: (gap(index), index))


def test_centroids_are_the_same_each_time_and_spread_more_evenly_than_chance() -> None:
    def unevenness(points: list[tuple[float, ...]]) -> float:
        gaps = [min(math.dist(one, other) for other in points if other is not one) for one in points]
        return statistics.pstdev(gaps) / statistics.fmean(gaps)

    rng = Random(4)
    chance: list[tuple[float, ...]] = [(rng.random(), rng.random()) for _ in range(64)]
    assert spread(64, 2) == spread(64, 2)
    assert unevenness(spread(64, 2)) < unevenness(chance) / 1.5
