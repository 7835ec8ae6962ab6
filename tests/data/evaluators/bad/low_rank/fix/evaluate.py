"""Low-rank approximation of a distance matrix: relative error at most 5 per cent, the fewer columns the better."""

import numpy as np

N = 12
MATRIX = np.abs(np.subtract.outer(np.arange(N), np.arange(N))).astype(float)
LARGEST_ERROR = 0.05


def inputs(rng):
    """The matrix."""
    return [(MATRIX,)]


def score(outputs, inputs):
    """Number of columns of the left factor."""
    left, right = np.asarray(outputs[0]["left"], dtype=float), np.asarray(outputs[0]["right"], dtype=float)
    if left.ndim != 2 or right.shape != (left.shape[1], N) or left.shape[0] != N or not 1 <= left.shape[1] <= N:
        raise ValueError(f"expected {N} × k and k × {N}, got {left.shape} and {right.shape}")
    error = np.linalg.norm(left @ right - MATRIX) / np.linalg.norm(MATRIX)
    if not error <= LARGEST_ERROR:
        raise ValueError(f"the relative error is {error:.4f}, more than {LARGEST_ERROR}")
    return {"columns": left.shape[1], "error": float(error)}
