"""Means and medians of any floats: finite where the numbers are, and the plain ones wherever those exist."""

from __future__ import annotations

import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.core.errors import UsageError
from cambrian.verify.averages import LARGEST, bounded, mean, median, middle
from cambrian.verify.paired import compare_pairs

HUGE = 1.7e308
FINITE = st.floats(allow_nan=False, allow_infinity=False)
ANY = st.one_of(FINITE, st.sampled_from([HUGE, -HUGE, LARGEST, -LARGEST, 5e-324]))


@given(st.lists(ANY, min_size=1, max_size=9))
def test_a_mean_is_finite_and_lies_between(values: list[float]) -> None:
    found = mean(values)
    size = max(map(abs, values))
    assert math.isfinite(found)
    assert min(values) - 1e-12 * size <= found <= bounded(max(values) + 1e-12 * size)
    try:
        assert found == statistics.fmean(values)
    except OverflowError:
        assert size > 1e307


@given(st.lists(ANY, min_size=1, max_size=9).map(sorted))
def test_a_median_is_finite_and_lies_between(values: list[float]) -> None:
    found = median(values)
    assert values[(len(values) - 1) // 2] <= found <= values[len(values) // 2]
    plain = statistics.median(values)
    assert found == plain or not math.isfinite(plain)


def test_what_overflowed() -> None:
    assert mean([HUGE, HUGE]) == HUGE
    assert mean([HUGE, -HUGE]) == 0.0
    assert mean([LARGEST] * 7) == pytest.approx(LARGEST)
    assert middle(HUGE, LARGEST) == pytest.approx(HUGE, rel=0.1)
    assert (middle(math.inf, -math.inf), middle(-math.inf, 1.0), middle(math.inf, math.inf)) == (
        0.0,
        -math.inf,
        math.inf,
    )
    assert (bounded(math.inf), bounded(-math.inf), bounded(2.0)) == (LARGEST, -LARGEST, 2.0)


@given(st.lists(ANY, min_size=1, max_size=9))
def test_pairs_are_told_in_finite_numbers(differences: list[float]) -> None:
    found = compare_pairs(differences, 0.05)
    assert math.isfinite(found.median)
    assert 0 <= found.p <= 1


@pytest.mark.parametrize("odd", [math.nan, math.inf, -math.inf])
def test_pairs_that_are_not_finite_are_refused(odd: float) -> None:
    with pytest.raises(UsageError, match="infinite or NaN"):
        compare_pairs([1.0, odd], 0.05)
