"""What a search writes into its run's journal, and how it comes back from there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import TypeVar

import msgspec

from cambrian.core.effect import EffectId, EffectState, Intent
from cambrian.core.errors import TaskError
from cambrian.core.evaluation import Evaluation, Status
from cambrian.core.event import fact
from cambrian.core.ids import Digest, VariantId, digest
from cambrian.core.variant import Variant
from cambrian.journal.kernel import Run

from .evaluation import Evaluator, Outcome
from .facts import (
    CASE,
    CONFIRMED,
    DROPPED,
    EVALUATED,
    MINIMISED,
    OPENED,
    PROPOSED,
    RESUMED,
    REVISITED,
    STOPPED,
    TRIED,
    AddStatus,
    Case,
    Confirmed,
    Evaluated,
    Leader,
    Minimised,
    Opened,
    Proposed,
    Resumed,
    Revisited,
    Stopped,
    StopReason,
    Tried,
    VariantRecord,
)
from .minimisation import Smaller
from .population import Population, Proposal, Verdict
from .proposer import Scored
from .surroundings import Surroundings, check_surroundings
from .task import Task

F = TypeVar("F")
Kept = Proposed | Evaluated | Case | Confirmed | Revisited | Tried | Minimised | Stopped
_KEPT: dict[str, type[Kept]] = {
    PROPOSED: Proposed, EVALUATED: Evaluated, CONFIRMED: Confirmed, REVISITED: Revisited, STOPPED: Stopped,
    TRIED: Tried, MINIMISED: Minimised, CASE: Case,
}  # fmt: skip
_TOGETHER = 256
"""Events that one commit may hold at most, and some."""


class Recorder:
    """The journal's side of a search.

    Args:
        run: where facts go.
        task: the task as it holds now.
        seed: of a new run; a run taken up again has its own.
        surroundings: what stands beside the scorer now; `None`: not known.
    """

    def __init__(self, run: Run, task: Task, *, seed: int, surroundings: Surroundings | None = None) -> None:
        self._run = run
        self._task = task
        self._seed = seed
        self._surroundings = surroundings
        self._opened: Opened | None = None
        self._looked = False
        self.elapsed_s = 0.0
        self.money = 0.0
        self.confirmed: list[Confirmed] = []
        self.stopped = False
        self._tried: list[Tried] = []
        self.cases: list[bytes] = []
        self._minimised: dict[VariantId, Minimised] = {}
        self._places: dict[VariantId, tuple[int, int]] = {}
        self._starts: dict[int, int] = {}
        self._revised: dict[VariantId, Evaluation] = {}

    async def seed(self) -> int:
        """The seed of this run."""
        opened = await self._look()
        return self._seed if opened is None else opened.seed

    async def _look(self) -> Opened | None:
        if not self._looked:
            async for event in self._run.replay(types={OPENED}):
                self._opened = msgspec.json.decode(event.data, type=Opened)
            self._looked = True
        return self._opened

    async def begin(self, population: Population, evaluator: Evaluator, *, jobs: int) -> list[tuple[Proposed, Variant]]:
        """Open a new search, or fold the facts of an old one into the population.

        Returns:
            What was in flight when the last process ended; it has an intent and no outcome.

        Raises:
            TaskError: the scorer, the program or a file beside them is not the one that the run began with.
        """
        opened, level = await self._look(), evaluator.level.name
        if opened is None:
            beside = [] if self._surroundings is None else [msgspec.json.encode(self._surroundings)]
            self._opened = Opened(
                task=self._task, seed=self._seed, jobs=jobs, level=level, level_reasons=evaluator.level_reasons,
                proposers=population.names, surroundings=digest(beside[0]) if beside else None,
            )  # fmt: skip
            await self._run.append(fact(OPENED, self._opened), blobs=beside)
            return []
        _same_task(opened.task, self._task)
        await self._same_surroundings(opened)
        lost = await self._replay(population)
        resumed = Resumed(task=self._task, jobs=jobs, level=level, elapsed_s=self.elapsed_s)
        await self._run.append(fact(RESUMED, resumed))
        return lost

    async def _same_surroundings(self, opened: Opened) -> None:
        """Refuse to go on beside other files; a run of an earlier version knows of none."""
        if opened.surroundings is None or self._surroundings is None or not self._task.same_files:
            return
        before = msgspec.json.decode(await self._run.blob(opened.surroundings), type=Surroundings)
        check_surroundings(before, self._surroundings, self._task)

    async def _replay(self, population: Population) -> list[tuple[Proposed, Variant]]:
        waiting: dict[int, tuple[int, Proposed]] = {}
        async for seq, record in self._facts():
            if isinstance(record, Proposed):
                population.replay_filtered(record.filtered)
                population.proposed(record)
                waiting[record.index] = seq, record
            elif isinstance(record, Evaluated):
                before, proposed = waiting.pop(record.index)
                await self._replay_one(population, proposed, record)
                self._remember(proposed, record, before, seq)
            elif isinstance(record, Confirmed):
                self.confirmed.append(record)
            elif isinstance(record, Revisited):
                self._revise(record.evaluation)
                await population.revisited(record.evaluation)
            elif isinstance(record, Case):
                self.cases.append(await self._run.blob(record.payload))
            elif isinstance(record, Tried):
                self._tried.append(record)
            elif isinstance(record, Minimised):
                self._minimised[record.parent] = record
                population.surpassed(record.evaluation)
            else:
                self.elapsed_s = max(self.elapsed_s, record.elapsed_s)
        self._starts = {index: seq for index, (seq, _) in waiting.items()}
        return [(proposed, await self.variant(proposed.variant)) for _, proposed in waiting.values()]

    async def _facts(self) -> AsyncIterator[tuple[int, Kept]]:
        async for event in self._run.replay(types=set(_KEPT)):
            yield event.seq, msgspec.json.decode(event.data, type=_KEPT[event.type])

    def _remember(self, proposed: Proposed, record: Evaluated, before: int, after: int) -> None:
        """Note at or before which events a variant stands that may become a parent."""
        if record.best or record.added:
            self._places[proposed.variant.id] = before, after

    async def fetch(self, variant: VariantId) -> Scored:
        """A variant that the archive keeps, without its report, from the journal; see `elites.Fetch`.

        Raises:
            LookupError: the archive never kept it.
        """
        if variant not in self._places:
            raise LookupError(f"variant {variant!r} was never kept")
        before, after = self._places[variant]
        proposed = await self._near(before, PROPOSED, Proposed, lambda item: item.variant.id == variant)
        evaluated = await self._near(after, EVALUATED, Evaluated, lambda item: item.evaluation.variant == variant)
        latest = self._revised.get(variant, evaluated.evaluation)
        return Scored(variant=await self.variant(proposed.variant), evaluation=latest)

    async def _near(self, seq: int, name: str, kind: type[F], wanted: Callable[[F], bool]) -> F:
        """The fact that stands at an event, or shortly before: where several were committed together."""
        async for event in self._run.replay(after=max(0, seq - _TOGETHER), types={name}, limit=_TOGETHER):
            record = msgspec.json.decode(event.data, type=kind)
            if wanted(record):
                return record
        raise LookupError(f"there is no {name} of that variant at event {seq}")

    async def _replay_one(self, population: Population, proposed: Proposed, record: Evaluated) -> None:
        self.elapsed_s = max(self.elapsed_s, record.elapsed_s)
        self.money += record.evaluation.usage.money
        report = await self._run.blob(record.evaluation.report) if record.evaluation.report else b""
        variant = await self.variant(proposed.variant)
        await population.evaluated(proposed, Scored(variant=variant, evaluation=record.evaluation, report=report))

    async def blob(self, digest: Digest) -> bytes:
        """What was kept under a digest.

        Raises:
            StoreDamaged: it is not there, or not what it was.
        """
        return await self._run.blob(digest)

    async def variant(self, record: VariantRecord) -> Variant:
        """A variant with the texts of its files."""
        files = {path: (await self._run.blob(item)).decode() for path, item in record.files.items()}
        return Variant(
            files=files, entry=record.entry, parents=record.parents, origin=record.origin, language=record.language
        )

    async def propose(self, proposal: Proposal) -> Proposed:
        """Write down that a candidate is about to be evaluated; durable when this returns."""
        variant = proposal.variant
        record = _record(variant)
        proposed = Proposed(
            index=proposal.index, attempt=proposal.attempt, niche=proposal.niche, variant=record,
            canonical=proposal.canonical, parent_rank=proposal.parent_rank, filtered=proposal.filtered,
            added=proposal.lines.added, returned=proposal.lines.returned,
        )  # fmt: skip
        intent = Intent(effect=_effect(proposed), kind="evaluate", key=str(proposal.index), idempotent=True)
        await self._run.intend(
            intent, fact(PROPOSED, proposed), blobs=[text.encode() for text in variant.files.values()]
        )
        self._starts[proposed.index] = self._run.seq
        return proposed

    async def record(
        self, proposed: Proposed, outcome: Outcome, verdict: Verdict, *, elapsed_s: float, cached: bool = False
    ) -> None:
        """Commit an outcome and what it changed, in one transaction. Artifacts are kept of what the archive keeps."""
        evaluation = outcome.evaluation
        kept = verdict.best or verdict.added is not AddStatus.NOT_ADDED
        blobs = [outcome.report] if outcome.report else []
        if kept and outcome.artifact:
            blobs.append(outcome.artifact)
        else:
            evaluation = msgspec.structs.replace(evaluation, artifact=None)
        evaluated = Evaluated(
            index=proposed.index, evaluation=evaluation, added=verdict.added, best=verdict.best,
            elapsed_s=elapsed_s, features=verdict.features, cached=cached,
        )  # fmt: skip
        state = EffectState.FAILED if evaluation.status is Status.CANCELLED else EffectState.APPLIED
        await self._run.conclude(_effect(proposed), state, fact(EVALUATED, evaluated), blobs=blobs)
        self._remember(proposed, evaluated, self._starts.pop(proposed.index, self._run.seq), self._run.seq)

    async def case(self, proposed: Proposed, outcome: Outcome) -> None:
        """Write down an input on which a candidate failed."""
        evaluation, payload = outcome.evaluation, outcome.case
        case = Case(
            index=proposed.index, variant=evaluation.variant, status=evaluation.status, said=evaluation.feedback[:500],
            payload=digest(payload), size=len(payload),
        )  # fmt: skip
        await self._run.append(fact(CASE, case), blobs=[payload])

    async def confirm(self, confirmed: Confirmed) -> None:
        """Write down what the winner's runs on fresh data gave."""
        self.confirmed.append(confirmed)
        await self._run.append(fact(CONFIRMED, confirmed))

    async def smaller(self, winner: Scored) -> Scored | None:
        """A winner without the edits that do not matter, if that is known: itself if all of them matter."""
        known = self._minimised.get(winner.variant.id)
        if known is None or known.variant is None or known.evaluation is None:
            return winner if known else None
        return Scored(variant=await self.variant(known.variant), evaluation=known.evaluation)

    def trials_of(self, winner: Scored) -> dict[VariantId, Tried]:
        """What a winner gave without some of its edits, as far as that was tried: by the id of what was run."""
        return {item.trial: item for item in self._tried if item.variant == winner.variant.id and not item.again}

    async def trial(self, tried: Tried) -> None:
        """Write down what a winner gave without some of its edits."""
        self._tried.append(tried)
        await self._run.append(fact(TRIED, tried))

    async def minimise(self, winner: Scored, smaller: Smaller, *, elapsed_s: float) -> None:
        """Write down which edits of the winner matter, and the smaller winner if there is one."""
        scored = smaller.scored
        minimised = Minimised(
            parent=winner.variant.id, edits=smaller.edits, left_out=smaller.left, elapsed_s=elapsed_s,
            variant=_record(scored.variant) if scored else None, evaluation=scored.evaluation if scored else None,
        )  # fmt: skip
        self._minimised[minimised.parent] = minimised
        texts = scored.variant.files.values() if scored else ()
        facts = [fact(DROPPED, item) for item in smaller.dropped]
        await self._run.append(*facts, fact(MINIMISED, minimised), blobs=[text.encode() for text in texts])

    async def revisit(self, outcome: Outcome, leader: tuple[int, Scored] | None, *, elapsed_s: float) -> None:
        """Write down what all runs of an elite give together, and who leads now if another one does."""
        usage, now = outcome.evaluation.usage, None
        if leader is not None:
            index, scored = leader
            now = Leader(index=index, evaluation=scored.evaluation, variant=_record(scored.variant))
        revisited = Revisited(
            evaluation=outcome.evaluation, cpu_s=usage.cpu_s + usage.scorer_cpu_s, leader=now, elapsed_s=elapsed_s
        )
        self._revise(outcome.evaluation)
        await self._run.append(fact(REVISITED, revisited))

    def _revise(self, evaluation: Evaluation) -> None:
        """What is known of a variant by now, for when it leaves memory and comes back."""
        if evaluation.ok:
            self._revised[evaluation.variant] = evaluation

    async def stop(self, reason: StopReason, *, elapsed_s: float) -> None:
        """Write down why the search ended."""
        self.stopped = True
        await self._run.append(fact(STOPPED, Stopped(reason=reason, elapsed_s=elapsed_s)))


def _record(variant: Variant) -> VariantRecord:
    return VariantRecord(
        id=variant.id, files={path: digest(text.encode()) for path, text in variant.files.items()},
        entry=variant.entry, origin=variant.origin, parents=variant.parents, language=variant.language,
    )  # fmt: skip


def _effect(proposed: Proposed) -> EffectId:
    return EffectId(f"evaluate:{proposed.index}")


def _same_task(before: Task, now: Task) -> None:
    """Refuse to go on with other rules than those that the earlier scores were given under."""
    for name, path in (
        ("evaluator_text", now.evaluator),
        ("program", now.entry.partition(":")[0]),
        ("equivalence", "task.toml"),
    ):
        if getattr(before, name) != getattr(now, name):
            what = "text" if name != "equivalence" else f"[{name}]"
            raise TaskError(
                f"it is not the {what} that this run began with, so old and new scores could not be compared",
                path=f"{now.folder}/{path}",
                fix=f"put the old {what} back, or begin a new run with `cambrian evolve`",
            )
