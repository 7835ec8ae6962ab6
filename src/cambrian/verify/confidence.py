"""Confidence sequences: intervals that hold at all sample sizes at once. No I/O, no clock; O(1) per observation.

The mean: asymptotic confidence sequence, Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas (Ann. Statist. 2024,
arXiv 2103.06476). Quantiles, for display: by inverting a Bernoulli e-process, as Howard & Ramdas do (Bernoulli 28(3),
2022, arXiv 1906.09712); exact.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec

from cambrian.core.errors import UsageError
from cambrian.core.evidence import Evidence

from .eprocess import check_alpha, log_e_value

__all__ = ["ConfidenceSequence", "Interval", "quantile_interval"]

BURN_IN = 20
"""Observations before the normal approximation is believed at all; take 200 if tails are heavy."""
PLANNED = 500
"""Observations at which the interval shall be narrowest, for its α."""


class Interval(NamedTuple):
    """What the data leave possible; infinite where they bound nothing."""

    lower: float
    upper: float

    @property
    def width(self) -> float:
        """Upper less lower."""
        return self.upper - self.lower


class ConfidenceSequence(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """An interval for the mean that holds after every observation at once, with a chance of 1 - α.

    *Asymptotic*: it leans on the central limit theorem, as a t-test does, so nothing is said before `burn_in`
    observations. Feed it differences of pairs, or logarithms of ratios, whose tails are lighter.

    The state is the fields: encode it, decode it, go on, and the numbers are the same bit for bit.

    >>> sequence = ConfidenceSequence(burn_in=2)
    >>> for value in (1.0, 1.2, 0.8, 1.1):
    ...     sequence.add(value)
    >>> sequence.interval.lower < 1 < sequence.interval.upper
    True

    Args:
        alpha: chance that the mean is ever outside.
        planned: observations at which the interval shall be narrowest. A guess; it holds for any.
        burn_in: observations before which the interval is infinite; at least 2.
        n: observations so far.
        mean: theirs.
        squares: sum of their squared distances from the mean (Welford 1962).
    """

    alpha: float = 0.05
    planned: int = PLANNED
    burn_in: int = BURN_IN
    n: int = 0
    mean: float = 0.0
    squares: float = 0.0

    def __post_init__(self) -> None:
        check_alpha(self.alpha)
        if self.planned < 1:
            raise UsageError(f"planned is {self.planned!r}; plan one observation at least")
        if self.burn_in < 2:
            raise UsageError(f"burn_in is {self.burn_in!r}; a spread needs two observations")

    def add(self, value: float) -> None:
        """Take in the next observation.

        Raises:
            UsageError: it is not finite, or so large that its square is not.
        """
        if not abs(value) < 1e150:
            raise UsageError(f"observation {self.n + 1} is {value!r}; only finite numbers below 1e150 have a mean")
        self.n += 1
        step = value - self.mean
        self.mean += step / self.n
        self.squares += step * (value - self.mean)

    @property
    def deviation(self) -> float:
        """Standard deviation of the observations; 0 before the second."""
        return math.sqrt(self.squares / self.n) if self.n else 0.0

    @property
    def interval(self) -> Interval:
        """What the data leave possible for the mean, now."""
        if self.n < self.burn_in:
            return Interval(-math.inf, math.inf)
        radius = self.deviation * half_width(self.n, self.alpha, self.planned)
        return Interval(self.mean - radius, self.mean + radius)

    def evidence(self, claim: str, *, above: float = 0.0, unit: str = "") -> Evidence:
        """A record of the claim that the mean is above a value, shown or not.

        Args:
            claim: the claim in words.
            above: the value.
            unit: of the observations.
        """
        known = self.n >= self.burn_in
        interval = self.interval
        return Evidence(
            kind="measured" if interval.lower > above else "not_shown", claim=claim, n=self.n, alpha=self.alpha,
            estimate=self.mean if self.n else None, lower=interval.lower if known else None,
            upper=interval.upper if known else None, unit=unit, method="asymptotic confidence sequence",
            detail="" if known else f"nothing is said before {self.burn_in} observations",
        )  # fmt: skip


def half_width(n: int, alpha: float, planned: int) -> float:
    """Half the width of the interval after `n` observations with a standard deviation of 1."""
    twice = -2 * math.log(alpha)
    scale = n * (twice + math.log(1 + twice)) / planned
    return math.sqrt(2 * (scale + 1) / (n * scale) * math.log(math.sqrt(scale + 1) / alpha))


def quantile_interval(ordered: Sequence[float], probability: float, *, alpha: float = 0.05) -> Interval:
    """An interval for a quantile that holds at all sample sizes at once; exact, ties included.

    >>> quantile_interval(range(1000), 0.5)
    Interval(lower=449, upper=550)

    Args:
        ordered: all observations so far, ascending.
        probability: which quantile; 0.5 is the median.
        alpha: chance that the quantile is ever outside; half for each side.

    Raises:
        UsageError: `probability` or `alpha` is no chance.
    """
    check_alpha(alpha)
    if not 0 < probability < 1:
        raise UsageError(f"probability is {probability!r}; a quantile's is above 0 and below 1")
    n, bar = len(ordered), -math.log(alpha / 2)
    below = _least(n, lambda k: log_e_value(k, n - k, null=probability) >= bar)
    above = _least(n, lambda k: log_e_value(k, n - k, null=1 - probability) >= bar)
    return Interval(
        ordered[n - above] if above is not None else -math.inf,
        ordered[below - 1] if below is not None else math.inf,
    )


def _least(n: int, enough: Callable[[int], bool]) -> int | None:
    """The least count up to `n` that is too many to be a coincidence; e-values rise with the count."""
    if not enough(n):
        return None
    low, high = 0, n
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle + 1, high)
    return low
