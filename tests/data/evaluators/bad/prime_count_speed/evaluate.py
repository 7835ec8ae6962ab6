"""Limits to which primes are counted. Answers are compared with the initial program's."""


def inputs(rng):
    """A small, a middle and a large limit."""
    return [(1_000,), (10_000,), (30_000,)]
