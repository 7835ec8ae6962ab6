"""Points of a parabola: no three on a line."""


def place():
    """Answer six points [x, y]."""
    return [[i / 5, (i / 5) ** 2] for i in range(6)]
