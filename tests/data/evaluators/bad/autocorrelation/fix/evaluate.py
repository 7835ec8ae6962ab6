"""First autocorrelation inequality: 2 n · max(f ∗ f) / (Σ f)² of a step function with n steps is to be small."""

UNIT = 2**20


def convolution(heights):
    """Every value of the autoconvolution at a multiple of the step."""
    n = len(heights)
    return [
        sum(heights[i] * heights[total - i] for i in range(max(0, total - n + 1), min(n, total + 1)))
        for total in range(2 * n - 1)
    ]


def score(heights):
    """The ratio, of heights rounded to millionths: in integers, so nothing overflows or vanishes."""
    if type(heights) is not list or not 1 <= len(heights) <= 500:
        raise ValueError("expected a list of 1 to 500 heights")
    if not all(type(height) is float and 0 <= height <= 1e6 for height in heights):
        raise ValueError("a height is a float from 0 to 1e6")
    whole = [round(height * UNIT) for height in heights]
    if not any(whole):
        raise ValueError("the function is zero")
    return 2 * len(whole) * max(convolution(whole)) / sum(whole) ** 2
