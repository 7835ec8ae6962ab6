"""Inputs on which candidates failed: asked of later candidates before all others, so that a known mistake costs little.

Every one of them is an input that the task's own scorer made, as it was: a smaller one that nobody made might lie
outside of what the program is for. No I/O; contents are encoded and are not looked into here.
"""

from __future__ import annotations

from collections.abc import Iterable

from cambrian.core.ids import Digest, digest

MOST_BYTES = 64 * 1024
"""An input with more is not kept: asking it would cost as much as the race it saves."""


class Cases:
    """Cases of one search, shared by its evaluation slots.

    Args:
        most: how many at most; 0 keeps none.
        known: those that earlier processes of the run have found, in order.
    """

    def __init__(self, most: int, known: Iterable[bytes] = ()) -> None:
        self._most = most
        self._kept: dict[Digest, bytes] = {}
        for payload in known:
            self.take(payload)

    @property
    def payloads(self) -> tuple[bytes, ...]:
        """The inputs, encoded, in the order in which they were found."""
        return tuple(self._kept.values())

    def take(self, payload: bytes) -> bool:
        """Keep an input, if it is new and there is room for it."""
        name = digest(payload)
        if not payload or name in self._kept or len(self._kept) >= self._most or len(payload) > MOST_BYTES:
            return False
        self._kept[name] = payload
        return True
