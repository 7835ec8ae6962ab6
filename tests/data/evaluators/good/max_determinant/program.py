"""Minus one on the diagonal."""

import numpy as np


def matrix():
    """Answer an array of 1 and -1."""
    return np.ones((7, 7), dtype=np.int8) - 2 * np.eye(7, dtype=np.int8)
