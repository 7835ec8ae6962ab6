"""Confidence sequences: coverage while looking all the time, exactness of resumed states, sane shapes."""

from __future__ import annotations

import bisect
import math
import statistics
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.core.errors import UsageError
from cambrian.verify.confidence import ConfidenceSequence, half_width, quantile_interval

values = st.lists(st.floats(-1e6, 1e6), max_size=60)


def fed(observations: list[float], **settings: float) -> ConfidenceSequence:
    sequence = msgspec.convert(settings, ConfidenceSequence)
    for value in observations:
        sequence.add(value)
    return sequence


@given(values)
def test_mean_and_deviation_are_those_of_the_library(observations: list[float]) -> None:
    sequence = fed(observations)
    if observations:
        assert sequence.mean == pytest.approx(statistics.fmean(observations), rel=1e-9, abs=1e-6)
        assert sequence.deviation == pytest.approx(statistics.pstdev(observations), rel=1e-6, abs=1e-3)


@given(values, st.integers(0, 60))
def test_a_resumed_sequence_is_the_same_bit_for_bit(observations: list[float], cut: int) -> None:
    whole, part = fed(observations), fed(observations[:cut])
    part = msgspec.json.decode(msgspec.json.encode(part), type=ConfidenceSequence)
    for value in observations[cut:]:
        part.add(value)
    assert part == whole


def test_nothing_is_said_during_burn_in() -> None:
    sequence = fed([1.0, 2.0] * 9 + [1.0])
    assert sequence.interval == (-math.inf, math.inf)
    assert "nothing is said" in sequence.evidence("above zero").detail
    sequence.add(1.0)
    assert math.isfinite(sequence.interval.width)


def test_the_formula_of_the_paper() -> None:
    # Equation (7) of arXiv 2103.06476 with rho² = (-2 ln α + ln(1 - 2 ln α)) / t*, written out once more.
    n, alpha, planned = 700, 0.05, 500
    rho2 = (-2 * math.log(alpha) + math.log(1 - 2 * math.log(alpha))) / planned
    expected = math.sqrt(2 * (n * rho2 + 1) / (n**2 * rho2) * math.log(math.sqrt(n * rho2 + 1) / alpha))
    assert half_width(n, alpha, planned) == pytest.approx(expected, rel=1e-12)


@given(st.integers(2, 10**6), st.floats(1e-6, 0.5), st.integers(1, 10**5))
def test_wider_for_a_smaller_alpha_narrower_with_more_data(n: int, alpha: float, planned: int) -> None:
    assert half_width(n, alpha / 2, planned) > half_width(n, alpha, planned) > half_width(n + 1, alpha, planned)


def test_the_plan_is_where_it_is_narrowest() -> None:
    at = {planned: half_width(500, 0.05, planned) for planned in (50, 200, 500, 1200, 5000)}
    assert min(at, key=at.__getitem__) == 500


def ever_outside(rng: Random, length: int) -> bool:
    sequence = ConfidenceSequence()
    for _ in range(length):
        sequence.add(rng.expovariate(1.0))
        low, high = sequence.interval
        if not low <= 1.0 <= high:
            return True
    return False


def test_the_mean_is_seldom_ever_outside() -> None:
    """Ville's inequality by simulation, looking after each of 600 skewed observations."""
    rng = Random(5)
    assert sum(ever_outside(rng, 600) for _ in range(150)) <= 18  # 99.9 % bound of a chance of .05 in 150


def test_evidence_is_shown_above_a_bound_only() -> None:
    sequence = fed([1.0, 1.2, 0.8, 1.1] * 20)
    assert sequence.evidence("above 0.9", above=0.9).shown
    assert not sequence.evidence("above 1.02", above=1.02).shown


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e200])
def test_what_has_no_mean_is_refused_and_leaves_the_state(value: float) -> None:
    sequence = fed([1.0, 2.0])
    before = msgspec.json.encode(sequence)
    with pytest.raises(UsageError, match="observation 3"):
        sequence.add(value)
    assert msgspec.json.encode(sequence) == before


@pytest.mark.parametrize("settings", [{"alpha": 1.0}, {"planned": 0}, {"burn_in": 1}])
def test_settings_out_of_range_are_refused(settings: dict[str, float]) -> None:
    with pytest.raises(UsageError, match=next(iter(settings))):
        ConfidenceSequence(**settings)  # type: ignore[arg-type]


@given(st.lists(st.integers(0, 9), max_size=400), st.sampled_from([0.1, 0.5, 0.9]))
def test_a_quantile_interval_holds_the_empirical_quantile(drawn: list[int], probability: float) -> None:
    ordered = sorted(drawn)
    low, high = quantile_interval(ordered, probability)
    assert low <= high
    if ordered:
        assert low <= ordered[min(int(probability * len(ordered)), len(ordered) - 1)] <= high


def test_a_quantile_interval_narrows_and_mirrors() -> None:
    few, many = quantile_interval(range(100), 0.5), quantile_interval(range(10_000), 0.5)
    assert many.width / 10_000 < few.width / 100
    low, high = quantile_interval(range(1000), 0.9)
    mirrored = quantile_interval(range(1000), 1 - 0.9)
    assert (mirrored.lower, mirrored.upper) == (999 - high, 999 - low)
    assert quantile_interval([1.0, 2.0], 0.5) == (-math.inf, math.inf)


@pytest.mark.parametrize("probability", [0.5, 0.9])
def test_a_quantile_is_seldom_ever_outside(probability: float) -> None:
    rng, wrong = Random(9), 0
    truth = -math.log(1 - probability)
    for _ in range(60):
        ordered: list[float] = []
        for n in range(300):
            bisect.insort(ordered, rng.expovariate(1.0))
            low, high = quantile_interval(ordered, probability) if n % 5 == 4 else (-math.inf, math.inf)
            if not low <= truth <= high:
                wrong += 1
                break
    assert wrong <= 10  # 99.9 % bound of a chance of .05 in 60


def test_a_quantile_with_ties() -> None:
    # The median of a coin that shows 0 with a chance of .7 is 0, whatever the ties.
    rng = Random(2)
    drawn = sorted(float(rng.random() < 0.3) for _ in range(500))
    low, high = quantile_interval(drawn, 0.5)
    assert low <= 0.0 <= high < 1.0


@pytest.mark.parametrize(("probability", "alpha"), [(0.0, 0.05), (0.5, 0.0)])
def test_a_quantile_that_is_none_is_refused(probability: float, alpha: float) -> None:
    with pytest.raises(UsageError):
        quantile_interval([1.0], probability, alpha=alpha)
