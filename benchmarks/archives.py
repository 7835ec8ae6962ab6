"""What archives cost as they grow: insert, draw, migrate, at 10³ to 10⁶ stored variants, and memory for each.

    python benchmarks/archives.py --check

A simulation: ids and ranks without programs, as archives hold them. A cost is CPU time of one operation on an archive
that is already that large, median over batches. Growing 1,000-fold, O(log n) may cost log(10⁶)/log(10³) = 2 times as
much. A large archive no longer fits the processor's caches, which O() does not count, so a plain dict and a list of the
same elites are the control: what one random look into them costs more when they are larger is divided out.

Maps around centroids and fronts go to 10⁵ unless ``--full`` is given: a million of each takes many minutes to fill.
"""

from __future__ import annotations

import gc
import math
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from random import Random
from typing import NamedTuple

from cambrian.core.ids import VariantId
from cambrian.search.archives import CVT, Archive, Elite, Grid, Islands, Pareto, Scale, TopK
from cambrian.search.archives.nearest import Point
from report import Figure, finish, options

BATCH = 2_000
"""Operations in a batch."""
BATCHES = 5
ISLANDS = 8


class Costs(NamedTuple):
    """Microseconds of CPU time for one operation."""

    add: float
    draw: float
    migrate: float


def topk(size: int) -> Archive:
    """The best of all, full from the start of the measurement."""
    return TopK(size)


def grid(size: int) -> Archive:
    """Two dimensions, about as many cells as there are elites."""
    return Grid(Scale([(0, 1), (0, 1)]), bins=max(2, math.isqrt(2 * size)))


def cvt(size: int) -> Archive:
    """As many random centroids as there are elites; k-means of a million is not what is measured."""
    rng = Random(9)
    centroids: list[Point] = [(rng.random(), rng.random()) for _ in range(2 * size)]
    return CVT(Scale([(0, 1), (0, 1)]), centroids)


def pareto(size: int) -> Archive:
    """Two objectives; the elites lie along a front."""
    return Pareto(size)


KINDS: dict[str, Callable[[int], Archive]] = {"topk": topk, "grid": grid, "cvt": cvt, "pareto": pareto}


LARGEST = {"topk": 1_000_000, "grid": 1_000_000, "cvt": 100_000, "pareto": 100_000}
"""Elites at most, without ``--full``."""


class Source:
    """Elites without end, the later ones a little better: most inserts are accepted, and somebody has to leave."""

    def __init__(self, kind: str, size: int) -> None:
        self._front = kind == "pareto"
        self._rng = Random(f"{kind}:{size}")
        self._size = size
        self._born = 0

    def next(self) -> Elite:
        """One more."""
        rng, self._born = self._rng, self._born + 1
        place, height = rng.random(), rng.random() + self._born / self._size
        rank = (place, -place) if self._front else (height,)
        return Elite(VariantId(f"{self._born:016x}"), rank, self._born, (place, rng.random()))


def filled(archive: Archive, source: Source, size: int) -> Archive:
    """An archive that holds so many, or (maps) as many as half as many inserts again give."""
    for _ in range(size + size // 2):
        archive.add(source.next())
        if len(archive) >= size:
            break
    return archive


def timed(operation: Callable[[], object], count: int = BATCH) -> float:
    """Median CPU microseconds of an operation."""
    times: list[float] = []
    for _ in range(BATCHES):
        began = time.process_time()
        for _ in range(count):
            operation()
        times.append((time.process_time() - began) / count)
    return 1e6 * statistics.median(times)


def measure(kind: str, size: int) -> Costs:
    """Costs at a size."""
    source = Source(kind, size)
    archive = filled(KINDS[kind](size), source, size)
    batch = [source.next() for _ in range(BATCH * BATCHES)]
    elites = iter(batch)
    rng = Random(1)
    gc.collect()
    gc.disable()  # a full collection walks every elite; it is the interpreter's cost, not the archive's
    try:
        add = timed(lambda: archive.add(next(elites)))
        draw = timed(lambda: archive.draw(rng))
        migrate = timed(_migration(kind, size), 50)
    finally:
        gc.enable()
    return Costs(add, draw, migrate)


def _migration(kind: str, size: int) -> Callable[[], object]:
    """A migration between islands that hold so many together, each with a new best."""
    source = Source(kind, size)
    islands = Islands(lambda: KINDS[kind](size // ISLANDS), ISLANDS)
    for index in range(size):
        islands.add(index % ISLANDS, source.next())

    def migrate() -> None:
        for niche in range(ISLANDS):
            islands.add(niche, source.next())
        islands.migrate("seed")

    return migrate


def control(size: int) -> float:
    """Microseconds of one random look into a list and a dict of so many elites."""
    source, rng = Source("control", size), Random(2)
    members = {elite.variant: elite for elite in (source.next() for _ in range(size))}
    names = list(members)
    gc.collect()
    return timed(lambda: members[names[rng.randrange(size)]], 10 * BATCH)


def bytes_each(kind: str, size: int) -> float:
    """Bytes that an archive takes for each elite, the elite included."""
    source = Source(kind, size)
    archive = KINDS[kind](size)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    filled(archive, source, size)
    taken = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    return taken / len(archive)


def figures_of(kind: str, sizes: list[int], looks: list[float]) -> list[Figure]:
    """All figures of one kind of archive."""
    costs = [measure(kind, size) for size in sizes]
    bound = math.log(sizes[-1]) / math.log(sizes[0])
    caches = max(1.0, looks[-1] / looks[0])
    figures: list[Figure] = []
    for operation in Costs._fields:
        values: list[float] = [getattr(item, operation) for item in costs]
        figures += [
            Figure(f"{kind}: {operation} at {size:,}", value, "µs") for size, value in zip(sizes, values, strict=True)
        ]
        growth = values[-1] / values[0]
        figures.append(Figure(f"{kind}: {operation}, last ÷ first", growth, ""))
        figures.append(Figure(f"{kind}: {operation}, last ÷ first ÷ that of the control", growth / caches, "", bound))
    return [*figures, Figure(f"{kind}: memory per elite", bytes_each(kind, min(sizes[-1], 20_000)), "bytes", 1000)]


def main() -> int:
    """Measure and print."""
    parser = options(__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--kinds", nargs="+", choices=list(KINDS), default=list(KINDS))
    parser.add_argument("--full", action="store_true", help="all sizes for every kind")
    chosen = parser.parse_args()
    looks = {size: control(size) for size in chosen.sizes}
    figures = [Figure(f"control: a look into a dict at {size:,}", look, "µs") for size, look in looks.items()]
    for kind in chosen.kinds:
        sizes = [size for size in chosen.sizes if chosen.full or size <= LARGEST[kind]]
        figures += figures_of(kind, sizes, [looks[size] for size in sizes])
    return finish(figures, as_json=chosen.json, check=chosen.check)


if __name__ == "__main__":
    sys.exit(main())
