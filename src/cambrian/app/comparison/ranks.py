"""Exact rank tests for a handful of runs: no normal distribution is assumed, nothing is said that n cannot bear. Pure.

Two samples: Mann and Whitney (1947), its exact distribution given the ties. Pairs: Wilcoxon's signed ranks (1945),
likewise. Sizes of effects: Hodges and Lehmann (1963) with the interval that inverts the test. Medians: the interval
between order statistics (Thompson 1936). A sample too large to count out (`EXACT`) is permuted at random with a fixed
seed; counting the sample itself as one permutation keeps such a test valid (Phipson and Smyth 2010).
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from cambrian.core.errors import UsageError
from cambrian.verify.averages import median, middle

__all__ = ["Effect", "Interval", "holm", "median_interval", "paired", "unpaired"]

LEVEL = 0.95
EXACT = 40
"""Values up to which permutations are counted exactly."""
_PERMUTATIONS = 20_000


class Interval(NamedTuple):
    """An interval of a median: its ends and the share of cases in which such an interval covers it, at least."""

    low: float
    high: float
    coverage: float


class Effect(NamedTuple):
    """A difference between two groups.

    Args:
        estimate: Hodges and Lehmann's: how much larger the first is, typically.
        low: of its interval at `LEVEL`; minus infinity if there are too few values for one.
        high: likewise.
        p: probability of a difference like this or larger, either way, if the groups were alike.
        least_p: the smallest `p` that so many values can give.
        method: name of the test.
    """

    estimate: float
    low: float
    high: float
    p: float
    least_p: float
    method: str


def median_interval(values: Sequence[float], level: float = LEVEL) -> Interval:
    """Interval of the median, free of any assumption about the distribution.

    With fewer than six values no such interval reaches 95 %: then it is the range, with its true coverage.

    >>> median_interval([1.0, 2.0, 3.0, 4.0, 5.0])
    Interval(low=1.0, high=5.0, coverage=0.9375)

    Raises:
        ValueError: no values.
    """
    if not values:
        raise ValueError("a median needs at least one value")
    ordered, n = sorted(values), len(values)
    out = 0
    tail = 0.5**n  # probability that fewer than one value lie below the median
    while out + 1 < n // 2 + n % 2:
        grown = tail + math.comb(n, out + 1) * 0.5**n
        if 1 - 2 * grown < level:
            break
        out, tail = out + 1, grown
    return Interval(ordered[out], ordered[n - 1 - out], max(0.0, 1 - 2 * tail))


def unpaired(a: Sequence[float], b: Sequence[float], level: float = LEVEL) -> Effect:
    """Two independent groups: the Mann–Whitney test and Hodges and Lehmann's shift of `a` over `b`.

    Infinite values (what never came) rank last and are told by the test only.
    """
    n, m = len(a), len(b)
    ranks = _midranks([*a, *b])
    observed = sum(ranks[:n])
    centre = n * (n + m + 1)  # of the doubled rank sum
    ways = _rank_sums(ranks, n) if n + m <= EXACT else _drawn_sums(ranks, n)
    differences = sorted(_minus(x, y) for x in a for y in b)
    cut = _cut(_whitney(n, m), level) if n + m <= EXACT else _normal_cut(n * m / 2, n * m * (n + m + 1) / 12)
    low, high = _ends(differences, cut)
    least = 1.0 if not n or not m else min(1.0, 2 / math.comb(n + m, n))
    return Effect(
        median(differences), low, high, _two_sided(ways, observed, centre), least,
        "Mann–Whitney, exact" if n + m <= EXACT else "Mann–Whitney, 20,000 permutations",
    )  # fmt: skip


def paired(a: Sequence[float], b: Sequence[float], level: float = LEVEL) -> Effect:
    """Pairs (the same seed on both sides): Wilcoxon's signed ranks and Hodges and Lehmann's shift of `a` over `b`.

    Infinite values stand for what never came: of two the same there is no difference, any other one ranks last, and
    half way between the two infinities is no difference.
    """
    differences = [_minus(x, y) for x, y in zip(a, b, strict=True)]
    moved = [value for value in differences if value]
    ranks, n = _midranks([abs(value) for value in moved]), len(differences)
    observed = sum(rank for rank, value in zip(ranks, moved, strict=True) if value > 0)
    averages = sorted(middle(differences[i], differences[j]) for i in range(n) for j in range(i, n))
    low, high = _ends(averages, _cut(_signed_sums(list(range(1, n + 1))), level))
    return Effect(
        median(averages), low, high, _two_sided(_signed_sums(ranks), observed, sum(ranks) / 2),
        min(1.0, 2 / 2**n), "Wilcoxon signed ranks of pairs, exact",
    )  # fmt: skip


def holm(probabilities: Sequence[float]) -> list[float]:
    """Adjust for several tests at once (Holm 1979), in the order given.

    >>> [round(p, 2) for p in holm([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    """
    adjusted, floor = [0.0] * len(probabilities), 0.0
    for place, index in enumerate(sorted(range(len(probabilities)), key=lambda index: probabilities[index])):
        floor = max(floor, min(1.0, probabilities[index] * (len(probabilities) - place)))
        adjusted[index] = floor
    return adjusted


def _minus(x: float, y: float) -> float:
    """A difference in which two things that never came are alike."""
    return 0.0 if x == y else x - y


def _midranks(values: Sequence[float]) -> list[int]:
    """Twice the ranks, from 2; equal values share the mean of theirs, so that all are whole numbers."""
    if any(map(math.isnan, values)):
        raise UsageError("one of the values to rank is NaN; such runs cannot be compared")
    order = sorted(range(len(values)), key=lambda index: values[index])
    ranks, begin = [0] * len(values), 0
    while begin < len(order):
        end = begin
        while end < len(order) and values[order[end]] == values[order[begin]]:
            end += 1
        for index in order[begin:end]:
            ranks[index] = begin + 1 + end
        begin = end
    return ranks


def _rank_sums(ranks: Sequence[int], size: int) -> dict[int, int]:
    """Sum → in how many choices of `size` ranks it comes out."""
    ways: list[dict[int, int]] = [{0: 1}, *({} for _ in range(size))]
    for rank in ranks:
        for chosen in range(size, 0, -1):
            into = ways[chosen]
            for total, count in ways[chosen - 1].items():
                into[total + rank] = into.get(total + rank, 0) + count
    return ways[size]


def _signed_sums(ranks: Sequence[int]) -> dict[int, int]:
    """Sum of the positive ranks → under how many choices of signs it comes out."""
    ways = {0: 1}
    for rank in ranks:
        grown = dict(ways)
        for total, count in ways.items():
            grown[total + rank] = grown.get(total + rank, 0) + count
        ways = grown
    return ways


def _drawn_sums(ranks: Sequence[int], size: int) -> dict[int, int]:
    """The same from random choices, the one that was observed among them."""
    rng, pool, ways = Random(0), list(ranks), {sum(ranks[:size]): 1}
    for _ in range(_PERMUTATIONS - 1):
        total = sum(rng.sample(pool, size))
        ways[total] = ways.get(total, 0) + 1
    return ways


def _two_sided(ways: dict[int, int], observed: float, centre: float) -> float:
    """Share of the ways that lie as far from the centre as what was observed, or farther."""
    far = abs(observed - centre)
    return sum(count for total, count in ways.items() if abs(total - centre) >= far) / sum(ways.values())


def _whitney(n: int, m: int) -> dict[int, int]:
    """Distribution of Mann and Whitney's U without ties."""
    least = n * (n + 1) // 2
    return {total - least: count for total, count in _rank_sums(range(1, n + m + 1), n).items()}


def _cut(ways: dict[int, int], level: float) -> int:
    """How many ordered differences to leave out at each end so that the rest covers `level`; -1: not even none."""
    whole, tail, cut = sum(ways.values()), 0, -1
    for value in sorted(ways):
        tail += ways[value]
        if tail / whole > (1 - level) / 2:
            break
        cut = value
    return cut


def _normal_cut(mean: float, variance: float) -> int:
    return max(-1, math.floor(mean - statistics.NormalDist().inv_cdf((1 + LEVEL) / 2) * math.sqrt(variance)) - 1)


def _ends(ordered: Sequence[float], cut: int) -> tuple[float, float]:
    if cut < 0:
        return -math.inf, math.inf
    return ordered[cut], ordered[len(ordered) - 1 - cut]
