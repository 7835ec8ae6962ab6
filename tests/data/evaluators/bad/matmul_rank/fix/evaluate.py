"""Scores a bilinear algorithm for the product of two 2×2 matrices: the fewer multiplications the better."""

import numpy as np

SIZE = 2


def target():
    """T[a, b, c] is 1 where entry a of the left matrix times entry b of the right one adds to entry c."""
    tensor = np.zeros((SIZE**2,) * 3)
    for i in range(SIZE):
        for j in range(SIZE):
            for k in range(SIZE):
                tensor[i * SIZE + j, j * SIZE + k, i * SIZE + k] = 1
    return tensor


def score(answer):
    """Eight by the number of multiplications."""
    left, right, out = (np.asarray(part, dtype=float) for part in answer)
    if left.ndim != 2 or not 1 <= len(left) <= 64 or not left.shape == right.shape == out.shape == (len(left), 4):
        raise ValueError(f"expected three lists of 1 to 64 rows of 4 numbers, got {left.shape, right.shape, out.shape}")
    if not all(np.isfinite(part).all() and np.abs(part).max() <= 1000 for part in (left, right, out)):
        raise ValueError("an entry is not finite, or beyond 1000")
    worst = np.abs(np.einsum("ra,rb,rc->abc", left, right, out) - target()).max()
    if not worst < 1e-9:
        raise ValueError(f"the product is wrong by up to {worst}")
    return {"score": SIZE**3 / len(left), "multiplications": len(left)}
