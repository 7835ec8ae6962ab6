"""A run's lineage and its texts → `Explained`. Reads the journal; a gain is what was measured, never a cause.

A step's gain belongs to all that the step changed. What a single hunk is worth is known only where somebody ran the
winner without it: facts of type ``search.dropped`` (`Dropped`) say so, and go before anything that is inferred.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from random import Random

import msgspec

from cambrian.app.report.gathering import fold
from cambrian.app.report.verdict import evidence_of, verdict_of
from cambrian.app.results_study import (
    EditCount,
    Explained,
    ExplainedHunk,
    ExplainedStep,
    FailureCount,
    Reintroduced,
)
from cambrian.app.workspace import Runs
from cambrian.core.ids import Digest, RunId
from cambrian.search.changes import Hunk, hunks, kind_of, returned, sources_of
from cambrian.search.facts import DROPPED, PROPOSED, Dropped, VariantRecord
from cambrian.search.lineage import Lineage

__all__ = ["DROPPED", "Dropped", "explain"]

SAMPLE = 400
"""Evaluations whose edits are classified, drawn at random, where a run has more."""
DESCENTS = 40
"""Descents of the latest bests in which lines that came back are counted."""
_FAILURES = 8

Texts = dict[str, str]


class _Record(msgspec.Struct):
    index: int
    variant: VariantRecord


async def explain(runs: Runs, name: str) -> Explained:
    """Explain a run.

    Raises:
        RunNotFound, UsageError: see `Runs.find` and `Runs.search`.
    """
    outcome = await runs.outcome(name)
    lineage = await fold(runs, outcome.run)
    line = lineage.line(lineage.winner) if lineage.winner is not None else []
    sample = _sampled(lineage)
    descents = [lineage.line(index) for index in lineage.bests[-DESCENTS:]]
    wanted = {*line, *sample, *(_parent(lineage, index) for index in sample), *(n for way in descents for n in way)}
    reader = _Texts(runs, await _records(runs, outcome.run, wanted))
    chain = [await reader.files(index) for index in line]
    dropped = await _dropped(runs, outcome.run, lineage)
    confirmed = [item.evidence for item in lineage.confirmed if outcome.best and item.variant == outcome.best.variant]
    return Explained(
        run=outcome.run, task=outcome.task, verdict=verdict_of(outcome),
        evidence=tuple(evidence_of(outcome, confirmed[-1] if confirmed else None)),
        steps=tuple([_step(lineage, reader, chain, place, index) for place, index in enumerate(line)]),
        hunks=_hunks(lineage, line, chain, dropped),
        edits=tuple(await _edits(lineage, reader, sample)), edits_of=len(sample),
        reintroduced=await _returned(reader, descents),
        failures=tuple(
            FailureCount(status=reason.status, words=reason.words, count=count)
            for reason, count in lineage.reasons.most_common(_FAILURES)
        ),
    )  # fmt: skip


def _parent(lineage: Lineage, index: int) -> int:
    return lineage.row(index).parents[0]


def _sampled(lineage: Lineage) -> list[int]:
    """Scored evaluations that have a parent: all, or as many of them, at random, as are classified."""
    scored = [row.number for row in lineage if row.parents and not math.isnan(row.value)]
    if len(scored) <= SAMPLE:
        return scored
    return sorted(Random(0).sample(scored, SAMPLE))


async def _records(runs: Runs, run: RunId, wanted: set[int]) -> dict[int, VariantRecord]:
    found: dict[int, VariantRecord] = {}
    async for event in runs.reader.read(run, types={PROPOSED}):
        record = msgspec.json.decode(event.data, type=_Record)
        if record.index in wanted:
            found[record.index] = record.variant
    return found


class _Texts:
    """Files of variants, the latest few hundred texts kept."""

    ROOM = 300

    def __init__(self, runs: Runs, records: Mapping[int, VariantRecord]) -> None:
        self._runs = runs
        self.records = records
        self._kept: dict[Digest, str] = {}

    async def files(self, index: int) -> Texts:
        """Path → text of an evaluation's variant."""
        return {path: await self._text(digest) for path, digest in self.records[index].files.items()}

    async def _text(self, digest: Digest) -> str:
        text = self._kept.pop(digest, None)
        self._kept[digest] = await self._runs.text(digest) if text is None else text
        if len(self._kept) > self.ROOM:
            del self._kept[next(iter(self._kept))]
        return self._kept[digest]


async def _dropped(runs: Runs, run: RunId, lineage: Lineage) -> dict[tuple[str, int], Dropped]:
    """What is known of the winner without one of its edits."""
    winner = None if lineage.winner is None else lineage.row(lineage.winner).variant
    found: dict[tuple[str, int], Dropped] = {}
    async for event in runs.reader.read(run, types={DROPPED}):
        record = msgspec.json.decode(event.data, type=Dropped)
        if record.variant == winner:
            found[record.path, record.line] = record
    return found


def _gain(lineage: Lineage, index: int) -> float | None:
    """By how much a step is better than its parent, in the direction of the first objective."""
    row = lineage.row(index)
    if not row.parents:
        return None
    objective = lineage.objectives[0]
    gain = objective.gain(row.value) - objective.gain(lineage.row(row.parents[0]).value)
    return gain if math.isfinite(gain) else None


def _step(lineage: Lineage, texts: _Texts, chain: Sequence[Texts], place: int, index: int) -> ExplainedStep:
    row = lineage.row(index)
    n = len(lineage.samples.get(index, ())) or 1
    return ExplainedStep(
        evaluation=index, variant=row.variant, value=row.value, gain=_gain(lineage, index), proposer=row.proposer,
        why=texts.records[index].origin.why, kind=kind_of(chain[place - 1], chain[place]) if place else "nothing",
        measured=n, also_from=row.parents[1:],
    )  # fmt: skip


def _hunks(
    lineage: Lineage, line: Sequence[int], chain: Sequence[Texts], dropped: Mapping[tuple[str, int], Dropped]
) -> tuple[ExplainedHunk, ...]:
    """The winner's hunks with the steps that made them; those that were tried without, the dearest first."""
    if len(chain) < 2:
        return ()
    found = [
        _hunk(lineage, line, chain, hunk, dropped.get((hunk.path, hunk.line))) for hunk in hunks(chain[0], chain[-1])
    ]
    return tuple(sorted(found, key=lambda item: -math.inf if item.loss is None else item.loss, reverse=True))


def _hunk(
    lineage: Lineage, line: Sequence[int], chain: Sequence[Texts], hunk: Hunk, without: Dropped | None
) -> ExplainedHunk:
    made = [line[place] for place in sources_of(chain, hunk)]
    return ExplainedHunk(
        path=hunk.path, line=hunk.line, removed=hunk.removed, added=hunk.added, steps=tuple(made),
        gains=tuple(_gain(lineage, index) for index in made), loss=without.loss if without else None,
        samples=without.samples if without else 0, fails=without.fails if without else "",
    )  # fmt: skip


async def _edits(lineage: Lineage, texts: _Texts, sample: Sequence[int]) -> list[EditCount]:
    """How often each kind of edit was tried by each proposer, how often it helped, and what it gained in sum."""
    tried, helped = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    gained: dict[tuple[str, str], float] = {}
    for index in sample:
        before, after = await texts.files(_parent(lineage, index)), await texts.files(index)
        key = lineage.row(index).proposer, kind_of(before, after)
        gain = _gain(lineage, index) or 0.0
        tried[key] += 1
        if gain > 0:
            helped[key] += 1
            gained[key] = gained.get(key, 0.0) + gain
    return [
        EditCount(proposer=key[0], kind=key[1], tried=count, helped=helped[key], gain=gained.get(key, 0.0))
        for key, count in sorted(tried.items(), key=lambda item: (-gained.get(item[0], 0.0), -item[1], item[0]))
    ]


async def _returned(texts: _Texts, descents: Sequence[Sequence[int]]) -> Reintroduced:
    """Lines that came back, over the descents of the latest bests; a step that several share counts once."""
    added = back = 0
    seen: set[int] = set()
    for way in descents:
        chain = [await texts.files(index) for index in way]
        for place in range(1, len(way)):
            if way[place] in seen:
                continue
            seen.add(way[place])
            whole, before = returned(chain[: place + 1]), returned(chain[:place])
            added += whole.added - before.added
            back += whole.returned - before.returned
    return Reintroduced(steps=len(seen), added=added, returned=back)
