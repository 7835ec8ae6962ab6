"""Weight of a cut. The graph is fixed and known to all: to find a good cut of it by whatever means is the task.

All vertices on one side is a cut too, of weight 0.
"""

import random

VERTICES = 24


def graph():
    """Edges with weights 1 to 20, each pair with a chance of 0.4."""
    luck = random.Random(20)
    pairs = [(a, b) for a in range(VERTICES) for b in range(a)]
    return [(a, b, luck.randint(1, 20)) for a, b in pairs if luck.random() < 0.4]


EDGES = graph()


def inputs(rng):
    """The graph."""
    return [(VERTICES, EDGES)]


def score(outputs, inputs):
    """Weight of the edges between the sides."""
    [side] = outputs
    if type(side) is not list or len(side) != VERTICES or not all(type(one) is bool for one in side):
        raise ValueError(f"expected a list of {VERTICES} bools")
    return {
        "weight": sum(weight for a, b, weight in EDGES if side[a] != side[b]),
        "larger_side": max(map(side.count, (True, False))),
    }
