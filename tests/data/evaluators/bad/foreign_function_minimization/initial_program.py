# EVOLVE-BLOCK-START
"""Random search for the lowest point of a bumpy function."""

import math
import random


def value(x, y):
    return math.sin(x) * math.cos(y) + math.sin(x * y) + (x * x + y * y) / 20


def search(iterations=300, bound=5.0):
    best = (0.0, 0.0)
    for _ in range(iterations):
        point = (random.uniform(-bound, bound), random.uniform(-bound, bound))
        if value(*point) < value(*best):
            best = point
    return best


# EVOLVE-BLOCK-END


def run_search():
    return search()
