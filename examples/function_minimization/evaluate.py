"""Scores points by computing the function anew; the mean over ten seeds."""

import math

BOX = 5.0


def inputs(rng):
    """Ten seeds, one call each."""
    return [(rng.randrange(10**6),) for _ in range(10)]


def score(outputs, inputs):
    """Mean value over the seeds.

    Args:
        outputs: one [x, y] per seed.
        inputs: the seeds.

    Raises:
        ValueError: an output is not a point of the box.
    """
    if len(outputs) != len(inputs):
        raise ValueError(f"{len(outputs)} answers to {len(inputs)} seeds")
    values = [value(*point(output)) for output in outputs]
    return {"value": math.fsum(values) / len(values), "worst_seed": max(values)}


def value(x, y):
    """The function to be made small."""
    return math.sin(x) * math.cos(y) + math.sin(x * y) + (x * x + y * y) / 20


def point(output):
    """Two finite floats inside the box."""
    plain = output.tolist() if hasattr(output, "tolist") else output
    if not isinstance(plain, (list, tuple)) or len(plain) != 2:
        raise ValueError(f"{plain!r:.80} is not a point [x, y]")
    for coordinate in plain:
        if type(coordinate) not in (int, float) or not math.isfinite(coordinate) or abs(coordinate) > BOX:
            raise ValueError(f"{coordinate!r:.80} is not a coordinate in [-{BOX}, {BOX}]")
    return plain
