"""Running sums: they must be right, and the more of them in a second the better."""

from itertools import accumulate


def inputs(rng):
    """A list of numbers."""
    return [([rng.randrange(1000) for _ in range(4000)],)]


def score(outputs, inputs):
    """Numbers summed per second."""
    [answer], [(values,)] = outputs, inputs
    if answer["sums"] != list(accumulate(values)):
        raise ValueError("the sums are wrong")
    seconds = answer["seconds"]
    if type(seconds) is not float or not seconds > 0:
        raise ValueError(f"{seconds!r} is no time")
    return {"per_second": len(values) / seconds}
