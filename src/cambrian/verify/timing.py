"""Paired, order-randomised timing of two arms, through a port. No clock of its own: whoever measures reads one.

Both arms of a pair run back to back on the same input, so what the machine does to one it does to the other; which
comes first is drawn by lot, so that a warm cache favours neither. A pair takes a tenth of the samples that unpaired
timing takes where load varies more than the arms do.

Noise must be the pair's, not the arm's: an arm that keeps its process keeps that process's luck. `fresh.FreshRuns` is a
measure that starts a new one for each run.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from random import Random
from typing import Literal

import msgspec

from cambrian.core.errors import UsageError
from cambrian.core.evidence import Evidence

from .confidence import BURN_IN, PLANNED, ConfidenceSequence
from .eprocess import check_alpha
from .superiority import PairedTest, log_ratio

__all__ = ["Arm", "Measure", "PairedTiming", "TimingPlan", "time_arms"]

Arm = Literal["control", "candidate"]
Measure = Callable[[Arm, int], Awaitable[float | None]]
"""Runs an arm once and gives the seconds it took, `None` if it failed, which ends the timing.

The number is the pair's: the same number means the same input.
"""


class TimingPlan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How two arms are timed.

    Args:
        alpha: chance of calling faster what is not.
        min_effect: least speed-up that counts; 0.05 is 1.05 ×.
        pairs: pairs at most.
        planned: pairs to tune for.
        burn_in: pairs before anything is said; 200 if times have heavy tails on a scale of logarithms too.
        self_share: share of the pairs that time the control against itself, from which the noise is told.
    """

    alpha: float = 0.05
    min_effect: float = 0.0
    pairs: int = 2 * PLANNED
    planned: int = PLANNED
    burn_in: int = BURN_IN
    self_share: float = 0.1

    def __post_init__(self) -> None:
        check_alpha(self.alpha)
        if self.pairs < self.burn_in:
            raise UsageError(f"pairs is {self.pairs!r}, below burn_in {self.burn_in!r}: nothing could be decided")
        if not 0 <= self.self_share < 1:
            raise UsageError(f"self_share is {self.self_share!r}; it is a share from 0 up to below 1")


class PairedTiming:
    """Times two arms until it is decided which is faster, or the plan's pairs are used up.

    Args:
        measure: runs an arm. What it raises ends the timing.
        plan: when to stop.
        rng: draws who comes first. The arms must not be able to guess it.
    """

    def __init__(self, measure: Measure, plan: TimingPlan, rng: Random) -> None:
        self._measure = measure
        self._plan = plan
        self._rng = rng
        self._number = 0
        self.failed: Arm | None = None
        """The arm that failed, if one did."""
        self.test = PairedTest.plan(
            alpha=plan.alpha, min_effect=plan.min_effect, planned=plan.planned, burn_in=plan.burn_in
        )
        self.control = ConfidenceSequence(alpha=plan.alpha, planned=plan.planned, burn_in=plan.burn_in)
        """Logarithms of first over second of the control against itself: its mean is the order's effect."""

    @property
    def done(self) -> bool:
        """Whether no further pair is wanted."""
        decided = self.test.decision != "undecided" or self.test.sequence.n >= self._plan.pairs
        return decided or self.failed is not None

    async def step(self) -> None:
        """Time one pair.

        Raises:
            UsageError: a time is not a finite number above zero.
        """
        number, self._number = self._number, self._number + 1
        if self._rng.random() < self._plan.self_share:
            if (times := await self._pair("control", "control", number)) is not None:
                self.control.add(log_ratio(*times))
            return
        control_first = self._rng.random() < 0.5
        order: tuple[Arm, Arm] = ("control", "candidate") if control_first else ("candidate", "control")
        if (times := await self._pair(*order, number)) is not None:
            self.test.add(log_ratio(*(times if control_first else times[::-1])))

    async def _pair(self, first: Arm, second: Arm, number: int) -> tuple[float, float] | None:
        """Times in the order taken; `None` once an arm has failed."""
        times: list[float] = []
        for arm in (first, second):
            taken = await self._measure(arm, number)
            if taken is None:
                self.failed = arm
                return None
            times.append(taken)
        return times[0], times[1]

    async def run(self) -> Evidence:
        """Time pairs until it is decided, they are used up, or an arm fails."""
        while not self.done:
            await self.step()
        return self.evidence()

    @property
    def noise(self) -> float | None:
        """Spread of the control against itself: 0.1 means that equal arms differ by some 10 % in a pair."""
        return math.expm1(self.control.deviation) if self.control.n > 1 else None

    @property
    def order_effect(self) -> float | None:
        """What coming first costs, as a ratio to coming second; `None` before a pair of the control with itself."""
        return math.exp(self.control.mean) if self.control.n else None

    def evidence(self) -> Evidence:
        """What the pairs so far show; estimate and bounds are speed-ups, control over candidate."""
        least = 1 + self.test.min_effect
        found = self.test.evidence("the candidate is faster" + (f" than {least:g} ×" if least > 1 else ""))
        failed = f"the {self.failed} failed" if self.failed else ""
        return msgspec.structs.replace(
            found, kind="not_shown" if failed else found.kind, method=f"{found.method}, pairs in random order",
            detail="; ".join(filter(None, (failed, found.detail, self._noise_text()))),
        )  # fmt: skip

    def _noise_text(self) -> str:
        if self.noise is None or self.order_effect is None:
            return "noise not measured"
        return (
            f"noise {100 * self.noise:.2g} % a pair and coming first {self.order_effect:.3g} ×, "
            f"from {self.control.n} pairs of the control with itself"
        )


async def time_arms(measure: Measure, *, rng: Random, plan: TimingPlan | None = None) -> Evidence:
    """Whether the candidate is faster than the control; see `PairedTiming`.

    Args:
        measure: runs an arm.
        rng: draws who comes first.
        plan: when to stop; by default `TimingPlan()`.
    """
    return await PairedTiming(measure, plan or TimingPlan(), rng).run()
