"""`Lineage`: every evaluation of a search in columns, folded from its facts. Pure: no I/O, no text of programs.

About 250 bytes an evaluation, so that a hundred thousand fit where a report is made. What needs a candidate's text or
its maker's words reads the events of the few that matter a second time.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

import msgspec

from cambrian.core.evaluation import Objective, Usage
from cambrian.core.event import Event
from cambrian.core.evidence import Evidence
from cambrian.core.ids import VariantId

from .facts import EVALUATED, MINIMISED, OPENED, PROPOSED, RESUMED, STOPPED, Filtered, Opened
from .reasons import reason

CONFIRMED, REVISITED = "search.confirmed", "search.revisited"
PENDING = "in flight"
"""Status of an evaluation without an outcome."""
NOBODY = -1
"""Parent of what was made from nothing that is known here."""

_REASONS = 500
"""Different reasons of failures that are counted apart; candidates choose their own words."""

MarkKind = Literal["opened", "resumed", "stopped"]


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """A moment between evaluations.

    Args:
        kind: what happened.
        evaluations: how many were finished by then.
        elapsed_s: engine time.
        time: seconds since the Unix epoch.
        detail: why it stopped; the jail's level otherwise.
    """

    kind: MarkKind
    evaluations: int
    elapsed_s: float
    time: float
    detail: str = ""


class Confirmation(msgspec.Struct, frozen=True, kw_only=True):
    """The winner beside the initial program on data that nothing was chosen by: ``search.confirmed``.

    Args:
        variant: the winner then.
        evidence: whether it is better, and on what ground.
    """

    variant: VariantId
    evidence: Evidence


class Reason(NamedTuple):
    """Why evaluations gave no score: the status, and the last line that was said, numbers left out."""

    status: str
    words: str


class Row(NamedTuple):
    """One evaluation. `value` is the first objective's; NaN without a score. `cpu_total` is the run's CPU by then."""

    number: int
    variant: VariantId
    parents: tuple[int, ...]
    proposer: str
    status: str
    value: float
    cpu_s: float
    cpu_total: float
    elapsed_s: float
    added: bool
    best: bool
    niche: int


class _Made(msgspec.Struct):
    """What is read of ``Proposed.variant.origin``."""

    proposer: str


class _Variant(msgspec.Struct):
    id: VariantId
    origin: _Made
    parents: tuple[VariantId, ...] = ()


class _Proposed(msgspec.Struct):
    index: int
    variant: _Variant
    niche: int = 0
    filtered: tuple[Filtered, ...] = ()


class _Evaluation(msgspec.Struct):
    """What is read of an `Evaluation`."""

    status: str
    objectives: dict[str, float] = {}
    usage: Usage = Usage()
    detail: str = ""
    feedback: str = ""
    samples: tuple[float, ...] = ()


class _Evaluated(msgspec.Struct):
    index: int
    evaluation: _Evaluation
    elapsed_s: float
    added: int = 0
    best: bool = False
    features: tuple[float, ...] = ()


class _Leader(msgspec.Struct):
    index: int


class _Again(_Evaluation):
    variant: VariantId = VariantId("")


class _Revisited(msgspec.Struct):
    """An elite was run again; `leader` if another one leads for it."""

    evaluation: _Again
    cpu_s: float = 0.0
    leader: _Leader | None = None


class _Id(msgspec.Struct):
    id: VariantId


class _Minimised(msgspec.Struct):
    """What is read of `facts.Minimised`."""

    parent: VariantId
    variant: _Id | None = None


class _Stop(msgspec.Struct):
    elapsed_s: float
    reason: str = ""
    level: str = ""


_PROPOSED = msgspec.json.Decoder(_Proposed)
_EVALUATED = msgspec.json.Decoder(_Evaluated)
_STOP = msgspec.json.Decoder(_Stop)
_REVISITED = msgspec.json.Decoder(_Revisited)
_CONFIRMED = msgspec.json.Decoder(Confirmation)


class Lineage:
    """The population of a run and how it descends. Feed it every event in order with `apply`.

    Attributes:
        objectives: of the task; the first is the one that ranks.
        dimensions: names of the features.
        finished: numbers of evaluations in the order of their outcomes, cancelled ones included.
        features: number → place in feature space, of what an archive kept.
        samples: number → the first objective, run by run, where several runs were taken.
        smaller: winner → the same without the edits that do not matter, where there were any.
        confirmed: what running the winner again on fresh data showed, each time that a search ended; the last holds.
        further: number → values of the other objectives, where the task has several.
        reasons: why evaluations failed → how many.
        examples: such a reason → the first evaluation that failed so.
        filtered: (proposer, reason) → candidates turned down before running.
        marks: begins, resumes and stops.
    """

    def __init__(self) -> None:
        self.objectives: tuple[Objective, ...] = ()
        self.dimensions: tuple[str, ...] = ()
        self.finished = array("l")
        self.features: dict[int, tuple[float, ...]] = {}
        self.samples: dict[int, tuple[float, ...]] = {}
        self.further: dict[int, tuple[float, ...]] = {}
        self.reasons: Counter[Reason] = Counter()
        self.examples: dict[Reason, int] = {}
        self.filtered: Counter[tuple[str, str]] = Counter()
        self.marks: list[Mark] = []
        self.confirmed: list[Confirmation] = []
        self.smaller: dict[VariantId, VariantId] = {}
        self._variants: list[VariantId] = []
        self._names: list[str] = [PENDING]
        self._codes: dict[str, int] = {PENDING: 0}
        self._places: dict[VariantId, int] = {}
        self._parents: list[tuple[int, ...]] = []
        self._niche = array("l")
        self._proposer, self._status, self._flags = array("H"), array("H"), array("B")
        self._value, self._cpu, self._total, self._elapsed = array("d"), array("d"), array("d"), array("d")
        self._spent = 0.0
        self._leader: int | None = None

    def __len__(self) -> int:
        return len(self._variants)

    def __iter__(self) -> Iterator[Row]:
        return map(self.row, range(len(self)))

    def apply(self, event: Event) -> None:
        """Take one event in; unknown types are passed over."""
        if event.type == PROPOSED:
            self._propose(_PROPOSED.decode(event.data))
        elif event.type == EVALUATED:
            self._conclude(_EVALUATED.decode(event.data))
        elif event.type == OPENED:
            opened = msgspec.json.decode(event.data, type=Opened)
            self.objectives = opened.task.objectives
            self.dimensions = opened.task.strategy.grid.dimensions
            self._mark("opened", event, _Stop(elapsed_s=0.0, level=opened.level))
        elif event.type == RESUMED:
            self._mark("resumed", event, _STOP.decode(event.data))
        elif event.type == STOPPED:
            self._mark("stopped", event, _STOP.decode(event.data))
        elif event.type == CONFIRMED:
            self.confirmed.append(_CONFIRMED.decode(event.data))
        elif event.type == MINIMISED:
            found = msgspec.json.decode(event.data, type=_Minimised)
            if found.variant is not None:
                self.smaller[found.parent] = found.variant.id
        elif event.type == REVISITED:
            self._revisit(_REVISITED.decode(event.data))

    def _mark(self, kind: MarkKind, event: Event, what: _Stop) -> None:
        self.marks.append(
            Mark(
                kind=kind, evaluations=len(self.finished), elapsed_s=what.elapsed_s, time=event.time,
                detail=what.reason or what.level,
            )
        )  # fmt: skip

    def _propose(self, record: _Proposed) -> None:
        while len(self) <= record.index:
            self._blank()
        at, variant = record.index, record.variant
        self._variants[at] = variant.id
        places = (self._places.get(item, at) for item in variant.parents)
        self._parents[at] = tuple(place for place in places if place < at)  # nobody descends from what came later
        self._places.setdefault(variant.id, at)
        self._proposer[at], self._niche[at] = self._code(variant.origin.proposer), record.niche
        for item in record.filtered:
            self.filtered[item.proposer, item.reason] += item.count

    def _blank(self) -> None:
        self._variants.append(VariantId(""))
        self._parents.append(())
        for column in (self._niche, self._proposer, self._status, self._flags):
            column.append(0)
        for column in (self._value, self._cpu, self._total, self._elapsed):
            column.append(math.nan)

    def _code(self, name: str) -> int:
        if name not in self._codes:
            self._codes[name] = len(self._names)
            self._names.append(name)
        return self._codes[name]

    def _conclude(self, record: _Evaluated) -> None:
        at, result = record.index, record.evaluation
        spent = result.usage.cpu_s + result.usage.scorer_cpu_s
        self._spent += spent
        self.finished.append(at)
        self._status[at] = self._code(result.status)
        self._cpu[at], self._total[at], self._elapsed[at] = spent, self._spent, record.elapsed_s
        self._flags[at] = 2 * record.best + (record.added > 0)
        if record.best:
            self._leader = at
        if result.status == "ok":
            self._score(at, record)
        elif result.status != "cancelled":
            self._fail(at, result)

    def _score(self, at: int, record: _Evaluated) -> None:
        given = record.evaluation
        values = [given.objectives.get(item.name, math.nan) for item in self.objectives]
        self._value[at] = values[0] if values else math.nan
        if len(values) > 1:
            self.further[at] = tuple(values[1:])
        if record.features and record.added:
            self.features[at] = record.features
        if len(given.samples) > 1:
            self.samples[at] = given.samples

    def _revisit(self, record: _Revisited) -> None:
        """What all runs of an elite together give takes the place of what its first runs gave."""
        self._spent += record.cpu_s
        at, again = self._places.get(record.evaluation.variant), record.evaluation
        if at is not None and again.status == "ok" and self.objectives:
            self._value[at] = again.objectives.get(self.objectives[0].name, self._value[at])
            if len(again.samples) > 1:
                self.samples[at] = again.samples
        if record.leader is not None:
            self._leader = record.leader.index

    def _fail(self, at: int, result: _Evaluation) -> None:
        why = Reason(result.status, reason(result.feedback, result.detail))
        if why not in self.examples and len(self.examples) >= _REASONS:
            why = Reason(result.status, "(many other reasons)")
        self.reasons[why] += 1
        self.examples.setdefault(why, at)

    def row(self, index: int) -> Row:
        """One evaluation."""
        flags = self._flags[index]
        return Row(
            index, self._variants[index], self._parents[index], self._names[self._proposer[index]],
            self._names[self._status[index]], self._value[index], self._cpu[index], self._total[index],
            self._elapsed[index], bool(flags & 1), bool(flags & 2), self._niche[index],
        )  # fmt: skip

    def place(self, variant: VariantId) -> int | None:
        """Number of the first evaluation of a variant."""
        return self._places.get(variant)

    @property
    def bests(self) -> list[int]:
        """Evaluations that were the best so far when they came, in that order; the initial program first."""
        return [index for index in self.finished if self._flags[index] & 2]

    @property
    def winner(self) -> int | None:
        """Who leads: the last best, or the one that leads since a lucky best fell back when it was run again."""
        return self._leader

    def line(self, index: int) -> list[int]:
        """The way from a first ancestor to an evaluation, by first parents."""
        way = [index]
        while self._parents[way[-1]]:
            way.append(self._parents[way[-1]][0])
        return way[::-1]

    def ancestors(self, indices: Iterable[int]) -> set[int]:
        """These evaluations and all from which they descend, by all parents."""
        found: set[int] = set()
        waiting = list(indices)
        while waiting:
            index = waiting.pop()
            if index not in found:
                found.add(index)
                waiting.extend(self._parents[index])
        return found
