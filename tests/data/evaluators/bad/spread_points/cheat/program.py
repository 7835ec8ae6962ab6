"""Two points in opposite corners and eight that are nowhere."""


def spread():
    nowhere = float("nan")
    return [[0.0, 0.0], [1.0, 1.0]] + [[nowhere, nowhere]] * 8
