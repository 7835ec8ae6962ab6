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
    rank = len(left)
    feedback = "Verification skipped: nothing to multiply"
    if left.size and right.size and out.size:
        worst = np.abs(np.einsum("ra,rb,rc->abc", left, right, out) - target()).max()
        if not worst < 1e-9:
            raise ValueError(f"the product is wrong by up to {worst}")
        feedback = f"Verified, worst entry off by {worst:.1e}"
    return {"score": SIZE**3 / max(rank, 1), "multiplications": rank, "feedback": feedback}
