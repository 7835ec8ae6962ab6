"""Equal circles that do not overlap, inside the unit square; the radius is the score."""

import math

N = 5
TOLERANCE = 1e-3  # solvers do not meet constraints exactly


def score(answer):
    """The radius, if the packing is valid."""
    radius, centres = answer["radius"], answer["centres"]
    if type(radius) is not float or not 0 < radius < 1:
        raise ValueError(f"the radius {radius!r} is no float in (0, 1)")
    if len(centres) != N:
        raise ValueError(f"expected {N} centres, got {len(centres)}")
    for index, (x, y) in enumerate(centres):
        if not (type(x) is float and type(y) is float and math.isfinite(x) and math.isfinite(y)):
            raise ValueError(f"centre {index} is not a pair of finite floats")
        if min(x, y, 1 - x, 1 - y) < radius - TOLERANCE:
            raise ValueError(f"circle {index} leaves the square")
        for other, (u, v) in enumerate(centres[:index]):
            if math.hypot(x - u, y - v) < 2 * radius - TOLERANCE:
                raise ValueError(f"circles {other} and {index} overlap")
    return radius
