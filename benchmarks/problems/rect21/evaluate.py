"""Scores a packing in exact arithmetic, tolerance zero."""

import math
from fractions import Fraction

N = 21


def score(artifact):
    """Sum of the radii of circles that do not overlap in the rectangle width × (2 - width)."""
    if not isinstance(artifact, list) or len(artifact) != 1 + 3 * N:
        raise ValueError(f"the answer must be a list of {1 + 3 * N} floats")
    if not all(type(value) is float and math.isfinite(value) for value in artifact):
        raise ValueError("the answer has something that is not a finite float")
    width, *rest = map(Fraction, artifact)
    circles = list(zip(rest[0::3], rest[1::3], rest[2::3], strict=True))
    for index, (x, y, r) in enumerate(circles):
        if r <= 0 or min(x, width - x, y, 2 - width - y) < r:
            raise ValueError(f"circle {index} leaves the rectangle, or its radius is not above zero")
        if any((x - u) ** 2 + (y - v) ** 2 < (r + s) ** 2 for u, v, s in circles[:index]):
            raise ValueError(f"circle {index} overlaps another")
    return float(sum(r for _, _, r in circles))
