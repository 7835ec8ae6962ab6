"""The folder of the file store, read. No locks between processes, no appends."""

from __future__ import annotations

import fcntl
import os
from bisect import bisect_right
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock

import msgspec

from cambrian.core.errors import JournalError, RunNotFound, StoreDamaged
from cambrian.core.event import Event
from cambrian.core.ids import Digest, RunId, digest

from .file_format import Located, Record, damaged, file_name, scan
from .records import opening_kind
from .replacing import replace_file
from .store import Appended, Damage, Lease, RunHead

_FORMAT = b"cambrian journal in files, version 1\n"
_PAGE_BYTES = 2**20


class LeaseFile(msgspec.Struct, frozen=True, kw_only=True):
    """Content of a lease file; no holder once released."""

    run: RunId
    epoch: int
    holder: str | None
    expires: float


class Known(msgspec.Struct, kw_only=True):
    """What has been read of a run's file: where it ends, and some places to start reading from."""

    inode: int
    first: Record
    last: int
    end: int
    updated: float
    marks: list[tuple[int, int]]


class Folder:
    """The files of a store, read; a file that has grown is read on from where it was left.

    Safe in several threads: each method holds one lock for its duration.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._known: dict[RunId, Known] = {}
        self._lock = Lock()

    def path(self, run: RunId) -> Path:
        """Where a run is."""
        return self.root / "runs" / f"{file_name(run)}.jsonl"

    def lease_path(self, run: RunId) -> Path:
        """Where a run's lease is."""
        return self.root / "runs" / f"{file_name(run)}.lease"

    def blob_path(self, name: Digest) -> Path:
        """Where a blob is."""
        return self.root / "blobs" / file_name(RunId(name))

    def known(self, run: RunId) -> Known | None:
        """What there is of a run now, ``None`` if there is no such run."""
        with self._lock:
            return self._refresh(run)

    def _refresh(self, run: RunId) -> Known | None:
        path = self.path(run)
        try:
            status = path.stat()
        except FileNotFoundError:
            self._known.pop(run, None)
            return None
        known = self._known.get(run)
        if known is None or known.inode != status.st_ino or status.st_size < known.end:
            known = self._known[run] = self._first(path, run, status.st_ino)
        if status.st_size > known.end:
            for located in scan(path, run, start=known.end, after=known.last):
                _take(known, located)
        return known

    def _first(self, path: Path, run: RunId, inode: int) -> Known:
        for record, end in scan(path, run):
            return Known(
                inode=inode, first=record, last=record.last, end=end, updated=record.time, marks=[(record.last, end)]
            )
        raise damaged(path, 0, "no first record, and a run's file is never made without")

    def page(self, run: RunId, after: int) -> list[Event]:
        """Events after `after`, about 1 MiB of them; none at the end."""
        known = self.known(run)
        if known is None:
            raise self._no_run(run)
        index = bisect_right(known.marks, (after, 2**63)) - 1
        last, start = known.marks[index] if index >= 0 else (0, 0)
        events: list[Event] = []
        for record, end in scan(self.path(run), run, start=start, after=last):
            events += [event for event in record.events() if event.seq > after]
            if events and end - start > _PAGE_BYTES:
                break
        return events

    def runs(self) -> list[RunId]:
        """All run ids, in order."""
        found: list[RunId] = []
        for path in (self.root / "runs").glob("*.jsonl"):
            with suppress(FileNotFoundError):  # deleted meanwhile
                found.append(self._run_of(path))
        return sorted(found)

    def _run_of(self, path: Path) -> RunId:
        for record, _ in scan(path, None):
            return record.run
        raise damaged(path, 0, "no first record, and a run's file is never made without")

    def lease(self, run: RunId) -> tuple[int, Lease | None]:
        """A run's epoch, and its lease unless released."""
        path = self.lease_path(run)
        try:
            content = path.read_bytes()
            held = msgspec.json.decode(content, type=LeaseFile)
        except FileNotFoundError:
            return 0, None
        except msgspec.DecodeError as error:
            raise damaged(path, 0, f"no lease: {error}") from error
        if held.holder is None:
            return held.epoch, None
        return held.epoch, Lease(run=held.run, holder=held.holder, epoch=held.epoch, expires=held.expires)

    def head(self, run: RunId) -> RunHead | None:
        """See `EventLog.heads`."""
        known = self.known(run)
        if known is None:
            return None
        epoch, lease = self.lease(run)
        return RunHead(
            run=run,
            kind=opening_kind(known.first.facts[0]),
            seq=known.last,
            created=known.first.time,
            updated=known.updated,
            epoch=epoch,
            lease=lease,
        )

    def heads(self, run: RunId | None) -> list[RunHead]:
        """See `EventLog.heads`."""
        found = map(self.head, self.runs() if run is None else [run])
        return [head for head in found if head is not None]

    def blob(self, name: Digest) -> bytes:
        """See `Blobs.blob`."""
        try:
            content = self.blob_path(name).read_bytes()
        except FileNotFoundError:
            raise LookupError(f"no blob {name!r} in {str(self.root)!r}") from None
        if digest(content) != name:
            raise StoreDamaged(f"blob {name!r} has other content than its digest says; restore it from a copy")
        return content

    def history(self, run: RunId) -> Iterator[Appended]:
        """A run's appends in order, as `Upkeep.restore` takes them. A torn tail ends it silently; see `torn`.

        Raises:
            StoreDamaged: a record or a blob is not what it must be.
            RunNotFound: no such run.
        """
        if self.known(run) is None:
            raise self._no_run(run)
        for record, _ in scan(self.path(run), run):
            try:
                blobs = [self.blob(name) for name in record.blobs]
            except LookupError as error:
                raise StoreDamaged(f"event {record.seq} of run {run!r} names a blob that is gone: {error}") from error
            yield Appended(facts=record.facts, time=record.time, blobs=blobs)

    def torn(self, run: RunId) -> int:
        """Bytes at the end of a run's file that no append was told is done; 0 if all is well."""
        known = self.known(run)
        return self.path(run).stat().st_size - known.end if known else 0

    def _no_run(self, run: RunId) -> RunNotFound:
        return RunNotFound(f"no run {run!r} in {str(self.root)!r}; `cambrian runs list` shows those there are")

    def check(self) -> list[Damage]:
        """See `Upkeep.check`. Writers wait meanwhile: half of their line is not a torn tail."""
        with self._writers_kept_out():
            return self._check()

    @contextmanager
    def _writers_kept_out(self) -> Generator[None]:
        try:
            descriptor = os.open(self.root / "lock", os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:  # nobody has written yet
            yield
            return
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH)
            yield
        finally:
            os.close(descriptor)

    def _check(self) -> list[Damage]:
        damage: list[Damage] = []
        for path in sorted((self.root / "runs").glob("*.jsonl")):
            damage += self._check_run(path)
        for path in sorted((self.root / "blobs").iterdir()):
            if not path.name.startswith(".") and digest(path.read_bytes()) != path.name:
                damage.append(Damage(place=str(path), what="content has another digest"))
        return damage

    def _check_run(self, path: Path) -> Iterator[Damage]:
        end = 0
        try:
            run = self._run_of(path)
            for record, following in scan(path, run):
                end = following
                for name in record.blobs:
                    if not self.blob_path(name).exists():
                        yield Damage(place=f"{path}, event {record.seq}", what=f"blob {name} is missing", run=run)
            self.lease(run)
        except StoreDamaged as error:
            yield Damage(place=str(path), what=str(error))
        else:
            if path.stat().st_size > end:
                what = "a torn tail: an append cut off before it was acknowledged; the next append removes it"
                yield Damage(place=f"{path}, byte {end}", what=what, run=run)


def _take(known: Known, located: Located) -> None:
    record, end = located
    known.last, known.end, known.updated = record.last, end, record.time
    if end - known.marks[-1][1] > _PAGE_BYTES // 16:
        known.marks.append((record.last, end))


def open_folder(root: Path, *, create: bool) -> Folder:
    """Open a store's folder.

    Raises:
        StoreDamaged: it holds something else.
        JournalError: no access, or not there.
    """
    marker = root / "format"
    try:
        if create and not marker.exists() and _is_bare(root):
            for folder in (root, root / "runs", root / "blobs"):
                folder.mkdir(parents=True, exist_ok=True)
            replace_file(marker, _FORMAT, durable=True, label="file.create")
        if marker.read_bytes() != _FORMAT or not (root / "runs").is_dir() or not (root / "blobs").is_dir():
            raise StoreDamaged(f"{str(root)!r} is no journal in files that this version reads; choose another folder")
    except FileNotFoundError as error:
        raise StoreDamaged(f"{str(root)!r} holds no journal in files ({error}); choose another folder") from error
    except OSError as error:
        raise JournalError(f"cannot open the journal {str(root)!r}: {error.strerror}") from error
    return Folder(root)


def _is_bare(root: Path) -> bool:
    """Whether there is nothing yet, or only what a creation leaves that was cut short or is under way elsewhere."""
    if not root.exists():
        return True
    allowed = {"format", "runs", "blobs"}
    names = {file.name for file in root.iterdir() if not file.name.startswith(".format.new-")}
    contents = [*root.glob("runs/*"), *root.glob("blobs/*")]
    return names <= allowed and not contents
