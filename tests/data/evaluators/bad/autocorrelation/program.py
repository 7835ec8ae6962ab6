"""The constant function."""


def steps():
    """Answer heights of the steps, none of them negative."""
    return [1.0] * 60
