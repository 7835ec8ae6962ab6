"""The engine's side of a task's scorer: a jailed process that alone confers scores.

A scorer serves many evaluations, because what reaches it from candidates is data of a closed codec. It is replaced
after any failure, after `REUSE` evaluations, and for each confirmation of a new best.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import msgspec

from cambrian.core.codec import decode, encode
from cambrian.core.errors import CodecError, EvaluatorError, TaskError
from cambrian.core.ports import Exit, Program, Reply, Runtime, Session
from cambrian.search.task import Task
from cambrian.verify.shipping import COMPARISON, shipped

REUSE = 200
"""Evaluations that one scorer process serves."""
_ANSWER_BYTES = 16 * 2**20


class Fault(msgspec.Struct, frozen=True):
    """What went wrong in the scorer itself.

    Args:
        type: the exception's type, empty if the scorer's answer was at fault.
        message: what it said.
        file: file of the innermost line of the scorer's own.
        line: that line.
    """

    type: str
    message: str
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.file else ""
        return place + (f"{self.type}: " if self.type else "") + self.message


class Score(msgspec.Struct, frozen=True):
    """Numbers that the scorer gave, all finite, and its remark."""

    numbers: dict[str, float]
    feedback: str = ""


class Rejected(msgspec.Struct, frozen=True):
    """The scorer turned the answer down: why, and in callable mode by the answer to which input."""

    why: str
    input: int | None = None


class Scorer:
    """A task's scorer in a jail.

    Args:
        task: the task.
        jail: the runtime it runs in; the task's folder is readable there.
    """

    def __init__(self, task: Task, jail: Runtime) -> None:
        self._task = task
        self._jail = jail
        self._session: Session | None = None
        self._uses = 0
        self.functions: frozenset[str] = frozenset()
        self.cpu_s = 0.0

    async def renew(self) -> None:
        """Put a fresh process in place, with the evaluator loaded.

        Raises:
            TaskError: the evaluator cannot be loaded, or lacks a function that the task's mode needs.
        """
        await self.aclose()
        limits = self._task.scorer_limits
        whole = msgspec.structs.replace(limits, wall=limits.wall * REUSE, cpu=limits.cpu * REUSE, output=_ANSWER_BYTES)
        started = await self._jail.launch(_program(), whole)
        if isinstance(started, Exit):
            raise EvaluatorError(f"the scorer's process cannot start: {started.status.value} {started.text}")
        self._session, self._uses = started, 0
        loaded = await self._ask("open", self._task.folder, self._task.evaluator)
        if isinstance(loaded, (Fault, Rejected)):
            raise self._task_error(f"the evaluator cannot be loaded: {loaded}", loaded)
        self.functions = frozenset(cast("list[str]", loaded))
        self._require()

    def _require(self) -> None:
        needed = "score" if self._task.mode == "artifact" else "inputs"
        if needed not in self.functions:
            raise TaskError(
                f"{self._task.mode} mode needs a function {needed!r}, found {sorted(self.functions)!r}",
                path=f"{self._task.folder}/{self._task.evaluator}",
                fix="def score(artifact): ..."
                if needed == "score"
                else "def inputs(rng): return [(argument, ...), ...]",
            )

    def _task_error(self, message: str, fault: Fault | Rejected) -> TaskError:
        path = f"{self._task.folder}/{self._task.evaluator}"
        line = fault.line if isinstance(fault, Fault) and fault.file == path else None
        return TaskError(message, path=path, line=line or None, fix="correct the evaluator and run `cambrian check`")

    @property
    def running(self) -> bool:
        """Whether a process is there."""
        return self._session is not None

    async def ready(self) -> None:
        """See that a scorer is there and not worn out."""
        if self._session is None or self._uses >= REUSE:
            await self.renew()
        self._uses += 1

    async def inputs(self, seed: int) -> list[bytes]:
        """Fresh inputs: encoded tuples of arguments.

        Raises:
            TaskError: the scorer failed to make them.
        """
        answer = await self._ask("inputs", seed)
        if isinstance(answer, (Fault, Rejected)):
            raise self._task_error(f"inputs() failed: {answer}", answer)
        return cast("list[bytes]", answer)

    async def score(self, payloads: Sequence[bytes]) -> Score | Rejected | Fault:
        """Score what a candidate emitted, as it came out of its jail."""
        answer = await self._ask("score", list(payloads), self._task.objectives[0].name)
        return answer if isinstance(answer, (Rejected, Fault)) else msgspec.convert(answer, Score)

    async def compare(self, answers: Sequence[Reply], references: Sequence[Reply]) -> Rejected | Fault | None:
        """Whether a candidate's answers are what they should be; `None` if so."""
        policy = self._task.equivalence
        terms = msgspec.to_builtins(policy), policy.captures
        answer = await self._ask("compare", _plain(answers), _plain(references), *terms)
        return answer if isinstance(answer, (Rejected, Fault)) else None

    async def compare_cases(
        self, cases: Sequence[bytes], answers: Sequence[Reply], references: Sequence[Reply]
    ) -> Rejected | Fault | None:
        """As `compare`, for inputs that were made earlier."""
        policy = self._task.equivalence
        terms = msgspec.to_builtins(policy), policy.captures
        answer = await self._ask("compare_cases", list(cases), _plain(answers), _plain(references), *terms)
        return answer if isinstance(answer, (Rejected, Fault)) else None

    async def _ask(self, operation: str, *arguments: object) -> object:
        if self._session is None:
            raise EvaluatorError("the scorer has not been started")
        payload = encode((operation, *arguments))
        reply = await self._session.call(payload, wall=self._task.scorer_limits.wall)
        if isinstance(reply, Exit):
            await self.aclose()
            return Fault(type=reply.status.value, message=f"the scorer was ended: {reply.detail} {reply.text}".strip())
        self.cpu_s += reply.cpu_s
        return _read(reply)

    async def aclose(self) -> None:
        """End the scorer's process. Idempotent."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()


def _plain(replies: Sequence[Reply]) -> list[object]:
    return [(reply.raised, reply.payload) for reply in replies]


def _read(reply: Reply) -> object:
    try:
        answer = decode(reply.payload, max_bytes=_ANSWER_BYTES, arrays=False)
    except CodecError as error:
        return Fault(type="CodecError", message=f"the scorer's answer cannot be read: {error}")
    known = cast("dict[str, object]", answer) if isinstance(answer, dict) else {}
    if "ok" in known:
        return known["ok"]
    if "rejected" in known:
        number = known.get("input")
        return Rejected(str(known["rejected"]), number if type(number) is int else None)
    if "fault" in known:
        return msgspec.convert(known["fault"], Fault)
    return Fault(type="", message=f"the scorer's process gave {reply.payload[:200]!r}")


_SHIPPED = (*COMPARISON, "verify/inside/carriage.py", "search/inside/scoring.py")


def _program() -> Program:
    """The part of Cambrian that a scorer's jail gets to see: these few files, as text."""
    return Program(files=shipped(_SHIPPED), entry="cambrian/search/inside/scoring.py:handle")
