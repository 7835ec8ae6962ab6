"""One evaluation under way: what it has gathered, and how it ends without a score. Words of enemies are only carried.

Nothing is run here.
"""

from __future__ import annotations

from typing import Annotated, cast

import msgspec

from cambrian.core.codec import decode
from cambrian.core.errors import CodecError
from cambrian.core.evaluation import Status, Usage
from cambrian.core.ports import Exit, Program, Reply
from cambrian.core.variant import Variant
from cambrian.search.archives import Rank
from cambrian.search.task import Task

from .scorer import Fault, Rejected, Score

SAME_INPUTS = 0
"""Seed of the inputs in artifact mode: the same for every variant and every run, so that scores can be compared."""
_FEEDBACK_BYTES = 64 * 1024


class Failed(Exception):
    """An evaluation that ends without a score: how."""

    def __init__(self, status: Status, detail: str = "", feedback: str = "") -> None:
        super().__init__(status, detail)
        self.status, self.detail, self.feedback = status, detail, feedback


class Attempt(msgspec.Struct, kw_only=True):
    """What an evaluation has gathered so far; it stays when the evaluation fails.

    Args:
        inputs: seed of the inputs, where the task makes some and they do not vary anyway.
        replies: what the candidate answered.
        usage: what it took.
        artifact: what it emitted and the scorer believed, encoded.
        case: an input on which it failed, encoded by the scorer.
    """

    inputs: int = SAME_INPUTS
    replies: list[Reply] = []
    usage: Usage = Usage()
    artifact: bytes = b""
    case: bytes = b""

    @property
    def report(self) -> bytes:
        """What the candidate said of itself last, JSON text."""
        return self.replies[-1].report if self.replies else b""


def rank(task: Task, score: Score) -> Rank:
    """Where a score stands."""
    return tuple(item.gain(score.numbers[item.name]) for item in task.objectives if item.name in score.numbers)


def program_of(variant: Variant) -> Program:
    """What a jail runs for a variant."""
    return Program(files=variant.files, entry=variant.entry)


def ended(exit: Exit) -> Failed:
    """The failure that a program's end means."""
    status = exit.status if exit.status is not Status.OK else Status.ERROR
    return Failed(status, exit.detail, exit.text)


def believed(answer: Score | Rejected | Fault) -> Score:
    """The score.

    Raises:
        Failed: there is none.
    """
    if isinstance(answer, Score):
        return answer
    raise not_scored(answer)


def not_scored(answer: Rejected | Fault) -> Failed:
    """The failure that a scorer's refusal, or its own failure, means."""
    if isinstance(answer, Rejected):
        return Failed(Status.INVALID, "rejected", answer.why[:4000])
    return Failed(Status.SCORER_ERROR, answer.type, str(answer)[:4000])


def told(reply: Reply) -> str:
    """What an exception said, for people. Plain JSON of a bounded size; arrays are not taken."""
    try:
        record = decode(reply.payload, max_bytes=_FEEDBACK_BYTES, arrays=False)
    except CodecError as error:
        return f"(what it raised cannot be read: {error})"
    if not isinstance(record, dict):
        return "(what it raised cannot be read)"
    words = cast("dict[object, object]", record)
    kind, message, trace = (_text(words.get(key)) for key in ("type", "message", "traceback"))
    return f"{kind}: {message}\n{trace}".strip()[-4000:]


def _text(value: object) -> str:
    """A text of an enemy's, if it is one: no other type is turned into text here."""
    return value if type(value) is str else ""


class _Report(msgspec.Struct):
    calls: Annotated[int, msgspec.Meta(ge=0, lt=2**53)] = 0


def inner_calls(report: bytes) -> int:
    """What a program says of itself; not evidence, so what cannot be read counts as nothing said."""
    try:
        return msgspec.json.decode(report, type=_Report).calls if report else 0
    except (msgspec.DecodeError, RecursionError):
        return 0


def together(a: Usage, b: Usage) -> Usage:
    """What two runs of one candidate took."""
    return Usage(
        wall_s=a.wall_s + b.wall_s, cpu_s=a.cpu_s + b.cpu_s, scorer_cpu_s=a.scorer_cpu_s + b.scorer_cpu_s,
        peak_bytes=max(a.peak_bytes, b.peak_bytes), money=a.money + b.money,
        inner_calls=a.inner_calls + b.inner_calls,
    )  # fmt: skip
