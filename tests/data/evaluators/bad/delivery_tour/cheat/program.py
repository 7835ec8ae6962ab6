"""Stays at home."""


def tour(towns):
    return [0] * len(towns)
