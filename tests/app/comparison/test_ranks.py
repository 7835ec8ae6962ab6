"""The exact tests against every permutation counted by brute force, and what they claim about coverage."""

from __future__ import annotations

import itertools
import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.app.comparison.ranks import holm, median_interval, paired, unpaired

SMALL = st.lists(st.integers(0, 6).map(float), min_size=1, max_size=4)


def rank(values: list[float], value: float) -> float:
    """Mid-rank, the long way."""
    below, same = sum(other < value for other in values), values.count(value)
    return below + (same + 1) / 2


@given(SMALL, SMALL)
def test_two_groups_agree_with_all_permutations(a: list[float], b: list[float]) -> None:
    pool = [*a, *b]
    ranks = [rank(pool, value) for value in pool]
    centre = len(a) * (len(pool) + 1) / 2
    far = abs(sum(ranks[: len(a)]) - centre)
    sums = [sum(ranks[index] for index in chosen) for chosen in itertools.combinations(range(len(pool)), len(a))]
    expected = sum(abs(total - centre) >= far - 1e-9 for total in sums) / len(sums)
    assert unpaired(a, b).p == pytest.approx(expected)


@given(st.lists(st.tuples(st.integers(-5, 5), st.integers(-5, 5)), min_size=1, max_size=7))
def test_pairs_agree_with_all_signs(rows: list[tuple[int, int]]) -> None:
    moved = [float(x - y) for x, y in rows if x != y]
    sizes = [abs(value) for value in moved]
    ranks = [rank(sizes, size) for size in sizes]
    observed = sum(r for r, value in zip(ranks, moved, strict=True) if value > 0)
    centre = sum(ranks) / 2
    sums = [
        sum(r for r, sign in zip(ranks, signs, strict=True) if sign)
        for signs in itertools.product((0, 1), repeat=len(ranks))
    ]
    expected = sum(abs(total - centre) >= abs(observed - centre) - 1e-9 for total in sums) / len(sums)
    found = paired([float(x) for x, _ in rows], [float(y) for _, y in rows])
    assert found.p == pytest.approx(expected)


def test_known_figures() -> None:
    found = unpaired([1.0, 2.0, 3.0, 4.0, 5.0], [6.0, 7.0, 8.0, 9.0, 10.0])
    assert (found.estimate, found.p, found.least_p) == (-5.0, pytest.approx(2 / 252), pytest.approx(2 / 252))
    # of the 25 differences the third from either end: P(U <= 2) = 4 / 252 < 0.025 < P(U <= 3)
    assert (found.low, found.high) == (-8.0, -2.0)


def test_so_few_cannot_show_anything() -> None:
    found = unpaired([1.0, 2.0, 3.0], [7.0, 8.0, 9.0])
    assert found.p == found.least_p == pytest.approx(0.1)
    assert (found.low, found.high) == (-math.inf, math.inf)


def test_what_never_came_is_worst_and_breaks_nothing() -> None:
    never = math.inf
    found = unpaired([never] * 5, [3.0, 4.0, 5.0, 6.0, 7.0])
    assert (found.estimate, found.p) == (never, pytest.approx(2 / 252))
    assert unpaired([never] * 5, [never] * 5).p == 1.0
    assert paired([never, never], [never, never]).estimate == 0.0


@pytest.mark.parametrize(("n", "m"), [(4, 4), (5, 5), (3, 9), (10, 10)])
def test_intervals_cover_and_tests_do_not_cry_wolf(n: int, m: int) -> None:
    rng = Random(n * 100 + m)
    covered = alarms = 0
    for _ in range(400):
        a, b = [rng.expovariate(1) + 0.5 for _ in range(n)], [rng.expovariate(1) for _ in range(m)]
        found = unpaired(a, b)
        covered += found.low <= 0.5 <= found.high
        alarms += unpaired([value - 0.5 for value in a], b).p <= 0.05
    # 99.9 % bounds of a binomial of 400 at 0.95 and 0.05
    assert covered >= 364
    assert alarms <= 35


def test_many_are_permuted_at_random_and_the_same_each_time() -> None:
    rng = Random(1)
    a, b = [rng.gauss(0.6, 1) for _ in range(30)], [rng.gauss(0, 1) for _ in range(30)]
    found = unpaired(a, b)
    assert found == unpaired(a, b)
    assert "20,000 permutations" in found.method
    assert 0 < found.p < 0.1
    assert found.low < found.estimate < found.high


@pytest.mark.parametrize(("n", "low", "high", "coverage"), [
    (1, 1, 1, 0.0), (2, 1, 2, 0.5), (5, 1, 5, 0.9375), (6, 1, 6, 0.96875), (11, 2, 10, 0.988), (20, 6, 15, 0.959),
])  # fmt: skip
def test_medians(n: int, low: int, high: int, coverage: float) -> None:
    found = median_interval([float(value) for value in range(n, 0, -1)])
    assert (found.low, found.high) == (low, high)
    assert found.coverage == pytest.approx(coverage, abs=1e-3)


def test_no_median_of_nothing() -> None:
    with pytest.raises(ValueError, match="at least one"):
        median_interval([])


@given(st.lists(st.floats(0, 1), max_size=8))
def test_holm_never_makes_a_test_easier(probabilities: list[float]) -> None:
    adjusted = holm(probabilities)
    assert all(p <= q <= 1 for p, q in zip(probabilities, adjusted, strict=True))
    for i, j in itertools.combinations(range(len(adjusted)), 2):
        assert (probabilities[i] <= probabilities[j]) <= (adjusted[i] <= adjusted[j])


INF = math.inf
ENDLESS = st.lists(st.sampled_from([INF, -INF, 1.7e308, -1.7e308, 0.0, 1.0, 2.0]), min_size=1, max_size=6)


@given(ENDLESS, ENDLESS)
def test_what_never_came_is_ranked_and_gives_no_nan(a: list[float], b: list[float]) -> None:
    shared = min(len(a), len(b))
    for found in (unpaired(a, b), paired(a[:shared], b[:shared])):
        assert not any(map(math.isnan, found[:5]))
        assert found.low <= found.estimate <= found.high
        assert 0 < found.p <= 1


@given(ENDLESS, ENDLESS)
def test_swapping_the_sides_turns_the_sign(a: list[float], b: list[float]) -> None:
    shared = min(len(a), len(b))
    there, back = paired(a[:shared], b[:shared]), paired(b[:shared], a[:shared])
    assert (there.estimate, there.p) == (-back.estimate, back.p)


def test_what_never_came_on_both_sides_by_turns_says_nothing() -> None:
    found = paired([INF, 1.0], [1.0, INF])
    assert (found.estimate, found.p) == (0.0, 1.0)
    assert paired([INF, INF], [INF, INF])[:1] == (0.0,)
    assert paired([INF, INF, 1.0], [1.0, 1.0, 1.0]).estimate == INF
    assert paired([1.7e308, 1.7e308], [0.0, 0.0]).estimate == 1.7e308
