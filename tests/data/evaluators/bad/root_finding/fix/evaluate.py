"""How small polynomials are at the zeros that were found."""

import math

# coefficients, highest power first, and an interval with a change of sign
CASES = [
    ([1.0, 0.0, -2.0], 0.5, 3.0),
    ([1.0, 0.0, -1.0, -2.0], 0.5, 3.0),
    ([1.0, -6.0, 11.0, -6.5], 2.5, 4.5),
    ([2.0, 3.0, 5.0, 0.0], -1.5, 2.0),
    ([1.0, 0.0, 0.0, 0.0, -1.0, -1.0], 0.5, 2.0),
    ([3.0, -4.0, -7.0, 1.0], -0.5, 0.75),
]


def inputs(rng):
    """Polynomials and intervals."""
    return CASES


def value(coefficients, x):
    """Horner's scheme."""
    total = 0.0
    for coefficient in coefficients:
        total = total * x + coefficient
    return total


def score(outputs, inputs):
    """Mean absolute value at the zeros; every case must have one."""
    residuals = []
    for x, (coefficients, low, high) in zip(outputs, inputs, strict=True):
        if type(x) is not float or not low <= x <= high:
            raise ValueError(f"{x!r:.40} is no float from {low} to {high}")
        residuals.append(abs(value(coefficients, x)))
    return math.fsum(residuals) / len(residuals)
