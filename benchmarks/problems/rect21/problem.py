"""21 circles in a rectangle of half-perimeter 2, largest sum of radii. Best known: 2.365832 (AlphaEvolve 2.36583213).

x is the rectangle's width, then centre and radius of each circle.
"""

import numpy as np

N = 21
FIRST, SECOND = np.triu_indices(N, 1)
PAIRS = np.arange(len(FIRST))
CIRCLE = np.arange(N)

direction = "maximize"


def bounds():
    """Lowest and highest value of each variable."""
    return [(0.2, 1.8)] + [(0.0, 1.8), (0.0, 1.8), (0.0, 0.5)] * N


def groups():
    """Circles; and the width for itself."""
    return [[0]] + [[3 * i + 1, 3 * i + 2, 3 * i + 3] for i in range(N)]


def objective(x):
    """Sum of the radii."""
    return x[3::3].sum()


def gradient(x):
    """Of the objective."""
    slope = np.zeros_like(x)
    slope[3::3] = 1.0
    return slope


def constraints(x):
    """Gaps of pairs and walls."""
    width, u, v, r = x[0], x[1::3], x[2::3], x[3::3]
    gaps = np.hypot(u[FIRST] - u[SECOND], v[FIRST] - v[SECOND]) - r[FIRST] - r[SECOND]
    return np.concatenate([gaps, u - r, width - u - r, v - r, 2 - width - v - r])


def jacobian(x):
    """Of the constraints."""
    u, v = x[1::3], x[2::3]
    du, dv = u[FIRST] - u[SECOND], v[FIRST] - v[SECOND]
    distance = np.maximum(np.hypot(du, dv), 1e-300)
    rows = np.zeros((len(PAIRS) + 4 * N, len(x)))
    for axis, delta in ((1, du), (2, dv)):
        rows[PAIRS, 3 * FIRST + axis], rows[PAIRS, 3 * SECOND + axis] = delta / distance, -delta / distance
    rows[PAIRS, 3 * FIRST + 3] = rows[PAIRS, 3 * SECOND + 3] = -1.0
    for wall, (axis, sign, width) in enumerate(((1, 1.0, 0.0), (1, -1.0, 1.0), (2, 1.0, 0.0), (2, -1.0, -1.0))):
        row = len(PAIRS) + wall * N + CIRCLE
        rows[row, 3 * CIRCLE + axis], rows[row, 3 * CIRCLE + 3], rows[row, 0] = sign, -1.0, width
    return rows


def artifact(x):
    """Width, then the circles."""
    return [float(value) for value in x]
