"""Callable mode: candidate and initial program answer the same fresh inputs side by side; time is taken outside."""

from __future__ import annotations

from contextlib import AsyncExitStack
from random import Random

import msgspec

from cambrian.core.errors import EvaluatorError
from cambrian.core.evaluation import Status
from cambrian.core.ports import Exit, Reply, Session
from cambrian.core.variant import Variant
from cambrian.sandbox import CPythonJail
from cambrian.search.archives import Rank
from cambrian.search.cases import Cases
from cambrian.search.preload import preloads
from cambrian.search.task import Task
from cambrian.verify.behaviour import around

from .attempt import Attempt, ended, not_scored, program_of, rank, together
from .kind import Split, candidate_jail, start_split
from .scorer import Rejected, Score, Scorer

_OWN_FAULT = (Status.ERROR, Status.TIMEOUT, Status.MEMORY, Status.OUTPUT, Status.SIGNAL)
"""Ends that an input may be to blame for."""


class Callable(Split):
    """See the module.

    Args:
        task: the task.
        jail: where candidates run.
        open: what is to be closed at the end.
        scorer: makes inputs and compares answers.
        baseline: where the initial program runs.
        chance: draws inputs and orders; nothing that a program could know or guess.
        cases: inputs on which earlier candidates failed.
    """

    def __init__(
        self, task: Task, jail: CPythonJail, open: AsyncExitStack, scorer: Scorer, *, baseline: CPythonJail,
        chance: Random, cases: Cases,
    ) -> None:  # fmt: skip
        super().__init__(task, jail, open, scorer)
        self._baseline = baseline
        self._chance = chance
        self._cases = cases
        self._right: dict[bytes, Reply] = {}
        self._initial = around(program_of(task.initial), task.equivalence)

    @classmethod
    async def start(cls, task: Task, *, chance: Random, cases: Cases) -> Callable:
        """Start the three jails and load the scorer.

        Raises:
            IsolationUnavailable: this machine cannot give the level that the task asks for.
            TaskError: the task's evaluator cannot be loaded.
        """
        async with AsyncExitStack() as stack:
            jail, scorer = await start_split(task, stack)
            baseline = await candidate_jail(task, preloads(task).program, stack)
            return cls(task, jail, stack.pop_all(), scorer, baseline=baseline, chance=chance, cases=cases)

    @property
    def has_inputs(self) -> bool:
        """See `Kind`. Every race draws its own."""
        return True

    async def measure(self, variant: Variant, attempt: Attempt, best: Rank | None) -> Score:
        """See `Kind.measure`."""
        if variant.id == self.task.initial.id:
            return _itself(await self._race(variant, attempt))
        await self._ask_cases(variant, attempt)
        score = await self._race(variant, attempt)
        if best is not None and rank(self.task, score) > best:
            again = await self._race(variant, attempt)
            score = min(score, again, key=lambda item: item.numbers["speedup"])
        return score

    async def _ask_cases(self, variant: Variant, attempt: Attempt) -> None:
        """Turn a candidate down that fails where another one did. In a process of its own: races shall be fair."""
        cases = [case for case in self._cases.payloads if await self._answers_right(case)]
        if not cases:
            return
        session = await self.jail.launch(around(program_of(variant), self.task.equivalence), self.task.limits)
        if isinstance(session, Exit):
            attempt.usage = session.usage
            raise ended(session)
        replies: list[Reply] = []
        try:
            for case in cases:
                answer = await session.call(case)
                if isinstance(answer, Exit):
                    raise ended(answer)
                replies.append(answer)
        finally:
            attempt.usage = together(attempt.usage, (await session.close()).usage)
        wrong = await self.scorer.compare_cases(cases, replies, [self._right[case] for case in cases])
        if wrong is not None:
            raise not_scored(wrong)

    async def _answers_right(self, case: bytes) -> bool:
        """Whether it is known what the initial program says to a case; it is asked once."""
        if case not in self._right:
            session = await self._baseline.launch(self._initial, self.task.limits)
            if isinstance(session, Exit):
                return False
            try:
                reply = await session.call(case)
            finally:
                await session.close()
            if isinstance(reply, Exit):
                return False
            self._right[case] = reply
        return True

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
                attempt.usage = together(attempt.usage, session.usage)
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
            if isinstance(wrong, Rejected) and wrong.input is not None and 0 <= wrong.input < len(inputs):
                attempt.case = inputs[wrong.input]
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
        new = _candidate_reply(await candidate.call(payload), payload, attempt)
    else:
        new = _candidate_reply(await candidate.call(payload), payload, attempt)
        old = _reference_reply(await reference.call(payload))
    attempt.replies.append(new)
    return old, new


def _candidate_reply(answer: Reply | Exit, payload: bytes, attempt: Attempt) -> Reply:
    if isinstance(answer, Exit):
        if answer.status in _OWN_FAULT:
            attempt.case = payload
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
