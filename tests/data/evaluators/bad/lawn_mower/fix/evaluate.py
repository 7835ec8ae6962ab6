"""Steps of a mower that must come to every patch of grass of three lawns."""

LAWNS = [
    [".....", ".....", ".....", ".....", "....."],
    [".....", ".###.", ".....", ".###.", "....."],
    ["..#..", "..#..", ".....", "#.#.#", "....."],
]


def inputs(rng):
    """The lawns."""
    return [(lawn,) for lawn in LAWNS]


def verify(lawn, path):
    """Follow the path; all grass must be cut in the end."""
    if type(path) is not list or not 1 <= len(path) <= 10_000 or path[0] != (0, 0):
        raise ValueError("the path does not start at (0, 0), or is too long")
    grass = {(r, c) for r, line in enumerate(lawn) for c, what in enumerate(line) if what == "."}
    here = path[0]
    for there in path:
        if type(there) is not tuple or there not in grass or not all(type(part) is int for part in there):
            raise ValueError(f"the mower cannot be at {there!r:.40}")
        if abs(there[0] - here[0]) + abs(there[1] - here[1]) > 1:
            raise ValueError(f"no step leads from {here} to {there}")
        here = there
    if grass - set(path):
        raise ValueError(f"{len(grass - set(path))} patches are not mown")


def score(outputs, inputs):
    """Places that the mower came to, all lawns together."""
    for path, (lawn,) in zip(outputs, inputs, strict=True):
        verify(lawn, path)
    return sum(len(path) for path in outputs)
