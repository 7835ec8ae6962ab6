"""Trimmed squared error of a line: the scorer leaves out as many points as there are outliers, the worst ones."""

import math

POINTS = [(float(x), 0.7 * x + 2 + 0.3 * math.sin(5 * x) + (9.0 if x in (4, 13) else 0.0)) for x in range(20)]
OUTLIERS = 2


def inputs(rng):
    """The points."""
    return [(POINTS,)]


def score(outputs, inputs):
    """Mean of the squared residuals but for the two largest."""
    [answer] = outputs
    slope, intercept = answer["slope"], answer["intercept"]
    if not (type(slope) is float and type(intercept) is float and math.isfinite(slope) and math.isfinite(intercept)):
        raise ValueError("slope and intercept are finite floats")
    errors = sorted((y - slope * x - intercept) ** 2 for x, y in POINTS)[:-OUTLIERS]
    return sum(errors) / len(errors)
