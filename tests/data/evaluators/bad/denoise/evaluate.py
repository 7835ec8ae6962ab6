"""Root mean square error of denoised signals: sines of several frequencies with Gaussian noise."""

import math

LENGTH = 200


def make_case(rng, frequency):
    """A signal with all that is known of it."""
    phase = rng.uniform(0, 2 * math.pi)
    clean = [math.sin(2 * math.pi * frequency * i / LENGTH + phase) for i in range(LENGTH)]
    return {
        "frequency": frequency,
        "samples": [value + rng.gauss(0, 0.3) for value in clean],
        "reference": clean,
    }


def inputs(rng):
    """Five cases."""
    return [(make_case(rng, frequency),) for frequency in (1, 2, 3, 5, 8)]


def score(outputs, inputs):
    """Error over all samples."""
    total = 0.0
    for got, (case,) in zip(outputs, inputs, strict=True):
        if type(got) is not list or len(got) != LENGTH:
            raise ValueError(f"expected a list of {LENGTH} samples")
        if not all(type(value) is float and math.isfinite(value) for value in got):
            raise ValueError("a sample is a finite float")
        total += sum((a - b) ** 2 for a, b in zip(got, case["reference"], strict=True))
    return math.sqrt(total / (LENGTH * len(inputs)))
