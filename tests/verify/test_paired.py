"""The sign test of few pairs, against enumeration."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.core.errors import UsageError
from cambrian.verify.paired import compare_pairs, least_pairs


def test_the_chance_is_the_share_of_sign_patterns_with_as_many_wins() -> None:
    for n in range(1, 9):
        for wins in range(n + 1):
            found = compare_pairs([1.0] * wins + [-1.0] * (n - wins), 0.05)
            share = sum(sum(signs) >= wins for signs in product((0, 1), repeat=n)) / 2**n
            assert found.p == pytest.approx(share)


def test_ties_say_nothing() -> None:
    found = compare_pairs([0.0, 0.0, 1.0, 1.0, -1.0], 0.05)
    assert (found.wins, found.ties, found.n) == (2, 2, 5)
    assert found.p == compare_pairs([1.0, 1.0, -1.0], 0.05).p


def test_the_interval_misses_the_median_no_more_often_than_it_says() -> None:
    """Over all sign patterns around a median of zero: both one-sided misses are at most alpha."""
    for n in range(4, 11):
        patterns = list(product((-1.0, 1.0), repeat=n))
        found = [compare_pairs([sign * (1 + i) for i, sign in enumerate(signs)], 0.1) for signs in patterns]
        above = sum(item.lower is not None and item.lower > 0 for item in found)
        below = sum(item.upper is not None and item.upper < 0 for item in found)
        assert above <= 0.1 * len(patterns)
        assert below <= 0.1 * len(patterns)
        assert above > 0


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=12), st.floats(0.01, 0.4))
def test_a_lower_bound_above_zero_and_a_small_p_say_the_same(differences: list[float], alpha: float) -> None:
    found = compare_pairs(differences, alpha)
    if found.lower is not None and found.lower > 0:
        assert found.p <= alpha
    if found.lower is not None and found.upper is not None:
        assert found.lower <= found.median <= found.upper


def test_so_many_pairs_are_needed_at_least() -> None:
    assert least_pairs(0.05) == 5
    assert compare_pairs([1.0] * 5, 0.05).p <= 0.05
    assert compare_pairs([1.0] * 4, 0.05).p > 0.05


def test_nothing_to_compare_is_an_error() -> None:
    with pytest.raises(UsageError, match="differences is empty"):
        compare_pairs([], 0.05)
