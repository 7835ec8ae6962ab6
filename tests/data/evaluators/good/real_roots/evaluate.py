"""Zeros of polynomials with integer coefficients, all of them real and simple; the share of solved ones counts.

A zero counts as found if the polynomial, evaluated exactly, changes its sign within 1e-9 of it. The tolerance is what
doubles and ill-conditioned polynomials need; it cannot be farmed: a polynomial is solved or not, zeros are at least
1/6 apart, and answers must be further apart than two tolerances, so none counts twice.
"""

import math
from fractions import Fraction

NEAR = Fraction(1, 10**9)


def inputs(rng):
    """Coefficients, highest power first, of products of factors (k x - m) with different zeros m / k."""
    return [(product(rng, degree),) for degree in (1, 2, 2, 3, 3, 4, 4, 5, 5, 5)]


def product(rng, degree):
    """A polynomial with as many zeros as its degree."""
    zeros = set()
    while len(zeros) < degree:
        zeros.add(Fraction(rng.randint(-27, 27), rng.randint(1, 3)))
    coefficients = [1]
    for zero in zeros:
        k, m = zero.denominator, zero.numerator
        coefficients = [k * a - m * b for a, b in zip([*coefficients, 0], [0, *coefficients], strict=True)]
    return coefficients


def score(outputs, inputs):
    """Share of the polynomials of which all zeros were found."""
    solved = [all_found(answer, coefficients) for answer, (coefficients,) in zip(outputs, inputs, strict=True)]
    return {"solved": sum(solved) / len(solved)}


def all_found(answer, coefficients):
    """Whether an answer has exactly the zeros of a polynomial."""
    if type(answer) is not list or not all(type(x) is float and math.isfinite(x) for x in answer):
        raise ValueError("expected a list of finite floats")
    exact = [Fraction(x) for x in answer]
    if len(exact) != len(coefficients) - 1 or any(b - a <= 2 * NEAR for a, b in zip(exact, exact[1:])):
        return False
    return all(value(coefficients, x - NEAR) * value(coefficients, x + NEAR) < 0 for x in exact)


def value(coefficients, x):
    """Horner's scheme in fractions."""
    total = Fraction(0)
    for coefficient in coefficients:
        total = total * x + coefficient
    return total
