"""Artifact mode: the program emits data once, the scorer, in a jail of its own, decodes it and confers the score."""

from __future__ import annotations

from contextlib import AsyncExitStack

from cambrian.core.codec import encode
from cambrian.core.evaluation import Status
from cambrian.core.ports import Exit, Session
from cambrian.core.variant import Variant
from cambrian.search.archives import Rank
from cambrian.search.task import Task

from .attempt import SAME_INPUTS, Attempt, Failed, believed, ended, program_of, rank, told
from .kind import Split, start_split
from .scorer import Score

NO_ARGUMENTS = encode(())


class Artifact(Split):
    """See the module."""

    @classmethod
    async def start(cls, task: Task) -> Artifact:
        """Start both jails and load the scorer.

        Raises:
            IsolationUnavailable: this machine cannot give the level that the task asks for.
            TaskError: the task's evaluator cannot be loaded.
        """
        async with AsyncExitStack() as stack:
            jail, scorer = await start_split(task, stack)
            return cls(task, jail, stack.pop_all(), scorer)

    @property
    def has_inputs(self) -> bool:
        """See `Kind`."""
        return "inputs" in self.scorer.functions

    async def measure(self, variant: Variant, attempt: Attempt, best: Rank | None) -> Score:
        """See `Kind.measure`."""
        inputs = await self.scorer.inputs(attempt.inputs) if self.has_inputs else [NO_ARGUMENTS]
        session = await self.jail.launch(program_of(variant), self.task.limits)
        if isinstance(session, Exit):
            attempt.usage = session.usage
            raise ended(session)
        try:
            payloads = await _answers(session, inputs, attempt)
            session.stop()  # while it dies its answers are scored
            score = believed(await self.scorer.score(payloads))
        finally:
            attempt.usage = (await session.close()).usage
        return await self._sure(score, payloads, attempt, best)

    async def _sure(self, score: Score, payloads: list[bytes], attempt: Attempt, best: Rank | None) -> Score:
        """The score; that of a fresh scorer if it is the best so far."""
        if best is not None and rank(self.task, score) > best:
            score = await self._afresh(payloads, attempt.inputs)
        attempt.artifact = b"\n".join(payloads)
        return score

    async def rescore(self, artifact: bytes) -> Score:
        """See `Kind.rescore`. Payloads are JSON on one line each."""
        return await self._afresh(artifact.split(b"\n"), SAME_INPUTS)

    async def _afresh(self, payloads: list[bytes], inputs: int) -> Score:
        """The score by a fresh scorer."""
        await self.scorer.renew()
        if self.has_inputs:
            await self.scorer.inputs(inputs)
        return believed(await self.scorer.score(payloads))


async def _answers(session: Session, inputs: list[bytes], attempt: Attempt) -> list[bytes]:
    """What the program answers to every input.

    Raises:
        Failed: it ended, or raised.
    """
    for payload in inputs:
        reply = await session.call(payload)
        if isinstance(reply, Exit):
            raise ended(reply)
        attempt.replies.append(reply)
    for reply in attempt.replies:
        if reply.raised:
            raise Failed(Status.ERROR, "raised", told(reply))
    return [reply.payload for reply in attempt.replies]
