"""What the committer's thread does to the folder of the file store. Every method runs in it, under the store's lock."""

from __future__ import annotations

import fcntl
import logging
import os
import time as _time
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from cambrian.core.errors import JournalError, RunNotFound, UsageError
from cambrian.core.ids import RunId, digest

from .crashpoints import crash_point
from .file_folder import Folder, Known, LeaseFile
from .file_format import Record, cut, line, scan
from .records import check_deletable, check_epoch, check_expected, check_free, check_history, lost_lease
from .replacing import replace_file
from .store import Appended, Durability, Lease

_LOCK_SECONDS = 10.0
_log = logging.getLogger("cambrian.journal")


class Writes:
    """A `Transactions` on the folder.

    Args:
        folder: what is written to.
        durability: whether a commit flushes.
    """

    def __init__(self, folder: Folder, durability: Durability) -> None:
        self.folder = folder
        self._durable = durability == "power"
        self._lock = os.open(folder.root / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        self._undo: list[Callable[[], None]] = []
        self._dirty: set[Path] = set()

    def try_begin(self) -> bool:
        """Never: a write here opens, reads and renames files."""
        return False

    def begin(self) -> None:
        """Take the store's lock."""
        deadline = _time.monotonic() + _LOCK_SECONDS
        while True:
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if _time.monotonic() > deadline:
                    raise JournalError(
                        f"another process kept the journal {str(self.folder.root)!r} locked for over "
                        f"{_LOCK_SECONDS:.0f} s; end that process or try again"
                    ) from None
                _time.sleep(0.002)

    def commit(self) -> None:
        """Flush, if asked for, and let the lock go."""
        crash_point("file.append.before_commit")
        if self._durable:
            for path in self._dirty:
                _sync_file(path)
        self._finish()
        crash_point("file.append.after_commit")

    def rollback(self) -> None:
        """Cut off what was appended, and let the lock go."""
        while self._undo:
            with suppress(OSError):  # what cannot be cut off is a torn tail, which the next append removes
                self._undo.pop()()
        self._finish()

    def _finish(self) -> None:
        self._undo.clear()
        self._dirty.clear()
        fcntl.flock(self._lock, fcntl.LOCK_UN)

    def explain(self, error: Exception) -> Exception:
        """See `Transactions.explain`."""
        if not isinstance(error, OSError):
            return error
        return JournalError(
            f"the journal {str(self.folder.root)!r} cannot be written: {error.strerror or error}; free some room or "
            f"check its permissions; nothing was half-written"
        )

    def close(self) -> None:
        """Let go of the lock file."""
        os.close(self._lock)

    def append(self, record: Record, blobs: Sequence[bytes], *, expected: int, epoch: int) -> int:
        """See `EventLog.append`."""
        run = record.run
        known = self.folder.known(run)
        check_epoch(run, epoch, self.folder.lease(run)[0])
        check_expected(run, expected, known.last if known else 0)
        for content in blobs:
            self._put_blob(content)
        crash_point("file.append.before_write")
        if known is None:
            self._create(run, (line(record),), label="file.append")
        else:
            self._extend(known, run, line(record))
        return record.last

    def _put_blob(self, content: bytes) -> Path | None:
        """Where it was put, unless it was there."""
        path = self.folder.blob_path(digest(content))
        if path.exists():
            return None
        replace_file(path, content, durable=self._durable, label="file.blob")
        return path

    def _create(self, run: RunId, lines: Sequence[bytes], *, label: str) -> None:
        """A run's file comes into being with its first record in it, so that an empty one is damage."""
        path = self.folder.path(run)
        self._undo.append(lambda: path.unlink(missing_ok=True))
        replace_file(path, b"".join(lines), durable=self._durable, label=label)

    def _extend(self, known: Known, run: RunId, text: bytes) -> None:
        path, end = self.folder.path(run), known.end
        with path.open("r+b", buffering=0) as file:
            torn = file.seek(0, os.SEEK_END) - end
            if torn:
                _log.warning("%s: removed a torn tail of %d bytes, never acknowledged", path, torn)
                file.truncate(end)
            self._undo.append(lambda: os.truncate(path, end))
            file.seek(end)
            _write_all(file.fileno(), text)
        self._dirty.add(path)

    def fork(self, parent: RunId, record: Record, *, upto: int, epoch: int) -> int:
        """See `Upkeep.fork`."""
        child = record.run
        source = self.folder.known(parent)
        if source is None:
            raise RunNotFound(f"no run {parent!r} in {str(self.folder.root)!r}")
        if not 1 <= upto <= source.last:
            raise UsageError(f"run {parent!r} has events 1 to {source.last}; cannot fork at {upto!r}")
        known = self.folder.known(child)
        check_epoch(child, epoch, self.folder.lease(child)[0])
        check_expected(child, 0, known.last if known else 0)
        records = (each.record for each in scan(self.folder.path(parent), parent))
        lines = [line(cut(each, upto=upto, run=child)) for each in records if each.seq <= upto]
        self._create(child, [*lines, line(record)] if record.facts else lines, label="file.fork")
        return upto + len(record.facts)

    def restore(self, run: RunId, history: Iterable[Appended], *, epoch: int) -> int:
        """See `Upkeep.restore`."""
        known = self.folder.known(run)
        check_epoch(run, epoch, self.folder.lease(run)[0])
        check_expected(run, 0, known.last if known else 0)
        lines: list[bytes] = []
        put: list[Path | None] = []
        seq = 0
        try:
            for each in check_history(run, history):
                put += map(self._put_blob, each.blobs)
                names = tuple(map(digest, each.blobs))
                record = Record(run=run, seq=seq + 1, time=each.time, facts=tuple(each.facts), blobs=names)
                lines.append(line(record))
                seq = record.last
            self._create(run, lines, label="file.restore")
        except BaseException:
            for path in filter(None, put):
                path.unlink(missing_ok=True)
            raise
        return seq

    def acquire(self, run: RunId, holder: str, *, expires: float, now: float, over: Lease | None) -> Lease:
        """See `Leases.acquire`."""
        epoch, current = self.folder.lease(run)
        check_free(current, holder, now, over)
        lease = Lease(run=run, holder=holder, epoch=epoch + 1, expires=expires)
        self._put_lease(lease, holder)
        return lease

    def renew(self, lease: Lease, *, expires: float) -> Lease:
        """See `Leases.renew`."""
        epoch, current = self.folder.lease(lease.run)
        if current is None or epoch != lease.epoch:
            raise lost_lease(lease, epoch)
        renewed = msgspec.structs.replace(current, expires=expires)
        self._put_lease(renewed, renewed.holder)
        return renewed

    def release(self, lease: Lease) -> None:
        """See `Leases.release`."""
        epoch, current = self.folder.lease(lease.run)
        if current is not None and epoch == lease.epoch:
            self._put_lease(current, None)

    def _put_lease(self, lease: Lease, holder: str | None) -> None:
        """An epoch is not taken back when its group fails: a number that nobody got does no harm."""
        content = LeaseFile(run=lease.run, epoch=lease.epoch, holder=holder, expires=lease.expires)
        path = self.folder.lease_path(lease.run)
        replace_file(path, msgspec.json.encode(content), durable=self._durable, label="file.lease")

    def gc(self, delete: Collection[RunId], now: float) -> int:
        """See `Upkeep.gc`. Cut short, it has deleted some and is simply repeated."""
        for run in delete:
            if self.folder.known(run) is None:
                raise RunNotFound(f"no run {run!r} in {str(self.folder.root)!r}; nothing was deleted")
            check_deletable(self.folder.lease(run)[1], now)
        freed = 0
        for run in delete:
            freed += _delete(self.folder.path(run)) + _delete(self.folder.lease_path(run))
        crash_point("file.gc.after_delete")
        for path in self.folder.root.glob("runs/.*.new-*"):  # of a process that died in `replace_file`
            freed += _delete(path)
        kept = {
            name
            for run in self.folder.runs()
            for each in scan(self.folder.path(run), run)
            for name in each.record.blobs
        }
        for path in (self.folder.root / "blobs").iterdir():
            freed += 0 if path.name in kept else _delete(path)
        return freed


def _sync_file(path: Path) -> None:
    with path.open("rb") as file:
        os.fdatasync(file.fileno())


def _write_all(descriptor: int, text: bytes) -> None:
    """Write in two halves, with a crash point between them."""
    middle = len(text) // 2
    for part, label in ((text[:middle], "file.append.half_written"), (text[middle:], "file.append.written")):
        view = memoryview(part)
        while view:
            view = view[os.write(descriptor, view) :]
        crash_point(label)


def _delete(path: Path) -> int:
    try:
        size = path.stat().st_size
        path.unlink()
    except FileNotFoundError:
        return 0
    return size
