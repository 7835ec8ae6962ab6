import math


def closest(points):
    """The smallest distance between two of the points."""
    best = math.inf
    for i in range(len(points)):
        for j in range(len(points)):
            if i != j:
                dx = points[i][0] - points[j][0]
                dy = points[i][1] - points[j][1]
                best = min(best, math.sqrt(dx * dx + dy * dy))
    return best
