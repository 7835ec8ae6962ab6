"""`Summary`: a search as one value, folded from its facts. Reads only; every screen and every JSON answer uses it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec

from cambrian.core.evaluation import Evaluation
from cambrian.core.event import Event
from cambrian.core.ids import RunId

from .facts import (
    CONFIRMED,
    CREATED,
    EVALUATED,
    MINIMISED,
    OPENED,
    PROMOTED,
    PROPOSED,
    RESUMED,
    REVISITED,
    STOPPED,
    TRIED,
    Confirmed,
    Evaluated,
    Minimised,
    Opened,
    Promoted,
    Proposed,
    Resumed,
    Revisited,
    Stopped,
    StopReason,
    Tried,
    VariantRecord,
)
from .noise import Noise
from .reasons import reason
from .task import Task

RunStatus = Literal["running", "finished", "stopped", "interrupted", "failed", "damaged"]
"""running: a live process holds it. finished: a target, a budget or a plateau ended it. stopped: by a person.
interrupted: its process is gone and said nothing; resume it. failed: the task's own program gives no score.
damaged: its journal cannot be read; delete it."""


_ENDS: dict[StopReason, RunStatus] = {"interrupted": "stopped", "initial_failed": "failed"}


REASONS_MOST = 50
"""Different reasons that are told apart, per status: what a program says of itself has no bound."""


class Share(msgspec.Struct, kw_only=True):
    """What one proposer did: candidates evaluated, failed, kept, best-so-far, turned down; nominal cost.

    An evaluation that was cancelled counts nowhere here: nobody knows what it would have given.
    """

    evaluations: int = 0
    failures: int = 0
    kept: int = 0
    best: int = 0
    filtered: int = 0
    cost: float = 0.0


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """A variant that was the best when it came.

    Args:
        index: number of the evaluation.
        elapsed_s: engine time at its end.
        variant: its record.
        objectives: its objectives.
        measures: further numbers.
        level: jail level it ran at.
    """

    index: int
    elapsed_s: float
    variant: VariantRecord
    objectives: dict[str, float]
    measures: dict[str, float] = {}
    level: str = ""


class Summary(msgspec.Struct, kw_only=True):
    """Everything that people and programs ask of a search. Memory does not grow with its length, but for `history`.

    Args:
        run: the run's id.
        created: seconds since the Unix epoch.
        intended: what it was to be, written down before all else, should its process die before it has begun.
        opened: its first fact.
        task: the task as last resumed.
        seq: last event applied.
        evaluations: finished evaluations, failed ones included, cancelled ones not.
        in_flight: evaluations that have an intent and no outcome.
        cancelled: evaluations that were ended from outside, counted nowhere else.
        cached: finished evaluations for which nothing ran, since an earlier search had made them.
        added: lines that candidates added to their parents.
        returned: how many of these their lineage had had before and had lost.
        failures: status → count, of finished evaluations that gave no score.
        reasons: status → what was said → count, with ``#`` for numbers; of each status the first `REASONS_MOST`.
        noise: what the repeated runs of single programs say of the spread, in artifact mode.
        repeated: programs that ran more than once.
        runs: their runs.
        initial: the initial program's point, once it is evaluated.
        history: every new best in order, the initial program first.
        shares: proposer → what it did.
        stop: why it last ended, if it has not been taken up again.
        elapsed_s: engine time so far.
        cpu_s: CPU seconds of candidates and scorers.
        money: US dollars.
        minimised: the last time that the winner was run without some of its edits.
        confirmed: what the winner gave on fresh data, if it still is the winner.
        promoted: the last promotion.
    """

    run: RunId
    created: float
    intended: Opened | None = None
    opened: Opened | None = None
    task: Task | None = None
    seq: int = 0
    evaluations: int = 0
    cancelled: int = 0
    cached: int = 0
    added: int = 0
    returned: int = 0
    in_flight: dict[int, VariantRecord] = {}
    failures: dict[str, int] = {}
    reasons: dict[str, dict[str, int]] = {}
    noise: Noise = msgspec.field(default_factory=Noise)
    repeated: int = 0
    runs: int = 0
    initial: Point | None = None
    history: list[Point] = []
    shares: dict[str, Share] = {}
    stop: Stopped | None = None
    elapsed_s: float = 0.0
    cpu_s: float = 0.0
    money: float = 0.0
    minimised: Minimised | None = None
    confirmed: Confirmed | None = None
    promoted: Promoted | None = None

    @property
    def best(self) -> Point | None:
        """The best so far, without the edits that do not matter if that is known."""
        last, smaller = self.history[-1] if self.history else None, self.minimised
        if last is None or smaller is None or smaller.parent != last.variant.id:
            return last
        if smaller.variant is None or smaller.evaluation is None:
            return last
        return Point(
            index=last.index, elapsed_s=smaller.elapsed_s, variant=smaller.variant,
            objectives=smaller.evaluation.objectives, measures=smaller.evaluation.measures,
            level=smaller.evaluation.level,
        )  # fmt: skip

    @property
    def has_no_start(self) -> bool:
        """Whether the task's own program was evaluated and gave no score: nothing can follow."""
        return self.initial is None and self.evaluations > 0

    def status(self, *, alive: bool) -> RunStatus:
        """Where the run stands.

        Args:
            alive: whether a live process holds it.
        """
        if alive:
            return "running"
        if self.has_no_start:
            return "failed"
        if self.stop is None:
            return "interrupted"
        return _ENDS.get(self.stop.reason, "finished")

    def apply(self, event: Event) -> None:
        """Take one event in; unknown types are passed over. Events must come in order, each once."""
        self.seq = event.seq
        self.created = self.created or event.time
        handler = _HANDLERS.get(event.type)
        if handler is not None:
            handler(self, event.data)


class _Created(msgspec.Struct):
    """What is read of ``run.created``."""

    data: msgspec.Raw
    kind: str = "search"


def _created(view: Summary, data: msgspec.Raw) -> None:
    created = msgspec.json.decode(data, type=_Created)
    if created.kind == "search" and bytes(created.data) != b"{}":
        view.intended = msgspec.json.decode(created.data, type=Opened)


def _opened(view: Summary, data: msgspec.Raw) -> None:
    view.opened = msgspec.json.decode(data, type=Opened)
    view.task = view.opened.task


def _resumed(view: Summary, data: msgspec.Raw) -> None:
    view.task = msgspec.json.decode(data, type=Resumed).task
    view.stop = None


def _proposed(view: Summary, data: msgspec.Raw) -> None:
    record = msgspec.json.decode(data, type=Proposed)
    view.in_flight[record.index] = record.variant
    view.added += record.added
    view.returned += record.returned
    for item in record.filtered:
        view.shares.setdefault(item.proposer, Share()).filtered += item.count


def _evaluated(view: Summary, data: msgspec.Raw) -> None:
    record = msgspec.json.decode(data, type=Evaluated)
    variant = view.in_flight.pop(record.index)
    result = record.evaluation
    view.elapsed_s = max(view.elapsed_s, record.elapsed_s)
    view.cpu_s += result.usage.cpu_s + result.usage.scorer_cpu_s
    view.money += result.usage.money
    if result.status == "cancelled":
        view.cancelled += 1
        return
    share = view.shares.setdefault(variant.origin.proposer, Share())
    view.evaluations += 1
    view.cached += record.cached
    share.evaluations += 1
    share.cost += variant.origin.cost
    if not result.ok:
        share.failures += 1
        view.failures[result.status.value] = view.failures.get(result.status.value, 0) + 1
        _count_reason(view.reasons.setdefault(result.status.value, {}), result)
        return
    _count_runs(view, result)
    share.kept += record.added > 0
    share.best += record.best
    point = Point(
        index=record.index, elapsed_s=record.elapsed_s, variant=variant, objectives=result.objectives,
        measures=result.measures, level=result.level,
    )  # fmt: skip
    if record.index == 0:
        view.initial = point
    if record.best:
        view.confirmed = None
        view.history.append(point)


def _count_runs(view: Summary, result: Evaluation) -> None:
    """Callable mode is noisy by nature and compares pairs: its samples say nothing about runs."""
    if len(result.samples) > 1 and view.task is not None and view.task.mode == "artifact":
        view.noise.tell(result.samples)
        view.repeated += 1
        view.runs += len(result.samples)


def _count_reason(counts: dict[str, int], result: Evaluation) -> None:
    why = reason(result.feedback, result.detail)
    if why and (why in counts or len(counts) < REASONS_MOST):
        counts[why] = counts.get(why, 0) + 1


def _stopped(view: Summary, data: msgspec.Raw) -> None:
    view.stop = msgspec.json.decode(data, type=Stopped)
    view.elapsed_s = max(view.elapsed_s, view.stop.elapsed_s)


def _revisited(view: Summary, data: msgspec.Raw) -> None:
    """An elite is worth what all its runs together give; another one may lead for that."""
    record = msgspec.json.decode(data, type=Revisited)
    view.elapsed_s = max(view.elapsed_s, record.elapsed_s)
    view.cpu_s += record.cpu_s
    found = record.evaluation
    if found.ok and view.initial is not None and view.initial.variant.id == found.variant:
        view.initial = msgspec.structs.replace(view.initial, objectives=found.objectives, measures=found.measures)
    if found.ok:
        view.history = [
            msgspec.structs.replace(point, objectives=found.objectives, measures=found.measures)
            if point.variant.id == found.variant
            else point
            for point in view.history
        ]
    if record.leader is not None:
        leader = record.leader
        now = leader.evaluation
        view.confirmed = None
        view.history.append(
            Point(
                index=leader.index, elapsed_s=record.elapsed_s, variant=leader.variant, objectives=now.objectives,
                measures=now.measures, level=now.level,
            )
        )  # fmt: skip


def _confirmed(view: Summary, data: msgspec.Raw) -> None:
    view.confirmed = msgspec.json.decode(data, type=Confirmed)
    view.cpu_s += view.confirmed.cpu_s


def _tried(view: Summary, data: msgspec.Raw) -> None:
    view.cpu_s += msgspec.json.decode(data, type=Tried).cpu_s


def _minimised(view: Summary, data: msgspec.Raw) -> None:
    view.minimised = msgspec.json.decode(data, type=Minimised)
    view.elapsed_s = max(view.elapsed_s, view.minimised.elapsed_s)


def _promoted(view: Summary, data: msgspec.Raw) -> None:
    view.promoted = msgspec.json.decode(data, type=Promoted)


_HANDLERS: dict[str, Callable[[Summary, msgspec.Raw], None]] = {
    CREATED: _created,
    OPENED: _opened,
    RESUMED: _resumed,
    PROPOSED: _proposed,
    EVALUATED: _evaluated,
    STOPPED: _stopped,
    CONFIRMED: _confirmed,
    REVISITED: _revisited,
    TRIED: _tried,
    MINIMISED: _minimised,
    PROMOTED: _promoted,
}
