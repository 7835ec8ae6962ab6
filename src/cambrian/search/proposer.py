"""`Proposer`: makes candidates from parents. Pure: no I/O of its own, no clock; randomness is handed in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from random import Random
from typing import Literal

import msgspec

from cambrian.core.evaluation import Evaluation, Objective
from cambrian.core.limits import Limits
from cambrian.core.variant import Origin, Variant

Mode = Literal["artifact", "callable"]


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """What a proposer may know of the task. The scorer and its data are not in it.

    Args:
        initial: the task's own program, the first variant.
        objectives: the first is the one that ranks.
        mode: ``"artifact"``: the entry is called for what it returns; ``"callable"``: for its speed.
        limits: of one evaluation.
        problem: source of the task's ``problem.py``, if it has one. Data for proposers: it may only be executed in a
            jail, as part of a candidate.
        seed: of the run.
    """

    initial: Variant
    objectives: tuple[Objective, ...]
    mode: Mode
    limits: Limits
    problem: str | None = None
    seed: int = 0


class Scored(msgspec.Struct, frozen=True, kw_only=True):
    """A variant with what running it gave.

    Args:
        variant: the variant.
        evaluation: its evaluation.
        report: what the program said of itself (``__report__`` as JSON text); an enemy's words. Do not decode it in
            the engine: embed it in the next program as a text literal, to be decoded inside the jail.
    """

    variant: Variant
    evaluation: Evaluation
    report: bytes = b""


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """What a proposer answers: the new program's files, complete, and where they come from."""

    files: dict[str, str]
    origin: Origin


class Proposer(ABC):
    """One way to make a candidate.

    The engine calls `propose` with parents chosen by the strategy, best first, and later `tell` with the outcome of
    each candidate that was evaluated, also on resume, in the recorded order. Nothing else may influence a proposal:
    the same setting, calls and seeds give the same candidates.
    """

    name: str
    """Registered name, such as ``"edit.operator"``; written in every variant's origin."""
    parents: int = 1
    """How many parents it wants; it gets fewer when there are fewer. 0: what it makes does not hang on them."""
    structural: bool = True
    """What it changes is structure, so that nearly what was tried in vain need not be tried. One that looks for the
    right numbers, or writes whole programs anew, says `False`: small differences are what it is about."""

    @abstractmethod
    async def propose(self, parents: Sequence[Scored], rng: Random) -> Candidate:
        """Make one candidate. Cheap: anything over 10 ms belongs into a worker.

        Raises:
            ProposalError: it cannot propose from these parents; says why. Another proposer is asked.
        """

    async def tell(self, outcome: Scored) -> None:  # noqa: B027 - optional: most proposers keep no state
        """Learn how a candidate of this proposer's did; one that was cancelled says nothing about it."""

    async def aclose(self) -> None:  # noqa: B027 - optional: most proposers own nothing
        """Release workers. Idempotent."""
