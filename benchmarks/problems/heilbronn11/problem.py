"""11 points in an equilateral triangle of area 1, largest smallest triangle. Best known: 0.0365298898.

x is the smallest triangle's area t, then each point as two coordinates of the unit square's lower half. A triangle's
sign is not known beforehand, so its constraint is on the size of its area: it has a kink where three points align.
"""

from itertools import combinations

import numpy as np

N = 11
TRIPLES = np.array(list(combinations(range(N), 3)))
A, B, C = TRIPLES.T

direction = "maximize"


def bounds():
    """Area, then points."""
    return [(0.0, 0.1)] + [(0.0, 1.0)] * (2 * N)


def groups():
    """Points; and the area for itself."""
    return [[0]] + [[2 * i + 1, 2 * i + 2] for i in range(N)]


def objective(x):
    """The smallest area."""
    return x[0]


def gradient(x):
    """Of the objective."""
    slope = np.zeros_like(x)
    slope[0] = 1.0
    return slope


def _areas(x):
    # Affine maps keep ratios of areas: the half of the unit square below its diagonal will do, its area scaled to 1.
    u, v = x[1::2], x[2::2]
    return (u[B] - u[A]) * (v[C] - v[A]) - (u[C] - u[A]) * (v[B] - v[A])


def constraints(x):
    """Each triangle is at least as large as t; each point lies below the diagonal."""
    return np.concatenate([np.abs(_areas(x)) - x[0], 1 - x[1::2] - x[2::2]])


def jacobian(x):
    """Of the constraints."""
    u, v, sign = x[1::2], x[2::2], np.sign(_areas(x))
    rows = np.zeros((len(A) + N, len(x)))
    index, point = np.arange(len(A)), np.arange(N)
    rows[index, 0] = -1.0
    for p, q, r in ((A, B, C), (B, C, A), (C, A, B)):
        rows[index, 2 * p + 1], rows[index, 2 * p + 2] = sign * (v[q] - v[r]), sign * (u[r] - u[q])
    rows[len(A) + point, 2 * point + 1] = rows[len(A) + point, 2 * point + 2] = -1.0
    return rows


def start(rng):
    """Points uniformly in the triangle, the smallest area at what they have."""
    points = rng.uniform(size=(N, 2))
    points = np.where(points.sum(axis=1, keepdims=True) > 1, 1 - points, points)
    x = np.concatenate([[0.0], points.ravel()])
    x[0] = np.abs(_areas(x)).min()
    return x


def artifact(x):
    """Points."""
    return [float(value) for value in x[1:]]
