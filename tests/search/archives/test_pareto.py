"""Pareto archive: exactly those that no other beats; thinned out where it is crowded."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from cambrian.core.ids import VariantId
from cambrian.search.archives import Elite, Pareto, non_dominated

from .elites import check_answer, elites


@given(st.integers(1, 4).flatmap(elites))
def test_it_holds_exactly_the_non_dominated(given_elites: list[Elite]) -> None:
    archive = Pareto(1000)
    for elite in given_elites:
        check_answer(archive, elite)
    held = {elite.rank for elite in archive}
    assert held == {elite.rank for elite in non_dominated(given_elites)}
    assert len(held) == len(archive), "of equal ranks one stays"
    for elite in archive:
        assert elite == min((item for item in given_elites if item.rank == elite.rank), key=lambda item: item.born)


@given(st.integers(2, 4).flatmap(elites), st.integers(1, 6))
def test_a_full_front_stays_a_front_and_keeps_the_best(given_elites: list[Elite], capacity: int) -> None:
    archive = Pareto(capacity)
    for elite in given_elites:
        check_answer(archive, elite)
        assert len(archive) <= capacity
    assert non_dominated(list(archive)) == list(archive)
    if given_elites:
        assert archive.best == max(given_elites, key=lambda item: item.order)


def _line(points: list[tuple[float, float]], capacity: int) -> set[tuple[float, ...]]:
    archive = Pareto(capacity)
    for born, rank in enumerate(points):
        archive.add(Elite(VariantId(f"v{born}"), rank, born))
    return {elite.rank for elite in archive}


def test_the_most_crowded_leaves_first() -> None:
    ends, crowd = [(0.0, 10.0), (10.0, 0.0)], [(5.0, 5.0), (5.1, 4.9), (5.2, 4.8)]
    assert _line([*ends, *crowd], 4) == {*ends, crowd[0], crowd[2]}


def test_it_is_spread_evenly_after_many_inserts() -> None:
    points = [(step / 2000, 1 - step / 2000) for step in range(2001)]
    kept = sorted(_line(points, 21))
    gaps = [b[0] - a[0] for a, b in itertools.pairwise(kept)]
    assert (kept[0], kept[-1]) == (points[0], points[-1])
    assert max(gaps) < 4 * (1 / 20)


def test_planar_and_spatial_fronts_thin_alike() -> None:
    """The third objective says nothing new, so three objectives must keep what two keep."""
    points = [(float(step * step), float(-(step**3))) for step in range(12)]
    two = Pareto(100)
    three = Pareto(100)
    for born, (a, b) in enumerate(points):
        two.add(Elite(VariantId(f"v{born}"), (a, b), born))
        three.add(Elite(VariantId(f"v{born}"), (a, b, 0.0), born))
    assert two.held == three.held
