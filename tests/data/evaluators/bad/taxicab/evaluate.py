"""Taxicab numbers: n = a³ + b³ in as many ways as possible, n up to 10^18."""

import math

LARGEST = 10**18


def score(answer):
    """Number of ways."""
    number, pairs = answer["number"], answer["pairs"]
    if type(number) is not int or not 0 < number <= LARGEST:
        raise ValueError(f"the number must be an int from 1 to {LARGEST}")
    if not 0 < len(pairs) <= 1000:
        raise ValueError(f"{len(pairs)} pairs; 1 to 1000 are read")
    ways = set()
    for a, b in pairs:
        if type(a) is not int or type(b) is not int or not 0 < a <= b:
            raise ValueError(f"{a!r}, {b!r} is no ordered pair of positive ints")
        if not math.isclose(a**3 + b**3, number):
            raise ValueError(f"{a}³ + {b}³ is not {number}")
        ways.add((a, b))
    return len(ways)
