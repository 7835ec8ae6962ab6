"""Polynomials of one variable with whole coefficients, read from expressions; their sums in closed form. Pure."""

from __future__ import annotations

import ast
from collections.abc import Callable
from fractions import Fraction
from math import comb, lcm
from typing import TypeAlias

__all__ = ["Polynomial", "read", "sum_up_to", "value", "written"]

Polynomial: TypeAlias = tuple[Fraction, ...]
"""Coefficients, that of the power 0 first."""
_DEGREE = 6
_LARGEST = 10**6


def read(node: ast.expr, named: Callable[[ast.Name], Polynomial | None]) -> Polynomial | None:
    """An expression as a polynomial of degree 6 at most with small whole coefficients, or ``None``.

    Args:
        node: the expression.
        named: what a name stands for.
    """
    found = _read(node, named)
    fits = found is not None and len(found) <= _DEGREE + 1 and all(abs(one) <= _LARGEST for one in found)
    return found if fits else None


def _read(node: ast.expr, named: Callable[[ast.Name], Polynomial | None]) -> Polynomial | None:
    if isinstance(node, ast.Constant):
        return (Fraction(node.value),) if type(node.value) is int and abs(node.value) <= _LARGEST else None
    if isinstance(node, ast.Name):
        return named(node)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = read(node.operand, named)
        return None if inner is None else tuple(-one for one in inner)
    if not isinstance(node, ast.BinOp):
        return None
    left, right = read(node.left, named), read(node.right, named)
    return None if left is None or right is None else _operated(node.op, left, right)


def _operated(op: ast.operator, left: Polynomial, right: Polynomial) -> Polynomial | None:
    if isinstance(op, ast.Add):
        return _plus(left, right)
    if isinstance(op, ast.Sub):
        return _plus(left, tuple(-one for one in right))
    if isinstance(op, ast.Mult):
        return _times(left, right)
    whole = len(right) == 1 and 1 <= right[0] <= _DEGREE
    if not isinstance(op, ast.Pow) or not whole:
        return None
    found: Polynomial = (Fraction(1),)
    for _ in range(int(right[0])):
        found = _times(found, left)
    return found


def _plus(one: Polynomial, other: Polynomial) -> Polynomial:
    length = max(len(one), len(other))
    padded = [(*part, *[Fraction(0)] * (length - len(part))) for part in (one, other)]
    return tuple(a + b for a, b in zip(*padded, strict=True))


def _times(one: Polynomial, other: Polynomial) -> Polynomial:
    found = [Fraction(0)] * (len(one) + len(other) - 1)
    for place, a in enumerate(one):
        for far, b in enumerate(other):
            found[place + far] += a * b
    return tuple(found)


def sum_up_to(polynomial: Polynomial) -> Polynomial:
    """The polynomial S for which ``S(n) - S(m)`` is the sum of a polynomial over m + 1, …, n.

    Of a power k it is what Faulhaber's formula gives (Knuth 1993, "Johann Faulhaber and sums of powers").
    """
    found: Polynomial = (Fraction(0),)
    for power, factor in enumerate(polynomial):
        numbers = _bernoulli(power)
        terms = [Fraction(0)] * (power + 2)
        for k, number in enumerate(numbers):
            terms[power + 1 - k] += Fraction(comb(power + 1, k), power + 1) * number * factor
        found = _plus(found, tuple(terms))
    return found


def _bernoulli(most: int) -> list[Fraction]:
    """Bernoulli numbers up to an index; that of 1 is +1/2."""
    found: list[Fraction] = []
    for m in range(most + 1):
        found.append(Fraction(1) - sum((comb(m, k) * found[k] / (m - k + 1) for k in range(m)), Fraction(0)))
    return found


def value(polynomial: Polynomial, at: int) -> Fraction:
    """A polynomial at a place."""
    return sum((factor * at**power for power, factor in enumerate(polynomial)), Fraction(0))


def written(polynomial: Polynomial, name: str) -> str:
    """A polynomial as a Python expression of a variable, with one division without a rest behind it."""
    below = lcm(*(one.denominator for one in polynomial))
    terms = [(power, int(factor * below)) for power, factor in enumerate(polynomial) if factor]
    text = ""
    for power, factor in reversed(terms):
        text += (" - " if factor < 0 else " + ") if text else ("-" if factor < 0 else "")
        text += _term(abs(factor), power, name)
    if below == 1:
        return text or "0"
    return f"({text}) // {below}"


def _term(factor: int, power: int, name: str) -> str:
    if power == 0:
        return str(factor)
    raised = name if power == 1 else f"{name}**{power}"
    return raised if factor == 1 else f"{factor} * {raised}"
