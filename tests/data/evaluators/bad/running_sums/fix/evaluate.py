"""Running sums: fresh inputs and their answers. Time is measured outside the jail."""

from itertools import accumulate


def inputs(rng):
    """A list of numbers."""
    return [([rng.randrange(1000) for _ in range(4000)],)]


def expected(values):
    """The running sums."""
    return list(accumulate(values))
