"""Diverges until there is no number left."""


def parameters():
    return {"rate": float("inf"), "momentum": 0.0}
