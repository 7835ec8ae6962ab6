"""MAP-Elites over a centroidal Voronoi tessellation: as many cells as wanted, whatever the number of dimensions."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from .cells import Cells
from .nearest import Nearest, Point
from .scale import Scale

SAMPLES = 12
"""Random points for each centroid."""
ROUNDS = 6
"""Rounds of k-means."""


class CVT(Cells):
    """Cells around centroids; a point belongs to the nearest one.

    Vassiliades, V., Chatzilygeroudis, K. & Mouret, J.-B. (2018), Using centroidal Voronoi tessellations to scale up
    the multidimensional archive of phenotypic elites algorithm.

    Args:
        scale: the dimensions' bounds.
        centroids: points of the unit cube, such as `spread` gives.
    """

    def __init__(self, scale: Scale, centroids: Sequence[Point]) -> None:
        super().__init__(scale)
        self.centroids = tuple(centroids)
        self._nearest = Nearest(self.centroids)

    def locate(self, point: tuple[float, ...]) -> int:
        """See `Cells`: the number of the nearest centroid."""
        return self._nearest.find(point)


def spread(cells: int, dimensions: int) -> list[Point]:
    """Centroids spread evenly over the unit cube: k-means of uniform samples. The same call gives the same points.

    Args:
        cells: how many; takes about 1 ms each.
        dimensions: of the cube.
    """
    rng = Random(f"cvt:{cells}:{dimensions}")

    def uniform(count: int) -> list[Point]:
        return [tuple(rng.random() for _ in range(dimensions)) for _ in range(count)]

    centroids, samples = uniform(cells), uniform(SAMPLES * cells)
    for _ in range(ROUNDS):
        nearest = Nearest(centroids)
        members: list[list[Point]] = [[] for _ in centroids]
        for sample in samples:
            members[nearest.find(sample)].append(sample)
        centroids = [_mean(found) if found else old for found, old in zip(members, centroids, strict=True)]
    return centroids


def _mean(points: Sequence[Point]) -> Point:
    return tuple(sum(values) / len(points) for values in zip(*points, strict=True))
