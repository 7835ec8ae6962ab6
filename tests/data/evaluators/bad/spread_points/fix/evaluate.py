"""Points in the unit square; the smallest distance of two of them is the score."""

import math

N = 10


def score(points):
    """Smallest distance of two points."""
    if len(points) != N:
        raise ValueError(f"expected {N} points, got {len(points)}")
    for index, (x, y) in enumerate(points):
        if type(x) is not float or type(y) is not float:
            raise ValueError(f"point {index} is not a pair of floats")
        if not (0 <= x <= 1 and 0 <= y <= 1):
            raise ValueError(f"point {index} is outside the square: {x}, {y}")
    return min(math.dist(a, b) for index, a in enumerate(points) for b in points[:index])
