"""Means and medians that stay what they are where a sum would be too large for a float. Pure; no test decides here.

Scores are any finite floats, and what is told of them has to be finite again: the largest float stands for what lies
beyond it.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Sequence
from statistics import fmean

__all__ = ["LARGEST", "bounded", "mean", "median", "middle"]

LARGEST = sys.float_info.max


def mean(values: Iterable[float]) -> float:
    """Arithmetic mean of finite numbers; finite.

    Raises:
        StatisticsError: there are none.
    """
    given = list(values)
    try:
        return fmean(given)
    except OverflowError:
        return bounded(2 * math.fsum(value / len(given) / 2 for value in given))


def middle(a: float, b: float) -> float:
    """Half way between two numbers; 0 between the two infinities."""
    if math.isinf(a) or math.isinf(b):
        return 0.0 if a == -b else a + b
    whole = a + b
    return a / 2 + b / 2 if math.isinf(whole) else whole / 2


def median(ordered: Sequence[float]) -> float:
    """Median of ascending numbers.

    Raises:
        IndexError: there are none.
    """
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else middle(ordered[half - 1], ordered[half])


def bounded(value: float) -> float:
    """The same, or the largest float of its sign if it is infinite."""
    return max(-LARGEST, min(LARGEST, value))
