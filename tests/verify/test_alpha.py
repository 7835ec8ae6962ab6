"""Shared α: grants never add up to more than there is, in exact arithmetic; e-BH as defined."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import chain, combinations
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.core.errors import UsageError
from cambrian.verify.alpha import AlphaLedger, campaign_alpha, e_bh, share_alpha

alphas = st.floats(1e-12, 0.999)


@given(alphas, st.lists(st.integers(1, 5000), max_size=60))
def test_a_ledger_never_spends_more_than_it_has(alpha: float, campaigns: list[int]) -> None:
    ledger, spent = AlphaLedger(alpha=alpha), Fraction(0)
    for variants in campaigns:
        ledger, grant = ledger.grant(variants=variants)
        spent += Fraction(grant.each) * grant.variants
        assert grant.each > 0
        assert spent <= Fraction(ledger.spent) <= Fraction(alpha)
        ledger = msgspec.json.decode(msgspec.json.encode(ledger), type=AlphaLedger)
    assert ledger.campaigns == len(campaigns)


def test_a_thousand_campaigns_use_nearly_all_of_it() -> None:
    ledger = AlphaLedger(alpha=0.05)
    for _ in range(1000):
        ledger, grant = ledger.grant(variants=1)
        assert grant.each > 0
    assert 0.9990 < ledger.spent / 0.05 < 1


@given(alphas, st.integers(1, 10**6))
def test_shares_add_up_to_no_more(alpha: float, variants: int) -> None:
    assert Fraction(share_alpha(alpha, variants)) * variants <= Fraction(alpha)


@given(alphas, st.integers(1, 10**6))
def test_a_campaign_gets_at_most_its_term(alpha: float, campaign: int) -> None:
    # π² > 9.869604401089358 (to 16 digits), so this bound is exact enough to refute.
    term = 6 * Fraction(alpha) / (Fraction("9.869604401089358") * campaign**2)
    assert Fraction(campaign_alpha(alpha, campaign)) <= term
    assert campaign_alpha(alpha, campaign) == pytest.approx(float(term), rel=1e-12)


def e_bh_by_definition(e_values: list[float], alpha: float) -> tuple[int, ...]:
    """The largest set in which every e-value is at least K / (α · size)."""
    indices = range(len(e_values))
    subsets = chain.from_iterable(combinations(indices, size) for size in range(len(e_values), -1, -1))
    bar = len(e_values) / alpha
    return next(chosen for chosen in subsets if all(e_values[i] * len(chosen) >= bar for i in chosen))


@given(st.lists(st.integers(-3, 12), max_size=9))
def test_e_bh_is_the_largest_self_consistent_set(log2_values: list[int]) -> None:
    # α = 1/7 keeps the bars off the powers of two, where rounding of logarithms would decide.
    by_hand = e_bh_by_definition([2.0**k for k in log2_values], 1 / 7)
    assert e_bh([k * math.log(2) for k in log2_values], 1 / 7) == by_hand or any(
        math.isclose(2.0**k * size, 7 * len(log2_values)) for k in log2_values for size in range(1, 10)
    )


def test_e_bh_bounds_the_false_discovery_rate() -> None:
    """20 variants, 5 truly better; e-values of the null are 1/U scaled to a mean of one at most."""
    rng, share = Random(6), 0.0
    for _ in range(400):
        null = [-0.5 * math.log(rng.random()) + math.log(0.5) for _ in range(15)]  # E = 0.5 / sqrt(U), mean 1
        promoted = e_bh([9.0] * 5 + null, 0.05)
        share += sum(index >= 5 for index in promoted) / max(len(promoted), 1)
        assert promoted[:5] == (0, 1, 2, 3, 4)
    assert share / 400 <= 0.05


@given(st.lists(st.floats(-5, 12), min_size=1, max_size=30), st.data())
def test_more_evidence_never_promotes_fewer(log_e: list[float], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(log_e) - 1))
    more = [*log_e[:index], log_e[index] + 1, *log_e[index + 1 :]]
    assert set(e_bh(log_e, 0.1)) <= set(e_bh(more, 0.1))


def test_nothing_to_promote() -> None:
    assert e_bh([], 0.05) == ()
    assert e_bh([0.0] * 20, 0.05) == ()


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(UsageError, match="variants"):
        AlphaLedger().grant(variants=0)
    with pytest.raises(UsageError, match="campaign"):
        campaign_alpha(0.05, 0)
    with pytest.raises(UsageError, match="spent"):
        AlphaLedger(alpha=0.05, campaigns=1, spent=0.06)
    with pytest.raises(UsageError, match="alpha"):
        share_alpha(1.5, 2)
