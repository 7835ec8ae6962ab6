"""Root mean square error of denoised signals: sines of several frequencies with Gaussian noise."""

import math

LENGTH = 200
_CLEAN = []


def inputs(rng):
    """Noisy samples of five signals; what is behind them stays here."""
    noisy = []
    _CLEAN.clear()
    for frequency in (1, 2, 3, 5, 8):
        phase = rng.uniform(0, 2 * math.pi)
        clean = [math.sin(2 * math.pi * frequency * i / LENGTH + phase) for i in range(LENGTH)]
        _CLEAN.append(clean)
        noisy.append(({"samples": [value + rng.gauss(0, 0.3) for value in clean]},))
    return noisy


def score(outputs, inputs):
    """Error over all samples."""
    total = 0.0
    for got, clean in zip(outputs, _CLEAN, strict=True):
        if type(got) is not list or len(got) != LENGTH:
            raise ValueError(f"expected a list of {LENGTH} samples")
        if not all(type(value) is float and abs(value) <= 1e6 for value in got):
            raise ValueError("a sample is a float within a million")
        total += sum((a - b) ** 2 for a, b in zip(got, clean, strict=True))
    return math.sqrt(total / (LENGTH * len(inputs)))
