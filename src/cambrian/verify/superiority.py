"""Is the candidate better? Two anytime-valid methods must both say so. No I/O, no clock; O(1) per pair.

The confidence sequence bounds *by how much*, but is asymptotic; the sign test is exact, but says only *how often*. The
chance that both err is at most that of either, so the pair errs with a chance of at most α wherever one of them is
valid.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Literal

import msgspec

from cambrian.core.errors import UsageError
from cambrian.core.evidence import Evidence

from .confidence import BURN_IN, PLANNED, ConfidenceSequence
from .eprocess import SignTest

__all__ = ["Decision", "PairedTest", "Scale", "better", "log_ratio"]

Decision = Literal["better", "not_better", "undecided"]
"""better: shown. not_better: so large an effect is ruled out. undecided: go on, or stop without a claim."""
Scale = Literal["ratio", "difference"]
"""What is fed: logarithms of ratios (times, counts), or plain differences (scores)."""


def log_ratio(control: float, candidate: float) -> float:
    """ln(control / candidate) of a pair of costs: above zero where the candidate is cheaper.

    Raises:
        UsageError: one of them is not a finite number above zero.
    """
    for name, value in (("control", control), ("candidate", candidate)):
        if not 0 < value < math.inf:
            raise UsageError(f"{name} took {value!r}; a ratio needs finite costs above zero (repeat what is too short)")
    return math.log(control) - math.log(candidate)


class PairedTest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Whether a candidate is better than a control by more than `min_effect`, looked at after every pair.

    The sign test counts against the same margin as the confidence sequence, so both stand behind the whole claim.

    Args:
        min_effect: least gain that counts. On a scale of ratios 0.05 is a speed-up of 1.05 ×.
        scale: what is fed.
        sequence: of the differences.
        signs: of the differences beyond the margin.
    """

    min_effect: float = 0.0
    scale: Scale = "ratio"
    sequence: ConfidenceSequence = msgspec.field(default_factory=ConfidenceSequence)
    signs: SignTest = msgspec.field(default_factory=SignTest)

    def __post_init__(self) -> None:
        if not 0 <= self.min_effect < math.inf:
            raise UsageError(f"min_effect is {self.min_effect!r}; the least gain that counts is zero or more")
        if self.sequence.alpha != self.signs.alpha:
            raise UsageError(f"alpha is {self.sequence.alpha!r} and {self.signs.alpha!r}; both methods need the same")

    @classmethod
    def plan(
        cls,
        *,
        alpha: float = 0.05,
        min_effect: float = 0.0,
        scale: Scale = "ratio",
        planned: int = PLANNED,
        burn_in: int = BURN_IN,
    ) -> PairedTest:
        """A test before its first pair; the arguments are told at `ConfidenceSequence` and above."""
        return cls(
            min_effect=min_effect, scale=scale, signs=SignTest(alpha=alpha),
            sequence=ConfidenceSequence(alpha=alpha, planned=planned, burn_in=burn_in),
        )  # fmt: skip

    @property
    def alpha(self) -> float:
        """Chance of ever calling better what is not."""
        return self.signs.alpha

    @property
    def margin(self) -> float:
        """The least gain that counts, in the unit of what is fed."""
        return math.log1p(self.min_effect) if self.scale == "ratio" else self.min_effect

    def add(self, gain: float) -> None:
        """Take in the next pair.

        Args:
            gain: of the candidate over the control, more is better: `log_ratio`, or a difference.

        Raises:
            UsageError: it is not a finite number.
        """
        self.sequence.add(gain)
        self.signs.add(gain - self.margin)

    @property
    def decision(self) -> Decision:
        """What the pairs so far allow to say."""
        interval = self.sequence.interval
        if interval.upper < self.margin or interval == (self.margin, self.margin):
            return "not_better"
        return "better" if interval.lower > self.margin and self.signs.rejected else "undecided"

    def evidence(self, claim: str = "") -> Evidence:
        """A record of the test as it stands. On a scale of ratios, estimate and bounds are ratios.

        Args:
            claim: in words; by default that the candidate is better, and by how much.
        """
        known = self.sequence.n >= self.sequence.burn_in
        low, high = self.sequence.interval
        return Evidence(
            kind="measured" if self.decision == "better" else "not_shown",
            claim=claim or self._claim(), n=self.sequence.n, alpha=self.alpha,
            estimate=self._shown(self.sequence.mean) if self.sequence.n else None,
            lower=self._shown(low) if known else None, upper=self._shown(high) if known else None,
            unit="×" if self.scale == "ratio" else "", method="asymptotic confidence sequence and sign e-process",
            detail=self._detail(),
        )  # fmt: skip

    def _claim(self) -> str:
        if not self.min_effect:
            return "the candidate is better"
        amount = f"{self.min_effect:.3g}" if self.scale == "difference" else f"{100 * self.min_effect:.3g} %"
        return f"the candidate is better by more than {amount}"

    def _shown(self, value: float) -> float | None:
        """A bound as people read it; `None` if no float holds it."""
        if self.scale == "difference":
            return value
        return math.exp(value) if abs(value) < 700 else None

    def _detail(self) -> str:
        counts = f"{self.signs.wins} won, {self.signs.losses} lost, {self.signs.ties} tied"
        match self.decision:
            case "better":
                return counts
            case "not_better":
                return f"{counts}; a gain as large as that is ruled out"
            case _ if self.sequence.n < self.sequence.burn_in:
                return f"{counts}; nothing is said before {self.sequence.burn_in} pairs"
            case _:
                return f"{counts}; undecided"


def better(
    gains: Iterable[float],
    *,
    alpha: float = 0.05,
    min_effect: float = 0.0,
    scale: Scale = "ratio",
    planned: int = PLANNED,
    burn_in: int = BURN_IN,
) -> Evidence:
    """Whether gains of a candidate over a control, pair by pair, show that it is better.

    Stops at the first pair that decides, as one who watches would; later gains are not read.

    >>> better([0.1 + 0.01 * (n % 7) for n in range(60)]).shown
    True

    Args:
        gains: `log_ratio` of each pair, or its difference (``scale="difference"``); more is better.
        alpha: chance of calling better what is not.
        min_effect: least gain that counts.
        scale: what is fed.
        planned: number of pairs to tune for.
        burn_in: pairs before anything is said.
    """
    test = PairedTest.plan(alpha=alpha, min_effect=min_effect, scale=scale, planned=planned, burn_in=burn_in)
    for gain in gains:
        test.add(gain)
        if test.decision != "undecided":
            break
    return test.evidence()
