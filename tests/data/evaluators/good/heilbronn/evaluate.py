"""Smallest triangle of six points in the unit square; exact, in fractions of the doubles."""

import math
from fractions import Fraction
from itertools import combinations

N = 6


def score(points):
    """Area of the smallest triangle."""
    if type(points) is not list or len(points) != N:
        raise ValueError(f"expected a list of {N} points")
    exact = [place(point, index) for index, point in enumerate(points)]
    return {"area": float(min(area(*three) for three in combinations(exact, 3)))}


def place(point, index):
    """A point as two fractions."""
    if type(point) is not list or len(point) != 2:
        raise ValueError(f"point {index} is not [x, y]")
    if not all(type(value) is float and math.isfinite(value) and 0 <= value <= 1 for value in point):
        raise ValueError(f"point {index} has a coordinate that is no float in [0, 1]")
    return Fraction(point[0]), Fraction(point[1])


def area(a, b, c):
    """Of a triangle."""
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2
