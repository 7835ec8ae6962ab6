"""A store in plain files: what a text editor, ``grep`` and a backup can read. Standard library only.

::

    <folder>/format                  which store this is
    <folder>/runs/<run>.jsonl        one line per transaction (`journal.file_format`)
    <folder>/runs/<run>.lease        epoch and holder, replaced as a whole
    <folder>/blobs/<digest>          content
    <folder>/lock                    flock(2) of whoever writes just now

Durability: ``"process"``: what was acknowledged survives the death of the process; ``"power"``: file and folder are
flushed (fdatasync, fsync) once per group of writes. A file cut off exactly between two lines cannot be told from a
shorter run: where that matters, use SQLite.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import anyio.to_thread

from cambrian.core.event import Event, Fact
from cambrian.core.ids import Digest, RunId, digest

from .committer import Committer
from .file_folder import Folder, open_folder
from .file_format import Record
from .file_writes import Writes
from .records import check_facts, check_lease_arguments, check_run
from .store import Appended, Damage, Durability, Lease, RunHead, Store

T = TypeVar("T")


class FileReader:
    """The reading half; creates and changes nothing. Make it with `open_existing`."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder

    @classmethod
    async def open_existing(cls, path: str | Path) -> FileReader:
        """Open an existing store.

        Raises:
            StoreDamaged: the folder is no store.
        """
        return cls(await anyio.to_thread.run_sync(lambda: open_folder(Path(path), create=False)))

    async def read(
        self, run: RunId, *, after: int = 0, types: Collection[str] | None = None, limit: int | None = None
    ) -> AsyncIterator[Event]:
        """See `EventLog.read`."""
        position, left = after, limit
        while (left is None or left > 0) and (events := await self._page(run, position)):
            for event in events:
                if types is None or event.type in types:
                    if left is not None:
                        if not left:
                            return
                        left -= 1
                    yield event
            position = events[-1].seq

    async def _page(self, run: RunId, after: int) -> list[Event]:
        return await anyio.to_thread.run_sync(self._folder.page, run, after)

    async def heads(self, run: RunId | None = None) -> list[RunHead]:
        """See `EventLog.heads`."""
        return await anyio.to_thread.run_sync(self._folder.heads, run)

    async def blob(self, digest: Digest) -> bytes:
        """See `Blobs.blob`."""
        return await anyio.to_thread.run_sync(self._folder.blob, digest)

    async def check(self) -> list[Damage]:
        """See `Upkeep.check`."""
        return await anyio.to_thread.run_sync(self._folder.check)

    async def aclose(self) -> None:
        """Nothing is kept open."""


class FileStore(FileReader, Store):
    """A store in a folder of plain files. Make it with `open`."""

    def __init__(self, folder: Folder, durability: Durability) -> None:
        super().__init__(folder)
        self._writes = Writes(folder, durability)
        self._committer = Committer(self._writes, name=f"journal {folder.root.name}")

    @classmethod
    async def open(cls, path: str | Path, *, durability: Durability = "process") -> FileStore:
        """Open a store, making the folder if there is none.

        Raises:
            StoreDamaged: the folder holds something else.
            JournalError: no access.
        """
        folder = await anyio.to_thread.run_sync(lambda: open_folder(Path(path), create=True))
        return cls(folder, durability)

    async def _write(self, work: Callable[[], T]) -> T:
        return await self._committer.write(work)

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
        checked, contents = check_facts(facts), tuple(map(bytes, blobs))
        names = tuple(map(digest, contents))
        record = Record(run=run, seq=expected + 1, time=time, facts=checked, blobs=names)
        return await self._write(lambda: self._writes.append(record, contents, expected=expected, epoch=epoch))

    async def fork(
        self, parent: RunId, child: RunId, *, upto: int, facts: Sequence[Fact], epoch: int, time: float
    ) -> int:
        """See `Upkeep.fork`."""
        check_run(child)
        record = Record(run=child, seq=upto + 1, time=time, facts=check_facts(facts, at_least=0))
        return await self._write(lambda: self._writes.fork(parent, record, upto=upto, epoch=epoch))

    async def restore(self, run: RunId, history: Iterable[Appended], *, epoch: int) -> int:
        """See `Upkeep.restore`."""
        check_run(run)
        return await self._write(lambda: self._writes.restore(run, history, epoch=epoch))

    async def acquire(self, run: RunId, holder: str, *, ttl: float, now: float, over: Lease | None = None) -> Lease:
        """See `Leases.acquire`."""
        check_lease_arguments(run, holder, ttl)
        return await self._write(lambda: self._writes.acquire(run, holder, expires=now + ttl, now=now, over=over))

    async def renew(self, lease: Lease, *, ttl: float, now: float) -> Lease:
        """See `Leases.renew`."""
        return await self._write(lambda: self._writes.renew(lease, expires=now + ttl))

    async def release(self, lease: Lease) -> None:
        """See `Leases.release`."""
        await self._write(lambda: self._writes.release(lease))

    async def gc(self, *, delete: Collection[RunId] = (), now: float) -> int:
        """See `Upkeep.gc`."""
        runs = tuple(dict.fromkeys(delete))
        return await self._write(lambda: self._writes.gc(runs, now))

    async def aclose(self) -> None:
        """See `Store.aclose`."""
        await self._committer.aclose()
