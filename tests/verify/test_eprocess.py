"""E-processes: exact against brute force with fractions, bounded by Ville's inequality, monotone, and of some power."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.core.errors import UsageError
from cambrian.verify.eprocess import BernoulliTest, RateTest, SignTest, log_e_value

counts = st.integers(0, 60)


def exact_e(successes: int, failures: int, null: Fraction, strength: int) -> Fraction:
    """The e-value by polynomial integration: prior Beta(a, b) with whole a and b, cut off below the null."""
    a, b = null * strength, (1 - null) * strength
    assert a.denominator == b.denominator == 1, "whole parameters only"

    def tail(alpha: int, beta: int) -> Fraction:
        # ∫ p^(alpha-1) (1-p)^(beta-1) dp over p > null, term by term.
        total = Fraction(0)
        for j in range(beta):
            power = alpha + j
            total += Fraction((-1) ** j * math.comb(beta - 1, j), power) * (1 - null**power)
        return total

    ratio = tail(int(a) + successes, int(b) + failures) / tail(int(a), int(b))
    return ratio / (null**successes * (1 - null) ** failures)


@pytest.mark.parametrize(("null", "strength"), [(Fraction(1, 2), 20), (Fraction(1, 4), 8), (Fraction(2, 3), 6)])
def test_exact_against_integration(null: Fraction, strength: int) -> None:
    for successes, failures in itertools.product(range(0, 25, 3), repeat=2):
        exact = exact_e(successes, failures, null, strength)
        found = math.exp(log_e_value(successes, failures, null=float(null), strength=strength))
        assert found == pytest.approx(float(exact), rel=1e-11)


@pytest.mark.parametrize("chance", [Fraction(1, 2), Fraction(2, 5), Fraction(1, 10)])
def test_expected_value_over_all_sequences_is_at_most_one(chance: Fraction) -> None:
    null, strength = Fraction(1, 2), 8
    for n in range(13):
        mean = sum(
            math.comb(n, k) * chance**k * (1 - chance) ** (n - k) * exact_e(k, n - k, null, strength)
            for k in range(n + 1)
        )
        assert mean == 1 if chance == null else mean <= 1


def test_crossing_chance_is_below_alpha_exactly() -> None:
    """Ville's inequality by dynamic programming over every sequence of 400 fair flips: no simulation error."""
    bar, crossed = math.log(20), 0.0
    alive = {0: 1.0}
    for n in range(1, 401):
        following: dict[int, float] = {}
        for wins, weight in alive.items():
            following[wins] = following.get(wins, 0.0) + weight / 2
            following[wins + 1] = following.get(wins + 1, 0.0) + weight / 2
        over = {wins for wins in following if log_e_value(wins, n - wins, null=0.5) >= bar}
        crossed += sum(following.pop(wins) for wins in over)
        alive = following
    assert 0.01 < crossed <= 0.05


@given(counts, counts, st.floats(0.01, 0.99), st.floats(0.0, 1.0))
def test_a_supermartingale_for_every_chance_up_to_the_null(hits: int, misses: int, null: float, part: float) -> None:
    chance = null * part
    now = math.exp(log_e_value(hits, misses, null=null))
    up = math.exp(log_e_value(hits + 1, misses, null=null))
    down = math.exp(log_e_value(hits, misses + 1, null=null))
    assert chance * up + (1 - chance) * down <= now * (1 + 1e-9)


@given(counts, counts, st.floats(0.01, 0.99))
def test_successes_raise_and_failures_lower(hits: int, misses: int, null: float) -> None:
    now = log_e_value(hits, misses, null=null)
    assert log_e_value(hits + 1, misses, null=null) > now > log_e_value(hits, misses + 1, null=null)


@given(st.integers(0, 200_000), st.integers(0, 200_000), st.floats(0.001, 0.999))
def test_large_counts_stay_finite(hits: int, misses: int, null: float) -> None:
    assert math.isfinite(log_e_value(hits, misses, null=null))


def test_the_sign_test_counts_ties_apart() -> None:
    test = SignTest()
    for value in (1.0, -2.0, 0.0, 3.0):
        test.add(value)
    assert (test.wins, test.losses, test.ties) == (2, 1, 1)
    assert test.log_e == log_e_value(2, 1, null=0.5)


@given(st.lists(st.floats(allow_nan=False)), st.integers(0, 50))
def test_a_resumed_sign_test_is_the_same(values: list[float], cut: int) -> None:
    whole, part = SignTest(), SignTest()
    for value in values:
        whole.add(value)
    for value in values[:cut]:
        part.add(value)
    part = msgspec.json.decode(msgspec.json.encode(part), type=SignTest)
    for value in values[cut:]:
        part.add(value)
    assert part == whole


def first_rejection(rng: Random, chance: float, limit: int, test: RateTest) -> int | None:
    for n in range(1, limit + 1):
        test.add(on_candidate=rng.random() < chance)
        if test.rejected:
            return n
    return None


@pytest.mark.parametrize(("share", "margin"), [(0.5, 1.0), (0.1, 1.0), (0.5, 1.2)])
def test_equal_rates_are_seldom_called_higher(share: float, margin: float) -> None:
    rng = Random(7)
    chance = share * margin / (share * margin + 1 - share)
    wrong = sum(first_rejection(rng, chance, 150, RateTest(share=share, margin=margin)) is not None for _ in range(200))
    assert wrong <= 20  # 99.9 % bound of a chance of .05 in 200


@pytest.mark.parametrize(("share", "ratio", "limit"), [(0.5, 10, 17), (0.1, 10, 14), (0.01, 10, 40)])
def test_a_rate_many_times_higher_is_found(share: float, ratio: float, limit: int) -> None:
    rng = Random(3)
    chance = share * ratio / (share * ratio + 1 - share)
    found = [first_rejection(rng, chance, 400, RateTest(alpha=0.01, share=share)) for _ in range(40)]
    assert all(found)
    assert sorted(n for n in found if n)[20] <= limit


def test_non_inferiority_and_rollback_look_opposite_ways() -> None:
    calm = RateTest(claim="lower", margin=1.5, candidate=200, control=220)
    assert calm.rejected
    assert calm.evidence("errors").shown
    assert not RateTest(claim="higher", margin=1.5, candidate=200, control=220).rejected
    wild = RateTest(candidate=90, control=30)
    assert wild.rejected
    assert wild.evidence("errors").estimate == 3.0
    assert str(wild.evidence("errors")).startswith("measured: errors on the candidate are more than 1 times")


def test_swapping_the_arms_swaps_the_claims() -> None:
    higher = RateTest(claim="higher", share=0.3, margin=2.0, candidate=40, control=11)
    lower = RateTest(claim="lower", share=0.7, margin=0.5, candidate=11, control=40)
    assert higher.log_e == pytest.approx(lower.log_e, rel=1e-12)


@pytest.mark.parametrize(
    ("hits", "misses", "verdict"),
    [(0, 0, "undecided"), (60, 940, "violate"), (1, 1500, "conform"), (10, 990, "undecided")],
)
def test_one_arm_has_three_answers(hits: int, misses: int, verdict: str) -> None:
    test = BernoulliTest(limit=0.01, hits=hits, misses=misses)
    assert test.verdict == verdict
    assert test.evidence("calls over 10 ms").shown is (verdict != "undecided")


@pytest.mark.parametrize("share", [0.01, 0.005, 0.02])
def test_one_arm_seldom_errs(share: float) -> None:
    rng, wrong = Random(11), 0
    for _ in range(120):
        test = BernoulliTest(limit=0.01)
        for n in range(1500):
            test.add(hit=rng.random() < share)
            if n % 10 == 9 and test.verdict != "undecided":
                break
        wrong += test.verdict == ("violate" if share <= 0.01 else "conform")
    assert wrong <= 15  # 99.9 % bound of a chance of .05 in 120


@pytest.mark.parametrize(
    "make",
    [
        lambda: log_e_value(1, 1, null=1.0),
        lambda: log_e_value(-1, 1, null=0.5),
        lambda: SignTest(alpha=0.0),
        lambda: RateTest(share=1.0),
        lambda: RateTest(margin=0.0),
        lambda: BernoulliTest(limit=0.0),
        lambda: SignTest().add(math.nan),
    ],
)
def test_what_cannot_be_is_refused(make: object) -> None:
    assert callable(make)
    with pytest.raises(UsageError):
        make()
