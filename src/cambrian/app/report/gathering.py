"""Journal → `Content`. Streams the run's events; what it holds is bounded by `Bounds`, but for the lineage."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from random import Random

import msgspec

from cambrian.app.comparison.ranks import median_interval
from cambrian.app.results import Outcome
from cambrian.app.workspace import Runs
from cambrian.core.errors import StoreDamaged
from cambrian.core.evaluation import Objective
from cambrian.core.evidence import Evidence
from cambrian.core.ids import Digest, RunId
from cambrian.core.quantity import format_size
from cambrian.search.facts import OPENED, PROPOSED, Opened, Proposed
from cambrian.search.lineage import PENDING, Lineage, Row
from cambrian.search.strategy_config import StrategyConfig

from .content import Content, Failure, Points, Share, Step, Totals
from .lattice import archive_of, lattice_of

__all__ = ["Bounds", "fold", "gather"]

_WHY = 200
_FAILURES = 60
_INTERVAL = "interval of the median, free of assumptions, at 95 %; the range where it was measured fewer than six times"


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """How much a page may hold: evaluations drawn, and bytes of programs' texts."""

    points: int = 20_000
    text_bytes: int = 4 * 2**20


class _Words(msgspec.Struct, frozen=True):
    """What is told of a candidate besides its figures."""

    why: str
    files: dict[str, Digest]


async def fold(runs: Runs, run: RunId) -> Lineage:
    """A run's whole lineage.

    Raises:
        StoreDamaged: an event cannot be read.
    """
    lineage = Lineage()
    try:
        async for event in runs.reader.read(run):
            lineage.apply(event)
    except (msgspec.MsgspecError, LookupError) as error:
        raise StoreDamaged(
            f"run {run!r} cannot be read: {error}; look at it with `cambrian runs events {run}`"
        ) from error
    return lineage


async def gather(runs: Runs, name: str, bounds: Bounds = Bounds()) -> Content:  # noqa: B008 - frozen
    """Everything that a report of a run shows.

    Raises:
        RunNotFound, UsageError: see `Runs.find` and `Runs.search`.
    """
    outcome = await runs.outcome(name)
    lineage = await fold(runs, outcome.run)
    shown = _chosen(lineage, bounds.points)
    words = await _words(runs, outcome.run, set(shown))
    texts = _Texts(bounds.text_bytes)
    for index in _by_interest(lineage, shown):
        if index in words:
            await texts.take(runs, index, words[index].files)
    rows = [lineage.row(index) for index in shown]
    line = lineage.line(lineage.winner) if lineage.winner is not None else []
    names = _features(lineage)
    strategy = await _strategy(runs, outcome.run)
    return Content(
        outcome=_without_texts(outcome), objectives=lineage.objectives,
        proposers=(proposers := _names(row.proposer for row in rows)),
        statuses=(statuses := _names(row.status for row in rows)),
        points=_points(rows, proposers, statuses), totals=_totals(lineage, outcome), winner=lineage.winner,
        line=line, steps=[_step(lineage, index, words) for index in line],
        improving=sorted(lineage.ancestors(lineage.bests) & set(shown)),
        others={row.number: list(row.parents[1:]) for row in rows if len(row.parents) > 1},
        why={index: item.why for index, item in words.items() if item.why},
        variants=texts.variants, texts=texts.texts,
        intervals=_intervals(lineage, shown), interval_told=_INTERVAL,
        cells=[(index, lineage.features[index]) for index in shown if index in lineage.features],
        features=[names] if names else [], lattice=lattice_of(strategy, len(names)), archive=archive_of(strategy),
        further={index: lineage.further[index] for index in shown if index in lineage.further},
        shares=_shares(lineage), failures=_failures(lineage),
        filtered=[(who, why, count) for (who, why), count in lineage.filtered.most_common()],
        marks=lineage.marks, confirmed=_confirmed(lineage),
        left_out=_left_out(lineage, shown, texts), told=_told(lineage, outcome),
    )  # fmt: skip


def _chosen(lineage: Lineage, most: int) -> list[int]:
    """Evaluations to draw: all, or all improving ancestors and, at random, as many others as there is room for."""
    if len(lineage) <= most:
        return list(range(len(lineage)))
    first = [*lineage.bests, *sorted(lineage.ancestors(lineage.bests))]
    must = list(dict.fromkeys(first))[:most]
    rest = sorted(set(range(len(lineage))) - set(must))
    # at random, not every n-th: proposers often take turns, and then every n-th is always the same one's
    return sorted([*must, *Random(0).sample(rest, most - len(must))])


def _by_interest(lineage: Lineage, shown: Sequence[int]) -> list[int]:
    """The order in which texts are taken along: the winner's descent, all bests, their ancestors, elites, the rest."""
    winner = lineage.winner
    first: list[int] = [] if winner is None else lineage.line(winner)
    first += [*lineage.bests, *sorted(lineage.ancestors(lineage.bests))]
    first += [index for index in shown if lineage.row(index).added]
    return [index for index in dict.fromkeys([*first, *shown]) if index < len(lineage)]


async def _words(runs: Runs, run: RunId, wanted: Collection[int]) -> dict[int, _Words]:
    """What makers said of the candidates that are shown, and where their texts are."""
    found: dict[int, _Words] = {}
    async for event in runs.reader.read(run, types={PROPOSED}):
        record = msgspec.json.decode(event.data, type=Proposed)
        if record.index in wanted:
            found[record.index] = _Words(record.variant.origin.why[:_WHY], record.variant.files)
    return found


class _Texts:
    """Texts of programs, each once, until there is no more room."""

    def __init__(self, room: int) -> None:
        self.texts: list[str] = []
        self.variants: dict[int, dict[str, int]] = {}
        self.missed = 0
        self._room = room
        self._places: dict[Digest, int] = {}

    async def take(self, runs: Runs, index: int, files: dict[str, Digest]) -> None:
        """A variant's texts, all or none."""
        if self._room <= 0:
            self.missed += 1
            return
        new = {digest: await runs.text(digest) for digest in files.values() if digest not in self._places}
        size = sum(len(text.encode()) for text in new.values())
        if size > self._room:
            self.missed += 1
            return
        self._room -= size
        for digest, text in new.items():
            self._places[digest] = len(self.texts)
            self.texts.append(text)
        self.variants[index] = {path: self._places[digest] for path, digest in files.items()}


def _names(used: Iterable[str]) -> list[str]:
    return sorted(set(used))


def _confirmed(lineage: Lineage) -> Evidence | None:
    """Evidence about the variant that is the winner now."""
    if lineage.winner is None:
        return None
    winner = lineage.row(lineage.winner).variant
    about = [item.evidence for item in lineage.confirmed if item.variant in (winner, lineage.smaller.get(winner))]
    return about[-1] if about else None


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _points(rows: Sequence[Row], proposers: Sequence[str], statuses: Sequence[str]) -> Points:
    who = {name: place for place, name in enumerate(proposers)}
    how = {name: place for place, name in enumerate(statuses)}
    return Points(
        n=[row.number for row in rows],
        parent=[row.parents[0] if row.parents else None for row in rows],
        p=[who[row.proposer] for row in rows],
        s=[how[row.status] for row in rows],
        v=[_number(row.value) for row in rows],
        cpu=[_number(round(row.cpu_total, 4)) for row in rows],
        t=[_number(round(row.elapsed_s, 3)) for row in rows],
        best=[int(row.best) for row in rows],
        niche=[row.niche for row in rows],
    )


def _totals(lineage: Lineage, outcome: Outcome) -> Totals:
    return Totals(evaluations=max(1, len(lineage) - 1), cpu=outcome.cost.cpu_s, time=outcome.wall_s)


def _step(lineage: Lineage, index: int, words: dict[int, _Words]) -> Step:
    row = lineage.row(index)
    parent = row.parents[0] if row.parents else None
    gain = math.nan
    if parent is not None:
        objective = lineage.objectives[0]
        gain = objective.gain(row.value) - objective.gain(lineage.row(parent).value)
    why = words[index].why if index in words else ""
    return Step(
        number=index, parent=parent, value=_number(row.value), gain=_number(gain), proposer=row.proposer, why=why
    )


def _intervals(lineage: Lineage, shown: Sequence[int]) -> dict[int, tuple[float, float]]:
    found: dict[int, tuple[float, float]] = {}
    for index in shown:
        if index in lineage.samples:
            low, high, _ = median_interval(lineage.samples[index])
            found[index] = low, high
    return found


def _shares(lineage: Lineage) -> dict[str, Share]:
    shares: dict[str, Share] = {}
    for row in lineage:
        if row.status in (PENDING, "cancelled"):
            continue
        share = shares.setdefault(row.proposer, Share())
        share.evaluations += 1
        share.bests += row.best
        share.kept += row.added
        share.failures += row.status != "ok"
        share.cpu_s += row.cpu_s
    for (who, _), count in lineage.filtered.items():
        shares.setdefault(who, Share()).filtered += count
    return dict(sorted(shares.items(), key=lambda item: (-item[1].bests, -item[1].kept, item[0])))


def _failures(lineage: Lineage) -> list[Failure]:
    return [
        Failure(status=reason.status, words=reason.words, count=count, example=lineage.examples[reason])
        for reason, count in lineage.reasons.most_common(_FAILURES)
    ]


def _features(lineage: Lineage) -> list[str]:
    """Names for the places in feature space that the archive used."""
    width = max(map(len, lineage.features.values()), default=0)
    named = len(lineage.dimensions) == width
    return list(lineage.dimensions) if named else [f"feature {number}" for number in range(1, width + 1)]


async def _strategy(runs: Runs, run: RunId) -> StrategyConfig:
    async for event in runs.reader.read(run, types={OPENED}):
        return msgspec.json.decode(event.data, type=Opened).task.strategy
    return StrategyConfig()


def _without_texts(outcome: Outcome) -> Outcome:
    """The texts stand in the page once, by their place."""
    bare = {
        name: msgspec.structs.replace(found, files={})
        for name, found in (("initial", outcome.initial), ("best", outcome.best))
        if found is not None
    }
    return msgspec.structs.replace(outcome, **bare)


def _left_out(lineage: Lineage, shown: Sequence[int], texts: _Texts) -> list[str]:
    told: list[str] = []
    if len(shown) < len(lineage):
        told.append(
            f"{len(lineage) - len(shown)} of {len(lineage)} evaluations are not drawn; all ancestors of improvements "
            "are, the others by chance. The best so far, all counts and all totals are of the whole run."
        )
    if texts.missed:
        size = format_size(sum(len(text.encode()) for text in texts.texts))
        told.append(
            f"The texts of {texts.missed} variants are not in this page, which holds {size} of texts; "
            "`cambrian runs diff` shows any two, `cambrian runs export` writes them all."
        )
    return told


def _told(lineage: Lineage, outcome: Outcome) -> dict[str, str]:
    objective: Objective = lineage.objectives[0]
    bests = [lineage.row(index) for index in lineage.bests]
    fitness = f"{outcome.evaluations} evaluations, {len(bests)} of them the best when they came"
    if bests:
        fitness += f": {objective.name} from {bests[0].value:.10g} to {bests[-1].value:.10g}"
    resumes = sum(mark.kind == "resumed" for mark in lineage.marks)
    return {
        "fitness": fitness + ".",
        "timeline": f"{outcome.evaluations} evaluations in {outcome.wall_s:.1f} s, taken up again {resumes} times.",
    }
