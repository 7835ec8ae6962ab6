"""Steps of a mower that must come to every patch of grass of three lawns."""

LAWNS = [
    [".....", ".....", ".....", ".....", "....."],
    [".....", ".###.", ".....", ".###.", "....."],
    ["..#..", "..#..", ".....", "#.#.#", "....."],
]


def inputs(rng):
    """The lawns."""
    return [(lawn,) for lawn in LAWNS]


def verify(lawn, path, mown=set()):
    """Follow the path; all grass must be cut in the end."""
    if not path or path[0] != (0, 0):
        raise ValueError("the path does not start at (0, 0)")
    here = path[0]
    for there in path:
        row, column = there
        if abs(row - here[0]) + abs(column - here[1]) > 1:
            raise ValueError(f"no step leads from {here} to {there}")
        if not (0 <= row < len(lawn) and 0 <= column < len(lawn[0])) or lawn[row][column] == "#":
            raise ValueError(f"the mower cannot be at {there}")
        mown.add(there)
        here = there
    grass = {(r, c) for r, line in enumerate(lawn) for c, what in enumerate(line) if what == "."}
    if not grass <= mown:
        raise ValueError(f"{len(grass - mown)} patches are not mown")


def score(outputs, inputs):
    """Places that the mower came to, all lawns together."""
    for path, (lawn,) in zip(outputs, inputs, strict=True):
        verify(lawn, path)
    return sum(len(path) for path in outputs)
