"""Logarithms of the regularised incomplete beta function, in pure Python. No state, no I/O.

Engine processes do not import scipy (76 MB), and tail masses far below the least float are needed, so everything is a
logarithm. The continued fraction is the even part of DLMF 8.17.22 in the terms of Didonato & Morris (ACM TOMS 708,
1992), by Lentz' method. Its factor in front is summed from deviances, which do not cancel where logarithms of gamma
functions do.
"""

from __future__ import annotations

import math

__all__ = ["log_lower", "log_power", "log_upper", "tail_factor"]

_TINY = 1e-300
_PRECISION = 1e-16
_STIRLING = 10.0
"""From here on the series of `_stirling_rest` has full precision."""
_REST = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156)
_NEAR = 0.05
_TERMS = 40


def log_lower(a: float, b: float, x: float) -> float:
    """Logarithm of I_x(a, b), the mass that a Beta(a, b) has below `x`.

    Args:
        a: above zero.
        b: above zero.
        x: strictly between 0 and 1.
    """
    return _log_mass(a, b, x, 1 - x)


def log_upper(a: float, b: float, x: float) -> float:
    """ln(1 - I_x(a, b)): the logarithm of the mass that a Beta(a, b) has above `x`."""
    return _log_mass(b, a, 1 - x, x)


def _log_mass(a: float, b: float, x: float, y: float) -> float:
    """Mass below `x` = 1 - `y`: by its own fraction where that converges fast, else by its complement's."""
    power = log_power(a, b, x, y)
    if a * y - b * x + 1 > 2 * x:
        return power + math.log(tail_factor(a, b, x, y))
    rest = power + math.log(tail_factor(b, a, y, x))
    return math.log1p(-math.exp(rest)) if rest < 0 else -math.inf


def tail_factor(a: float, b: float, x: float, y: float) -> float:
    """F with I_x(a, b) = x^a y^b / B(a, b) · F, where x + y = 1. Fast for x below (a + 1) / (a + b + 2).

    It takes some sqrt(max(a, b)) terms near that point and few away from it. `y` is an argument of its own because
    1 - x is not known well enough where x is near 1.
    """
    lean = a * y - b * x + 1
    c = _off_zero(a * lean / (a + 1))
    d, result = 0.0, c
    for n in range(1, 10_000 + 10 * math.isqrt(int(max(a, b)) + 1)):
        odd = a + 2 * n - 1
        over = (a + n - 1) * (a + b + n - 1) * n * (b - n) * x * x / (odd * odd)
        under = n + n * (b - n) * x / odd + (a + n) * (lean + n * (1 + y)) / (odd + 2)
        d = 1 / _off_zero(under + over * d)
        c = _off_zero(under + over / c)
        result *= c * d
        if abs(c * d - 1) <= _PRECISION:
            break
    return 1 / result


def _off_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def log_power(a: float, b: float, x: float, y: float) -> float:
    """ln( x^a y^b / B(a, b) ), where x + y = 1."""
    if min(a, b) < _STIRLING:
        return _log_power_small(a, b, x, y)
    total = a + b
    excess = a - total * x if x <= y else total * y - b
    distance = a * _deviance(-excess / a) + b * _deviance(excess / b)
    rest = _stirling_rest(a) + _stirling_rest(b) - _stirling_rest(total)
    return 0.5 * math.log(a / total * b / (2 * math.pi)) - distance - rest


def _log_power_small(a: float, b: float, x: float, y: float) -> float:
    """The same with one parameter small: its gamma function is exact, the ratio of the other two is a short sum."""
    small, large = min(a, b), max(a, b)
    if large < _STIRLING:
        inverse = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    else:
        total = small + large
        rise = small * math.log(total) + (large - 0.5) * math.log1p(small / large) - small
        inverse = rise + _stirling_rest(total) - _stirling_rest(large) - math.lgamma(small)
    return a * (math.log(x) if x < 0.5 else math.log1p(-y)) + b * (math.log(y) if y < 0.5 else math.log1p(-x)) + inverse


def _stirling_rest(z: float) -> float:
    """Logarithm of Γ(z) less Stirling's formula (DLMF 5.11.1), for z of at least 10."""
    inverse, square, total = 1 / z, 1 / (z * z), 0.0
    for coefficient in reversed(_REST):
        total = total * square + coefficient
    return total * inverse


def _deviance(u: float) -> float:
    """Value of u - ln(1 + u), also where the two nearly cancel."""
    if abs(u) > _NEAR:
        return u - math.log1p(u)
    total = 0.0
    for n in range(_TERMS, 1, -1):
        total = total * -u + 1 / n
    return total * u * u
