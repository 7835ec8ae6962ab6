"""`Evaluation`: what running a variant gave. Failure is a status, never a fake number."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import Literal, get_args

import msgspec

from .checks import check_choice, check_text
from .errors import UsageError
from .ids import Digest, VariantId

Direction = Literal["maximize", "minimize"]


class Objective(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number to be made better.

    Args:
        name: the key under which the scorer reports it.
        direction: which way is better.
    """

    name: str
    direction: Direction = "maximize"

    def __post_init__(self) -> None:
        check_text("an objective's name", self.name, example='name="score"')
        check_choice(
            f"the direction of objective {self.name!r}", self.direction, get_args(Direction), example='"maximize"'
        )

    def better(self, a: float, b: float) -> bool:
        """Whether `a` is strictly better than `b`."""
        return a > b if self.direction == "maximize" else a < b

    def gain(self, value: float) -> float:
        """The value with its sign turned so that more is better."""
        return value if self.direction == "maximize" else -value


class Status(StrEnum):
    """How an evaluation ended. The first eight are a jail's verdicts, the rest the evaluator's."""

    OK = "ok"
    ERROR = "error"
    """The program raised, or ended without an answer."""
    TIMEOUT = "timeout"
    """It used up its wall or CPU time."""
    MEMORY = "memory"
    OUTPUT = "output"
    """It sent or printed more than it may."""
    KILLED = "killed"
    """It was killed from outside, by nobody we know: often the kernel's out-of-memory killer."""
    SIGNAL = "signal"
    """It died by a signal of its own making (a segmentation fault, an abort)."""
    DENIED = "denied"
    """It ended because something it tried is not allowed; the detail names what."""
    INVALID = "invalid"
    """It ran, and the scorer rejected what it gave."""
    SCORER_ERROR = "scorer_error"
    """The scorer failed; no fault of the candidate's is shown."""
    CANCELLED = "cancelled"
    """The budget's end or a person stopped it."""


class Usage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Resources that an evaluation took, measured outside the jail.

    Args:
        wall_s: seconds from launch to exit.
        cpu_s: CPU seconds of the candidate's tree.
        scorer_cpu_s: CPU seconds of the scorer.
        peak_bytes: peak resident size of the candidate's largest process.
        money: US dollars.
        inner_calls: calls that a template reports of its own inner loop; informational, never evidence.
    """

    wall_s: float = 0.0
    cpu_s: float = 0.0
    scorer_cpu_s: float = 0.0
    peak_bytes: int = 0
    money: float = 0.0
    inner_calls: int = 0


class Evaluation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What running a variant gave.

    Args:
        variant: the variant run.
        status: how it ended.
        objectives: name → finite number; empty unless the status is ``ok``.
        measures: further numbers that the scorer reports; they describe, they do not rank.
        feedback: text for people and for proposers: an error's last lines, a scorer's remark. Untrusted.
        detail: what exactly ended it (``"wall"``, ``"openat"``, ``"SIGSEGV"``).
        usage: resources taken.
        samples: the first objective's values, one per run, where several runs were taken; `objectives` are means then.
        level: name of the jail level it ran at, such as ``"L3"``.
        artifact: digest of what the candidate emitted, where it is kept.
        report: digest of what the program said of itself (`core.ports.Reply.report`), where it is kept.
        split: the score was conferred in a process that the candidate could not reach; not so for evaluators of other
            frameworks, which run the candidate in their own process.
    """

    variant: VariantId
    status: Status
    objectives: dict[str, float] = {}
    measures: dict[str, float] = {}
    feedback: str = ""
    detail: str = ""
    usage: Usage = Usage()
    samples: tuple[float, ...] = ()
    level: str = ""
    artifact: Digest | None = None
    report: Digest | None = None
    split: bool = True

    def __post_init__(self) -> None:
        if (self.status is Status.OK) != bool(self.objectives):
            raise UsageError(f"an evaluation has objectives if and only if it is ok, got {self.status!r}")
        for name, value in self.objectives.items():
            if not math.isfinite(value):
                raise UsageError(f"objective {name!r} is {value!r}; only finite numbers can rank")

    @property
    def ok(self) -> bool:
        """Whether it may be ranked."""
        return self.status is Status.OK
