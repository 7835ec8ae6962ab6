# EVOLVE-BLOCK-START
"""The trivial program: a function of one number."""

import math

VALUE = 0.5


def helper(x):
    """Between -1 and 1."""
    return math.tanh(x / 10.0)


def run(**kwargs):
    """What is scored."""
    return helper(VALUE)


# EVOLVE-BLOCK-END
