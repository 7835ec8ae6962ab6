"""The incomplete beta function: as scipy has it, exact identities, and tails that no float holds."""

from __future__ import annotations

import math
from fractions import Fraction
from random import Random
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from cambrian.verify.incomplete_beta import log_lower, log_upper

LEAST = 1e-290
"""Below it scipy's answer loses digits, as a float, not ours."""


def cases(seed: int, count: int) -> list[tuple[float, float, float]]:
    rng = Random(seed)
    drawn = [(10 ** rng.uniform(-1, 5), 10 ** rng.uniform(-1, 5)) for _ in range(count)]
    points = [(a, b, rng.betavariate(a, b) if rng.random() < 0.7 else rng.random()) for a, b in drawn]
    return [point for point in points if 1e-9 < point[2] < 1 - 1e-9]


def relative_error(log_value: float, expected: float) -> float:
    # A logarithm of size L is itself rounded by L · 2^-53, which is no fault of the method.
    return abs(math.expm1(log_value - math.log(expected))) / max(1.0, abs(log_value) / 20)


@pytest.mark.parametrize("seed", range(4))
def test_as_scipy_to_twelve_digits(seed: int) -> None:
    checked = 0
    for a, b, x in cases(seed, 600):
        for found, expected in (
            (log_lower(a, b, x), cast("float", special.betainc(a, b, x))),
            (log_upper(a, b, x), cast("float", special.betaincc(a, b, x))),
        ):
            if expected > LEAST:
                checked += 1
                assert relative_error(found, float(expected)) < 1e-12, (a, b, x)
    assert checked > 600


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 99))
def test_exact_for_whole_parameters(a: int, b: int, percent: int) -> None:
    # I_x(a, b) is the chance of at least a successes in a + b - 1 trials.
    x, trials = Fraction(percent, 100), a + b - 1
    exact = sum(math.comb(trials, k) * x**k * (1 - x) ** (trials - k) for k in range(a, trials + 1))
    log_exact = math.log(exact.numerator) - math.log(exact.denominator)
    assert log_lower(a, b, percent / 100) == pytest.approx(log_exact, rel=1e-12, abs=1e-12)


@given(st.floats(0.1, 1e4), st.floats(0.1, 1e4), st.floats(1e-6, 1 - 1e-6))
def test_the_two_tails_are_the_whole(a: float, b: float, x: float) -> None:
    assert math.exp(log_lower(a, b, x)) + math.exp(log_upper(a, b, x)) == pytest.approx(1, rel=1e-12)


def test_a_tail_below_the_least_float() -> None:
    # B(p; 1, b) has the closed form (1 - p)^b above p.
    assert log_upper(1.0, 1e6, 0.5) == pytest.approx(1e6 * math.log(0.5), rel=1e-13)
