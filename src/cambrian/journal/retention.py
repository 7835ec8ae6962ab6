"""Deleting runs, also those whose process has died a moment ago. Knows leases and holders, no backend."""

from __future__ import annotations

from collections.abc import Collection

from cambrian.core.ids import RunId
from cambrian.core.ports import Clock

from .holder import is_gone
from .store import RunHead, Store


async def delete_runs(store: Store, runs: Collection[RunId], *, clock: Clock, holder: str) -> int:
    """Delete runs and every blob that no other run references. Without runs: only such blobs.

    Args:
        store: where they are.
        runs: which. A lease whose holder is a process of this machine that has ended does not protect a run.
        clock: for the leases.
        holder: `journal.holder.this_process`.

    Returns:
        Bytes freed.

    Raises:
        RunNotFound: one of them does not exist; nothing is deleted.
        LeaseHeld: one of them is in use; nothing is deleted.
    """
    for run in runs:
        for head in await store.heads(run):
            await _free_if_gone(store, head, clock=clock, holder=holder)
    return await store.gc(delete=runs, now=clock.wall())


async def _free_if_gone(store: Store, head: RunHead, *, clock: Clock, holder: str) -> None:
    if head.lease is not None and is_gone(head.lease.holder):
        await store.release(await store.acquire(head.run, holder, ttl=30.0, now=clock.wall(), over=head.lease))
