"""A typed door to `sortedcontainers.SortedList`: nothing else of that package is used, and only here.

A sorted list in pieces of about 1,000: a piece is searched and shifted in C, a positional index over the pieces finds
the i-th item. In theory O(√n) for an insert; measured flat from 10³ to 10⁶ (``benchmarks/archives.py``), and faster
there than a balanced tree in Python would be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar, cast

import sortedcontainers

T = TypeVar("T")


class Ordered(Protocol[T]):
    """Items in ascending order."""

    def add(self, value: T) -> None:
        """Insert."""
        ...

    def remove(self, value: T) -> None:
        """Take out.

        Raises:
            ValueError: it is not there.
        """
        ...

    def bisect_left(self, value: T) -> int:
        """Number of items below `value`."""
        ...

    def bisect_right(self, value: T) -> int:
        """Number of items not above `value`."""
        ...

    def __getitem__(self, index: int) -> T: ...
    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[T]: ...
    def __reversed__(self) -> Iterator[T]: ...


def ordered(items: Iterable[T] = ()) -> Ordered[T]:
    """A sorted list of these items."""
    return cast("Ordered[T]", sortedcontainers.SortedList(items))
