"""Weights that are finite one by one and infinite together."""


def weigh():
    return [1e308] * 6
