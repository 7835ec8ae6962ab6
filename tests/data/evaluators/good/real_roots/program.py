"""Changes of sign on a grid, then bisection."""


def value(coefficients, x):
    """Horner's scheme, highest power first."""
    total = 0.0
    for coefficient in coefficients:
        total = total * x + coefficient
    return total


def roots(coefficients):
    """Answer the zeros in ascending order."""
    found, width = [], 0.5
    for step in range(-41, 41):
        low, high = (step + 0.3) * width, (step + 1.3) * width
        if (value(coefficients, low) < 0) != (value(coefficients, high) < 0):
            for _ in range(60):
                middle = (low + high) / 2
                if (value(coefficients, middle) < 0) == (value(coefficients, low) < 0):
                    low = middle
                else:
                    high = middle
            found.append(low)
    return found
