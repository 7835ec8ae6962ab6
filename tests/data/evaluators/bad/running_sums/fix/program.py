"""Sums from the start for each place."""


def sums(values):
    """Running sums."""
    return [sum(values[: end + 1]) for end in range(len(values))]
