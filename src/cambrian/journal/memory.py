"""A store in memory: for tests and throw-away runs. Survives nothing; never waits, so each call is atomic.

The contract's simplest reading: where two backends differ, this one is the one to compare with.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Sequence

import msgspec

from cambrian.core.errors import JournalError, RunNotFound, StoreDamaged, UsageError
from cambrian.core.event import Event, Fact
from cambrian.core.ids import Digest, RunId, digest

from .records import (
    check_deletable,
    check_epoch,
    check_expected,
    check_facts,
    check_free,
    check_history,
    check_lease_arguments,
    check_run,
    is_object,
    lost_lease,
    opening_kind,
    place,
)
from .store import Appended, Damage, Lease, RunHead, Store


class _Entry:
    """A run: its events, the blobs it references with the event that did so first."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.references: dict[Digest, int] = {}


class MemoryStore(Store):
    """A store in memory."""

    def __init__(self) -> None:
        self._runs: dict[RunId, _Entry] = {}
        self._blobs: dict[Digest, bytes] = {}
        self._leases: dict[RunId, Lease] = {}
        self._epochs: dict[RunId, int] = {}
        self._closed = False

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
        """See `EventLog.append`."""
        self._check_writable(run)
        checked = check_facts(facts)
        self._check_turn(run, expected, epoch)
        return self._write(self._runs.setdefault(run, _Entry()), run, checked, time, blobs)

    def _check_writable(self, run: RunId) -> None:
        if self._closed:
            raise JournalError("the store is closed; open it again")
        check_run(run)

    def _check_turn(self, run: RunId, expected: int, epoch: int) -> None:
        check_epoch(run, epoch, self._epochs.get(run, 0))
        entry = self._runs.get(run)
        check_expected(run, expected, len(entry.events) if entry else 0)

    def _write(self, entry: _Entry, run: RunId, facts: Sequence[Fact], time: float, blobs: Sequence[bytes]) -> int:
        seq = len(entry.events)
        for content in map(bytes, blobs):
            name = digest(content)
            self._blobs.setdefault(name, content)
            entry.references.setdefault(name, seq + 1)
        entry.events += [place(run, fact, seq=seq + i, time=time) for i, fact in enumerate(facts, start=1)]
        return len(entry.events)

    async def read(
        self, run: RunId, *, after: int = 0, types: Collection[str] | None = None, limit: int | None = None
    ) -> AsyncIterator[Event]:
        """See `EventLog.read`."""
        events = self._entry(run).events
        index, left = after, limit
        while index < len(events) and (left is None or left > 0):
            event = events[index]
            index += 1
            if event.seq != index:
                raise StoreDamaged(f"run {run!r} has event {event.seq} in place of {index}; restore the store")
            if types is None or event.type in types:
                left = left - 1 if left is not None else None
                yield event

    def _entry(self, run: RunId) -> _Entry:
        try:
            return self._runs[run]
        except KeyError:
            raise RunNotFound(f"no run {run!r} in this store; `cambrian runs list` shows those there are") from None

    async def heads(self, run: RunId | None = None) -> list[RunHead]:
        """See `EventLog.heads`."""
        wanted = sorted(self._runs) if run is None else [run] if run in self._runs else []
        return [self._head(each, self._runs[each]) for each in wanted]

    def _head(self, run: RunId, entry: _Entry) -> RunHead:
        first = entry.events[0]
        return RunHead(
            run=run,
            kind=opening_kind(Fact(type=first.type, data=first.data)),
            seq=len(entry.events),
            created=first.time,
            updated=entry.events[-1].time,
            epoch=self._epochs.get(run, 0),
            lease=self._leases.get(run),
        )

    async def blob(self, digest: Digest) -> bytes:
        """See `Blobs.blob`."""
        try:
            return self._blobs[digest]
        except KeyError:
            raise LookupError(f"no blob {digest!r} in this store") from None

    async def acquire(self, run: RunId, holder: str, *, ttl: float, now: float, over: Lease | None = None) -> Lease:
        """See `Leases.acquire`."""
        self._check_writable(run)
        check_lease_arguments(run, holder, ttl)
        check_free(self._leases.get(run), holder, now, over)
        epoch = self._epochs[run] = self._epochs.get(run, 0) + 1
        lease = self._leases[run] = Lease(run=run, holder=holder, epoch=epoch, expires=now + ttl)
        return lease

    async def renew(self, lease: Lease, *, ttl: float, now: float) -> Lease:
        """See `Leases.renew`."""
        current = self._leases.get(lease.run)
        if current is None or current.epoch != lease.epoch:
            raise lost_lease(lease, self._epochs.get(lease.run, 0))
        renewed = self._leases[lease.run] = msgspec.structs.replace(current, expires=now + ttl)
        return renewed

    async def release(self, lease: Lease) -> None:
        """See `Leases.release`."""
        current = self._leases.get(lease.run)
        if current is not None and current.epoch == lease.epoch:
            del self._leases[lease.run]

    async def fork(
        self, parent: RunId, child: RunId, *, upto: int, facts: Sequence[Fact], epoch: int, time: float
    ) -> int:
        """See `Upkeep.fork`."""
        self._check_writable(child)
        checked = check_facts(facts, at_least=0)
        source = self._entry(parent)
        if not 1 <= upto <= len(source.events):
            raise UsageError(f"run {parent!r} has events 1 to {len(source.events)}; cannot fork at {upto!r}")
        self._check_turn(child, 0, epoch)
        entry = self._runs[child] = _Entry()
        entry.events = [msgspec.structs.replace(event, run=child) for event in source.events[:upto]]
        entry.references = {name: seq for name, seq in source.references.items() if seq <= upto}
        return self._write(entry, child, checked, time, ())

    async def restore(self, run: RunId, history: Iterable[Appended], *, epoch: int) -> int:
        """See `Upkeep.restore`."""
        self._check_writable(run)
        self._check_turn(run, 0, epoch)
        whole = list(check_history(run, history))
        entry = self._runs[run] = _Entry()
        for each in whole:
            self._write(entry, run, each.facts, each.time, each.blobs)
        return len(entry.events)

    async def check(self) -> list[Damage]:
        """See `Upkeep.check`."""
        damage: list[Damage] = []
        for run, entry in self._runs.items():
            for index, event in enumerate(entry.events, start=1):
                if event.seq != index:
                    damage.append(Damage(place=f"event {index}", what=f"has number {event.seq}", run=run))
                if not is_object(bytes(event.data)):
                    damage.append(Damage(place=f"event {index}", what="data are no JSON object", run=run))
        damage += [
            Damage(place=f"blob {name}", what="content has another digest")
            for name, content in self._blobs.items()
            if digest(content) != name
        ]
        return damage

    async def gc(self, *, delete: Collection[RunId] = (), now: float) -> int:
        """See `Upkeep.gc`."""
        for run in delete:
            self._entry(run)
            check_deletable(self._leases.get(run), now)
        before = self._bytes()
        for run in set(delete):
            del self._runs[run]
            self._leases.pop(run, None)
            self._epochs.pop(run, None)
        kept = {name for entry in self._runs.values() for name in entry.references}
        self._blobs = {name: content for name, content in self._blobs.items() if name in kept}
        return before - self._bytes()

    def _bytes(self) -> int:
        events = sum(len(bytes(event.data)) for entry in self._runs.values() for event in entry.events)
        return events + sum(map(len, self._blobs.values()))

    async def aclose(self) -> None:
        """See `Store.aclose`. The content stays readable."""
        self._closed = True
