"""Better: both methods must say so, a margin is kept, noise is not improvement, a replay decides the same."""

from __future__ import annotations

import math
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.core.errors import UsageError
from cambrian.verify.eprocess import SignTest
from cambrian.verify.superiority import PairedTest, better, log_ratio

finite = st.lists(st.floats(-1e3, 1e3), max_size=80)


def noisy(rng: Random, shift: float, count: int, spread: float = 0.4) -> list[float]:
    return [rng.gauss(shift, spread) for _ in range(count)]


def test_a_clear_gain_is_shown_with_its_size() -> None:
    found = better(noisy(Random(1), math.log(1.2), 800))
    assert found.shown
    assert found.lower is not None
    assert found.upper is not None
    assert 1 < found.lower < 1.2 < found.upper
    assert found.unit == "×"
    assert found.n < 800


def test_noise_is_seldom_called_better() -> None:
    rng = Random(4)
    wrong = sum(better(noisy(rng, 0.0, 200)).shown for _ in range(120))
    assert wrong <= 15  # 99.9 % bound of a chance of .05 in 120


def test_a_gain_below_the_least_that_counts_is_not_shown() -> None:
    gains = noisy(Random(2), math.log(1.05), 3000, spread=0.1)
    assert better(gains).shown
    assert not better(gains, min_effect=0.10).shown
    assert "ruled out" in better(gains, min_effect=0.10).detail


def test_the_mean_alone_is_not_enough() -> None:
    """One pair in three gains much, two lose a little: the mean is up, the candidate is mostly slower."""
    test = PairedTest.plan()
    for n in range(600):
        test.add(3.0 if n % 3 == 0 else -0.5)
    assert test.sequence.interval.lower > 0
    assert test.decision == "undecided"


def test_the_signs_alone_are_not_enough() -> None:
    test = PairedTest.plan()
    for n in range(600):
        test.add(-6.0 if n % 5 == 0 else 1.0)
    assert test.signs.rejected
    assert test.decision != "better"


def test_equal_arms_that_never_differ_end_without_a_claim() -> None:
    found = better([0.0] * 100)
    assert not found.shown
    assert found.n == 20


def test_differences_are_not_turned_into_ratios() -> None:
    found = better(noisy(Random(3), 50.0, 500, spread=20.0), scale="difference", min_effect=10)
    assert found.shown
    assert found.estimate == pytest.approx(50, rel=0.5)
    assert found.unit == ""
    assert "by more than 10" in found.claim


@given(finite, st.integers(0, 80))
def test_a_resumed_test_decides_the_same(gains: list[float], cut: int) -> None:
    whole, part = PairedTest.plan(min_effect=0.02), PairedTest.plan(min_effect=0.02)
    for gain in gains:
        whole.add(gain)
    for gain in gains[:cut]:
        part.add(gain)
    part = msgspec.json.decode(msgspec.json.encode(part), type=PairedTest)
    for gain in gains[cut:]:
        part.add(gain)
    assert part == whole
    assert part.evidence() == whole.evidence()


@given(finite, st.floats(0, 0.5), st.floats(0, 0.5))
def test_asking_for_more_never_shows_more(gains: list[float], one: float, other: float) -> None:
    low, high = sorted((one, other))
    tests = [PairedTest.plan(min_effect=low), PairedTest.plan(min_effect=high)]
    for gain in gains:
        for test in tests:
            test.add(gain)
    assert not (tests[1].decision == "better" and tests[0].decision != "better")


@given(finite)
def test_evidence_never_says_more_than_the_decision(gains: list[float]) -> None:
    test = PairedTest.plan()
    for gain in gains:
        test.add(gain)
    found = test.evidence()
    assert found.shown is (test.decision == "better")
    assert not found.shown or (found.lower is not None and found.lower > 1)


@pytest.mark.parametrize(("control", "candidate"), [(0.0, 1.0), (1.0, -1.0), (math.nan, 1.0), (1.0, math.inf)])
def test_a_time_that_is_none_is_refused(control: float, candidate: float) -> None:
    with pytest.raises(UsageError, match="took"):
        log_ratio(control, candidate)


def test_settings_that_cannot_be_are_refused() -> None:
    with pytest.raises(UsageError, match="min_effect"):
        PairedTest.plan(min_effect=-0.1)
    with pytest.raises(UsageError, match="alpha"):
        PairedTest(signs=SignTest(alpha=0.01))


def test_log_ratio_is_antisymmetric() -> None:
    assert log_ratio(2.0, 1.0) == -log_ratio(1.0, 2.0) == pytest.approx(math.log(2))
