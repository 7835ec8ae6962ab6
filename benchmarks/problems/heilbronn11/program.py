"""Where the search starts: points on a parabola, of which no three align."""


def place():
    """Eleven times u, v with u, v >= 0 and u + v <= 1."""
    return [number for i in range(11) for number in (i / 20, (i / 20) ** 2)]
