"""A few pairs, their number fixed beforehand: the exact sign test and the interval that goes with it.

For few and dear observations; who wants to look while they come uses `eprocess` and `confidence`.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import comb, isfinite

import msgspec

from cambrian.core.errors import UsageError

from .averages import median
from .eprocess import check_alpha

__all__ = ["Paired", "compare_pairs", "least_pairs"]


class Paired(msgspec.Struct, frozen=True, kw_only=True):
    """What pairs say about the median of their differences.

    Args:
        n: pairs.
        wins: differences above zero.
        ties: differences of zero; the test passes them over, the interval does not.
        p: chance of at least so many wins among the pairs that differ, were a win as likely as a loss (one-sided).
        median: of the differences.
        lower, upper: the median's interval at 1 − 2α, both one-sided at α; `None` where so few pairs bound nothing.
    """

    n: int
    wins: int
    ties: int
    p: float
    median: float
    lower: float | None
    upper: float | None


def compare_pairs(differences: Sequence[float], alpha: float) -> Paired:
    """Exact one-sided sign test of differences, and a distribution-free interval of their median.

    Dixon & Mood (1946). Valid for any distribution, if the pairs are independent and their number was not chosen by
    what they gave.

    Args:
        differences: winner − other of each pair, finite.
        alpha: chance of error of each side of the interval.

    Raises:
        UsageError: no pair, one that is not finite, or no such chance.
    """
    check_alpha(alpha)
    if any(not isfinite(value) for value in differences):
        raise UsageError("one of the differences is infinite or NaN; compare pairs of finite values")
    if not differences:
        raise UsageError("differences is empty; compare one pair at least")
    ordered = sorted(differences)
    wins, losses = sum(value > 0 for value in ordered), sum(value < 0 for value in ordered)
    outside = _outside(len(ordered), alpha)
    return Paired(
        n=len(ordered), wins=wins, ties=len(ordered) - wins - losses, p=_tail(wins + losses, wins),
        median=median(ordered),
        lower=None if outside is None else ordered[outside], upper=None if outside is None else ordered[-1 - outside],
    )  # fmt: skip


def least_pairs(alpha: float) -> int:
    """The fewest pairs by which a sign test can show anything at `alpha`: all of them won."""
    check_alpha(alpha)
    pairs = 1
    while 0.5**pairs > alpha:
        pairs += 1
    return pairs


def _tail(trials: int, wins: int) -> float:
    """Chance of `wins` or more heads among so many tosses of a fair coin."""
    return sum(comb(trials, k) for k in range(wins, trials + 1)) / 2**trials


def _outside(n: int, alpha: float) -> int | None:
    """How many ordered values lie outside the interval at each end; `None` if even none leaves too much."""
    if 0.5**n > alpha:
        return None
    outside = 0
    while sum(comb(n, k) for k in range(outside + 2)) / 2**n <= alpha:
        outside += 1
    return outside
