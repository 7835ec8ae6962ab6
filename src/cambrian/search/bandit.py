"""The bandit that shares the budget among proposers: Thompson sampling of gain per nominal cost. No I/O, no clock.

Costs are *nominal*: deterministic units that a proposer states with each candidate (1.0 = one ordinary evaluation),
never measured seconds. So two runs with the same seed and the same outcomes choose the same arms.

Thompson, W. R. (1933); discounting after Garivier & Moulines (2011), since what pays early seldom pays late.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import msgspec

DISCOUNT = 0.97
"""Per tell of an arm; an arm's memory is about the last 33 outcomes of its own."""
FILTERED_COST = 0.3
"""Nominal cost of a candidate that was turned down before running."""


class Arm(msgspec.Struct, kw_only=True):
    """What is known of one proposer: discounted successes, failures, cost and weight of the cost's mean."""

    wins: float = 0.0
    losses: float = 0.0
    cost: float = 0.0
    weight: float = 0.0

    @property
    def mean_cost(self) -> float:
        """Mean nominal cost of a candidate; 1.0 while unknown."""
        return self.cost / self.weight if self.weight else 1.0

    def tell(self, reward: float, cost: float) -> None:
        """Take an outcome in: `reward` in [0, 1], `cost` in nominal units above zero."""
        self.wins = self.wins * DISCOUNT + reward
        self.losses = self.losses * DISCOUNT + (1 - reward)
        self.cost = self.cost * DISCOUNT + cost
        self.weight = self.weight * DISCOUNT + 1


class Bandit:
    """Chooses the next proposer.

    Args:
        names: the proposers, in the order in which they get their first turn.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.arms = {name: Arm() for name in names}
        self._waiting: dict[str, int] = dict.fromkeys(names, 0)

    def choose(self, rng: Random, *, exclude: frozenset[str] = frozenset()) -> str | None:
        """The arm with the best sampled gain per cost; an arm that was never tried goes first.

        Args:
            rng: for the samples.
            exclude: arms that just said that they cannot propose.

        Returns:
            Its name, or `None` if every arm is excluded.
        """
        scores = {
            name: rng.betavariate(1 + arm.wins, 1 + arm.losses) / arm.mean_cost
            for name, arm in self.arms.items()
            if name not in exclude
        }
        for name in scores:
            if not self.arms[name].weight and not self._waiting[name]:
                return name
        return max(scores, key=scores.__getitem__) if scores else None

    def started(self, name: str) -> None:
        """A candidate of this arm went to evaluation. Arms that do not take part are passed over."""
        if name in self.arms:
            self._waiting[name] += 1

    def tell(self, name: str, reward: float, cost: float) -> None:
        """An evaluation ended. Arms that no longer take part are passed over."""
        if name in self.arms:
            self._waiting[name] -= 1
            self.arms[name].tell(reward, cost)

    def cancelled(self, name: str) -> None:
        """An evaluation was cut off: nothing is learnt of its arm."""
        if name in self.arms:
            self._waiting[name] -= 1

    def tell_filtered(self, name: str, count: int) -> None:
        """Candidates of this arm were turned down before running."""
        if name in self.arms:
            for _ in range(count):
                self.arms[name].tell(0.0, FILTERED_COST)
