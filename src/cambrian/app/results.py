"""What is told about a run: the records behind every JSON answer and behind what `cambrian.evolve` returns.

A record gains members, it does not lose or rename them; `docs/reference/json.md` is written for whoever reads them.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Literal

import msgspec

from cambrian.core.evaluation import Objective
from cambrian.core.evidence import Evidence
from cambrian.core.ids import RunId, VariantId
from cambrian.search.facts import Confirmed, StopReason
from cambrian.search.proposer import Mode
from cambrian.search.view import Point, RunStatus, Share, Summary

_REASONS = 3
"""Reasons that are told of each status."""
_INPUTS = re.compile(r"^(?:def\s+inputs\b|inputs\s*=)", re.MULTILINE)


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A variant with its score and its text.

    Args:
        variant: its content address.
        objectives: name → number.
        files: path → text.
        measures: further numbers that the scorer gave.
        proposer: who made it, ``"initial"`` for the task's own program.
        why: one line: the edit made, the template used. Written by proposers, not by candidates.
        evaluation: number of the evaluation that scored it, from 0.
        elapsed_s: seconds of engine time when it was scored.
        level: jail level it ran at.
    """

    variant: VariantId
    objectives: dict[str, float]
    files: dict[str, str]
    measures: dict[str, float] = {}
    proposer: str = ""
    why: str = ""
    evaluation: int = 0
    elapsed_s: float = 0.0
    level: str = ""


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """What a run has cost: US dollars, and CPU seconds of candidates and scorers."""

    usd: float = 0.0
    cpu_s: float = 0.0


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What one proposer did.

    Args:
        evaluations: of its candidates.
        failures: of these, without a score.
        kept: of these, taken into the archive.
        best: of these, the best so far when they came.
        filtered: candidates turned down before running.
        cost: nominal cost in ordinary evaluations.
    """

    evaluations: int
    failures: int
    kept: int
    best: int
    filtered: int
    cost: float


class Promotion(msgspec.Struct, frozen=True, kw_only=True):
    """The last time that a variant was written back.

    Args:
        variant: which one.
        files: paths written.
        approver: who asked for it.
        signature: ``"valid"`` for this machine's key, ``"invalid"``, or ``"unknown"`` if there is no key here.
    """

    variant: VariantId
    files: tuple[str, ...]
    approver: str
    signature: Literal["valid", "invalid", "unknown"]


class Repeats(msgspec.Struct, frozen=True, kw_only=True):
    """How an objective that varies from run to run was met.

    Args:
        spread: standard deviation of one run, pooled over programs, in units of the first objective.
        programs: that ran more than once.
        runs: of these.
    """

    spread: float
    programs: int
    runs: int


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """A reason for which evaluations of one status failed.

    Args:
        text: the last line that was said, with ``#`` for numbers; or which limit it was. Untrusted.
        count: how many evaluations it stands for.
    """

    text: str
    count: int


class Confirmation(msgspec.Struct, frozen=True, kw_only=True):
    """What the winner gave on data that nothing was chosen by, beside the initial program.

    Args:
        shown: it is better, on this evidence.
        evidence: how that is known, or why not.
        initial: the ranking objective of the initial program, pair by pair.
        winner: that of the winner.
    """

    shown: bool
    evidence: Evidence
    initial: tuple[float, ...] = ()
    winner: tuple[float, ...] = ()


class LineCount(msgspec.Struct, frozen=True, kw_only=True):
    """Lines that candidates added to their parents, and how many of these their lineage had had and had lost before."""

    added: int = 0
    returned: int = 0


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """A run, complete: what ``cambrian evolve`` ends with and ``cambrian runs show`` tells.

    Args:
        run: its id.
        kind: ``"search"``.
        task: the task's name.
        folder: the task's folder.
        mode: ``"artifact"`` or ``"callable"``.
        framework: ``"openevolve"``, ``"shinka"`` or ``"gepa"`` if the evaluator was written for that; else empty.
        split: scores were conferred in a process that no program could reach; not so with a framework's evaluator.
        status: see `RunStatus`.
        stop_reason: why it last ended; ``None`` while it runs or if its process vanished.
        created: RFC 3339, UTC.
        seed: of all its randomness.
        jobs: evaluations at a time.
        level: jail level in use, such as ``"L3"``.
        level_reasons: why it is not a stronger one.
        objectives: name → direction; the first ranks.
        target: value of the first objective at which it stops.
        budget: its ceilings, in the notation of ``--budget``.
        evaluations: finished ones, failed ones included, cancelled ones not.
        cancelled: evaluations that were ended from outside, counted nowhere else.
        failures: status → count, of finished ones that gave no score.
        reasons: status → the commonest reason.
        commonest: status → up to three reasons, the commonest first.
        noise: how often programs ran, if the first objective was found to vary from run to run (artifact mode).
        filtered: candidates turned down before running.
        proposers: what each did.
        initial: the task's own program, once it has a score.
        best: the best so far.
        cost: what it has cost.
        wall_s: seconds of engine time, over all resumes.
        confirmation: whether the winner is better on fresh data; ``None`` until a search ends in good order with one.
        promotion: the last time that a variant was written back.
        cached: finished evaluations for which nothing ran: an earlier search of the workspace had made them.
        lines: what candidates added, and what of it came back.
        front: variants that no other beats in all objectives, by the first one; at most 50, evenly along the front;
            empty for a task with one objective.
        front_size: how many there are.
    """

    run: RunId
    kind: str
    task: str
    folder: str
    mode: Mode
    status: RunStatus
    stop_reason: StopReason | None
    created: str
    seed: int
    jobs: int
    level: str
    level_reasons: tuple[str, ...] = ()
    objectives: dict[str, str] = {}
    target: float | None = None
    budget: str = "unlimited"
    evaluations: int = 0
    cancelled: int = 0
    failures: dict[str, int] = {}
    filtered: int = 0
    proposers: dict[str, Part] = {}
    initial: Found | None = None
    best: Found | None = None
    cost: Cost = Cost()
    wall_s: float = 0.0
    confirmation: Confirmation | None = None
    promotion: Promotion | None = None
    framework: str = ""
    split: bool = True
    reasons: dict[str, Reason] = {}
    commonest: dict[str, tuple[Reason, ...]] = {}
    noise: Repeats | None = None
    same_inputs: bool = False
    cached: int = 0
    lines: LineCount = LineCount()
    front: tuple[Score, ...] = ()
    front_size: int = 0


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """A variant with its score, without its text."""

    variant: VariantId
    objectives: dict[str, float]


class RunLine(msgspec.Struct, frozen=True, kw_only=True):
    """A run in a list. For the members see `Outcome`; of other kinds than searches only the first ones are told."""

    run: RunId
    kind: str
    task: str
    status: RunStatus
    created: str
    evaluations: int = 0
    best: Score | None = None
    wall_s: float = 0.0


class EventLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of ``cambrian runs events --json`` and of an export's ``events.jsonl``.

    Args:
        seq: its place in the run, from 1, without a gap.
        time: seconds since the Unix epoch.
        type: such as ``"search.evaluated"``.
        channel: ``"progress"``, ``"control"`` or ``"monitor"``.
        data: its record.
    """

    seq: int
    time: float
    type: str
    channel: str
    data: msgspec.Raw


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What differs between two variants: ``cambrian runs diff --json``.

    Args:
        run: the run.
        a: the one.
        b: the other.
        files: how many differ.
        added: lines.
        removed: lines.
        diff: unified diff from `a` to `b`.
    """

    run: RunId
    a: VariantId
    b: VariantId
    files: int
    added: int
    removed: int
    diff: str


class Applied(msgspec.Struct, frozen=True, kw_only=True):
    """What ``cambrian runs apply --json`` did, or would do.

    Args:
        run: the run.
        variant: the variant.
        folder: the task's folder.
        files: paths written.
        removed: paths of files that were taken away; the run had added them.
        cut_off: earlier calls that were cut off and are settled by this one, one line each.
        unlisted: files of the variant that ``program`` of ``task.toml`` does not list and that a person must add;
            empty where it was rewritten.
        written: ``False`` for a dry run, or if nothing differed.
        diff: unified diff of the folder's files.
    """

    run: RunId
    variant: VariantId
    folder: str
    files: tuple[str, ...]
    unlisted: tuple[str, ...]
    written: bool
    diff: str
    removed: tuple[str, ...] = ()
    cut_off: tuple[str, ...] = ()


class Collected(msgspec.Struct, frozen=True, kw_only=True):
    """What ``cambrian runs gc --json`` did, or would do: runs deleted, runs kept, bytes freed."""

    deleted: tuple[RunId, ...]
    kept: tuple[RunId, ...]
    freed_bytes: int
    dry_run: bool


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What ``cambrian runs import --json`` took in.

    Args:
        path: from where.
        runs: their ids, in order.
        events: of all of them together.
        warnings: what was left out, and why.
    """

    path: str
    runs: tuple[RunId, ...]
    events: int
    warnings: tuple[str, ...] = ()


class KnownCase(msgspec.Struct, frozen=True, kw_only=True):
    """An input on which a candidate failed, of ``cambrian runs cases --json``.

    Args:
        evaluation: number of the evaluation in which it did.
        variant: the candidate.
        status: how it failed.
        said: what was said.
        size: bytes of the input, encoded.
        arguments: of the call, as a Python literal; ``null`` if they cannot be written as one.
    """

    evaluation: int
    variant: VariantId
    status: str
    said: str
    size: int
    arguments: str | None


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """What ``cambrian runs export --json`` wrote: where, events and variants in it."""

    run: RunId
    path: str
    events: int
    variants: int


def timestamp(seconds: float) -> str:
    """RFC 3339 text in UTC, to the second.

    >>> timestamp(1_700_000_000)
    '2023-11-14T22:13:20Z'
    """
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):  # a journal that was altered
        return "(no date)"


def run_line(view: Summary, *, kind: str, status: RunStatus) -> RunLine:
    """A run for a list."""
    best = view.best
    return RunLine(
        run=view.run,
        kind=kind,
        task=view.task.name if view.task else "",
        status=status,
        created=timestamp(view.created),
        evaluations=view.evaluations,
        best=Score(variant=best.variant.id, objectives=best.objectives) if best else None,
        wall_s=view.elapsed_s,
    )


def line_of(outcome: Outcome) -> RunLine:
    """A run for a list, from everything about it."""
    best = outcome.best
    return RunLine(
        run=outcome.run, kind=outcome.kind, task=outcome.task, status=outcome.status, created=outcome.created,
        evaluations=outcome.evaluations, wall_s=outcome.wall_s,
        best=Score(variant=best.variant, objectives=best.objectives) if best else None,
    )  # fmt: skip


def found(point: Point, files: dict[str, str]) -> Found:
    """A point of the history with its text."""
    return Found(
        variant=point.variant.id,
        objectives=point.objectives,
        files=files,
        measures=point.measures,
        proposer=point.variant.origin.proposer,
        why=point.variant.origin.why,
        evaluation=point.index,
        elapsed_s=point.elapsed_s,
        level=point.level,
    )


def outcome(
    view: Summary,
    *,
    kind: str,
    status: RunStatus,
    initial: Found | None,
    best: Found | None,
    promotion: Promotion | None,
) -> Outcome:
    """Everything about a search that has begun."""
    opened, task = view.opened, view.task
    if opened is None or task is None:
        raise AssertionError(f"run {view.run!r} has not begun; the workspace tells such runs apart")
    commonest = _commonest(view)
    return Outcome(
        run=view.run,
        kind=kind,
        task=task.name,
        folder=task.folder,
        mode=task.mode,
        status=status,
        stop_reason=view.stop.reason if view.stop and status != "running" else None,
        created=timestamp(view.created),
        seed=opened.seed,
        jobs=opened.jobs,
        level=opened.level,
        level_reasons=opened.level_reasons,
        objectives=_directions(task.objectives),
        target=task.target,
        budget=task.budget.text(),
        evaluations=view.evaluations,
        cancelled=view.cancelled,
        failures=view.failures,
        filtered=sum(share.filtered for share in view.shares.values()),
        proposers={name: part(share) for name, share in view.shares.items()},
        initial=initial,
        best=best,
        cost=Cost(usd=view.money, cpu_s=view.cpu_s),
        wall_s=view.elapsed_s,
        confirmation=_confirmation(view.confirmed),
        promotion=promotion,
        reasons={status: reasons[0] for status, reasons in commonest.items()},
        commonest=commonest,
        noise=_repeats(view),
        same_inputs=task.mode == "artifact" and not task.framework and bool(_INPUTS.search(task.evaluator_text)),
        framework=task.framework,
        split=not task.framework,
        cached=view.cached,
        lines=LineCount(added=view.added, returned=view.returned),
    )


def _commonest(view: Summary) -> dict[str, tuple[Reason, ...]]:
    return {
        status: tuple(
            Reason(text=text, count=count) for text, count in sorted(counts.items(), key=lambda it: -it[1])[:_REASONS]
        )
        for status, counts in view.reasons.items()
        if counts
    }


def _repeats(view: Summary) -> Repeats | None:
    if not view.noise.noisy:
        return None
    return Repeats(spread=view.noise.spread, programs=view.repeated, runs=view.runs)


def _confirmation(confirmed: Confirmed | None) -> Confirmation | None:
    if confirmed is None:
        return None
    return Confirmation(
        shown=confirmed.evidence.shown, evidence=confirmed.evidence, initial=confirmed.initial, winner=confirmed.winner
    )


def part(share: Share) -> Part:
    """What one proposer did."""
    return msgspec.convert(msgspec.structs.asdict(share), Part)


def _directions(objectives: tuple[Objective, ...]) -> dict[str, str]:
    return {item.name: item.direction for item in objectives}
