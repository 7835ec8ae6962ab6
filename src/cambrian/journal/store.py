"""The `Store` port: events, blobs, leases, upkeep. No backend here, no clock: times are handed in.

The docstrings are the contract; `cambrian.testing.store_suite` is its executable form.

**Who may call.** Any number of tasks of one event loop, at once. Any number of processes may open one workspace. A
store object is not for several event loops or threads.

**Atomicity.** Each call happens wholly or not at all, also when the process dies in it. When a call returns, what it
wrote survives the death of the process; whether it survives a loss of power is the backend's stated durability. A call
that raises has written nothing. A call that is *cancelled* may or may not have happened.

**Values.** What is handed in is copied before the call first waits; what comes out is the caller's own.

**Damage** is `StoreDamaged`, wherever it is met; never an empty answer.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Literal, NamedTuple, Self

import anyio
import msgspec

from cambrian.core.errors import JournalError
from cambrian.core.event import Event, Fact
from cambrian.core.ids import Digest, RunId

__all__ = [
    "Appended",
    "Blobs",
    "Claim",
    "Commit",
    "Committed",
    "Damage",
    "Durability",
    "EventLog",
    "Lease",
    "Leases",
    "RunHead",
    "Store",
    "Upkeep",
]

Durability = Literal["process", "power"]
"""What an acknowledged write survives: the death of the process, or also a loss of power."""


class Lease(msgspec.Struct, frozen=True, kw_only=True):
    """The right to write to a run, for a while.

    Args:
        run: the run.
        holder: who holds it (`journal.holder.this_process`).
        epoch: how many times the run was acquired, this time included; the fencing token of every append.
        expires: seconds since the Unix epoch after which others may acquire it.
    """

    run: RunId
    holder: str
    epoch: int
    expires: float


class RunHead(msgspec.Struct, frozen=True, kw_only=True):
    """What a store knows of a run without reading it.

    Args:
        run: its id.
        kind: member ``"kind"`` of its first event's data, empty if there is none.
        seq: sequence number of its last event.
        created: time of its first event.
        updated: time of its last event.
        epoch: of its last lease, 0 if it never had one.
        lease: the lease, unless released. It may have expired.
    """

    run: RunId
    kind: str
    seq: int
    created: float
    updated: float
    epoch: int = 0
    lease: Lease | None = None


class Appended(msgspec.Struct, frozen=True, kw_only=True):
    """What one append of a run's history wrote.

    Args:
        facts: the events' content, at least one.
        time: of all of them, seconds since the Unix epoch.
        blobs: content that the run references from here on.
    """

    facts: Sequence[Fact]
    time: float
    blobs: Sequence[bytes] = ()


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """Who wants to become a run's writer, and for how long; see `Leases.acquire`."""

    holder: str
    ttl: float


class Commit(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a run's writer, as a whole.

    Args:
        run: the run.
        facts: at least one, as `journal.records.check_facts` gives them.
        expected: see `EventLog.append`.
        time: seconds since the Unix epoch, of the events and of the lease.
        blobs: see `EventLog.append`.
        lease: the writer's, if it has one.
        claim: become the writer first.
        release: let the lease go afterwards.
    """

    run: RunId
    facts: Sequence[Fact]
    expected: int
    time: float
    blobs: Sequence[bytes] = ()
    lease: Lease | None = None
    claim: Claim | None = None
    release: bool = False


class Committed(NamedTuple):
    """What came of a `Commit`: the lease, if one was claimed."""

    lease: Lease | None


class Damage(msgspec.Struct, frozen=True, kw_only=True):
    """Something in a store that does not pass its check.

    Args:
        place: file, table or run, and where in it.
        what: what is wrong there.
        run: the run concerned, where known.
    """

    place: str
    what: str
    run: RunId | None = None


class EventLog(ABC):
    """Runs as sequences of events, numbered from 1 without a gap."""

    @abstractmethod
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
        """Append facts as events ``expected + 1`` and up, with the blobs they mention, in one transaction.

        Args:
            run: the run; ``expected=0`` creates it.
            facts: at least one. Their data are JSON objects.
            expected: sequence number of the run's last event as the caller knows it.
            epoch: the caller's fencing token (`Lease.epoch`), 0 for a run that never had a lease.
            time: seconds since the Unix epoch, written into each event.
            blobs: kept by `core.ids.digest`, each content once per store. The run references them from now on: a
                digest inside an event's data counts for nothing, so pass the blob even if it may be there already.

        Returns:
            The new last sequence number, ``expected + len(facts)``.

        Raises:
            Fenced: `epoch` is older than the run's. Told first: a stale writer learns nothing else.
            SequenceConflict: the run's last event is not `expected`.
            UsageError: no fact, data that are no JSON object, an unusable run id, or an epoch never granted.
            JournalError: it could not be written (disk full, locked for too long).
        """

    @abstractmethod
    def read(
        self, run: RunId, *, after: int = 0, types: Collection[str] | None = None, limit: int | None = None
    ) -> AsyncIterator[Event]:
        """Events in order, those appended meanwhile included; memory is bounded by about 1 MiB and one event.

        Args:
            run: the run.
            after: only events with a greater sequence number.
            types: only events of these types.
            limit: at most so many events.

        Raises:
            RunNotFound: no such run.
            StoreDamaged: an event is missing or fails its checksum.
        """

    @abstractmethod
    async def heads(self, run: RunId | None = None) -> list[RunHead]:
        """All runs, ordered by id; or the one asked for, or none. A lease without events is no run."""


class Blobs(ABC):
    """Content by digest."""

    @abstractmethod
    async def blob(self, digest: Digest) -> bytes:
        """The content.

        Raises:
            LookupError: no run references such a blob.
            StoreDamaged: there is one, and its content has another digest.
        """


class Leases(ABC):
    """One writer per run. A lease makes waiting short; the epoch in every append makes it safe."""

    @abstractmethod
    async def acquire(self, run: RunId, holder: str, *, ttl: float, now: float, over: Lease | None = None) -> Lease:
        """Become the run's writer. The epoch grows by one each time, and fences every earlier holder at once.

        Args:
            run: the run; it need not have events yet.
            holder: who asks. The present holder may ask again.
            ttl: seconds until it expires, if not renewed.
            now: seconds since the Unix epoch.
            over: a lease whose holder the caller knows to be dead. It is taken over before it expires, if it still
                is the run's lease (same epoch).

        Raises:
            LeaseHeld: another holder's lease has not expired.
        """

    @abstractmethod
    async def renew(self, lease: Lease, *, ttl: float, now: float) -> Lease:
        """Prolong a lease, also an expired one that nobody has acquired since.

        Raises:
            Fenced: the run was acquired again, released or deleted.
        """

    @abstractmethod
    async def release(self, lease: Lease) -> None:
        """Let others acquire the run at once. Nothing happens if the lease is no longer the run's."""


class Upkeep(ABC):
    """Branching, restoring, checking, deleting."""

    @abstractmethod
    async def fork(
        self, parent: RunId, child: RunId, *, upto: int, facts: Sequence[Fact], epoch: int, time: float
    ) -> int:
        """Create a run whose history is the parent's first `upto` events, followed by `facts`, in one transaction.

        The parent is not changed. Events keep their times and data; the child references the blobs of that prefix.

        Args:
            parent: the run copied.
            child: the new run; it must have no events.
            upto: sequence number of the last event copied, at least 1.
            facts: as in `EventLog.append`; may be empty.
            epoch: the caller's fencing token for the child.
            time: written into `facts`.

        Returns:
            The child's last sequence number.

        Raises:
            RunNotFound: no such parent.
            UsageError: the parent has no event `upto`.
            Fenced, SequenceConflict, JournalError: as in `EventLog.append`, about the child.
        """

    @abstractmethod
    async def restore(self, run: RunId, history: Iterable[Appended], *, epoch: int) -> int:
        """Create a run from a history that was kept elsewhere (an export, another store), in one transaction.

        Args:
            run: the new run; it must have no events.
            history: its appends in order, at least one; each keeps its own time. Taken one at a time, perhaps in
                another thread and while other writers wait: it must not take long.
            epoch: the caller's fencing token for the run.

        Returns:
            The run's last sequence number.

        Raises:
            UsageError: no append, or facts as in `EventLog.append`.
            Fenced, SequenceConflict, JournalError: as in `EventLog.append`.
            Exception: whatever `history` raises. Nothing was written then.
        """

    @abstractmethod
    async def check(self) -> list[Damage]:
        """Everything that is wrong in the store, empty if all is well. Reads everything, changes nothing."""

    @abstractmethod
    async def gc(self, *, delete: Collection[RunId] = (), now: float) -> int:
        """Delete runs, then every blob that no run references; give the room back to the file system.

        Args:
            delete: runs to delete with their events and leases.
            now: seconds since the Unix epoch.

        Returns:
            Bytes freed: on disk where there is one, else of events and blobs.

        Raises:
            RunNotFound: one of them does not exist; nothing is deleted.
            LeaseHeld: one of them has a lease that has not expired; nothing is deleted.
        """


class Store(EventLog, Blobs, Leases, Upkeep, ABC):
    """All of it, with a life cycle. ``async with store:`` closes it at the end."""

    async def commit(self, commit: Commit) -> Committed:
        """`acquire`, `append` and `release` in one, as far as they are wanted.

        A backend that has transactions does this in one of them. Here it is one after the other: a process that dies in
        between leaves a lease without events, which is no run, or a lease of its own, which it cannot hold any more.

        Raises:
            LeaseHeld: as in `Leases.acquire`.
            Fenced, SequenceConflict, UsageError, JournalError: as in `EventLog.append`; the lease is as it was before.
        """
        lease = commit.lease
        if commit.claim is not None:
            lease = await self.acquire(commit.run, commit.claim.holder, ttl=commit.claim.ttl, now=commit.time)
        epoch = 0 if lease is None else lease.epoch
        try:
            await self.append(
                commit.run, commit.facts, expected=commit.expected, epoch=epoch, time=commit.time, blobs=commit.blobs
            )
        except BaseException:
            if lease is not None and commit.claim is not None:
                await self._let_go(lease)
            raise
        if lease is not None and commit.release:
            await self._let_go(lease)
        return Committed(None if commit.claim is None else lease)

    async def _let_go(self, lease: Lease) -> None:
        with anyio.CancelScope(shield=True), suppress(JournalError):  # then it expires
            await self.release(lease)

    def commit_at_once(self, commit: Commit) -> Committed | None:  # noqa: ARG002 - for those who can
        """`commit`, if that is possible just now without waiting for anything; else None, and nothing has happened."""
        return None

    @abstractmethod
    async def aclose(self) -> None:
        """Finish what was asked for, then let go of files and threads. Idempotent."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()
