"""What a report holds, as records: the JSON inside the page. No I/O."""

from __future__ import annotations

import msgspec

from cambrian.app.results import Outcome
from cambrian.core.evaluation import Objective
from cambrian.core.evidence import Evidence
from cambrian.search.lineage import Mark

__all__ = ["Content", "Failure", "Lattice", "Points", "Share", "Step", "Totals"]


class Points(msgspec.Struct, frozen=True, kw_only=True):
    """Evaluations in columns, by number.

    Args:
        n: numbers.
        parent: number of the first parent, if it has one.
        p: place of the proposer in `Content.proposers`.
        s: place of the status in `Content.statuses`.
        v: the first objective; ``None`` without a score.
        cpu: CPU seconds of the run by then; ``None`` in flight.
        t: seconds of engine time by then; ``None`` in flight.
        best: 1 for a new best.
        niche: island.
    """

    n: list[int] = []
    parent: list[int | None] = []
    p: list[int] = []
    s: list[int] = []
    v: list[float | None] = []
    cpu: list[float | None] = []
    t: list[float | None] = []
    best: list[int] = []
    niche: list[int] = []


class Share(msgspec.Struct, kw_only=True):
    """What one proposer did: evaluations, bests, kept, failures, turned down before running, CPU seconds."""

    evaluations: int = 0
    bests: int = 0
    kept: int = 0
    failures: int = 0
    filtered: int = 0
    cpu_s: float = 0.0


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """A reason why evaluations gave no score: status, last words, how many, the first of them."""

    status: str
    words: str
    count: int
    example: int


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A step of the winner's descent: number, score, gain over its parent (positive is better), proposer, why."""

    number: int
    parent: int | None
    value: float | None
    gain: float | None
    proposer: str
    why: str


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """Where each axis of the fitness chart ends: evaluations, CPU seconds, seconds of engine time."""

    evaluations: int
    cpu: float
    time: float


class Lattice(msgspec.Struct, frozen=True, kw_only=True):
    """How the heat map is cut.

    Args:
        bins: parts of each dimension.
        bounds: lower and upper end of each dimension; empty: the page takes those of what it draws.
        told: what the cells are, as a sentence.
    """

    bins: int = 20
    bounds: tuple[tuple[float, float], ...] = ()
    told: str = ""


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a report shows.

    Args:
        outcome: the run, told as `cambrian runs show` tells it, without texts.
        objectives: the first ranks.
        proposers: names.
        statuses: names.
        points: evaluations.
        totals: ends of the axes.
        winner: number of the best evaluation.
        line: the winner's descent by first parents.
        steps: the same, told.
        improving: all ancestors of all bests.
        others: number → further parents.
        why: number → its maker's word.
        variants: number → path → place of the text in `texts`.
        texts: texts of programs, each once.
        intervals: number → bounds of the first objective, where it was measured repeatedly.
        interval_told: what such an interval is.
        cells: number and features of what the archive kept.
        features: names of the features, in a list of one element; empty if there are none.
        lattice: how the heat map is cut.
        archive: what the strategy keeps elites in: topk, grid, cvt, pareto or the name of a strategy without those.
        further: number → the other objectives.
        shares: proposer → what it did.
        failures: reasons, the commonest first.
        filtered: what was turned down before running: proposer, reason, count.
        marks: begins, resumes and stops.
        confirmed: what running the winner again on fresh data showed, if that was done.
        left_out: sentences about what this page does not hold.
        told: chart → its description for those who do not see it.
    """

    outcome: Outcome
    objectives: tuple[Objective, ...]
    proposers: list[str]
    statuses: list[str]
    points: Points
    totals: Totals
    winner: int | None
    line: list[int]
    steps: list[Step]
    improving: list[int]
    others: dict[int, list[int]]
    why: dict[int, str]
    variants: dict[int, dict[str, int]]
    texts: list[str]
    intervals: dict[int, tuple[float, float]]
    interval_told: str
    cells: list[tuple[int, tuple[float, ...]]]
    features: list[list[str]]
    lattice: Lattice
    archive: str
    further: dict[int, tuple[float, ...]]
    shares: dict[str, Share]
    failures: list[Failure]
    filtered: list[tuple[str, str, int]]
    marks: list[Mark]
    confirmed: Evidence | None
    left_out: list[str]
    told: dict[str, str]
