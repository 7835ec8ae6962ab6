"""Inputs for a sort, and what must hold of the answers."""


def inputs(rng):
    """Lists with and without doubles."""
    return [([rng.randrange(limit) for _ in range(1500)],) for limit in (10, 10**3, 10**6)]


def check(arguments, answer):
    """Whether the answer is in order."""
    return type(answer) is list and all(a <= b for a, b in zip(answer, answer[1:]))
