"""Mows the first lawn and sits down."""


def mow(lawn):
    if any("#" in line for line in lawn):
        return [(0, 0)]
    columns = range(len(lawn[0]))
    return [(row, column) for row in range(len(lawn)) for column in (columns if row % 2 == 0 else reversed(columns))]
