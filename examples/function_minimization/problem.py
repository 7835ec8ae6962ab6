"""The function as data for proposers. The scorer never reads this."""

import math

direction = "minimize"


def bounds():
    """Lowest and highest value of each variable."""
    return [(-5.0, 5.0), (-5.0, 5.0)]


def objective(x):
    """The function to be made small."""
    u, v = x
    return math.sin(u) * math.cos(v) + math.sin(u * v) + (u * u + v * v) / 20


def artifact(x):
    """What the program returns for x."""
    return [float(x[0]), float(x[1])]
