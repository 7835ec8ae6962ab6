"""Bubble sort, unrolled."""


def network():
    """Answer comparators [i, j], i < j: the smaller value goes to i."""
    return [[j, j + 1] for end in range(7, 0, -1) for j in range(end)]
