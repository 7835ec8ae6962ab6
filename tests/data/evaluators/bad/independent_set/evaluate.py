"""Independent sets of the Petersen graph: outer ring 0 to 4, inner star 5 to 9."""

EDGES = (
    [(i, (i + 1) % 5) for i in range(5)] + [(i, i + 5) for i in range(5)] + [(i + 5, (i + 2) % 5 + 5) for i in range(5)]
)
JOINED = {frozenset(edge) for edge in EDGES}


def score(answer):
    """Number of vertices. They may come as numbers or, from JSON keys, as texts."""
    chosen, seen = [], set()
    for item in answer:
        if str(item) in seen:
            raise ValueError(f"vertex {item!r} is there twice")
        seen.add(str(item))
        vertex = int(item)
        if not 0 <= vertex < 10:
            raise ValueError(f"there is no vertex {item!r}")
        for other in chosen:
            if frozenset((vertex, other)) in JOINED:
                raise ValueError(f"vertices {other} and {vertex} are joined")
        chosen.append(vertex)
    return len(chosen)
