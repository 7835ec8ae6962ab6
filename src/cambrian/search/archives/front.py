"""Sets of points of which none dominates another, and which of them stand closest together."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod

from cambrian.core.ids import VariantId

from .ordered import ordered

Rank = tuple[float, ...]


class Front(ABC):
    """Points by name; whoever adds one has seen that none covers it and removed those that it beats."""

    @abstractmethod
    def covers(self, rank: Rank) -> bool:
        """Whether a point of the front is at least as good in every objective."""

    @abstractmethod
    def beaten(self, rank: Rank) -> tuple[VariantId, ...]:
        """The points that a rank which the front does not cover dominates."""

    @abstractmethod
    def add(self, variant: VariantId, rank: Rank) -> None:
        """Take a point in."""

    @abstractmethod
    def remove(self, variant: VariantId, rank: Rank) -> None:
        """Take a point out."""

    @abstractmethod
    def most_crowded(self, *, keep: VariantId) -> VariantId:
        """The point with the smallest crowding distance, `keep` apart; there are at least two points."""


class Planar(Front):
    """Two objectives: along the front one rises as the other falls, so one sorted line answers everything.

    A point's crowding distance hangs on its two neighbours and on the front's span, so few change with an insert. The
    span that divides the distances is only taken anew when it has doubled or halved.
    """

    def __init__(self) -> None:
        self._line = ordered(list[tuple[float, float, VariantId]]())
        self._crowding = ordered(list[tuple[float, VariantId]]())
        self._distance: dict[VariantId, float] = {}
        self._span = 1.0, 1.0

    def covers(self, rank: Rank) -> bool:
        """See `Front`: of those as good in the first objective, the next one is best in the second."""
        index = self._line.bisect_left((rank[0], -math.inf, VariantId("")))
        return index < len(self._line) and self._line[index][1] >= rank[1]

    def beaten(self, rank: Rank) -> tuple[VariantId, ...]:
        """See `Front`: neighbours, going down the first objective."""
        found: list[VariantId] = []
        index = self._line.bisect_right((rank[0], math.inf, VariantId(""))) - 1
        while index >= 0 and self._line[index][1] <= rank[1]:
            found.append(self._line[index][2])
            index -= 1
        return tuple(found)

    def add(self, variant: VariantId, rank: Rank) -> None:
        """See `Front`."""
        row = rank[0], rank[1], variant
        self._line.add(row)
        self._mark(self._line.bisect_left(row))

    def remove(self, variant: VariantId, rank: Rank) -> None:
        """See `Front`."""
        row = rank[0], rank[1], variant
        index = self._line.bisect_left(row)
        self._line.remove(row)
        self._crowding.remove((self._distance.pop(variant), variant))
        self._mark(index)

    def most_crowded(self, *, keep: VariantId) -> VariantId:
        """See `Front`."""
        self._measure()
        first = self._crowding[0][1]
        return first if first != keep else self._crowding[1][1]

    def _mark(self, index: int) -> None:
        """Take the distances near a place of the line anew."""
        for at in range(max(0, index - 1), min(len(self._line), index + 2)):
            variant = self._line[at][2]
            if variant in self._distance:
                self._crowding.remove((self._distance[variant], variant))
            self._distance[variant] = self._gap(at)
            self._crowding.add((self._distance[variant], variant))

    def _gap(self, at: int) -> float:
        if at == 0 or at == len(self._line) - 1:
            return math.inf
        below, above = self._line[at - 1], self._line[at + 1]
        return (above[0] - below[0]) / self._span[0] + (below[1] - above[1]) / self._span[1]

    def _measure(self) -> None:
        """Take all distances anew if the front's span has changed so much that they no longer compare well."""
        first, last = self._line[0], self._line[-1]
        span = last[0] - first[0] or 1.0, first[1] - last[1] or 1.0
        if all(0.5 <= now / before <= 2 for now, before in zip(span, self._span, strict=True)):
            return
        self._span = span
        self._distance = {row[2]: self._gap(at) for at, row in enumerate(self._line)}
        self._crowding = ordered((distance, variant) for variant, distance in self._distance.items())


class Spatial(Front):
    """Any number of objectives, by looking at every point: O(n)."""

    def __init__(self) -> None:
        self._points: dict[VariantId, Rank] = {}

    def covers(self, rank: Rank) -> bool:
        """See `Front`."""
        return any(all(a >= b for a, b in zip(point, rank, strict=True)) for point in self._points.values())

    def beaten(self, rank: Rank) -> tuple[VariantId, ...]:
        """See `Front`."""
        return tuple(
            variant for variant, point in self._points.items() if all(a <= b for a, b in zip(point, rank, strict=True))
        )

    def add(self, variant: VariantId, rank: Rank) -> None:
        """See `Front`."""
        self._points[variant] = rank

    def remove(self, variant: VariantId, rank: Rank) -> None:
        """See `Front`."""
        del rank
        del self._points[variant]

    def most_crowded(self, *, keep: VariantId) -> VariantId:
        """See `Front`."""
        distance = dict.fromkeys(self._points, 0.0)
        for axis in range(len(self._points[keep])):
            line = sorted((point[axis], variant) for variant, point in self._points.items())
            span = line[-1][0] - line[0][0] or 1.0
            distance[line[0][1]] = distance[line[-1][1]] = math.inf
            for (before, _), (_, variant), (after, _) in zip(line, line[1:], line[2:], strict=False):
                distance[variant] += (after - before) / span
        return min((gap, variant) for variant, gap in distance.items() if variant != keep)[1]
