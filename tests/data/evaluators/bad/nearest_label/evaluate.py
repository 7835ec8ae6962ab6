"""Accuracy on points that were not learned from."""

from dataset import TEST


def inputs(rng):
    """The points, without their labels."""
    return [([(x, y) for x, y, _ in TEST],)]


def score(outputs, inputs):
    """Share of the labels that are right."""
    [labels] = outputs
    if type(labels) is not list or len(labels) != len(TEST):
        raise ValueError(f"expected a list of {len(TEST)} labels")
    return sum(got == truth for got, (_, _, truth) in zip(labels, TEST, strict=True)) / len(TEST)
