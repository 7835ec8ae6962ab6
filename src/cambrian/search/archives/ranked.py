"""A container in order of rank: insert, remove, the i-th best, in O(log n). And the law by which ranks are drawn."""

from __future__ import annotations

import math
from collections.abc import Iterator, KeysView
from random import Random
from typing import Generic, Protocol, TypeVar

from cambrian.core.ids import VariantId

from .ordered import ordered

Row = tuple[tuple[float, ...], int, VariantId]
"""Sort key: rank, minus the number of the evaluation, id; best last."""


class HasRow(Protocol):
    """What can be ranked."""

    @property
    def variant(self) -> VariantId:
        """Its id."""
        ...

    @property
    def row(self) -> Row:
        """Its sort key."""
        ...


T = TypeVar("T", bound=HasRow)


class Ranked(Generic[T]):
    """Members by id and in order, each once. Iterates best first."""

    def __init__(self) -> None:
        self._members: dict[VariantId, T] = {}
        self._rows = ordered(list[Row]())

    def __len__(self) -> int:
        return len(self._members)

    def __iter__(self) -> Iterator[T]:
        return (self._members[row[2]] for row in reversed(self._rows))

    @property
    def variants(self) -> KeysView[VariantId]:
        """Ids of all members."""
        return self._members.keys()

    def __contains__(self, variant: object) -> bool:
        return variant in self._members

    def at(self, index: int) -> T:
        """The member that `index` others are better than; -1 is the worst.

        Raises:
            IndexError: there are not so many.
        """
        return self._members[self._rows[-1 - index][2]]

    def get(self, variant: VariantId) -> T:
        """A member by its id.

        Raises:
            KeyError: it is not in.
        """
        return self._members[variant]

    def add(self, member: T) -> None:
        """Take in a member whose variant is not in yet."""
        self._members[member.variant] = member
        self._rows.add(member.row)

    def remove(self, variant: VariantId) -> None:
        """Take a member out.

        Raises:
            KeyError: it is not in.
        """
        self._rows.remove(self._members.pop(variant).row)


_LN2 = math.log(2)


def harmonic(count: int, rng: Random) -> int:
    """An index in [0, count), drawn with weight 1/(i+1): exactly, and in O(1) expected whatever `count` is.

    Rejection from the continuous law of density 1/x (after Devroye, L. (1986), Non-uniform random variate generation,
    X.6): the piece [i, i+1) has the mass ln(1 + 1/i), and is kept with a probability proportional to 1/i over that.
    """
    if count == 1:
        return 0
    span = math.log(count + 1)
    while True:
        rank = min(int(math.exp(rng.random() * span)), count)
        if rng.random() * math.log1p(1 / rank) * rank <= _LN2:
            return rank - 1
