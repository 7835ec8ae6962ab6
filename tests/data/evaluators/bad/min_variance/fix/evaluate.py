"""Variance of a portfolio of six assets. Weights need not sum to one, they are normalised here."""

import math

VOLATILITY = [0.10, 0.15, 0.20, 0.25, 0.30, 0.12]
CORRELATION = 0.2


def covariance(i, j):
    """Of two assets."""
    return VOLATILITY[i] * VOLATILITY[j] * (1.0 if i == j else CORRELATION)


def score(weights):
    """Variance of the normalised portfolio, and its largest share."""
    if type(weights) is not list or len(weights) != len(VOLATILITY):
        raise ValueError(f"expected a list of {len(VOLATILITY)} weights")
    if not all(type(weight) is float and 0 <= weight <= 1e6 for weight in weights):
        raise ValueError("a weight is a float from 0 to 1e6")
    total = math.fsum(weights)
    if not total >= 1e-6:
        raise ValueError("the weights are too small to be normalised")
    shares = [weight / total for weight in weights]
    n = range(len(shares))
    variance = sum(shares[i] * shares[j] * covariance(i, j) for i in n for j in n)
    return {"variance": variance, "largest": max(shares)}
