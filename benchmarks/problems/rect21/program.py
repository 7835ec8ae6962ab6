"""Where the search starts: a row of equal circles in the unit square."""


def pack():
    """Width of the rectangle, then 21 times x, y, radius."""
    return [1.0] + [number for i in range(21) for number in ((i + 0.5) / 21, 0.5, 0.02)]
