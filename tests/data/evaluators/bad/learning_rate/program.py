"""Careful."""


def parameters():
    """Answer step size and momentum."""
    return {"rate": 0.001, "momentum": 0.0}
