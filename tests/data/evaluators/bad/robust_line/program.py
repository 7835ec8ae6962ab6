"""Least squares, all points alike."""


def fit(points):
    """Answer slope and intercept of a line, and the weights with which the points (x, y) were taken."""
    n = len(points)
    mean_x, mean_y = sum(x for x, _ in points) / n, sum(y for _, y in points) / n
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points)
    return {"slope": slope, "intercept": mean_y - slope * mean_x, "weights": [1 / n] * n}
