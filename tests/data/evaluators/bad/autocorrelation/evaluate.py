"""First autocorrelation inequality: 2 n · max(f ∗ f) / (Σ f)² of a step function with n steps is to be small."""

import math


def convolution(heights):
    """Every value of the autoconvolution at a multiple of the step."""
    n = len(heights)
    return [
        sum(heights[i] * heights[total - i] for i in range(max(0, total - n + 1), min(n, total + 1)))
        for total in range(2 * n - 1)
    ]


def score(heights):
    """The ratio; it does not change if all heights are multiplied by a number."""
    if type(heights) is not list or not 1 <= len(heights) <= 500:
        raise ValueError("expected a list of 1 to 500 heights")
    if not all(type(height) is float and math.isfinite(height) and height >= 0 for height in heights):
        raise ValueError("a height is a finite float that is not negative")
    total = sum(heights)
    if total == 0:
        raise ValueError("the function is zero")
    return 2 * len(heights) * max(convolution(heights)) / total**2
