"""Weighted squared error of a line. A robust fit gives outliers a small weight."""

import math

POINTS = [(float(x), 0.7 * x + 2 + 0.3 * math.sin(5 * x) + (9.0 if x in (4, 13) else 0.0)) for x in range(20)]


def inputs(rng):
    """The points."""
    return [(POINTS,)]


def score(outputs, inputs):
    """Weighted mean of the squared residuals."""
    [answer] = outputs
    slope, intercept, weights = answer["slope"], answer["intercept"], answer["weights"]
    if not (type(slope) is float and type(intercept) is float and math.isfinite(slope) and math.isfinite(intercept)):
        raise ValueError("slope and intercept are finite floats")
    if len(weights) != len(POINTS) or not all(type(weight) is float and weight >= 0 for weight in weights):
        raise ValueError(f"expected {len(POINTS)} weights that are not negative")
    if not abs(sum(weights) - 1) < 1e-9:
        raise ValueError(f"the weights sum to {sum(weights)}, not to 1")
    error = sum(weight * (y - slope * x - intercept) ** 2 for weight, (x, y) in zip(weights, POINTS, strict=True))
    return {"error": error, "outliers": sum(weight < 0.01 for weight in weights)}
