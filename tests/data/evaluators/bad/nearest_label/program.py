"""The label of the nearest known point."""

from dataset import TRAIN


def classify(points):
    """Answer a label, "a" or "b", for each point (x, y)."""
    return [min(TRAIN, key=lambda known: (known[0] - x) ** 2 + (known[1] - y) ** 2)[2] for x, y in points]
