"""Colours needed for Grötzsch's graph (11 vertices, 20 edges, no triangle)."""

RING = [(i, (i + 1) % 5) for i in range(5)]
EDGES = RING + [(i, (j + 1) % 5 + 5) for i in range(5) for j in ((i - 2) % 5, i)] + [(i + 5, 10) for i in range(5)]


def inputs(rng):
    """The graph."""
    return [(11, EDGES)]


def score(outputs, inputs):
    """Number of colours."""
    [colours] = outputs
    if type(colours) is not dict or set(colours) != set(range(11)):
        raise ValueError("expected a dict with the vertices 0 to 10 as keys")
    if not all(type(value) is int for value in (*colours, *colours.values())):
        raise ValueError("vertices and colours are ints")
    for a, b in EDGES:
        if colours[a] == colours[b]:
            raise ValueError(f"vertices {a} and {b} are joined and have colour {colours[a]}")
    return len(set(colours.values()))
