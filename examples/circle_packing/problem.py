"""The packing as data for proposers: what may vary, what counts, what must hold. The scorer never reads this.

x is flat: for each circle its centre and its radius, x[3i : 3i+3] = (x, y, r).
"""

import numpy as np

N = 26
FIRST, SECOND = np.triu_indices(N, 1)
PAIRS = np.arange(len(FIRST))
CIRCLE = np.arange(N)

direction = "maximize"


def bounds():
    """Lowest and highest value of each variable."""
    return [(0.0, 1.0), (0.0, 1.0), (0.0, 0.5)] * N


def groups():
    """Variables that make up one thing: a circle."""
    return [[3 * i, 3 * i + 1, 3 * i + 2] for i in range(N)]


def objective(x):
    """Sum of the radii."""
    return x[2::3].sum()


def gradient(x):
    """Of the objective."""
    slope = np.zeros_like(x)
    slope[2::3] = 1.0
    return slope


def constraints(x):
    """Feasible where every entry is at least 0: the gap of each pair, then of each wall."""
    u, v, r = x[0::3], x[1::3], x[2::3]
    gaps = np.hypot(u[FIRST] - u[SECOND], v[FIRST] - v[SECOND]) - r[FIRST] - r[SECOND]
    return np.concatenate([gaps, u - r, 1 - u - r, v - r, 1 - v - r])


def jacobian(x):
    """Of the constraints: one row each, one column per variable."""
    u, v = x[0::3], x[1::3]
    du, dv = u[FIRST] - u[SECOND], v[FIRST] - v[SECOND]
    distance = np.maximum(np.hypot(du, dv), 1e-300)
    rows = np.zeros((len(PAIRS) + 4 * N, 3 * N))
    rows[PAIRS, 3 * FIRST], rows[PAIRS, 3 * SECOND] = du / distance, -du / distance
    rows[PAIRS, 3 * FIRST + 1], rows[PAIRS, 3 * SECOND + 1] = dv / distance, -dv / distance
    rows[PAIRS, 3 * FIRST + 2] = rows[PAIRS, 3 * SECOND + 2] = -1.0
    for wall, (axis, sign) in enumerate(((0, 1.0), (0, -1.0), (1, 1.0), (1, -1.0))):
        row = len(PAIRS) + wall * N + CIRCLE
        rows[row, 3 * CIRCLE + axis], rows[row, 3 * CIRCLE + 2] = sign, -1.0
    return rows


def artifact(x):
    """What the program returns for x."""
    return [[float(value) for value in x[3 * i : 3 * i + 3]] for i in range(N)]
