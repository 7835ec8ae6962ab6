"""The search's loop: ask, check, run, record, tell. Everything it knows is in its run's journal.

`Search.run` is the page to read. What stands beside it: `population` (what a search knows), `evaluation` (how a variant
is run and scored), `recorder` (what goes into the journal and how it comes back), `stoppers` (when to end).
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import cast

import anyio

from cambrian.compute.local import Done, LocalPool
from cambrian.core.errors import TaskError, UsageError
from cambrian.core.evaluation import Evaluation, Status
from cambrian.core.ports import Clock
from cambrian.core.variant import Variant
from cambrian.journal.kernel import Run

from .cases import Cases
from .confirmation import Confirmation, reserve
from .evaluation import Evaluator, Outcome, again, sampled
from .facts import Proposed, StopReason
from .minimisation import Minimisation, allowed
from .minimisation import reserve as reserve_for_minimising
from .population import Population, Proposal
from .proposer import Proposer, Scored
from .recall import Recall
from .recorder import Recorder
from .stoppers import Stoppers
from .surroundings import Surroundings
from .task import Task

Pool = LocalPool[Evaluator, Outcome]

BREAKDOWNS = 5
"""Workers in a row that died or could not be started before a search gives up: then it is not bad luck."""


class Search:
    """One search, new or taken up again.

    Args:
        run: where its facts go; held by this process.
        task: the task, with the budget that holds now.
        seed: of all randomness; a run taken up again keeps its own.
        jobs: evaluations at a time.
        clock: for the wall budget.
        proposers: who proposes; by default those of the registry that the task's strategy names and that fit.
        recall: evaluations that earlier searches have made; `None`: everything runs.
        surroundings: what stands beside the scorer now; `None`: not known, so a run taken up again is not held to it.
    """

    def __init__(
        self, *, run: Run, task: Task, seed: int, jobs: int, clock: Clock, proposers: Sequence[Proposer] | None = None,
        recall: Recall | None = None, surroundings: Surroundings | None = None,
    ) -> None:  # fmt: skip
        self._task = task
        self._proposers = proposers
        self._recall = recall
        self._jobs = jobs
        self._recorder = Recorder(run, task, seed=seed, surroundings=surroundings)
        self._stoppers = Stoppers(task, clock)
        self._breakdowns = 0
        self._flying: dict[int, tuple[Proposed, Variant]] = {}
        self._ready: Proposal | None = None
        self._revisits: set[int] = set()
        self._pool: Pool | None = None
        self._fresh = False
        self._cases = Cases(task.cases)
        self._confirming_s = 0.0

    def finish(self) -> None:
        """Propose nothing more, let what is in flight end. For a signal handler."""
        self._stoppers.interrupted = True

    def cancel(self) -> None:
        """End what is in flight and record it as cancelled. For a signal handler."""
        self._stoppers.interrupted = True
        if self._pool is not None:
            self._pool.cancel()

    async def run(self) -> StopReason:
        """Search until a stopper says so.

        Returns:
            What ended it.

        Raises:
            TaskError: the evaluator cannot be loaded, or the initial program gives no score.
            IsolationUnavailable: no jail of the level that the task asks for.
            SandboxError: workers keep dying, or cannot be started any more.
            Fenced: another process has taken the run over.
        """
        setting = self._task.setting(await self._recorder.seed())
        proposers = self._proposers
        if proposers is None:
            from .registry import make_proposers

            proposers = make_proposers(setting, self._task.strategy.proposers)
        population = Population(self._task, seed=setting.seed, proposers=proposers, fetch=self._recorder.fetch)
        try:
            first = await self._start_slot()
            self._fresh = first.has_inputs
            if self._recall is not None:
                self._recall.at(first.level.name)
            async with LocalPool[Evaluator, Outcome](self._start_slot, size=self._jobs) as pool:
                pool.add(first)
                self._pool = pool
                return await self._loop(population, pool, first)
        except ExceptionGroup as group:
            raise await self._noted(population, _single(group)) from None
        except UsageError as error:
            raise await self._noted(population, error) from None
        finally:
            self._pool = None
            with anyio.CancelScope(shield=True):
                await population.aclose()

    async def _noted(self, population: Population, error: Exception) -> Exception:
        """Write down that a run has no start if the task or a setting is wrong: taking it up again would not help."""
        if isinstance(error, UsageError) and population.first is None and not self._recorder.stopped:
            await self._recorder.stop("initial_failed", elapsed_s=self._stoppers.elapsed())
        return error

    async def _loop(self, population: Population, pool: Pool, first: Evaluator) -> StopReason:
        for proposed, variant in await self._recorder.begin(population, first, jobs=self._jobs):
            self._start(population, pool, proposed, variant)  # in flight when the last process died: run again
        for payload in self._recorder.cases:
            self._cases.take(payload)
        self._stoppers.begin(elapsed=self._recorder.elapsed_s, money=self._recorder.money)
        reason: StopReason | None = None
        while True:
            reason = reason or await self._fill(population, pool)
            if pool.running == 0 and reason is not None:
                break
            if reason == "target":
                pool.cancel()
            if reason is None and self._jobs > 1:
                await self._prepare(population)
            done = await pool.next(timeout=None if reason == "wall" else self._stoppers.remaining())
            if done is None:
                reason = "wall"
                pool.cancel()
            else:
                await self._record(population, done)
        if reason != "interrupted":
            await self._confirm(population, pool, await self._minimise(population, pool))
        await self._recorder.stop(reason, elapsed_s=self._stoppers.elapsed())
        return reason

    async def _minimise(self, population: Population, pool: Pool) -> Scored | None:
        """The winner, without the edits that do not matter if there was anything to leave out."""
        first, winner = population.first, population.leader
        if first is None or winner is None or first.variant.id == winner.variant.id or not self._task.minimise:
            return winner
        known = await self._recorder.smaller(winner)
        if known is not None:
            return known
        minimisation = Minimisation(
            self._task, pool, initial=first, winner=winner, filters=population.filters, noisy=population.noisy,
            known=self._recorder.trials_of(winner), tell=self._recorder.trial,
            runs=allowed(self._task, population.evaluations),
        )  # fmt: skip
        smaller = await minimisation.run(self._time_to_minimise)
        if smaller is None or self._stoppers.interrupted:
            return winner
        await self._recorder.minimise(winner, smaller, elapsed_s=self._stoppers.elapsed())
        return smaller.scored or winner

    def _time_to_minimise(self) -> float | None:
        left = self._time_to_confirm()
        return None if left is None else max(0.0, left - self._confirming_s)

    async def _confirm(self, population: Population, pool: Pool, winner: Scored | None) -> None:
        """Run the winner again on fresh data, unless that was done already or there is nothing to confirm."""
        first, earlier = population.first, self._recorder.confirmed
        if first is None or winner is None or not self._task.sampling.confirm:
            return
        if first.variant.id == winner.variant.id:
            return
        if any(item.variant == winner.variant.id and item.evidence.n for item in earlier):
            return
        campaign = len(earlier) + 1
        confirmation = Confirmation(
            self._task, pool, initial=first, winner=winner, fresh=self._fresh, noisy=population.noisy,
            campaign=campaign, rng=Random(f"{await self._recorder.seed()}:confirm:{campaign}"),
            blob=self._recorder.blob,
        )  # fmt: skip
        await self._recorder.confirm(await confirmation.run(self._time_to_confirm))

    def _time_to_confirm(self) -> float | None:
        return 0.0 if self._stoppers.interrupted else self._stoppers.left()

    async def _fill(self, population: Population, pool: Pool) -> StopReason | None:
        """Give every free worker a candidate; why not, if the search is to end."""
        while pool.free > 0:
            reason = self._stoppers.check(population, in_flight=len(self._flying))
            if reason is not None:
                return reason
            if await self._revisit(population, pool):
                continue
            if population.index == 0:
                proposal = population.initial()
            elif population.best is None:
                return None  # the initial program is still in flight: there are no parents yet
            else:
                await self._prepare(population)
                proposal, self._ready = self._ready, None
            if proposal is None:
                return None if pool.running else "exhausted"
            proposed = await self._recorder.propose(proposal)
            population.proposed(proposed)
            known = self._recall.look(proposal.canonical, proposal.variant, population) if self._recall else None
            if known is None:
                self._start(population, pool, proposed, proposal.variant)
            else:
                await self._take_in(population, proposed, proposal.variant, known, cached=True)
        return None

    async def _prepare(self, population: Population) -> None:
        """Have the next candidate at hand before a worker asks for it, so that no worker waits for the proposers.

        With one job there is nobody to overtake, and the next candidate shall know of the last outcome: two runs with
        the same seed are then the same.
        """
        if self._ready is None and population.best is not None:
            self._ready = await population.propose()

    def _start(self, population: Population, pool: Pool, proposed: Proposed, variant: Variant) -> None:
        self._flying[proposed.index] = proposed, variant
        plan = population.plan()
        pool.start(proposed.index, lambda slot: sampled(slot, variant, plan))

    async def _revisit(self, population: Population, pool: Pool) -> bool:
        """Run an elite again if it is time."""
        elite = None if self._revisits else await population.due()
        if elite is None:
            return False
        plan, tag = population.plan(), min(self._revisits, default=0) - 1
        self._revisits.add(tag)
        pool.start(tag, lambda slot: again(slot, elite.evaluation, elite.variant, plan))
        return True

    async def _record_again(self, population: Population, done: Done[Outcome]) -> None:
        """Commit what an elite's further runs gave; runs that were cut off say nothing."""
        if done.result is None:
            return
        before = population.leader
        best = await population.revisited(done.result.evaluation)
        leader = (best.born, population.leader) if best and population.leader not in (None, before) else None
        await self._recorder.revisit(done.result, leader, elapsed_s=self._stoppers.elapsed())

    async def _record(self, population: Population, done: Done[Outcome]) -> None:
        """Commit an outcome, with the change of the archive that it means."""
        self._breakdowns = self._breakdowns + 1 if done.error else 0
        if done.error is not None and self._breakdowns >= BREAKDOWNS:
            raise done.error
        if done.tag in self._revisits:
            self._revisits.remove(done.tag)
            await self._record_again(population, done)
            return
        proposed, variant = self._flying.pop(done.tag)
        outcome = done.result or Outcome(evaluation=_lost(variant, done))
        if self._recall is not None:
            self._recall.keep(proposed.canonical, outcome, population)
        await self._take_in(population, proposed, variant, outcome)
        if self._cases.take(outcome.case):
            await self._recorder.case(proposed, outcome)
        if proposed.index == 0 and not outcome.evaluation.ok and outcome.evaluation.status is not Status.CANCELLED:
            await self._recorder.stop("initial_failed", elapsed_s=self._stoppers.elapsed())
            raise _no_start(self._task, outcome.evaluation)

    async def _take_in(
        self, population: Population, proposed: Proposed, variant: Variant, outcome: Outcome, *, cached: bool = False
    ) -> None:
        """Tell everybody what an evaluation gave."""
        scored = Scored(variant=variant, evaluation=outcome.evaluation, report=outcome.report)
        verdict = await population.evaluated(proposed, scored)
        await self._recorder.record(proposed, outcome, verdict, elapsed_s=self._stoppers.elapsed(), cached=cached)
        if verdict.best and population.first is not None:
            self._confirming_s = reserve(
                self._task, initial=population.first, winner=scored, several=self._fresh or population.noisy,
                jobs=self._jobs,
            )  # fmt: skip
            self._stoppers.reserve_s = self._confirming_s + reserve_for_minimising(
                self._task, initial=population.first, winner=scored, evaluations=population.evaluations
            )

    async def _start_slot(self) -> Evaluator:
        return await Evaluator.start(self._task, cases=self._cases)


def _lost(variant: Variant, done: Done[Outcome]) -> Evaluation:
    """The record of an evaluation that nobody brought to an end."""
    if done.cancelled:
        return Evaluation(variant=variant.id, status=Status.CANCELLED)
    return Evaluation(variant=variant.id, status=Status.KILLED, detail="worker", feedback=str(done.error))


def _no_start(task: Task, evaluation: Evaluation) -> TaskError:
    """Why a search cannot begin: the initial program has no score."""
    how = f"{evaluation.status.value} ({evaluation.detail})" if evaluation.detail else evaluation.status.value
    if evaluation.status is Status.SCORER_ERROR:
        return TaskError(
            f"the scorer fails on the initial program\n{evaluation.feedback}".rstrip(),
            path=f"{task.folder}/{task.evaluator}",
            fix="correct the scorer; `cambrian check` shows what it says to the program and to nonsense",
        )
    return TaskError(
        f"the initial program gives no score: {how}\n{evaluation.feedback}".rstrip(),
        path=f"{task.folder}/{task.entry.partition(':')[0]}",
        fix="make the program run and be accepted by the scorer; `cambrian check` shows what happens",
    )


def _single(error: Exception) -> Exception:
    """The one error in a task group's wrapping, or the group if there are several."""
    if not isinstance(error, ExceptionGroup):
        return error
    group = cast("ExceptionGroup[Exception]", error)
    return _single(group.exceptions[0]) if len(group.exceptions) == 1 else group
