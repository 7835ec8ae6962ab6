"""E-processes of counts: exact at any sample size, for any stopping rule. Two integers per test, no I/O, no clock.

An e-process stays below 1/α for ever with a chance of at least 1 - α if its null hypothesis holds (Ville 1939), so it
may be looked at after every event. All tests here mix the binomial likelihood ratio over a Beta prior cut off at the
null: a supermartingale for *every* chance up to `null`, also one that drifts (Lindon & Malek, NeurIPS 2022,
arXiv 2011.03567).
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Literal

import msgspec

from cambrian.core.errors import UsageError
from cambrian.core.evidence import Evidence

from .incomplete_beta import log_power, log_upper, tail_factor

__all__ = ["BernoulliTest", "RateTest", "SignTest", "log_e_value"]

STRENGTH = 20.0
"""Observations that the prior is worth. With a null of 1/2 it is Beta(10, 10)."""
RATE_STRENGTH = 5.0
"""The same for rates, which may differ tenfold: that is found with a third fewer events than at 20."""


def log_e_value(successes: int, failures: int, *, null: float, strength: float = STRENGTH) -> float:
    """Logarithm of the e-value against "the chance of a success is at most `null`", whatever the order of events.

    The prior is Beta(strength · null, strength · (1 - null)), cut off below `null`.

    >>> round(log_e_value(60, 40, null=0.5), 3)
    1.442

    Args:
        successes: so far.
        failures: so far.
        null: the largest chance under the null hypothesis, above 0 and below 1.
        strength: observations that the prior is worth; more looks for smaller effects.

    Raises:
        UsageError: `null` is no chance, or a count is negative.
    """
    if not 0 < null < 1:
        raise UsageError(f"null is {null!r}; it is a chance above 0 and below 1")
    if min(successes, failures) < 0:
        raise UsageError(f"successes {successes!r}, failures {failures!r}: counts cannot be negative")
    a, b = strength * null, strength * (1 - null)
    return _log_tail(a + successes, b + failures, null) - _log_prior_tail(a, b, null)


def _log_tail(a: float, b: float, x: float) -> float:
    """Logarithm of the integral of p^(a-1) (1-p)^(b-1) over p > x, divided by x^a (1-x)^b.

    That quotient is the e-value up to a constant. In the lower regime it *is* the fraction, with nothing to cancel.
    """
    y = 1 - x
    if b * x - a * y + 1 > 2 * y:
        return math.log(tail_factor(b, a, y, x))
    return log_upper(a, b, x) - log_power(a, b, x, y)


@lru_cache(maxsize=256)
def _log_prior_tail(a: float, b: float, x: float) -> float:
    return _log_tail(a, b, x)


def check_alpha(alpha: float) -> None:
    """Refuse what is no chance of error.

    Raises:
        UsageError: `alpha` is not above 0 and below 1.
    """
    if not 0 < alpha < 1:
        raise UsageError(f"alpha is {alpha!r}; it is a chance of error above 0 and below 1, such as 0.05")


class SignTest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Whether differences are more often above zero than below it; exact, whatever their distribution.

    Null hypothesis: given the past, a difference that is not zero is above zero with a chance of at most 1/2. Zeros are
    counted and set aside.

    Args:
        alpha: chance of rejecting a true null hypothesis, ever.
        wins: differences above zero.
        losses: differences below zero.
        ties: differences of zero.
    """

    alpha: float = 0.05
    wins: int = 0
    losses: int = 0
    ties: int = 0

    def __post_init__(self) -> None:
        check_alpha(self.alpha)

    def add(self, difference: float) -> None:
        """Take in the next difference.

        Raises:
            UsageError: it is not a number.
        """
        if math.isnan(difference):
            raise UsageError(f"difference is {difference!r}; leave out pairs that could not be measured")
        if difference > 0:
            self.wins += 1
        elif difference < 0:
            self.losses += 1
        else:
            self.ties += 1

    @property
    def log_e(self) -> float:
        """Logarithm of the e-value now."""
        return log_e_value(self.wins, self.losses, null=0.5)

    @property
    def rejected(self) -> bool:
        """Whether the e-value now has reached 1/α."""
        return _reached(self.log_e, self.alpha)

    def evidence(self, claim: str) -> Evidence:
        """A record of the test as it stands; `estimate` is the share of wins."""
        decided = self.wins + self.losses
        return Evidence(
            kind="measured" if self.rejected else "not_shown", claim=claim, n=decided + self.ties, alpha=self.alpha,
            estimate=self.wins / decided if decided else None, unit="share of wins", method="sign e-process",
            detail=f"{self.wins} wins, {self.losses} losses, {self.ties} ties",
        )  # fmt: skip


class RateTest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Whether events (errors, timeouts, mismatches) fall on the candidate at another rate than on the control.

    Each event falls on the candidate with a chance that depends only on the ratio of rates and the candidate's share of
    the traffic, so nothing need be known of the rates, which may drift.

    ``claim="higher"``: null hypothesis "the candidate's rate is at most `margin` times the control's"; rejected, it
    calls for a rollback. ``claim="lower"``: null hypothesis "… at least `margin` times"; with a margin above 1 it shows
    that the candidate is not worse by more than that (non-inferiority).

    Args:
        claim: which way.
        alpha: chance of rejecting a true null hypothesis, ever.
        share: the candidate's share of the traffic. It must not change while the test runs.
        margin: the ratio of rates that divides the two hypotheses.
        candidate: events on the candidate.
        control: events on the control.
    """

    claim: Literal["higher", "lower"] = "higher"
    alpha: float = 0.05
    share: float = 0.5
    margin: float = 1.0
    candidate: int = 0
    control: int = 0

    def __post_init__(self) -> None:
        check_alpha(self.alpha)
        if not 0 < self.share < 1:
            raise UsageError(f"share is {self.share!r}; the candidate's share of the traffic is above 0 and below 1")
        if not 0 < self.margin < math.inf:
            raise UsageError(f"margin is {self.margin!r}; a ratio of rates is above zero")

    def add(self, *, on_candidate: bool) -> None:
        """Take in the next event."""
        if on_candidate:
            self.candidate += 1
        else:
            self.control += 1

    @property
    def null(self) -> float:
        """Chance that an event falls on the candidate where the two hypotheses meet."""
        weight = self.share * self.margin
        return weight / (weight + 1 - self.share)

    @property
    def log_e(self) -> float:
        """Logarithm of the e-value now."""
        if self.claim == "higher":
            return log_e_value(self.candidate, self.control, null=self.null, strength=RATE_STRENGTH)
        return log_e_value(self.control, self.candidate, null=1 - self.null, strength=RATE_STRENGTH)

    @property
    def rejected(self) -> bool:
        """Whether the e-value now has reached 1/α."""
        return _reached(self.log_e, self.alpha)

    def evidence(self, what: str = "events") -> Evidence:
        """A record of the test as it stands; `estimate` is the ratio of rates.

        Args:
            what: which events, for the claim's words: ``"errors"``.
        """
        n = self.candidate + self.control
        odds = self.share / (1 - self.share)
        word = "more" if self.claim == "higher" else "less"
        return Evidence(
            kind="measured" if self.rejected else "not_shown",
            claim=f"{what} on the candidate are {word} than {self.margin:g} times as frequent as on the control",
            n=n, alpha=self.alpha, estimate=self.candidate / self.control / odds if self.control else None, unit="×",
            method="binomial e-process", detail=f"{self.candidate} on the candidate, {self.control} on the control",
        )  # fmt: skip


Conformity = Literal["conform", "violate", "undecided"]


class BernoulliTest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Whether a share, such as that of calls over a latency limit, keeps to its limit. One arm, three answers.

    Two e-processes, of which at most one can err: one against "the share is at most `limit`", one against "at least".

    Args:
        limit: the largest share allowed, above 0 and below 1.
        alpha: chance of a wrong answer, ever.
        hits: observations that count against the limit.
        misses: the others.
    """

    limit: float
    alpha: float = 0.05
    hits: int = 0
    misses: int = 0

    def __post_init__(self) -> None:
        check_alpha(self.alpha)
        if not 0 < self.limit < 1:
            raise UsageError(f"limit is {self.limit!r}; it is a share above 0 and below 1")

    def add(self, *, hit: bool) -> None:
        """Take in the next observation."""
        if hit:
            self.hits += 1
        else:
            self.misses += 1

    @property
    def verdict(self) -> Conformity:
        """``"conform"``, ``"violate"``, or ``"undecided"``: neither is shown so far."""
        share = self.hits / (self.hits + self.misses) if self.hits + self.misses else self.limit
        if share > self.limit:
            return (
                "violate" if _reached(log_e_value(self.hits, self.misses, null=self.limit), self.alpha) else "undecided"
            )
        log_e = log_e_value(self.misses, self.hits, null=1 - self.limit)
        return "conform" if _reached(log_e, self.alpha) else "undecided"

    def evidence(self, what: str) -> Evidence:
        """A record of the test as it stands; `estimate` is the share of hits.

        Args:
            what: what a hit is, for the claim's words: ``"calls over 10 ms"``.
        """
        n, verdict = self.hits + self.misses, self.verdict
        relation = {"conform": "below", "violate": "above", "undecided": "on one side of"}[verdict]
        return Evidence(
            kind="not_shown" if verdict == "undecided" else "measured",
            claim=f"the share of {what} is {relation} {self.limit:g}", n=n, alpha=self.alpha,
            estimate=self.hits / n if n else None, unit="share", method="Bernoulli e-process",
            detail=f"{self.hits} of {n}",
        )  # fmt: skip


def _reached(log_e: float, alpha: float) -> bool:
    return log_e >= -math.log(alpha)
