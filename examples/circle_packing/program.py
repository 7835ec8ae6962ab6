"""Where the search starts: one circle in the middle and two rings around it."""

import math

N = 26


def centres():
    """N points: the middle, an inner ring of eight, an outer ring of seventeen."""
    points = [(0.5, 0.5)]
    for count, distance in ((8, 0.3), (17, 0.45)):
        for index in range(count):
            angle = 2 * math.pi * index / count
            points.append((0.5 + distance * math.cos(angle), 0.5 + distance * math.sin(angle)))
    return points


def pack():
    """Answer N circles [x, y, radius] in the unit square that do not overlap."""
    points = centres()
    circles = []
    for i, (x, y) in enumerate(points):
        radius = min(x, y, 1 - x, 1 - y)
        for j, (u, v) in enumerate(points):
            if i != j:
                radius = min(radius, math.hypot(x - u, y - v) / 2)
        circles.append([x, y, radius * 0.999])
    return circles
