"""The bandit that shares the budget among proposers: Thompson sampling of gain per nominal cost. No I/O, no clock.

Each proposer's wins are taken as a Poisson process along its cost, so what is known of its rate is a gamma distribution
of its wins and its cost; the proposer with the highest sampled rate is next. Both fade with cost, since what pays early
seldom pays late. Candidates whose costs differ a thousandfold are so compared by what a second of work brings.

Costs are *nominal*: deterministic units that a proposer states with each candidate (1.0 = one ordinary evaluation),
never measured seconds. So two runs with the same seed and the same outcomes choose the same arms.

Thompson, W. R. (1933); fading after Garivier & Moulines (2011).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random

import msgspec

PRIOR_WINS, PRIOR_COST = 0.5, 400.0
"""What is believed of a proposer before it was tried: half a win in 400 ordinary evaluations."""
MEMORY = 2000.0
"""Nominal cost after which an outcome counts 1/e."""
FILTERED_COST = 0.3
"""Nominal cost of a candidate that was turned down before running."""


class Arm(msgspec.Struct, kw_only=True):
    """What is known of one proposer: faded wins and nominal cost, and whether it was ever tried."""

    wins: float = 0.0
    cost: float = 0.0
    tried: bool = False

    def tell(self, reward: float, cost: float) -> None:
        """Take an outcome in: `reward` in [0, 1], `cost` in nominal units above zero."""
        fade = math.exp(-cost / MEMORY)
        self.wins = self.wins * fade + reward
        self.cost = self.cost * fade + cost
        self.tried = True

    def sample(self, rng: Random) -> float:
        """Draw a rate of wins per nominal cost from what is known."""
        return rng.gammavariate(PRIOR_WINS + self.wins, 1.0) / (PRIOR_COST + self.cost)


class Bandit:
    """Chooses the next proposer.

    Args:
        names: the proposers, in the order in which they get their first turn.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.arms = {name: Arm() for name in names}
        self._waiting: dict[str, int] = dict.fromkeys(names, 0)

    def choose(self, rng: Random, *, exclude: frozenset[str] = frozenset()) -> str | None:
        """The arm with the highest sampled rate; an arm that was never tried goes first.

        Args:
            rng: for the samples.
            exclude: arms that just said that they cannot propose.

        Returns:
            Its name, or `None` if every arm is excluded.
        """
        rates = {name: arm.sample(rng) for name, arm in self.arms.items() if name not in exclude}
        for name in rates:
            if not self.arms[name].tried and not self._waiting[name]:
                return name
        return max(rates, key=rates.__getitem__) if rates else None

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
