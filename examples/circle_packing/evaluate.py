"""Scores a packing strictly: exact rational arithmetic on the doubles, tolerance zero, the sum computed anew."""

import math
from fractions import Fraction

N = 26


def score(artifact):
    """Sum of the radii.

    Args:
        artifact: N rows [x, y, radius] of plain floats.

    Raises:
        ValueError: it is not N such rows, a circle leaves the square, or two overlap by however little.
    """
    circles = [exact(row, index) for index, row in enumerate(rows(artifact))]
    for index, (x, y, r) in enumerate(circles):
        if r <= 0:
            raise ValueError(f"circle {index} has radius {float(r)!r}; it must be above zero")
        if min(x, y, 1 - x, 1 - y) < r:
            raise ValueError(f"circle {index} leaves the unit square")
        for other, (u, v, s) in enumerate(circles[:index]):
            if (x - u) ** 2 + (y - v) ** 2 < (r + s) ** 2:
                raise ValueError(f"circles {other} and {index} overlap")
    return {
        "sum_of_radii": float(sum(r for _, _, r in circles)),
        "smallest_radius": float(min(r for _, _, r in circles)),
        "largest_radius": float(max(r for _, _, r in circles)),
    }


def rows(artifact):
    """The artifact as a sequence of exactly N rows; an array will do."""
    plain = artifact.tolist() if hasattr(artifact, "tolist") else artifact
    if not isinstance(plain, (list, tuple)) or len(plain) != N:
        raise ValueError(f"the answer must be a list of exactly {N} circles [x, y, radius]")
    return plain


def exact(row, index):
    """Three finite floats as fractions, without any rounding."""
    if not isinstance(row, (list, tuple)) or len(row) != 3:
        raise ValueError(f"circle {index} is not [x, y, radius]")
    if not all(type(value) is float and math.isfinite(value) for value in row):
        raise ValueError(f"circle {index} has a coordinate that is not a finite float")
    return tuple(map(Fraction, row))
