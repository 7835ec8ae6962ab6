def power(x, n):
    result = 1
    for _ in range(n):
        result = result * x
    return result


def values(coefficients, points):
    """A polynomial at several points; the constant comes first."""
    answers = []
    for x in points:
        total = 0
        for n, coefficient in enumerate(coefficients):
            total += coefficient * power(x, n)
        answers.append(total)
    return answers
