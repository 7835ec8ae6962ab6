"""What is told about runs at length: the records behind ``runs report``, ``runs compare``, ``runs explain``, ``sweep``.

As in `results`: a record gains members, it does not lose or rename them.
"""

from __future__ import annotations

import msgspec

from cambrian.core.ids import RunId, VariantId


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
        cached: evaluations recalled from an earlier search; they cost no CPU.
        objectives: all objectives of the best.
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
    cached: int = 0
    objectives: dict[str, float] = {}


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
        metrics: figure → median over the runs; none at equal CPU if any run has recalled evaluations.
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
        equal_cpu_s: CPU seconds that every run had; ``null`` if a run has recalled evaluations, which cost none.
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
    equal_cpu_s: float | None
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


class ExplainedStep(msgspec.Struct, frozen=True, kw_only=True):
    """A step of the winner's descent.

    Args:
        evaluation: its number.
        variant: its content address.
        value: of the first objective.
        gain: over its parent, positive is better; ``null`` for the first.
        proposer: who made it.
        why: its maker's word.
        kind: of the edit, see `search.changes.EditKind`.
        measured: runs behind the value.
        also_from: numbers of further parents.
    """

    evaluation: int
    variant: VariantId
    value: float
    gain: float | None
    proposer: str
    why: str
    kind: str
    measured: int
    also_from: tuple[int, ...] = ()


class ExplainedHunk(msgspec.Struct, frozen=True, kw_only=True):
    """A place where the winner differs from the initial program.

    Args:
        path: the file.
        line: 1-based line of the initial program.
        removed: lines that went.
        added: lines that came.
        steps: evaluations of the descent at which a line of it last came or went.
        gains: what each of those steps gained, with all else that it changed.
        loss: how much worse the winner is without it, where that was tried.
        samples: pairs of runs behind `loss`.
        fails: how the winner fails without it, where that was tried and it does.
    """

    path: str
    line: int
    removed: tuple[str, ...]
    added: tuple[str, ...]
    steps: tuple[int, ...]
    gains: tuple[float | None, ...]
    loss: float | None = None
    samples: int = 0
    fails: str = ""


class EditCount(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of edit by one proposer: how often it was scored, how often it beat its parent, those gains in sum."""

    proposer: str
    kind: str
    tried: int
    helped: int
    gain: float


class Reintroduced(msgspec.Struct, frozen=True, kw_only=True):
    """Lines that steps towards bests added, and those of them that an earlier ancestor had; blank ones are left out."""

    steps: int
    added: int
    returned: int


class FailureCount(msgspec.Struct, frozen=True, kw_only=True):
    """Why evaluations gave no score: status, last words with numbers as ``#``, how many."""

    status: str
    words: str
    count: int


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """A run, explained: what ``cambrian runs explain --json`` answers.

    Args:
        run: the run.
        task: the task's name.
        verdict: one sentence.
        evidence: why the figures may be believed, and what they do not show.
        steps: the winner's descent, the initial program first.
        hunks: where the winner differs from it; those tried without first, the dearest first.
        edits: what kinds of edits were tried, those that gained most first.
        edits_of: evaluations that `edits` counts.
        reintroduced: lines that came back.
        failures: commonest reasons.
    """

    run: RunId
    task: str
    verdict: str
    evidence: tuple[str, ...]
    steps: tuple[ExplainedStep, ...]
    hunks: tuple[ExplainedHunk, ...]
    edits: tuple[EditCount, ...]
    edits_of: int
    reintroduced: Reintroduced
    failures: tuple[FailureCount, ...]
