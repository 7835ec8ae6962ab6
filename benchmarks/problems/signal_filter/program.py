"""Where the search starts: the newest 20 samples, exponentially weighted: the published seed's answers.

What follows the weights changes nothing as it stands: gain 1, no momentum, no dead band. It is there to be tuned.
"""

import math
from operator import mul

STEEPNESS = 2.0
GAIN = 1.0
MOMENTUM = 0.0
PULL = 0.0
BAND = 0.0


def weights(count):
    """Weights of a window's samples, oldest first; their sum is 1."""
    raw = [math.exp(STEEPNESS * (index / (count - 1) - 1.0)) for index in range(count)]
    total = sum(raw)
    return [weight / total for weight in raw]


def smooth(signal, window):
    """Answer one value for each full window of the signal."""
    taps = weights(window)
    level = sum(map(mul, taps, signal[:window]))
    speed = 0.0
    smoothed = [level]
    for start in range(1, len(signal) - window + 1):
        estimate = sum(map(mul, taps, signal[start : start + window]))
        change = estimate - level
        excess = math.copysign(max(0.0, abs(change) - abs(BAND)), change)
        speed = MOMENTUM * speed + PULL * excess
        level = level + speed + GAIN * excess
        smoothed.append(level)
    return smoothed
