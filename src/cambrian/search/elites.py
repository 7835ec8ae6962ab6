"""The programs behind an archive's ids: the latest used in memory, the rest fetched when they become parents again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable

import msgspec

from cambrian.core.ids import VariantId

from .proposer import Scored

Fetch = Callable[[VariantId], Awaitable[Scored]]
"""Gives a variant that was evaluated earlier in this run, with its evaluation. Its report may be left out.

Raises ``LookupError`` if there is no such variant; the same id always gives the same.
"""

ROOM = 16_000_000
"""Characters of programs and feedback in memory at a time, by default."""


class Elites:
    """Scored variants by id. What is in memory is bounded only if there is somewhere to fetch from.

    Args:
        fetch: where variants come from that were put away; `None`: none is put away.
        room: characters in memory at a time. The latest used stays, whatever its length.
    """

    def __init__(self, fetch: Fetch | None = None, *, room: int = ROOM) -> None:
        self._fetch = fetch
        self._room = room
        self._used = 0
        self._scored: OrderedDict[VariantId, Scored] = OrderedDict()

    @property
    def in_memory(self) -> int:
        """Characters in memory."""
        return self._used

    def keep(self, scored: Scored) -> None:
        """Take a variant in, without its report: parents' reports interest nobody."""
        self.drop((scored.variant.id,))
        kept = msgspec.structs.replace(scored, report=b"")
        self._scored[scored.variant.id] = kept
        self._used += _size(kept)
        while self._fetch is not None and self._used > self._room and len(self._scored) > 1:
            self._used -= _size(self._scored.popitem(last=False)[1])

    def drop(self, variants: Iterable[VariantId]) -> None:
        """Forget variants, whether they are in memory or not."""
        for variant in variants:
            scored = self._scored.pop(variant, None)
            if scored is not None:
                self._used -= _size(scored)

    async def get(self, variant: VariantId) -> Scored:
        """A variant that is held.

        Raises:
            LookupError: nobody knows it.
        """
        scored = self._scored.get(variant)
        if scored is not None:
            self._scored.move_to_end(variant)
            return scored
        if self._fetch is None:
            raise LookupError(f"variant {variant!r} is not held and there is nowhere to fetch it from")
        self.keep(await self._fetch(variant))
        return self._scored[variant]


def _size(scored: Scored) -> int:
    return sum(map(len, scored.variant.files.values())) + len(scored.evaluation.feedback)
