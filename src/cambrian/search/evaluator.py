"""One evaluation slot: a jail for the candidate, a jail for the scorer, in callable mode one for the initial program.

Nothing of what a candidate emits is read here but to pass it on: the scorer, itself jailed, decodes it and confers the
score. Time is taken outside the jails. See `docs/explanation/trust.md`.
"""

from __future__ import annotations

from contextlib import AsyncExitStack
from random import Random, SystemRandom
from typing import Annotated, cast

import msgspec

from cambrian.core.codec import decode, encode
from cambrian.core.errors import CodecError, EvaluatorError, IsolationUnavailable
from cambrian.core.evaluation import Evaluation, Status, Usage
from cambrian.core.ids import digest
from cambrian.core.limits import Level
from cambrian.core.ports import Exit, Program, Reply, Session
from cambrian.core.variant import Variant
from cambrian.sandbox import CPythonJail

from .archive import Rank
from .preload import preloads
from .scorer import Fault, Rejected, Score, Scorer
from .task import Task

NO_ARGUMENTS = encode(())
SAME_INPUTS = 0
"""Seed of the inputs in artifact mode: the same for every variant and every run, so that scores can be compared."""
_FEEDBACK_BYTES = 64 * 1024


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """An evaluation with what came out of the jail.

    Args:
        evaluation: the record.
        artifact: what the candidate emitted, encoded: bytes of an enemy, never decoded in the engine.
        report: what it said of itself, JSON text: words of an enemy.
    """

    evaluation: Evaluation
    artifact: bytes = b""
    report: bytes = b""


class _Failed(Exception):
    """An evaluation that ends without a score: how."""

    def __init__(self, status: Status, detail: str = "", feedback: str = "") -> None:
        super().__init__(status, detail)
        self.status, self.detail, self.feedback = status, detail, feedback


class _Run(msgspec.Struct, kw_only=True):
    """What a candidate gave in one session."""

    replies: list[Reply] = []
    usage: Usage = Usage()


class Evaluator:
    """Evaluates variants of one task, one at a time, each in a fresh jail. Make with `start`.

    Args:
        task: the task.
        chance: draws inputs and orders in callable mode; nothing that a program could know or guess.
        jail: where candidates run.
        scorer: confers scores.
        baseline: where the initial program runs beside the candidate (callable mode), in a jail of its own.
    """

    def __init__(
        self, task: Task, *, chance: Random, jail: CPythonJail, scorer: Scorer, scorer_jail: CPythonJail,
        baseline: CPythonJail | None,
    ) -> None:  # fmt: skip
        self._task = task
        self._chance = chance
        self._jail = jail
        self._scorer = scorer
        self._scorer_jail = scorer_jail
        self._baseline = baseline
        self._program = _program(task.initial)

    @property
    def level(self) -> Level:
        """Jail level of the candidates."""
        return self._jail.level

    @property
    def level_reasons(self) -> tuple[str, ...]:
        """Why it is not a stronger one."""
        return self._jail.reasons

    @classmethod
    async def start(cls, task: Task, *, chance: Random | None = None) -> Evaluator:
        """Start the jails and load the scorer.

        Args:
            task: the task.
            chance: see `Evaluator`; by default the operating system's.

        Raises:
            IsolationUnavailable: this machine cannot give the level that the task asks for.
            TaskError: the task's evaluator cannot be loaded.
        """
        wanted = preloads(task)
        async with AsyncExitStack() as stack:
            jail = await _jail(task, preload=wanted.program)
            stack.push_async_callback(jail.aclose)
            scorer_jail = await CPythonJail.start(level=jail.level, preload=wanted.scorer, readable=(task.path,))
            stack.push_async_callback(scorer_jail.aclose)
            baseline = await _jail(task, preload=wanted.program) if task.mode == "callable" else None
            if baseline is not None:
                stack.push_async_callback(baseline.aclose)
            scorer = Scorer(task, scorer_jail)
            await scorer.renew()
            stack.pop_all()
        return cls(
            task, chance=chance or SystemRandom(), jail=jail, scorer=scorer, scorer_jail=scorer_jail, baseline=baseline
        )

    async def aclose(self) -> None:
        """End every process. Idempotent. A jail ends its session too; each is ended even if another cannot be."""
        async with AsyncExitStack() as stack:
            for jail in (self._jail, self._scorer_jail, self._baseline):
                if jail is not None:
                    stack.push_async_callback(jail.aclose)

    async def evaluate(self, variant: Variant, *, best: Rank | None = None) -> Outcome:
        """Run a variant and have it scored.

        Args:
            variant: the variant.
            best: the best rank so far. A variant that beats it is confirmed before it is believed: an artifact is
                scored again by a fresh scorer, a speed is measured again on other inputs and the worse figure counts.

        Raises:
            SandboxError: the machinery failed; nothing is said about the variant.
        """
        await self._scorer.ready()
        before = self._scorer.cpu_s
        run = _Run()
        try:
            if self._task.mode == "artifact":
                score, artifact = await self._artifact(variant, run, best)
            else:
                score, artifact = await self._callable(variant, run, best), b""
            evaluation = self._scored(variant, score)
        except (_Failed, EvaluatorError) as error:
            artifact = b""
            failed = error if isinstance(error, _Failed) else _Failed(Status.SCORER_ERROR, "reference", str(error))
            evaluation = Evaluation(
                variant=variant.id, status=failed.status, detail=failed.detail, feedback=failed.feedback
            )
        report = run.replies[-1].report if run.replies else b""
        usage = msgspec.structs.replace(
            run.usage, scorer_cpu_s=self._scorer.cpu_s - before, inner_calls=_inner_calls(report)
        )
        evaluation = msgspec.structs.replace(
            evaluation, usage=usage, level=self.level.name, report=digest(report) if report else None,
            artifact=digest(artifact) if artifact else None,
        )  # fmt: skip
        return Outcome(evaluation=evaluation, artifact=artifact, report=report)

    async def _artifact(self, variant: Variant, run: _Run, best: Rank | None) -> tuple[Score, bytes]:
        has_inputs = "inputs" in self._scorer.functions
        inputs = await self._scorer.inputs(SAME_INPUTS) if has_inputs else [NO_ARGUMENTS]
        await self._run(variant, inputs, run)
        for reply in run.replies:
            if reply.raised:
                raise _Failed(Status.ERROR, "raised", _told(reply))
        payloads = [reply.payload for reply in run.replies]
        score = _believed(await self._scorer.score(payloads))
        if best is not None and self._rank(score) > best:
            await self._scorer.renew()
            if has_inputs:
                await self._scorer.inputs(SAME_INPUTS)
            score = _believed(await self._scorer.score(payloads))
        return score, b"\n".join(payloads)

    async def _run(self, variant: Variant, inputs: list[bytes], run: _Run) -> None:
        """Send every input to a fresh jail; what it took is noted however it ends."""
        session = await self._jail.launch(_program(variant), self._task.limits)
        if isinstance(session, Exit):
            run.usage = session.usage
            raise _ended(session)
        try:
            for payload in inputs:
                reply = await session.call(payload)
                if isinstance(reply, Exit):
                    raise _ended(reply)
                run.replies.append(reply)
        finally:
            run.usage = (await session.close()).usage

    async def _callable(self, variant: Variant, run: _Run, best: Rank | None) -> Score:
        score = await self._race(variant, run)
        if best is not None and self._rank(score) > best:
            again = await self._race(variant, run)
            score = min(score, again, key=lambda item: item.numbers["speedup"])
        return score

    async def _race(self, variant: Variant, run: _Run) -> Score:
        """Candidate and initial program answer the same fresh inputs side by side, in an order drawn for each."""
        inputs = await self._scorer.inputs(self._chance.getrandbits(63))
        if self._baseline is None:
            raise RuntimeError("callable mode without a baseline jail")
        limits = self._task.limits
        patient = msgspec.structs.replace(limits, wall=2 * limits.wall)  # each waits while the other runs
        reference = await self._baseline.launch(self._program, patient)
        if isinstance(reference, Exit):
            raise EvaluatorError(f"the initial program cannot be loaded: {reference.status.value} {reference.text}")
        try:
            session = await self._jail.launch(_program(variant), patient)
            if isinstance(session, Exit):
                run.usage = session.usage
                raise _ended(session)
            old, new = _Racer(reference, limits.wall), _Racer(session, limits.wall)
            try:
                pairs = [await _side_by_side(old, new, payload, self._chance, run) for payload in inputs]
            finally:
                run.usage = _sum(run.usage, (await session.close()).usage)
        finally:
            await reference.close()
        ours, theirs = [new for _, new in pairs], [old for old, _ in pairs]
        wrong = await self._scorer.compare(ours, theirs)
        if wrong is not None:
            raise _not_scored(wrong)
        return _speed(ours, theirs)

    def _rank(self, score: Score) -> Rank:
        return tuple(
            item.gain(score.numbers[item.name]) for item in self._task.objectives if item.name in score.numbers
        )

    def _scored(self, variant: Variant, score: Score) -> Evaluation:
        names = [item.name for item in self._task.objectives]
        missing = [name for name in names if name not in score.numbers]
        if missing:
            raise _Failed(
                Status.SCORER_ERROR, "objective",
                f"the scorer gave no {missing[0]!r}, it gave {sorted(score.numbers)!r}; name them as in [objectives]",
            )  # fmt: skip
        return Evaluation(
            variant=variant.id, status=Status.OK, objectives={name: score.numbers[name] for name in names},
            measures={name: value for name, value in score.numbers.items() if name not in names},
            feedback=score.feedback,
        )  # fmt: skip


async def _jail(task: Task, *, preload: tuple[str, ...]) -> CPythonJail:
    """The best jail there is; a weaker one than L2 only for a task that names it."""
    try:
        jail = await CPythonJail.start(preload=preload)
    except IsolationUnavailable:
        if task.level >= Level.L2:
            raise
        return await CPythonJail.start(level=task.level, preload=preload)
    if jail.level < task.level:
        reasons = "; ".join(jail.reasons)
        await jail.aclose()
        raise IsolationUnavailable(
            f"the task asks for level {task.level.name}, this machine gives {jail.level.name}: {reasons}. "
            f"See `cambrian doctor`"
        )
    return jail


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
    reference: _Racer, candidate: _Racer, payload: bytes, rng: Random, run: _Run
) -> tuple[Reply, Reply]:
    """One input to both, in an order drawn at random: (initial program's reply, candidate's reply)."""
    if rng.random() < 0.5:
        old = _reference_reply(await reference.call(payload))
        new = _candidate_reply(await candidate.call(payload))
    else:
        new = _candidate_reply(await candidate.call(payload))
        old = _reference_reply(await reference.call(payload))
    run.replies.append(new)
    return old, new


def _candidate_reply(answer: Reply | Exit) -> Reply:
    if isinstance(answer, Exit):
        raise _ended(answer)
    return answer


def _reference_reply(answer: Reply | Exit) -> Reply:
    if isinstance(answer, Exit):
        how = f"{answer.status.value} {answer.detail} {answer.text}".strip()
        raise EvaluatorError(f"the initial program ended on a fresh input: {how}")
    return answer


def _speed(ours: list[Reply], theirs: list[Reply]) -> Score:
    """The initial program's CPU time over all inputs by the candidate's; so inputs weigh by their time."""
    new, old = sum(reply.cpu_s for reply in ours), sum(reply.cpu_s for reply in theirs)
    if min(new, old) <= 0:
        raise EvaluatorError(f"no time could be measured: {old!r} s and {new!r} s of CPU; give larger inputs")
    return Score({"speedup": old / new, "cpu_s": new, "initial_cpu_s": old})


def _program(variant: Variant) -> Program:
    return Program(files=variant.files, entry=variant.entry)


def _ended(exit: Exit) -> _Failed:
    status = exit.status if exit.status is not Status.OK else Status.ERROR
    return _Failed(status, exit.detail, exit.text)


def _believed(answer: Score | Rejected | Fault) -> Score:
    if isinstance(answer, Score):
        return answer
    raise _not_scored(answer)


def _not_scored(answer: Rejected | Fault) -> _Failed:
    if isinstance(answer, Rejected):
        return _Failed(Status.INVALID, "rejected", answer.why[:4000])
    return _Failed(Status.SCORER_ERROR, answer.type, str(answer)[:4000])


def _told(reply: Reply) -> str:
    """What an exception said, for people. Plain JSON of a bounded size; arrays are not taken."""
    try:
        record = decode(reply.payload, max_bytes=_FEEDBACK_BYTES, arrays=False)
    except CodecError as error:
        return f"(what it raised cannot be read: {error})"
    if not isinstance(record, dict):
        return "(what it raised cannot be read)"
    told = cast("dict[object, object]", record)
    kind, message, trace = (_text(told.get(key)) for key in ("type", "message", "traceback"))
    return f"{kind}: {message}\n{trace}".strip()[-4000:]


def _text(value: object) -> str:
    """A text of an enemy's, if it is one: no other type is turned into text here."""
    return value if type(value) is str else ""


class _Report(msgspec.Struct):
    calls: Annotated[int, msgspec.Meta(ge=0, lt=2**53)] = 0


def _inner_calls(report: bytes) -> int:
    """What a program says of itself; not evidence, so what cannot be read counts as nothing said."""
    try:
        return msgspec.json.decode(report, type=_Report).calls if report else 0
    except (msgspec.DecodeError, RecursionError):
        return 0


def _sum(a: Usage, b: Usage) -> Usage:
    return Usage(
        wall_s=a.wall_s + b.wall_s, cpu_s=a.cpu_s + b.cpu_s, peak_bytes=max(a.peak_bytes, b.peak_bytes),
    )  # fmt: skip
