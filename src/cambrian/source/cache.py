"""A memory of what was worked out from a text. It never changes an answer, it only saves working it out again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Cache(Generic[K, V]):
    """Least recently used values go first, as soon as all together weigh more than there is room for.

    Args:
        room: bytes, by the weights that `put` is told.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._weight = 0
        self._kept: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: K) -> V | None:
        """The value, if it is still here."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            return found[0]

    def put(self, key: K, value: V, weight: int) -> V:
        """Keep a value of about so many bytes; returns it. The newest one stays whatever it weighs."""
        with self._lock:
            old = self._kept.pop(key, None)
            self._weight += weight - (old[1] if old else 0)
            self._kept[key] = (value, weight)
            while self._weight > self._room and len(self._kept) > 1:
                self._weight -= self._kept.popitem(last=False)[1][1]
        return value

    def widen(self, room: int) -> None:
        """Have room for at least so many bytes."""
        self._room = max(self._room, room)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self._weight = 0
