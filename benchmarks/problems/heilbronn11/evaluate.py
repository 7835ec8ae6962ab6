"""Scores points in exact arithmetic. Ratios of areas are the same in every triangle: this one's shape is no matter."""

import math
from fractions import Fraction
from itertools import combinations

N = 11


def score(artifact):
    """Smallest area of a triangle of three points, as a share of the whole triangle's."""
    if not isinstance(artifact, list) or len(artifact) != 2 * N:
        raise ValueError(f"the answer must be a list of {2 * N} floats")
    if not all(type(value) is float and math.isfinite(value) for value in artifact):
        raise ValueError("the answer has something that is not a finite float")
    exact = list(map(Fraction, artifact))
    points = list(zip(exact[0::2], exact[1::2], strict=True))
    if any(u < 0 or v < 0 or u + v > 1 for u, v in points):
        raise ValueError("a point lies outside the triangle")
    return float(min(abs((b - a) * (f - d) - (c - a) * (e - d)) for (a, d), (b, e), (c, f) in combinations(points, 3)))
