"""What every strategy is: who becomes a parent, and where a child belongs. Ask/tell, no I/O.

A strategy's state is a function of its configuration and of the `started` and `tell` calls in order, all of which a
run's journal holds; randomness is handed in. So a resume that repeats them stands where the search stood.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection
from random import Random

import msgspec

from cambrian.core.ids import VariantId
from cambrian.search.archives import Elite, Insert, Rank
from cambrian.search.archives.archive import REFUSED


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """A strategy's answer: parents, best first, and the niche that the child will belong to."""

    parents: tuple[VariantId, ...]
    niche: int


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """How a candidate did.

    Args:
        niche: as the `Ask` had it.
        elite: the variant with its rank; `None` if it failed.
        cancelled: it was cut off, which says nothing about it.
        cost: nominal, see `core.variant.Origin`.
        reward: in [0, 1], what the proposers' bandit is told.
    """

    niche: int
    elite: Elite | None = None
    cancelled: bool = False
    cost: float = 1.0
    reward: float = 0.0


class Strategy(ABC):
    """Chooses parents and places children. The first variant told is the initial program.

    Candidates are asked for before earlier ones were told, several at a time; some of what is asked for never starts.
    `ask` changes nothing.
    """

    dimensions: tuple[str, ...] = ()
    """Names of the features that its elites must have (`search.descriptors`)."""

    @abstractmethod
    def ask(self, count: int, rng: Random) -> Ask:
        """Choose up to `count` different parents.

        Raises:
            LookupError: nothing has been told yet.
        """

    def started(self, niche: int) -> None:  # noqa: B027 - optional: most strategies do not count what is in flight
        """A candidate of this niche goes to evaluation; it will be told."""

    @abstractmethod
    def tell(self, told: Told) -> Insert:
        """Take in how a candidate did. The answer names every variant that is no longer `held`."""

    def hear(self, elite: Elite) -> Insert:
        """Take in an elite that another strategy found, where that helps this one."""
        del elite
        return REFUSED

    @abstractmethod
    def revise(self, variant: VariantId, rank: Rank) -> tuple[VariantId, ...]:
        """Take in another rank of a variant, now that more is known of it; one that is not held is passed over.

        Returns:
            Who is no longer `held`.
        """

    @property
    @abstractmethod
    def best(self) -> Elite | None:
        """The best elite that is held."""

    @property
    @abstractmethod
    def held(self) -> Collection[VariantId]:
        """Every variant that `ask` may still name. Looking for one in it is O(1)."""
