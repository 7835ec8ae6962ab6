"""Features → the unit cube. Bounds are given, or follow what is seen: always from the inserts in their order alone."""

from __future__ import annotations

from collections.abc import Sequence

LARGEST = 1e300
"""Features beyond it count as it, so that a span never overflows."""


class Scale:
    """Maps features to [0, 1] in every dimension.

    Args:
        bounds: lower and upper end of each dimension; what lies beyond counts as the end. Empty: the bounds follow the
            features. The first value stands in the middle of a span of its own size (at least 1), and the span doubles
            towards whatever lies outside, so that it changes a logarithmic number of times.
    """

    def __init__(self, bounds: Sequence[tuple[float, float]] = ()) -> None:
        self.bounds = [(float(low), float(high)) for low, high in bounds]
        self._fixed = bool(bounds)

    def fit(self, features: Sequence[float]) -> bool:
        """Widen the bounds so that these features lie inside; whether anything changed."""
        if self._fixed:
            return False
        values = [_capped(value) for value in features]
        if not self.bounds:
            self.bounds = [_around(value) for value in values]
            return True
        wider = [_widened(low, high, value) for (low, high), value in zip(self.bounds, values, strict=True)]
        changed = wider != self.bounds
        self.bounds = wider
        return changed

    def unit(self, features: Sequence[float]) -> tuple[float, ...]:
        """The point of the unit cube; what lies outside the bounds counts as their end."""
        return tuple(
            min(1.0, max(0.0, (_capped(value) - low) / (high - low)))
            for (low, high), value in zip(self.bounds, features, strict=True)
        )


def _capped(value: float) -> float:
    return min(LARGEST, max(-LARGEST, value))


def _around(value: float) -> tuple[float, float]:
    half = max(1.0, abs(value)) / 2
    return value - half, value + half


def _widened(low: float, high: float, value: float) -> tuple[float, float]:
    while value < low:
        low -= high - low
    while value > high:
        high += high - low
    return low, high
