"""Noise of an objective: whether it varies from run to run, how much, and how often a candidate is worth running.

How many runs a candidate gets is a matter of thrift, not of proof: what a search says in the end stands on fresh data
(`search.confirmation`). No I/O, no randomness: a function of what was told, so a resume knows the same.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec

from cambrian.core.evaluation import Objective
from cambrian.verify.averages import mean

from .archives import Rank
from .task import Sampling

HOPELESS = 2.5
"""A candidate is dropped when its mean lies so many standard errors below the best."""
ROUNDING = 1e-9
"""Values that differ by less, relative to their size, are the same value in another order of summation."""


def varies(values: Sequence[float]) -> bool:
    """Whether values of one program differ by more than rounding does."""
    return max(values) - min(values) > ROUNDING * max(map(abs, values))


class Noise(msgspec.Struct, kw_only=True):
    """What is known of an objective's spread within one program, pooled over programs.

    Args:
        squares: sum of squared deviations from each program's own mean.
        degrees: degrees of freedom of that sum.
        noisy: some program's values differed by more than rounding.
    """

    squares: float = 0.0
    degrees: int = 0
    noisy: bool = False

    def tell(self, samples: Sequence[float]) -> None:
        """Take in the values of one program."""
        if len(samples) < 2:
            return
        centre = mean(samples)
        self.squares += sum((value - centre) * (value - centre) for value in samples)  # ** raises where * is infinite
        self.degrees += len(samples) - 1
        self.noisy = self.noisy or varies(samples)

    @property
    def spread(self) -> float:
        """Standard deviation of one run, in units of the objective."""
        return math.sqrt(self.squares / self.degrees) if self.degrees else 0.0


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How often to run a candidate.

    Args:
        objective: the one that ranks.
        least: runs at least, unless it is hopeless before.
        most: runs at most, and fresh ones of a candidate that would be the best.
        spread: standard deviation of one run.
        best: the best rank so far.
        detecting: it is the initial program, run to see whether the objective varies at all.
    """

    objective: Objective
    least: int = 1
    most: int = 1
    spread: float = 0.0
    best: Rank | None = None
    detecting: bool = False

    @property
    def once(self) -> bool:
        """One run says everything."""
        return self.most == 1

    def more(self, values: Sequence[float]) -> bool:
        """Whether to run it once more after these values of the objective."""
        if len(values) >= self.most:
            return False
        if self.detecting:
            return len(values) < self.least or varies(values)
        if self.best is None or not self.best:
            return len(values) < self.least
        if self._gain(values) + HOPELESS * self.spread / math.sqrt(len(values)) < self.best[0]:
            return False
        return len(values) < self.least or self.leads(values)

    def leads(self, values: Sequence[float]) -> bool:
        """Whether these values would make it the best."""
        return not self.detecting and bool(self.best) and self._gain(values) > (self.best or (math.inf,))[0]

    def _gain(self, values: Sequence[float]) -> float:
        return self.objective.gain(mean(values))


def make_plan(noise: Noise, sampling: Sampling, objective: Objective, best: Rank | None) -> Plan:
    """How often to run the next candidate, given what is known; the first of all tells whether there is noise.

    Args:
        noise: what is known.
        sampling: what the task wants.
        objective: the one that ranks.
        best: the best rank so far; `None` before the initial program is scored.
    """
    if best is None and sampling.detect > 1:
        most = max(sampling.detect, sampling.most)
        return Plan(objective=objective, least=sampling.detect, most=most, detecting=True)
    if not noise.noisy:
        return Plan(objective=objective, best=best)
    return Plan(objective=objective, least=sampling.least, most=sampling.most, spread=noise.spread, best=best)
