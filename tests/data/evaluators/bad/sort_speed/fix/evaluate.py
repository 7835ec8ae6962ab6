"""Inputs for a sort, and the answers."""


def inputs(rng):
    """Lists with and without doubles."""
    return [([rng.randrange(limit) for _ in range(1500)],) for limit in (10, 10**3, 10**6)]


def expected(values):
    """The numbers in ascending order."""
    return sorted(values)
