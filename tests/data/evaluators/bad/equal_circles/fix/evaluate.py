"""Equal circles that do not overlap, inside the unit square; the radius is the score. Exact, tolerance zero."""

import math
from fractions import Fraction

N = 5


def score(answer):
    """The radius, if the packing is valid."""
    radius, centres = answer["radius"], answer["centres"]
    if type(radius) is not float or not 0 < radius < 1:
        raise ValueError(f"the radius {radius!r} is no float in (0, 1)")
    if len(centres) != N:
        raise ValueError(f"expected {N} centres, got {len(centres)}")
    r, exact = Fraction(radius), []
    for index, (x, y) in enumerate(centres):
        if not (type(x) is float and type(y) is float and math.isfinite(x) and math.isfinite(y)):
            raise ValueError(f"centre {index} is not a pair of finite floats")
        x, y = Fraction(x), Fraction(y)
        if min(x, y, 1 - x, 1 - y) < r:
            raise ValueError(f"circle {index} leaves the square")
        for other, (u, v) in enumerate(exact):
            if (x - u) ** 2 + (y - v) ** 2 < 4 * r * r:
                raise ValueError(f"circles {other} and {index} overlap")
        exact.append((x, y))
    return radius
