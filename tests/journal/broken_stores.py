"""Stores with one defect each. The suites must fail them, or the suites are worth nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from pathlib import Path

from cambrian.core.errors import RunNotFound, StoreDamaged
from cambrian.core.event import Event, Fact
from cambrian.core.ids import Digest, RunId
from cambrian.journal.memory import MemoryStore
from cambrian.journal.sqlite import SqliteStore
from cambrian.journal.store import Durability, Lease


class LastWriterWins(MemoryStore):
    """Ignores the expected number."""

    def _check_turn(self, run: RunId, expected: int, epoch: int) -> None:
        heads = self._runs.get(run)
        super()._check_turn(run, len(heads.events) if heads else 0, epoch)


class NotFencing(MemoryStore):
    """Lets every epoch write."""

    def _check_turn(self, run: RunId, expected: int, epoch: int) -> None:
        super()._check_turn(run, expected, self._epochs.get(run, 0))


class SameEpoch(MemoryStore):
    """Gives every holder the same epoch."""

    async def acquire(self, run: RunId, holder: str, *, ttl: float, now: float, over: Lease | None = None) -> Lease:
        lease = await super().acquire(run, holder, ttl=ttl, now=now, over=over)
        self._epochs[run] = 1
        self._leases[run] = one = Lease(run=run, holder=holder, epoch=1, expires=lease.expires)
        return one


class EmptyInsteadOfAbsent(MemoryStore):
    """Reads a run that is not there as one without events."""

    async def read(
        self, run: RunId, *, after: int = 0, types: Collection[str] | None = None, limit: int | None = None
    ) -> AsyncIterator[Event]:
        try:
            async for event in super().read(run, after=after, types=types, limit=limit):
                yield event
        except RunNotFound:
            return


class BlobsBeforeChecks(MemoryStore):
    """Keeps the blobs of an append that it then refuses: half a transaction."""

    async def append(
        self,
        run: RunId,
        facts: Sequence[Fact],
        *,
        expected: int,
        epoch: int,
        time: float,
        blobs: Sequence[bytes] = (),
    ) -> int:
        from cambrian.core.ids import digest

        self._blobs.update({digest(blob): blob for blob in blobs})
        return await super().append(run, facts, expected=expected, epoch=epoch, time=time, blobs=blobs)


class GreedyCollector(MemoryStore):
    """Throws away the blobs of the runs that it deletes, whoever else references them."""

    async def gc(self, *, delete: Collection[RunId] = (), now: float) -> int:
        doomed: set[Digest] = {name for run in delete if run in self._runs for name in self._runs[run].references}
        freed = await super().gc(delete=delete, now=now)
        for name in doomed:
            self._blobs.pop(name, None)
        return freed


class LateCopy(MemoryStore):
    """Looks at its arguments only after it has waited."""

    async def append(
        self,
        run: RunId,
        facts: Sequence[Fact],
        *,
        expected: int,
        epoch: int,
        time: float,
        blobs: Sequence[bytes] = (),
    ) -> int:
        await asyncio.sleep(0.01)
        return await super().append(run, facts, expected=expected, epoch=epoch, time=time, blobs=blobs)


class RewritesHistory(MemoryStore):
    """Copies the whole history at every append."""

    def _check_turn(self, run: RunId, expected: int, epoch: int) -> None:
        super()._check_turn(run, expected, epoch)
        if entry := self._runs.get(run):
            entry.events = [Event(**{name: getattr(e, name) for name in e.__struct_fields__}) for e in entry.events]


class SaysDoneTooEarly(SqliteStore):
    """Acknowledges an append before it is committed."""

    async def append(
        self,
        run: RunId,
        facts: Sequence[Fact],
        *,
        expected: int,
        epoch: int,
        time: float,
        blobs: Sequence[bytes] = (),
    ) -> int:
        work = super().append(run, facts, expected=expected, epoch=epoch, time=time, blobs=blobs)
        self.task = asyncio.create_task(work)
        return expected + len(facts)


class StartsAfresh(SqliteStore):
    """Throws a damaged file away and begins with an empty one."""

    @classmethod
    async def open(cls, path: str | Path, *, durability: Durability = "process") -> SqliteStore:
        try:
            return await super().open(path, durability=durability)
        except StoreDamaged:
            Path(path).unlink()
            return await super().open(path, durability=durability)


class Forgetful(MemoryStore):
    """Keeps nothing."""

    @classmethod
    async def open(cls, _path: Path) -> Forgetful:
        return cls()
