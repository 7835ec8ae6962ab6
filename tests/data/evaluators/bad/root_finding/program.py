"""Eight steps of bisection."""


def value(coefficients, x):
    """Horner's scheme, highest power first."""
    total = 0.0
    for coefficient in coefficients:
        total = total * x + coefficient
    return total


def find_root(coefficients, low, high):
    """Answer a zero between two points at which the signs differ, or None if it was not found."""
    for _ in range(8):
        middle = (low + high) / 2
        if (value(coefficients, middle) < 0) == (value(coefficients, low) < 0):
            low = middle
        else:
            high = middle
    return (low + high) / 2
