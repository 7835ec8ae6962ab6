import itertools
import math

cities = [(0, 0), (3, 7), (6, 2), (8, 8), (1, 5), (9, 1), (4, 4), (7, 5)]

def dist(a, b):
    return math.hypot(a[0] - b[0], a[1] - b[1])

best = None
best_route = None
for perm in itertools.permutations(range(1, len(cities))):
    route = (0, *perm, 0)
    length = sum(dist(cities[route[i]], cities[route[i + 1]]) for i in range(len(route) - 1))
    if best is None or length < best - 1e-12:
        best, best_route = length, route
[round(best, 4), list(best_route) if best_route[1] < best_route[-2] else list(best_route)[::-1]]
