"""Which of several noisy candidates is best, at few samples: pure ask/tell schedulers. No I/O, no clock.

`ask` says which candidate to sample next, `tell` takes the value. Any number of samples may be in flight. The state is
the fields, so a scheduler can be encoded and go on; the same tells in the same order leave the same state.

    Race                racing by confidence: a candidate leaves when it is shown to be worse than another
    SuccessiveHalving   a fixed budget: the worse half leaves after each round; fast, but shows nothing
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from random import Random
from typing import Protocol

import msgspec

from cambrian.core.errors import UsageError
from cambrian.core.evidence import Evidence

from .alpha import share_alpha
from .confidence import BURN_IN, PLANNED, ConfidenceSequence
from .eprocess import check_alpha

__all__ = ["Race", "Scheduler", "SuccessiveHalving"]


class Scheduler(Protocol):
    """Chooses candidates, known by number from 0, and learns how they did. More is better."""

    def ask(self) -> int | None:
        """The candidate to sample next; `None` if nothing is to be sampled before more is told, or ever (`done`)."""
        ...

    def tell(self, candidate: int, value: float | None) -> None:
        """Take in a sample; `None` if the candidate failed, which ends its part."""
        ...

    @property
    def done(self) -> bool:
        """Whether no sample is wanted any more."""
        ...

    @property
    def leader(self) -> int | None:
        """The best candidate as far as is known; `None` if there is none."""
        ...


class Lane(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What is known of one candidate.

    Args:
        sequence: of its samples; its `n` counts them.
        asked: samples asked for, those in flight included.
        running: whether it still takes part.
        failed: whether a sample of it failed.
    """

    sequence: ConfidenceSequence
    asked: int = 0
    running: bool = True
    failed: bool = False

    def tell(self, value: float | None) -> None:
        """Take in a sample, also one that was asked for by an earlier process."""
        if value is None:
            self.running, self.failed = False, True
            return
        self.sequence.add(value)
        self.asked = max(self.asked, self.sequence.n)


def _lanes(count: int, alpha: float, planned: int, burn_in: int) -> list[Lane]:
    if count < 1:
        raise UsageError(f"candidates is {count!r}; a race needs one at least")
    return [
        Lane(sequence=ConfidenceSequence(alpha=alpha, planned=planned, burn_in=burn_in)) for _ in range(count)
    ]  # fmt: skip


def _lane(lanes: list[Lane], candidate: int) -> Lane:
    if not 0 <= candidate < len(lanes):
        raise UsageError(f"candidate {candidate!r} is not in this race; candidates are 0 to {len(lanes) - 1}")
    return lanes[candidate]


def _next(lanes: list[Lane], target: int, seed: int) -> int | None:
    """The running candidate with the fewest samples, in an order drawn anew for each round of samples.

    A fixed order would give each candidate the same neighbour each time: caches, clocks and load would tell.
    """
    wanted = [index for index, lane in enumerate(lanes) if lane.running and lane.asked < target]
    if not wanted:
        return None
    fewest = min(lanes[index].asked for index in wanted)
    order = Random(f"{seed} {fewest}").sample(range(len(lanes)), len(lanes))
    chosen = min((index for index in wanted if lanes[index].asked == fewest), key=order.__getitem__)
    lanes[chosen].asked += 1
    return chosen


def _best(lanes: list[Lane], among: Iterable[int]) -> int | None:
    """The highest mean, of those with a sample; the first of equals."""
    sampled = [index for index in among if lanes[index].sequence.n and not lanes[index].failed]
    return max(sampled, key=lambda index: (lanes[index].sequence.mean, -index), default=None)


class Race(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Racing by confidence: a candidate leaves once its upper bound is below the leader's lower bound.

    Each candidate has its own confidence sequence at its share of α, so the best one is ever dropped with a chance of
    at most α, however often one looks (Maron & Moore 1994, made anytime-valid). With common noise feed paired gains
    over the same control instead of plain scores.

    Args:
        alpha: chance that the best candidate is ever dropped.
        limit: samples of each candidate at most.
        seed: of the order within rounds.
        lanes: the candidates.
    """

    alpha: float
    limit: int
    seed: int
    lanes: list[Lane]

    @classmethod
    def of(
        cls,
        candidates: int,
        *,
        alpha: float = 0.05,
        limit: int = PLANNED,
        planned: int | None = None,
        burn_in: int = BURN_IN,
        seed: int = 0,
    ) -> Race:
        """A race before its first sample.

        Args:
            candidates: how many.
            alpha: chance that the best one is ever dropped.
            limit: samples of each at most.
            planned: samples to tune for; by default half the limit.
            burn_in: samples of a candidate before anything is said of it.
            seed: of the order within rounds.

        Raises:
            UsageError: an argument is out of its range.
        """
        check_alpha(alpha)
        if limit < burn_in:
            raise UsageError(f"limit is {limit!r}, below burn_in {burn_in!r}: nothing could ever be decided")
        each = share_alpha(alpha, max(candidates, 1))
        lanes = _lanes(candidates, each, planned or max(limit // 2, 1), burn_in)
        return cls(alpha=alpha, limit=limit, seed=seed, lanes=lanes)

    @property
    def running(self) -> tuple[int, ...]:
        """Candidates that still take part."""
        return tuple(index for index, lane in enumerate(self.lanes) if lane.running)

    @property
    def done(self) -> bool:
        """See `Scheduler.done`: one is left at most, or all that are left have had their samples."""
        running = self.running
        return len(running) <= 1 or all(self.lanes[index].sequence.n >= self.limit for index in running)

    @property
    def leader(self) -> int | None:
        """See `Scheduler.leader`. Its mean flatters it: measure the winner on fresh samples."""
        return _best(self.lanes, self.running)

    def ask(self) -> int | None:
        """See `Scheduler.ask`."""
        return None if self.done else _next(self.lanes, self.limit, self.seed)

    def tell(self, candidate: int, value: float | None) -> None:
        """See `Scheduler.tell`. Late samples of a dropped candidate are taken in and change nothing.

        Raises:
            UsageError: there is no such candidate, or the value is not finite.
        """
        _lane(self.lanes, candidate).tell(value)
        intervals = {index: self.lanes[index].sequence.interval for index in self.running}
        bar = max((interval.lower for interval in intervals.values()), default=-math.inf)
        for index, interval in intervals.items():
            if interval.upper < bar:
                self.lanes[index].running = False

    def cancelled(self, candidate: int) -> None:
        """An asked sample will not come: it may be asked for again."""
        lane = _lane(self.lanes, candidate)
        lane.asked = max(lane.asked - 1, lane.sequence.n)

    def evidence(self) -> Evidence:
        """Whether the leader is shown to be the best of those that did not fail."""
        leader, running = self.leader, self.running
        beaten = sum(not lane.running and not lane.failed for lane in self.lanes)
        alone = leader is not None and running == (leader,) and beaten > 0
        sequence = self.lanes[leader].sequence if leader is not None else None
        known = sequence is not None and sequence.n >= sequence.burn_in
        return Evidence(
            kind="measured" if alone else "not_shown", claim=f"candidate {leader} has the best mean",
            n=sum(lane.sequence.n for lane in self.lanes), alpha=self.alpha,
            estimate=sequence.mean if sequence is not None else None,
            lower=sequence.interval.lower if sequence is not None and known else None,
            upper=sequence.interval.upper if sequence is not None and known else None,
            method="race of asymptotic confidence sequences",
            detail=f"{beaten} of {len(self.lanes)} beaten, {sum(lane.failed for lane in self.lanes)} failed",
        )  # fmt: skip


class SuccessiveHalving(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Successive halving (Jamieson & Talwalkar, AISTATS 2016): equal samples for all, then the best part goes on.

    Never takes more than `budget` samples. It bounds no chance of error: what it finds is to be confirmed.

    Args:
        budget: samples in all, at most.
        eta: one in `eta` goes on after a round.
        seed: of the order within rounds.
        lanes: the candidates.
        target: samples that each running candidate shall have at the end of this round.
    """

    budget: int
    eta: int
    seed: int
    lanes: list[Lane]
    target: int

    @classmethod
    def of(cls, candidates: int, *, budget: int, eta: int = 2, seed: int = 0) -> SuccessiveHalving:
        """A schedule before its first sample.

        Raises:
            UsageError: an argument is out of its range, or the budget gives some round less than a sample each.
        """
        if eta < 2:
            raise UsageError(f"eta is {eta!r}; one in two at most can go on")
        lanes = _lanes(candidates, 0.05, PLANNED, BURN_IN)
        rounds = _rounds(candidates, eta)
        if budget < candidates * rounds:
            raise UsageError(
                f"budget is {budget!r}; {candidates} candidates in {rounds} rounds need {candidates * rounds} samples"
            )
        first = budget // (candidates * rounds) if rounds else 0
        return cls(budget=budget, eta=eta, seed=seed, lanes=lanes, target=first)

    @property
    def running(self) -> tuple[int, ...]:
        """Candidates that still take part."""
        return tuple(index for index, lane in enumerate(self.lanes) if lane.running)

    @property
    def done(self) -> bool:
        """See `Scheduler.done`."""
        return len(self.running) <= 1

    @property
    def leader(self) -> int | None:
        """See `Scheduler.leader`."""
        running = self.running
        return running[0] if len(running) == 1 else _best(self.lanes, running)

    def ask(self) -> int | None:
        """See `Scheduler.ask`."""
        return None if self.done else _next(self.lanes, self.target, self.seed)

    def tell(self, candidate: int, value: float | None) -> None:
        """See `Scheduler.tell`.

        Raises:
            UsageError: there is no such candidate, or the value is not finite.
        """
        _lane(self.lanes, candidate).tell(value)
        while not self.done and all(self.lanes[index].sequence.n >= self.target for index in self.running):
            self._halve()

    def cancelled(self, candidate: int) -> None:
        """An asked sample will not come: it may be asked for again."""
        lane = _lane(self.lanes, candidate)
        lane.asked = max(lane.asked - 1, lane.sequence.n)

    def _halve(self) -> None:
        ranked = sorted(self.running, key=lambda index: (-self.lanes[index].sequence.mean, index))
        keep = math.ceil(len(ranked) / self.eta)
        for index in ranked[keep:]:
            self.lanes[index].running = False
        self.target += self.budget // (keep * _rounds(len(self.lanes), self.eta))

    def evidence(self) -> Evidence:
        """Never shown: the method bounds no chance of error."""
        leader = self.leader
        return Evidence(
            kind="not_shown", claim=f"candidate {leader} has the best mean",
            n=sum(lane.sequence.n for lane in self.lanes),
            estimate=self.lanes[leader].sequence.mean if leader is not None else None,
            method="successive halving", detail="to be confirmed on fresh samples",
        )  # fmt: skip


def _rounds(candidates: int, eta: int) -> int:
    """Rounds until one is left."""
    rounds = 0
    while candidates > 1:
        candidates, rounds = math.ceil(candidates / eta), rounds + 1
    return rounds
