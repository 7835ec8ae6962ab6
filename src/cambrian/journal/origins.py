"""How a run came to be, or was taken up again: the kernel's own events about it. Nothing about leases and effects."""

from __future__ import annotations

import msgspec

from cambrian.core.errors import StoreDamaged
from cambrian.core.ids import RunId

from .store import EventLog

__all__ = ["CREATED", "FORKED", "RESUMED", "Created", "Forked", "Resumed", "created"]

CREATED = "run.created"
RESUMED = "run.resumed"
FORKED = "run.forked"


class Created(msgspec.Struct, frozen=True, kw_only=True):
    """Data of ``run.created``, always a run's first event: what kind of run, and its maker's own record."""

    kind: str
    data: msgspec.Raw
    holder: str


class Resumed(msgspec.Struct, frozen=True, kw_only=True):
    """Data of ``run.resumed``: who writes from here on."""

    holder: str
    epoch: int


class Forked(msgspec.Struct, frozen=True, kw_only=True):
    """Data of ``run.forked``: the events up to here are the parent's."""

    parent: RunId
    seq: int
    holder: str


async def created(store: EventLog, run: RunId) -> Created:
    """A run's first event.

    Raises:
        StoreDamaged: it is something else.
    """
    async for event in store.read(run, limit=1):
        if event.type == CREATED:
            try:
                return msgspec.json.decode(event.data, type=Created)
            except msgspec.ValidationError as error:
                raise StoreDamaged(f"the first event of run {run!r} is not readable: {error}") from error
    raise StoreDamaged(f"run {run!r} does not begin with {CREATED!r}; it was not made by this kernel")
