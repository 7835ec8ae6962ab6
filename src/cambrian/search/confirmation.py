"""Is the winner better than the initial program, on data that nothing was chosen by? Asked once, when a search ends.

The best of many candidates looks better than it is, since it was chosen for looking good. So it runs again beside the
initial program, on fresh inputs or at least in fresh runs, in pairs whose number is fixed beforehand. Where a score is
exact (no inputs, no noise) there is nothing to be lucky with: then one more run shows that the program still earns it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from random import Random
from typing import Literal

from cambrian.compute.local import Done, LocalPool
from cambrian.core.evaluation import Objective
from cambrian.core.evidence import Evidence
from cambrian.core.ids import Digest
from cambrian.verify.alpha import campaign_alpha
from cambrian.verify.averages import bounded
from cambrian.verify.paired import Paired, compare_pairs, least_pairs

from .evaluation import SAME_INPUTS, Evaluator, Outcome
from .facts import Confirmed
from .noise import varies
from .proposer import Scored
from .task import Task

Pool = LocalPool[Evaluator, Outcome]
Side = Literal["initial", "winner"]
CLAIM = "the winner is better than the initial program"
PATIENCE_S = 60.0
"""Seconds that runs of exact programs may take where no wall budget says how much."""
SHARE = 0.25
"""Share of a wall budget that a confirmation may take, if it needs so much; of a long budget it needs little."""


class _Unfinished(Exception):
    """The budget or a person ended it before it could say anything."""


class _Fails(Exception):
    """A program failed in a fresh run: that is an answer."""


class Confirmation:
    """Runs of winner and initial program, and what follows from them.

    Args:
        task: the task.
        pool: where they run; idle.
        initial: the initial program with its score.
        winner: the best found.
        fresh: other inputs can be had; else the same are run again.
        noisy: the score varies from run to run.
        campaign: the how-many-th confirmation of this run it is, from 1; each spends less of α.
        rng: draws seeds and orders.
        blob: gives an answer that was kept.
    """

    def __init__(
        self, task: Task, pool: Pool, *, initial: Scored, winner: Scored, fresh: bool, noisy: bool, campaign: int,
        rng: Random, blob: Callable[[Digest], Awaitable[bytes]],
    ) -> None:  # fmt: skip
        self._task = task
        self._pool = pool
        self._programs: dict[Side, Scored] = {"initial": initial, "winner": winner}
        self._fresh = fresh
        self._varying = fresh or noisy
        self._alpha = campaign_alpha(task.sampling.alpha, campaign)
        self._rng = rng
        self._cpu_s = 0.0
        self._scores: dict[Side, list[dict[str, float]]] = {"initial": [], "winner": []}
        self._blob = blob
        self._kept: dict[Side, bytes] = {}
        self._objective = _deciding(task, initial, winner)

    async def run(self, left: Callable[[], float | None]) -> Confirmed:
        """Confirm the winner.

        Args:
            left: seconds of the wall budget that are left; `None` without one.

        Raises:
            SandboxError: the machinery failed.
        """
        try:
            evidence = await (self._pairs(left) if self._varying else self._again(left))
        except _Unfinished as why:
            evidence = self._not_shown(0, str(why))
        except _Fails as why:
            evidence = self._not_shown(len(self._scores["winner"]) + 1, str(why))
        return Confirmed(
            variant=self._programs["winner"].variant.id, evidence=evidence, cpu_s=self._cpu_s,
            initial=self._values("initial"), winner=self._values("winner"),
        )  # fmt: skip

    async def _again(self, left: Callable[[], float | None]) -> Evidence:
        """Pairs of runs where scores are exact, as few as can show anything; if they do not fit, the answers alone."""
        try:
            return await self._pairs(left)
        except _Unfinished as why:
            return await self._answers(left, str(why))

    async def _answers(self, left: Callable[[], float | None], why: str) -> Evidence:
        """What can be shown without the programs: both answers were kept, and fresh scorers score them again in pairs.

        Raises:
            _Unfinished: one of them is not kept apart from its score, or there is no time for this either.
        """
        for side, scored in self._programs.items():
            if scored.evaluation.artifact is None:
                raise _Unfinished(why)
            self._kept[side] = await self._blob(scored.evaluation.artifact)
        self._scores = {"initial": [], "winner": []}
        for _ in range(least_pairs(self._alpha)):
            await self._round([("initial", SAME_INPUTS), ("winner", SAME_INPUTS)], left)
        found = compare_pairs(self._differences(), self._alpha)
        shown = found.p <= self._alpha
        return Evidence(
            kind="tested" if shown else "not_shown", claim="the winner's answer is better than the initial program's",
            n=found.n, estimate=found.median, unit=self._objective.name,
            method="both answers were kept and scored again by fresh scorers, in pairs",
            detail=f"better in {found.wins} of {found.n}; the programs were not run again: {why}",
        )  # fmt: skip

    def _values(self, side: Side) -> tuple[float, ...]:
        return tuple(score[self._objective.name] for score in self._scores[side])

    async def _pairs(self, left: Callable[[], float | None]) -> Evidence:
        least = least_pairs(self._alpha)
        pairs = self._affordable(left(), least)
        if pairs < least:
            raise _Unfinished(f"{least} pairs of runs are needed at least, and {pairs} fit into the budget")
        sides: list[Side] = ["winner"] if self._task.mode == "callable" else ["initial", "winner"]
        for _ in range(pairs):  # in callable mode each race has the initial program in it
            seed = self._rng.getrandbits(62) + 1 if self._fresh else SAME_INPUTS
            self._rng.shuffle(sides)
            await self._round([(side, seed) for side in sides], left)
        return self._judged(compare_pairs(self._differences(), self._alpha))

    def _affordable(self, seconds: float | None, least: int) -> int:
        """How many pairs of runs there are to be; it is settled before the first."""
        wanted = max(self._task.sampling.confirm, least) if self._varying else least
        if seconds is None and not self._varying:
            seconds = PATIENCE_S
        pair = sum(map(_wall, self._programs.values())) / min(2, self._pool.size)
        return wanted if seconds is None or not pair else min(wanted, int(seconds / pair))

    async def _round(self, runs: list[tuple[Side, int]], left: Callable[[], float | None]) -> None:
        """Run programs, several at a time if there are jobs, and note their values."""
        waiting = list(enumerate(runs))
        try:
            while waiting or self._pool.running:
                while waiting and self._pool.free:
                    tag, (side, seed) = waiting.pop(0)
                    self._start(tag, side, seed)
                done = await self._pool.next(timeout=left())
                if done is None:
                    raise _Unfinished("the budget ended before it was done")
                self._take(done, runs[done.tag][0])
        finally:
            self._pool.cancel()
            while self._pool.running:
                await self._pool.next()

    def _start(self, tag: int, side: Side, seed: int) -> None:
        variant, kept = self._programs[side].variant, self._kept.get(side)
        if kept is None:
            self._pool.start(tag, lambda slot: slot.evaluate(variant, inputs=seed))
        else:
            self._pool.start(tag, lambda slot: slot.rescore(variant, kept))

    def _take(self, done: Done[Outcome], side: Side) -> None:
        if done.error is not None:
            raise done.error
        if done.result is None:
            raise _Unfinished("it was cancelled")
        evaluation = done.result.evaluation
        self._cpu_s += evaluation.usage.cpu_s + evaluation.usage.scorer_cpu_s
        if not evaluation.ok:
            how = f"{evaluation.status.value} {evaluation.detail} {evaluation.feedback}".strip()
            raise _Fails(f"the {side} program failed in a fresh run: {how[:300]}")
        self._scores[side].append(evaluation.objectives)
        if self._task.mode == "callable":  # each race has the initial program in it
            self._scores["initial"].append({"speedup": 1.0, "cpu_s": evaluation.measures.get("initial_cpu_s", 0.0)})

    def _differences(self) -> list[float]:
        """Gains of the winner over the initial program, pair by pair.

        As ranks are compared: of the first objective in which a pair differs, but none beyond the one that decides.
        """
        return [self._difference(*pair) for pair in zip(self._scores["winner"], self._scores["initial"], strict=True)]

    def _difference(self, new: dict[str, float], old: dict[str, float]) -> float:
        for objective in self._task.objectives:
            gain = bounded(objective.gain(new[objective.name]) - objective.gain(old[objective.name]))
            if objective is self._objective or varies([new[objective.name], old[objective.name]]):
                return gain
        raise AssertionError("the deciding objective is one of the task's")

    def _judged(self, found: Paired) -> Evidence:
        where = "on fresh inputs" if self._fresh else "in fresh runs"
        told = f"better in {found.wins} of {found.n} pairs {where}" + (f", equal in {found.ties}" if found.ties else "")
        shown, exact = found.p <= self._alpha, not self._fresh and not self._varied()
        if exact:
            told += "; the score did not vary from run to run"
        return Evidence(
            kind=("tested" if exact else "measured") if shown else "not_shown", claim=CLAIM, n=found.n,
            alpha=self._alpha, estimate=found.median, lower=found.lower, upper=found.upper, unit=self._objective.name,
            method="exact sign test of pairs", detail=told if shown else f"{told}: that may be chance",
        )  # fmt: skip

    def _varied(self) -> bool:
        """Whether some program's score was not always the same."""
        return any(varies(values) for side in self._scores if (values := self._values(side)))

    def _not_shown(self, n: int, why: str) -> Evidence:
        return Evidence(kind="not_shown", claim=CLAIM, n=n, method="fresh runs", detail=why)


def reserve(task: Task, *, initial: Scored, winner: Scored, several: bool, jobs: int) -> float:
    """Seconds of the wall budget that a search leaves for its confirmation; at most a quarter of it.

    Args:
        task: the task.
        initial: the initial program.
        winner: the best so far.
        several: the score varies from run to run, or can be had on other inputs.
        jobs: evaluations at a time.
    """
    if task.budget.wall is None or not task.sampling.confirm or winner.variant.id == initial.variant.id:
        return 0.0
    pair = (_wall(initial) + _wall(winner)) / min(2, jobs)
    pairs = task.sampling.confirm if several else least_pairs(task.sampling.alpha)
    return min(SHARE * task.budget.wall, 1.2 * pair * pairs)


def _deciding(task: Task, initial: Scored, winner: Scored) -> Objective:
    """The first objective in which the winner differed from the initial program when it was chosen."""
    old, new = initial.evaluation.objectives, winner.evaluation.objectives
    differing = (item for item in task.objectives if varies([old[item.name], new[item.name]]))
    return next(differing, task.objectives[0])


def _wall(scored: Scored) -> float:
    """Seconds that one run of a program took."""
    return scored.evaluation.usage.wall_s / max(1, len(scored.evaluation.samples))
