"""The nearest of many points, by a k-d tree (Bentley 1975): static, in flat lists, no recursion at query time."""

from __future__ import annotations

import math
from collections.abc import Sequence

Point = tuple[float, ...]


class Nearest:
    """Answers which of the points is nearest, in O(log n) expected for few dimensions.

    Args:
        points: at least one, all of the same dimension.
    """

    def __init__(self, points: Sequence[Point]) -> None:
        self._points = points
        self._axes = len(points[0])
        self._tree = list(range(len(points)))
        todo = [(0, len(points), 0)]
        while todo:  # the middle of each stretch is its root; the halves are the subtrees
            low, high, axis = todo.pop()
            if high - low < 2:
                continue
            self._tree[low:high] = sorted(self._tree[low:high], key=lambda index: (points[index][axis], index))
            middle, following = (low + high) // 2, (axis + 1) % self._axes
            todo += [(low, middle, following), (middle + 1, high, following)]

    def find(self, point: Point) -> int:
        """Index of the nearest point by Euclidean distance; of several, the lowest."""
        best, distance = -1, math.inf
        todo = [(0, len(self._tree), 0, 0.0)]
        while todo:
            low, high, axis, gap = todo.pop()
            if low >= high or gap > distance:
                continue
            middle = (low + high) // 2
            index = self._tree[middle]
            here = self._points[index]
            found = sum((a - b) * (a - b) for a, b in zip(here, point, strict=True))
            if found < distance or (found == distance and index < best):
                best, distance = index, found
            aside, following = point[axis] - here[axis], (axis + 1) % self._axes
            below, above = (low, middle, following), (middle + 1, high, following)
            near, far = (below, above) if aside < 0 else (above, below)
            todo.append((*far, max(gap, aside * aside)))
            todo.append((*near, gap))
        return best
