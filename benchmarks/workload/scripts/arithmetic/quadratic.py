import math


def solve(a, b, c):
    d = b * b - 4 * a * c
    if d < 0:
        return []
    if d == 0:
        return [-b / (2 * a)]
    root = math.sqrt(d)
    return sorted([(-b - root) / (2 * a), (-b + root) / (2 * a)])


[solve(1, -3, 2), solve(1, 2, 1), solve(1, 0, 1), [round(x, 6) for x in solve(2, 3, -7)]]
