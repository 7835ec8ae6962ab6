"""Sums from the start for each place, and the time that it took."""

import time


def sums(values):
    """Running sums."""
    return [sum(values[: end + 1]) for end in range(len(values))]


def measure(values):
    """Answer running sums of the values and the seconds that they took."""
    begun = time.perf_counter()
    result = sums(values)
    return {"sums": result, "seconds": time.perf_counter() - begun}
