def solve(numbers):
    """Answer what comes next."""
    return numbers[-1] + 1
