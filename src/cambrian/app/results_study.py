"""What is told about runs at length: the records behind ``runs report``, ``runs compare``, ``runs explain``, ``sweep``.

As in `results`: a record gains members, it does not lose or rename them.
"""

from __future__ import annotations

import msgspec

from cambrian.core.ids import RunId


class Reported(msgspec.Struct, frozen=True, kw_only=True):
    """What ``cambrian runs report --json`` wrote.

    Args:
        run: the run.
        path: the file.
        size: bytes.
        evaluations: of the run, finished.
        drawn: evaluations in the page, those in flight included.
        variants: variants whose text is in the page.
        left_out: sentences about what is not in it.
    """

    run: RunId
    path: str
    size: int
    evaluations: int
    drawn: int
    variants: int
    left_out: tuple[str, ...] = ()


class RunScore(msgspec.Struct, frozen=True, kw_only=True):
    """What one run reached.

    Args:
        run: the run.
        seed: of its randomness.
        evaluations: finished ones.
        cpu_s: CPU seconds of candidates and scorers.
        wall_s: seconds of engine time.
        best: of the first objective; ``None`` without a score.
        at_evaluations: best after as many evaluations as every run had.
        at_cpu: best after as many CPU seconds as every run had.
        mean_best: mean of the best so far over those evaluations (area under the curve by its width).
        target_evaluations: evaluations until the target was reached; ``None`` if it was not.
        target_cpu_s: CPU seconds until then.
        target_wall_s: engine time until then.
    """

    run: RunId
    seed: int
    evaluations: int
    cpu_s: float
    wall_s: float
    best: float | None
    at_evaluations: float | None
    at_cpu: float | None
    mean_best: float | None
    target_evaluations: float | None
    target_cpu_s: float | None
    target_wall_s: float | None


class Median(msgspec.Struct, frozen=True, kw_only=True):
    """A median over runs with an interval that assumes nothing about the distribution.

    Args:
        median: over the runs; ``null`` where half of them or more never came there.
        low: lower end of the interval, likewise.
        high: upper end, likewise.
        coverage: chance that such an interval covers the true median; below 0.95 with fewer than six runs.
        n: runs.
    """

    median: float | None
    low: float | None
    high: float | None
    coverage: float
    n: int


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One or several runs that count as alike.

    Args:
        name: as it was asked for, or the setting of a sweep.
        runs: each run.
        metrics: figure → median over the runs.
    """

    name: str
    runs: tuple[RunScore, ...]
    metrics: dict[str, Median]


class Test(msgspec.Struct, frozen=True, kw_only=True):
    """One figure on two sides.

    Args:
        metric: which figure.
        a: name of the one side.
        b: name of the other.
        n: runs of the one.
        m: runs of the other.
        estimate: how much larger the first is, typically (Hodges and Lehmann); ``null`` if that is infinite.
        low: lower end of its 95 % interval; ``null`` if so few runs bound nothing.
        high: upper end, likewise.
        p: chance of such a difference, either way, if the sides were alike.
        adjusted: `p` adjusted for all pairs of sides (Holm).
        least_p: the smallest `p` that so few runs can give.
        method: name of the test.
        better: name of the side that is shown to be better, empty if neither is.
        sentence: the same in words.
    """

    metric: str
    a: str
    b: str
    n: int
    m: int
    estimate: float | None
    low: float | None
    high: float | None
    p: float
    adjusted: float
    least_p: float
    method: str
    better: str
    sentence: str


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """A setting in which the sides differ: its key, and what it is on each side; several where its runs differ."""

    key: str
    values: tuple[str, ...]


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """Runs side by side: what ``cambrian runs compare --json`` answers.

    Args:
        objective: the first objective's name.
        direction: ``"maximize"`` or ``"minimize"``.
        sides: in the order asked for.
        equal_evaluations: evaluations that every run had.
        equal_cpu_s: CPU seconds that every run had.
        target: value whose reaching is timed.
        target_from: where it comes from: ``"asked for"``, ``"the task"`` or ``"the weakest run's best"``.
        settings: what differs between the sides.
        tests: each figure, side against side.
        notes: what a reader must know to believe it.
    """

    objective: str
    direction: str
    sides: tuple[Side, ...]
    equal_evaluations: int
    equal_cpu_s: float
    target: float | None
    target_from: str
    settings: tuple[Difference, ...] = ()
    tests: tuple[Test, ...] = ()
    notes: tuple[str, ...] = ()


class SweptCell(msgspec.Struct, frozen=True, kw_only=True):
    """One run of a sweep.

    Args:
        number: from 0.
        setting: what it shares with cells of other seeds.
        seed: of the run.
        run: its run, once begun.
        status: ``"done"``, ``"failed"``, ``"begun"`` or ``"waiting"``.
        error: why it failed.
    """

    number: int
    setting: str
    seed: int
    run: RunId | None
    status: str
    error: str = ""


class Swept(msgspec.Struct, frozen=True, kw_only=True):
    """A sweep: what ``cambrian sweep --json`` ends with.

    Args:
        sweep: its id, for ``--resume`` and ``runs compare``.
        task: the task's name.
        folder: the task's folder.
        status: ``"finished"`` or ``"interrupted"``.
        cells: all of them, in order.
        compared: the settings side by side, once a cell is done.
    """

    sweep: RunId
    task: str
    folder: str
    status: str
    cells: tuple[SweptCell, ...]
    compared: Compared | None
