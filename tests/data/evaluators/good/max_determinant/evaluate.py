"""Hadamard's maximal determinant problem: absolute value, in Python's integers, which do not overflow."""

from fractions import Fraction

import numpy as np

N = 7


def score(answer):
    """Absolute value of the determinant."""
    if type(answer) is not np.ndarray or answer.shape != (N, N) or answer.dtype.kind != "i":
        raise ValueError(f"expected an array of {N} × {N} signed integers")
    rows = answer.tolist()
    if not all(value in (1, -1) for row in rows for value in row):
        raise ValueError("an entry is 1 or -1")
    return {"determinant": int(abs(determinant([[Fraction(value) for value in row] for row in rows])))}


def determinant(rows):
    """By elimination, exactly."""
    result = Fraction(1)
    for column in range(len(rows)):
        pivot = next((row for row in range(column, len(rows)) if rows[row][column]), None)
        if pivot is None:
            return Fraction(0)
        if pivot != column:
            rows[column], rows[pivot] = rows[pivot], rows[column]
            result = -result
        result *= rows[column][column]
        for row in range(column + 1, len(rows)):
            factor = rows[row][column] / rows[column][column]
            rows[row] = [a - factor * b for a, b in zip(rows[row], rows[column], strict=True)]
    return result
