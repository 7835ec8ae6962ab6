"""A flat line through the first point, which alone counts."""


def fit(points):
    return {"slope": 0.0, "intercept": points[0][1], "weights": [1.0] + [0.0] * (len(points) - 1)}
