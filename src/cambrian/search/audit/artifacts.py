"""The bench of artifact mode: one run of the program gives the honest answers; each probe costs one call of the scorer.

The honest answers are held, and spoilt, by a small program in a candidate's jail. The engine passes bytes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import cast

import msgspec

from cambrian.core.codec import decode, encode
from cambrian.core.errors import CodecError, EvaluatorError
from cambrian.core.limits import Limits
from cambrian.core.ports import Exit, Program, Reply, Session
from cambrian.sandbox import CPythonJail
from cambrian.search.evaluation.kind import candidate_jail
from cambrian.search.evaluation.scorer import Rejected, Score, Scorer
from cambrian.search.preload import preloads
from cambrian.search.task import Task
from cambrian.verify.shipping import shipped

from .bench import Bench, Deadline, Recipe, Verdict, plain, read_sites

_SHIPPED = ("core/errors.py", "core/codec.py", "search/inside/corruption.py", "search/inside/replay.py")
_ROOM = 64 * 2**20


class ArtifactBench(Bench):
    """See the module. Make with `start`."""

    def __init__(
        self, task: Task, deadline: Deadline, payloads: Sequence[bytes], open: AsyncExitStack,
        jail: CPythonJail, scorer: Scorer,
    ) -> None:  # fmt: skip
        super().__init__(task, deadline)
        self.answers = len(payloads)
        self._payloads = list(payloads)
        self._open = open
        self._jail = jail
        self.scorer = scorer
        self._session: Session | None = None

    @classmethod
    async def start(cls, task: Task, deadline: Deadline, payloads: Sequence[bytes], wall: float) -> ArtifactBench:
        """Start the jails, load the scorer, take the honest answers in.

        Args:
            task: the task.
            deadline: when to stop.
            payloads: what the honest program answered, encoded.
            wall: seconds that the scorer may take for one probe.

        Raises:
            TaskError: the evaluator cannot be loaded.
            IsolationUnavailable: there is no jail.
        """
        limits = task.scorer_limits
        short = msgspec.structs.replace(limits, wall=min(wall, limits.wall), cpu=min(wall, limits.cpu))
        bounded = msgspec.structs.replace(task, scorer_limits=short)
        async with AsyncExitStack() as stack:
            jail = await candidate_jail(task, _numeric(task), stack)
            scorer = await _scorer(bounded, jail, stack)
            bench = cls(bounded, deadline, payloads, stack.pop_all(), jail, scorer)
            bench.sites = read_sites(await bench._load())
            return bench

    async def twin(self, task: Task, open: AsyncExitStack) -> ArtifactBench:
        """See `Bench.twin`. It shares what holds the answers."""
        bounded = msgspec.structs.replace(task, scorer_limits=self.task.scorer_limits)
        scorer = await _scorer(bounded, self._jail, open)
        other = ArtifactBench(bounded, self.deadline, self._payloads, AsyncExitStack(), self._jail, scorer)
        other._session, other.sites = self._session, self.sites
        return other

    async def _load(self) -> object:
        limits = Limits(wall=3600.0, cpu=600.0, memory=2**30, output=_ROOM)
        program = Program(files=shipped(_SHIPPED), entry="cambrian/search/inside/replay.py:handle")
        session = await self._jail.launch(program, limits)
        if isinstance(session, Exit):
            raise EvaluatorError(f"the answer cannot be held: {session.status.value} {session.text}")
        self._session = session
        self._open.push_async_callback(session.close)
        reply = await session.call(encode(("load", self._payloads)))
        return _read(reply)

    async def payloads(self, recipe: Recipe) -> list[bytes] | str:
        """The answers spoilt by a recipe, or why they cannot be."""
        if self._session is None:
            raise EvaluatorError("the bench has not been started")
        reply = await self._session.call(encode(("make", plain(recipe), recipe.which)), wall=10.0)
        if isinstance(reply, Exit) or reply.raised:
            if isinstance(reply, Exit):
                await self._load()
            return "it cannot be made or sent"
        return cast("list[bytes]", _read(reply))

    async def judge(self, recipe: Recipe) -> Verdict:
        """See `Bench.judge`."""
        made = await self.payloads(recipe)
        return Verdict(kind="failed", why=made) if isinstance(made, str) else await self.score(made)

    async def score(self, payloads: Sequence[bytes]) -> Verdict:
        """What the scorer says of payloads."""
        try:
            await self._ready()
            answer = await self.scorer.score(payloads)
        except EvaluatorError as error:
            return Verdict(kind="fault", why=str(error))
        if isinstance(answer, Score):
            return self.verdict(answer.numbers)
        if isinstance(answer, Rejected):
            return Verdict(kind="rejected", why=answer.why)
        return Verdict(kind="fault", why=str(answer))

    async def _ready(self) -> None:
        if not self.scorer.running:
            await self.renew()

    async def renew(self) -> None:
        """See `Bench.renew`."""
        await self.scorer.renew()
        if "inputs" in self.scorer.functions:
            await self.scorer.inputs(0)

    async def aclose(self) -> None:
        """End every process. Idempotent."""
        await self._open.aclose()


async def _scorer(task: Task, beside: CPythonJail, open: AsyncExitStack) -> Scorer:
    jail = await CPythonJail.start(level=beside.level, preload=preloads(task).scorer, readable=(task.path,))
    open.push_async_callback(jail.aclose)
    scorer = Scorer(task, jail)
    open.push_async_callback(scorer.aclose)
    await scorer.renew()
    return scorer


def _numeric(task: Task) -> tuple[str, ...]:
    wanted = preloads(task)
    return ("numpy",) if "numpy" in (*wanted.program, *wanted.scorer) else ()


def _read(reply: Reply | Exit) -> object:
    """What our own program in the jail answered; it handles no more than the task's own answer."""
    if isinstance(reply, Exit):
        raise EvaluatorError(f"the answer cannot be spoilt: {reply.status.value} {reply.detail} {reply.text}")
    if reply.raised:
        raise EvaluatorError("the answer cannot be held: it is outside the codec")
    try:
        return decode(reply.payload, max_bytes=_ROOM, arrays=False)
    except CodecError as error:
        raise EvaluatorError(f"what was spoilt cannot be read: {error}") from None
