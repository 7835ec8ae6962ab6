"""The default store: one SQLite file in WAL mode. Standard library only; imports ``sqlite3``, so import it lazily.

One thread writes, and commits together what waits together; at ``"process"`` durability, where a commit waits for no
disk, small appends are written by the caller itself (`journal.committer` says why). Reads go through read-only
connections of their own, page by page, and never wait for a write.

Durability: ``"process"`` (``synchronous=NORMAL``): what was acknowledged survives the death of the process, by any
signal; after a loss of power or a kernel crash the last transactions may be gone, the file is whole. ``"power"``
(``synchronous=FULL``): survives that too, at the price of a disk flush per group of writes.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import TypeVar

import anyio.to_thread

from cambrian.core.errors import JournalError
from cambrian.core.event import Event, Fact
from cambrian.core.ids import Digest, RunId

from . import sqlite_queries as queries
from . import sqlite_upkeep as upkeep
from .committer import Committer
from .crashpoints import crash_point
from .records import check_facts, check_lease_arguments, check_run
from .sqlite_schema import at_rest, begin, in_our_words, open_reader, open_writer, translated, try_begin
from .store import Appended, Commit, Committed, Damage, Durability, Lease, RunHead, Store

T = TypeVar("T")

_SWIFT_BYTES = 64 * 1024
"""Appends up to this size are written by the caller itself, where durability allows: well under a millisecond."""
_PAGES_BYTES = 3 * 4096
"""What an append writes into the log beside its content: the pages that it touches."""
_WAL_BYTES = 4 * 2**20
"""Length of the write-ahead log at which it is moved into the file (SQLite's own default)."""


class _Transactions:
    """Transactions on the writing connection, for the committer."""

    def __init__(self, connection: sqlite3.Connection, path: Path, *, swift: bool) -> None:
        self._connection = connection
        self._path = path
        self._swift = swift

    def try_begin(self) -> bool:
        try:
            return self._swift and try_begin(self._connection)
        except sqlite3.Error:  # `begin` will meet it too, where it can be explained
            return False

    def begin(self) -> None:
        begin(self._connection)

    def commit(self) -> None:
        crash_point("sqlite.append.before_commit")
        self._connection.execute("COMMIT")
        crash_point("sqlite.append.after_commit")

    def rollback(self) -> None:
        if self._connection.in_transaction:  # after a full disk SQLite may have rolled back by itself
            with suppress(sqlite3.Error):  # if it cannot, the next begin fails, and nothing is committed
                self._connection.execute("ROLLBACK")

    def explain(self, error: Exception) -> Exception:
        return in_our_words(error, self._path) if isinstance(error, sqlite3.Error) else error

    def close(self) -> None:
        self._connection.close()


class _Readers:
    """Read-only connections, lent to one thread at a time.

    Opening a file in WAL mode makes SQLite put a ``-wal`` and a ``-shm`` beside it. So while there is none, which means
    that no writer has it open, it is read as *immutable*, and the answer counts only if it still was so afterwards.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: list[sqlite3.Connection] = []
        self._closed = False

    def ask(self, question: Callable[[sqlite3.Connection], T]) -> T:
        if self._closed:
            raise JournalError("the store is closed; open it again")
        before = at_rest(self._path)
        if before is None:
            return self._ask_live(question)
        try:
            with closing(open_reader(self._path, immutable=True)) as connection, translated(self._path):
                answer = question(connection)
        except JournalError:
            if at_rest(self._path) == before:
                raise
            return self.ask(question)
        return answer if at_rest(self._path) == before else self.ask(question)

    def _ask_live(self, question: Callable[[sqlite3.Connection], T]) -> T:
        connection = self._idle.pop() if self._idle else open_reader(self._path)
        try:
            with translated(self._path):
                return question(connection)
        finally:
            self._idle.append(connection)

    def close(self) -> None:
        self._closed = True
        while self._idle:
            self._idle.pop().close()


class SqliteReader:
    """The reading half, for `SqliteStore` and for views; never creates or changes anything.

    Args:
        path: an existing journal.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._readers = _Readers(path)

    async def _ask(self, question: Callable[[sqlite3.Connection], T]) -> T:
        return await anyio.to_thread.run_sync(self._readers.ask, question)

    async def read(
        self, run: RunId, *, after: int = 0, types: Collection[str] | None = None, limit: int | None = None
    ) -> AsyncIterator[Event]:
        """See `EventLog.read`."""
        wanted = None if types is None else tuple(types)
        position, left = after, limit
        while events := await self._page(run, position, wanted, left):
            for event in events:
                yield event
            position = events[-1].seq
            left = None if left is None else left - len(events)

    async def _page(self, run: RunId, after: int, types: tuple[str, ...] | None, limit: int | None) -> list[Event]:
        return await self._ask(lambda c: queries.page(c, run, after=after, types=types, limit=limit))

    async def heads(self, run: RunId | None = None) -> list[RunHead]:
        """See `EventLog.heads`."""
        return await self._ask(lambda c: queries.heads(c, run))

    async def blob(self, digest: Digest) -> bytes:
        """See `Blobs.blob`."""
        return await self._ask(lambda c: queries.blob(c, digest))

    async def check(self) -> list[Damage]:
        """See `Upkeep.check`."""
        return await self._ask(lambda c: upkeep.check(c, self.path))

    async def aclose(self) -> None:
        """Close the connections. Idempotent."""
        await anyio.to_thread.run_sync(self._readers.close)


class SqliteStore(SqliteReader, Store):
    """A store in one SQLite file. Make it with `open`."""

    def __init__(self, path: Path, connection: sqlite3.Connection, durability: Durability) -> None:
        super().__init__(path)
        self._connection = connection
        self._swift = durability == "process"  # such a commit flushes nothing, but a checkpoint does
        if self._swift:
            connection.execute("PRAGMA wal_autocheckpoint=0")  # `_checkpoint_at_times` does it, in the thread
        self._volume = 0
        self._checkpoint: asyncio.Task[None] | None = None
        transactions = _Transactions(connection, path, swift=self._swift)
        self._committer = Committer(transactions, name=f"journal {path.name}")

    @classmethod
    async def open(cls, path: str | Path, *, durability: Durability = "process") -> SqliteStore:
        """Open a journal, creating the file and its folders if there is none.

        Raises:
            StoreDamaged: the file is there and is no whole journal.
            JournalError: no access, or a schema newer than this version knows.
        """
        path = Path(path)
        connection = await anyio.to_thread.run_sync(open_writer, path, durability)
        return cls(path, connection, durability)

    async def _write(self, work: Callable[[sqlite3.Connection], T], *, swift: bool = False) -> T:
        return await self._committer.write(lambda: work(self._connection), swift=swift)

    def _checkpoint_at_times(self, volume: int) -> None:
        """Keep the write-ahead log short, in the committer's thread, where waiting for the disk holds up no one."""
        self._volume += volume
        if self._swift and self._volume >= _WAL_BYTES and self._checkpoint is None:
            self._volume = 0
            self._checkpoint = asyncio.create_task(self._move_log())

    async def _move_log(self) -> None:
        try:
            await self._committer.write(lambda: upkeep.checkpoint(self._connection), alone=True)
        finally:
            self._checkpoint = None

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
        check_run(run)
        batch = queries.Batch(run, check_facts(facts), time, tuple(map(bytes, blobs)))
        volume = _volume(batch.facts, batch.blobs)
        swift = volume <= _SWIFT_BYTES
        last = await self._write(lambda c: queries.append(c, batch, expected=expected, epoch=epoch), swift=swift)
        self._checkpoint_at_times(volume + _PAGES_BYTES)
        return last

    async def commit(self, commit: Commit) -> Committed:
        """See `Store.commit`; one transaction."""
        _check(commit)
        volume = _volume(commit.facts, commit.blobs)
        done = await self._write(lambda c: queries.commit(c, commit), swift=volume <= _SWIFT_BYTES)
        self._checkpoint_at_times(volume + _PAGES_BYTES)
        return done

    def commit_at_once(self, commit: Commit) -> Committed | None:
        """See `Store.commit_at_once`: where a commit waits for no disk."""
        _check(commit)
        volume = _volume(commit.facts, commit.blobs)
        if volume > _SWIFT_BYTES:
            return None
        done = self._committer.write_at_once(lambda: queries.commit(self._connection, commit))
        if done is None:
            return None
        self._checkpoint_at_times(volume + _PAGES_BYTES)
        return done[0]

    async def fork(
        self, parent: RunId, child: RunId, *, upto: int, facts: Sequence[Fact], epoch: int, time: float
    ) -> int:
        """See `Upkeep.fork`."""
        check_run(child)
        batch = queries.Batch(child, check_facts(facts, at_least=0), time)
        return await self._write(lambda c: queries.fork(c, parent, batch, upto=upto, epoch=epoch))

    async def acquire(self, run: RunId, holder: str, *, ttl: float, now: float, over: Lease | None = None) -> Lease:
        """See `Leases.acquire`."""
        check_lease_arguments(run, holder, ttl)
        return await self._write(
            lambda c: queries.acquire(c, run, holder, expires=now + ttl, now=now, over=over), swift=True
        )

    async def renew(self, lease: Lease, *, ttl: float, now: float) -> Lease:
        """See `Leases.renew`."""
        return await self._write(lambda c: queries.renew(c, lease, expires=now + ttl), swift=True)

    async def release(self, lease: Lease) -> None:
        """See `Leases.release`."""
        await self._write(lambda c: queries.release(c, lease), swift=True)

    async def restore(self, run: RunId, history: Iterable[Appended], *, epoch: int) -> int:
        """See `Upkeep.restore`."""
        check_run(run)
        return await self._committer.write(
            lambda: upkeep.restore(self._connection, run, history, epoch=epoch), alone=True
        )

    async def gc(self, *, delete: Collection[RunId] = (), now: float) -> int:
        """See `Upkeep.gc`."""
        runs = tuple(dict.fromkeys(delete))

        def collect() -> int:
            before = upkeep.size_on_disk(self.path)
            upkeep.delete(self._connection, runs, now)
            upkeep.shrink(self._connection)
            return max(0, before - upkeep.size_on_disk(self.path))

        return await self._committer.write(collect, alone=True)

    async def aclose(self) -> None:
        """See `Store.aclose`."""
        if self._checkpoint is not None:
            await asyncio.wait([self._checkpoint])
        await super().aclose()
        await self._committer.aclose()


def _check(commit: Commit) -> None:
    check_run(commit.run)
    if commit.claim is not None:
        check_lease_arguments(commit.run, commit.claim.holder, commit.claim.ttl)


def _volume(facts: Sequence[Fact], blobs: Sequence[bytes]) -> int:
    """Bytes of content."""
    return sum([len(memoryview(fact.data)) for fact in facts]) + sum(map(len, blobs))
