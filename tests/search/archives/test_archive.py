"""What every archive promises: it says what happened, never loses the best, and is a function of its inserts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cambrian.core.ids import VariantId
from cambrian.search.archives import CVT, Archive, Elite, Grid, Pareto, Scale, TopK, draw_different, spread
from cambrian.search.archives.ranked import harmonic
from cambrian.search.facts import AddStatus

from .elites import check_answer, elites

POINTS = spread(7, 2)
MAKERS: dict[str, Callable[[], Archive]] = {
    "topk": lambda: TopK(5),
    "grid": lambda: Grid(Scale([(-10, 10), (-10, 10)]), bins=3),
    "grid, bounds that follow": lambda: Grid(Scale(), bins=3),
    "cvt": lambda: CVT(Scale([(-10, 10), (-10, 10)]), POINTS),
    "cvt, bounds that follow": lambda: CVT(Scale(), POINTS),
    "pareto": lambda: Pareto(4),
}
every = pytest.mark.parametrize("make", MAKERS.values(), ids=list(MAKERS))


@every
@given(given_elites=elites(2, features=2))
def test_it_says_what_happened_and_never_loses_the_best(make: Callable[[], Archive], given_elites: list[Elite]) -> None:
    archive = make()
    for count, elite in enumerate(given_elites, start=1):
        check_answer(archive, elite)
        best = max(given_elites[:count], key=lambda item: item.order)
        assert archive.best == best
        assert list(archive) == sorted(archive, key=lambda item: item.order, reverse=True)


@every
@given(given_elites=elites(2, features=2))
def test_the_same_inserts_give_the_same_archive(make: Callable[[], Archive], given_elites: list[Elite]) -> None:
    one, two = make(), make()
    for elite in given_elites:
        assert one.add(elite) == two.add(elite)
    assert list(one) == list(two)
    if given_elites:
        assert one.draw(Random(3)) == two.draw(Random(3))


@every
@given(given_elites=elites(2, features=2))
def test_a_variant_stands_in_it_once(make: Callable[[], Archive], given_elites: list[Elite]) -> None:
    archive = make()
    for elite in given_elites:
        archive.add(elite)
    before = list(archive)
    for elite in before:
        assert archive.add(elite).status is AddStatus.NOT_ADDED
    assert list(archive) == before


@every
def test_an_empty_archive_has_no_parents(make: Callable[[], Archive]) -> None:
    archive = make()
    assert archive.best is None
    with pytest.raises(LookupError, match="tell the initial program first"):
        archive.draw(Random(0))
    with pytest.raises(LookupError, match="tell the initial program first"):
        draw_different(archive, 2, Random(0))


@settings(deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.integers())
def test_parents_are_different_and_best_first(size: int, count: int, seed: int) -> None:
    archive = TopK(size)
    for born in range(size):
        archive.add(Elite(VariantId(f"v{born}"), (float(born % 7),), born))
    drawn = draw_different(archive, count, Random(seed))
    assert len({elite.variant for elite in drawn}) == len(drawn) <= count
    assert len(drawn) == min(size, count) or count > 3, "only a large count may be answered in part"
    assert list(drawn) == sorted(drawn, key=lambda item: item.order, reverse=True)


@pytest.mark.parametrize("size", [1, 2, 3, 30])
def test_ranks_are_drawn_by_one_over_their_place(size: int) -> None:
    rng, count = Random(5), 40_000
    seen = Counter(harmonic(size, rng) for _ in range(count))
    total = sum(1 / (place + 1) for place in range(size))
    chi_square = 0.0
    for place in range(size):
        wanted = count / (place + 1) / total
        chi_square += (seen[place] - wanted) ** 2 / wanted
    assert set(seen) == set(range(size))
    assert chi_square < 29 + 3.3 * (2 * 29) ** 0.5, "99.9 % bound for the 29 degrees of freedom of the largest"
