"""Independent sets of the Petersen graph: outer ring 0 to 4, inner star 5 to 9."""

EDGES = (
    [(i, (i + 1) % 5) for i in range(5)] + [(i, i + 5) for i in range(5)] + [(i + 5, (i + 2) % 5 + 5) for i in range(5)]
)
JOINED = {frozenset(edge) for edge in EDGES}


def score(answer):
    """Number of vertices."""
    if type(answer) is not list or not all(type(item) is int and 0 <= item < 10 for item in answer):
        raise ValueError("expected a list of ints from 0 to 9")
    if len(set(answer)) != len(answer):
        raise ValueError("a vertex is there twice")
    for first in answer:
        for second in answer:
            if frozenset((first, second)) in JOINED:
                raise ValueError(f"vertices {first} and {second} are joined")
    return len(answer)
