"""Callable mode: candidate and initial program answer the same fresh inputs side by side; time is taken outside."""

from __future__ import annotations

from contextlib import AsyncExitStack
from random import Random

import msgspec

from cambrian.core.errors import EvaluatorError
from cambrian.core.ports import Exit, Reply, Session
from cambrian.core.variant import Variant
from cambrian.sandbox import CPythonJail
from cambrian.search.archives import Rank
from cambrian.search.preload import preloads
from cambrian.search.task import Task
from cambrian.verify.behaviour import around

from .attempt import Attempt, ended, not_scored, program_of, rank, together
from .kind import Split, candidate_jail, start_split
from .scorer import Score, Scorer


class Callable(Split):
    """See the module.

    Args:
        task: the task.
        jail: where candidates run.
        open: what is to be closed at the end.
        scorer: makes inputs and compares answers.
        baseline: where the initial program runs.
        chance: draws inputs and orders; nothing that a program could know or guess.
    """

    def __init__(
        self, task: Task, jail: CPythonJail, open: AsyncExitStack, scorer: Scorer, *, baseline: CPythonJail,
        chance: Random,
    ) -> None:  # fmt: skip
        super().__init__(task, jail, open, scorer)
        self._baseline = baseline
        self._chance = chance
        self._initial = around(program_of(task.initial), task.equivalence)

    @classmethod
    async def start(cls, task: Task, *, chance: Random) -> Callable:
        """Start the three jails and load the scorer.

        Raises:
            IsolationUnavailable: this machine cannot give the level that the task asks for.
            TaskError: the task's evaluator cannot be loaded.
        """
        async with AsyncExitStack() as stack:
            jail, scorer = await start_split(task, stack)
            baseline = await candidate_jail(task, preloads(task).program, stack)
            return cls(task, jail, stack.pop_all(), scorer, baseline=baseline, chance=chance)

    @property
    def has_inputs(self) -> bool:
        """See `Kind`. Every race draws its own."""
        return True

    async def measure(self, variant: Variant, attempt: Attempt, best: Rank | None) -> Score:
        """See `Kind.measure`."""
        score = await self._race(variant, attempt)
        if variant.id == self.task.initial.id:
            return _itself(score)
        if best is not None and rank(self.task, score) > best:
            again = await self._race(variant, attempt)
            score = min(score, again, key=lambda item: item.numbers["speedup"])
        return score

    async def _race(self, variant: Variant, attempt: Attempt) -> Score:
        """Both answer the same fresh inputs, in an order drawn for each."""
        inputs = await self.scorer.inputs(self._chance.getrandbits(63))
        limits = self.task.limits
        patient = msgspec.structs.replace(limits, wall=2 * limits.wall)  # each waits while the other runs
        reference = await self._baseline.launch(self._initial, patient)
        if isinstance(reference, Exit):
            raise EvaluatorError(f"the initial program cannot be loaded: {reference.status.value} {reference.text}")
        try:
            session = await self.jail.launch(around(program_of(variant), self.task.equivalence), patient)
            if isinstance(session, Exit):
                attempt.usage = session.usage
                raise ended(session)
            old, new = _Racer(reference, limits.wall), _Racer(session, limits.wall)
            try:
                pairs = [await _side_by_side(old, new, payload, self._chance, attempt) for payload in inputs]
            finally:
                attempt.usage = together(attempt.usage, (await session.close()).usage)
        finally:
            await reference.close()
        ours, theirs = [new for _, new in pairs], [old for old, _ in pairs]
        wrong = await self.scorer.compare(ours, theirs)
        if wrong is not None:
            raise not_scored(wrong)
        return _speed(ours, theirs)


class _Racer:
    """A program in a race: what it waits for the other one does not count against its wall time."""

    def __init__(self, session: Session, wall: float) -> None:
        self._session = session
        self._left = wall

    async def call(self, payload: bytes) -> Reply | Exit:
        answer = await self._session.call(payload, wall=self._left)
        if isinstance(answer, Reply):
            self._left = max(self._left - answer.wall_s, 1e-3)
        return answer


async def _side_by_side(
    reference: _Racer, candidate: _Racer, payload: bytes, rng: Random, attempt: Attempt
) -> tuple[Reply, Reply]:
    """One input to both, in an order drawn at random: (initial program's reply, candidate's reply)."""
    if rng.random() < 0.5:
        old = _reference_reply(await reference.call(payload))
        new = _candidate_reply(await candidate.call(payload))
    else:
        new = _candidate_reply(await candidate.call(payload))
        old = _reference_reply(await reference.call(payload))
    attempt.replies.append(new)
    return old, new


def _candidate_reply(answer: Reply | Exit) -> Reply:
    if isinstance(answer, Exit):
        raise ended(answer)
    return answer


def _reference_reply(answer: Reply | Exit) -> Reply:
    if isinstance(answer, Exit):
        how = f"{answer.status.value} {answer.detail} {answer.text}".strip()
        raise EvaluatorError(f"the initial program ended on a fresh input: {how}")
    return answer


def _itself(score: Score) -> Score:
    """The initial program against itself is as fast as itself; what was measured instead tells the noise."""
    return Score(score.numbers | {"speedup": 1.0, "measured_against_itself": score.numbers["speedup"]}, score.feedback)


def _speed(ours: list[Reply], theirs: list[Reply]) -> Score:
    """The initial program's CPU time over all inputs by the candidate's; so inputs weigh by their time."""
    new, old = sum(reply.cpu_s for reply in ours), sum(reply.cpu_s for reply in theirs)
    if min(new, old) <= 0:
        raise EvaluatorError(f"no time could be measured: {old!r} s and {new!r} s of CPU; give larger inputs")
    return Score({"speedup": old / new, "cpu_s": new, "initial_cpu_s": old})
