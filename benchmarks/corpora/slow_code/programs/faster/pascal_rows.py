def factorial(n):
    result = 1
    for i in range(2, n + 1):
        result *= i
    return result


def pascal(rows):
    """Pascal's triangle."""
    return [[factorial(n) // (factorial(k) * factorial(n - k)) for k in range(n + 1)] for n in range(rows)]
