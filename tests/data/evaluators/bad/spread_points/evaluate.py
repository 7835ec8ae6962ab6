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
        if x < 0 or x > 1 or y < 0 or y > 1:
            raise ValueError(f"point {index} is outside the square: {x}, {y}")
    closest = math.inf
    for index, (x, y) in enumerate(points):
        for u, v in points[:index]:
            distance = math.hypot(x - u, y - v)
            if distance < closest:
                closest = distance
    return closest
