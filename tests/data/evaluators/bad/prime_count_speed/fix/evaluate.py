"""Limits to which primes are counted. Answers are compared with the initial program's."""


def inputs(rng):
    """A small, a middle and a large limit, and the edges."""
    return [(rng.randrange(*span),) for span in ((900, 1_100), (9_000, 11_000), (25_000, 30_000))] + [(0,), (2,), (3,)]
