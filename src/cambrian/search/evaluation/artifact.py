"""Artifact mode: the program emits data once, the scorer, in a jail of its own, decodes it and confers the score."""

from __future__ import annotations

from contextlib import AsyncExitStack

from cambrian.core.codec import encode
from cambrian.core.evaluation import Status
from cambrian.core.ports import Exit
from cambrian.core.variant import Variant
from cambrian.search.archives import Rank
from cambrian.search.task import Task

from .attempt import Attempt, Failed, believed, ended, program_of, rank, told
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
        await self._run(variant, inputs, attempt)
        for reply in attempt.replies:
            if reply.raised:
                raise Failed(Status.ERROR, "raised", told(reply))
        payloads = [reply.payload for reply in attempt.replies]
        score = believed(await self.scorer.score(payloads))
        if best is not None and rank(self.task, score) > best:
            await self.scorer.renew()
            if self.has_inputs:
                await self.scorer.inputs(attempt.inputs)
            score = believed(await self.scorer.score(payloads))
        attempt.artifact = b"\n".join(payloads)
        return score

    async def _run(self, variant: Variant, inputs: list[bytes], attempt: Attempt) -> None:
        """Send every input to a fresh jail; what it took is noted however it ends."""
        session = await self.jail.launch(program_of(variant), self.task.limits)
        if isinstance(session, Exit):
            attempt.usage = session.usage
            raise ended(session)
        try:
            for payload in inputs:
                reply = await session.call(payload)
                if isinstance(reply, Exit):
                    raise ended(reply)
                attempt.replies.append(reply)
        finally:
            attempt.usage = (await session.close()).usage
