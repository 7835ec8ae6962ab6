"""Opening SQLite files: creation, migrations, and SQLite's errors in our own words. No events, no leases here.

A journal file comes into being whole: it is built under another name and linked into place. So a file that exists and
is empty, short or foreign is damaged, and is never taken for a new one.
"""

from __future__ import annotations

import os
import sqlite3
import struct
import time
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import get_ident

from cambrian.core.errors import JournalError, StoreDamaged

from . import sqlite_handles
from .crashpoints import crash_point
from .sqlite_handles import read_head
from .store import Durability

APPLICATION_ID = 0x43616D62
"""``Camb``: tells a journal from any other SQLite file (see the SQLite file format, offset 68)."""
BUSY_SECONDS = 10.0
"""How long a write waits for another process's write."""
_BUSY_PAUSE = 0.002

_HEADER = struct.Struct(">16sH10xI36xI28x")
"""SQLite file format 3, section 1.3: magic, page size at 16, page count at 28, application id at 68."""
_MAGIC = b"SQLite format 3\0"


def _version_1(connection: sqlite3.Connection) -> None:
    connection.execute(
        "CREATE TABLE run (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,"
        " created REAL NOT NULL, updated REAL NOT NULL, seq INTEGER NOT NULL)"
    )
    connection.execute(
        "CREATE TABLE event (run INTEGER NOT NULL, seq INTEGER NOT NULL, time REAL NOT NULL, type TEXT NOT NULL,"
        " channel TEXT NOT NULL, data TEXT NOT NULL, crc INTEGER NOT NULL, PRIMARY KEY (run, seq)) WITHOUT ROWID"
    )
    connection.execute("CREATE TABLE blob (id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, body BLOB NOT NULL)")
    connection.execute(
        "CREATE TABLE reference (run INTEGER NOT NULL, blob INTEGER NOT NULL, seq INTEGER NOT NULL,"
        " PRIMARY KEY (run, blob)) WITHOUT ROWID"
    )
    connection.execute("CREATE INDEX reference_blob ON reference (blob)")
    connection.execute(
        "CREATE TABLE lease (run TEXT PRIMARY KEY, epoch INTEGER NOT NULL, holder TEXT, expires REAL NOT NULL)"
        " WITHOUT ROWID"
    )


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (_version_1,)
"""In order; ``PRAGMA user_version`` counts those applied. Append to it, never change an entry."""


def create(path: Path) -> None:
    """Make an empty journal at `path`, unless somebody else just did.

    Raises:
        JournalError: it cannot be written there.
    """
    fresh = path.with_name(f".{path.name}.new-{os.getpid()}-{get_ident()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove(fresh)
        with translated(path), closing(connect(fresh, create=True)) as connection:
            connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
            connection.execute("PRAGMA journal_mode=WAL")
            migrate(connection, path)
        _sync(fresh)
        crash_point("sqlite.create.before_link")
        if not path.exists():
            os.link(fresh, path)
        crash_point("sqlite.create.after_link")
        _sync(path.parent)
    except FileExistsError:
        pass  # another process linked its own first
    except OSError as error:
        raise JournalError(
            f"cannot create a journal at {str(path)!r}: {error.strerror}; choose another place"
        ) from error
    finally:
        with suppress(OSError):  # left over, it is in nobody's way
            _remove(fresh)


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def inspect(path: Path) -> None:
    """Refuse a file that is no whole journal, before SQLite touches it.

    Raises:
        StoreDamaged: empty, foreign, or shorter than it says.
        JournalError: it cannot be read.
    """
    try:
        head = read_head(path, _HEADER.size)
        size = path.stat().st_size
        wal = path.with_name(path.name + "-wal")
        pending = wal.exists() and wal.stat().st_size > 0
    except OSError as error:
        raise JournalError(f"cannot read the journal {str(path)!r}: {error.strerror}") from error
    if head is None:  # it passed when this process opened it
        return
    if len(head) < _HEADER.size or not head.startswith(_MAGIC):
        raise StoreDamaged(
            f"{str(path)!r} ({size} bytes) is no SQLite file, or its beginning is lost; restore it from a copy, or "
            f"move it away to start afresh"
        )
    _, page, count, application = _HEADER.unpack(head)
    if application != APPLICATION_ID:
        raise StoreDamaged(f"{str(path)!r} is another program's SQLite file (id {application:#x}); choose another path")
    page = 65536 if page == 1 else page
    if size < page * count and not pending:  # with a WAL, a checkpoint may have been under way
        raise StoreDamaged(
            f"{str(path)!r} is cut off: {size} bytes of {page * count}; restore it from a copy, or export what is left"
        )


def at_rest(path: Path) -> tuple[int, int, int] | None:
    """What the file is (inode, size, time of change) while no process has it open; ``None`` while one has.

    Raises:
        JournalError: it cannot be read.
    """
    try:
        if path.with_name(path.name + "-wal").exists():
            return None
        status = path.stat()
    except OSError as error:
        raise JournalError(f"cannot read the journal {str(path)!r}: {error.strerror}") from error
    return status.st_ino, status.st_size, status.st_mtime_ns


def connect(
    path: Path, *, create: bool = False, read_only: bool = False, immutable: bool = False
) -> sqlite3.Connection:
    """A connection in autocommit mode, for one thread at a time."""
    mode = "ro&immutable=1" if immutable else "ro" if read_only else "rwc" if create else "rw"
    connection = sqlite_handles.connect(path, f"mode={mode}", timeout=BUSY_SECONDS)
    if read_only:
        connection.execute("PRAGMA query_only=1")
    return connection


def open_writer(path: Path, durability: Durability) -> sqlite3.Connection:
    """Open for writing, creating and migrating where needed.

    Raises:
        StoreDamaged: see `inspect`.
        JournalError: a schema newer than this version knows, or no access.
    """
    if not path.exists():
        create(path)
    inspect(path)
    with translated(path):
        connection = connect(path)
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute(f"PRAGMA synchronous={'FULL' if durability == 'power' else 'NORMAL'}")
            connection.execute(f"PRAGMA journal_size_limit={64 * 2**20}")
            migrate(connection, path)
            connection.execute("PRAGMA busy_timeout=0")  # `begin` waits instead, where waiting is allowed
        except BaseException:
            connection.close()
            raise
        return connection


def try_begin(connection: sqlite3.Connection) -> bool:
    """Begin to write, unless another process is writing just now.

    Raises:
        sqlite3.Error: for any other reason.
    """
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if primary_code(error) != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


def begin(connection: sqlite3.Connection) -> None:
    """Begin to write, waiting for other processes.

    Raises:
        sqlite3.Error: it took longer than `BUSY_SECONDS`, or another reason.
    """
    deadline = time.monotonic() + BUSY_SECONDS
    while time.monotonic() < deadline:
        if try_begin(connection):
            return
        time.sleep(_BUSY_PAUSE)
    connection.execute("BEGIN IMMEDIATE")


def open_reader(path: Path, *, immutable: bool = False) -> sqlite3.Connection:
    """Open for reading; migrates nothing, and if `immutable` creates nothing either (only for a file `at_rest`).

    Raises:
        JournalError, StoreDamaged: as `open_writer`; also if the schema is older than this version's.
    """
    inspect(path)
    with translated(path):
        connection = connect(path, read_only=True, immutable=immutable)
        try:
            version = schema_version(connection, path)
            if version < len(MIGRATIONS):
                raise JournalError(
                    f"the journal {str(path)!r} has schema {version}, this version reads {len(MIGRATIONS)}; open it "
                    f"once for writing"
                )
        except BaseException:
            connection.close()
            raise
        return connection


def schema_version(connection: sqlite3.Connection, path: Path) -> int:
    """Schema version of a file.

    Raises:
        JournalError: newer than this version knows.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > len(MIGRATIONS):
        raise JournalError(
            f"the journal {str(path)!r} has schema {version}, newer than this version knows ({len(MIGRATIONS)}); "
            f"upgrade cambrian"
        )
    return version


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring the schema up to date, all or nothing.

    Raises:
        JournalError: newer than this version knows.
    """
    if schema_version(connection, path) == len(MIGRATIONS):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        done = schema_version(connection, path)  # another process may have been faster
        for number, step in enumerate(MIGRATIONS[done:], start=done + 1):
            step(connection)
            connection.execute(f"PRAGMA user_version={number}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


@contextmanager
def translated(path: Path) -> Generator[None]:
    """SQLite's errors in our words.

    Raises:
        StoreDamaged: SQLite calls the file corrupt, or no database.
        JournalError: anything else it complains of.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise in_our_words(error, path) from error


_WORDS = {
    sqlite3.SQLITE_FULL: "the disk is full; free some room, nothing was half-written",
    sqlite3.SQLITE_BUSY: f"another process kept it locked for over {BUSY_SECONDS:.0f} s; end that process or try again",
    sqlite3.SQLITE_IOERR: "the disk refused a read or write (full, over a quota, or failing); nothing was half-written",
    sqlite3.SQLITE_READONLY: "it may not be written; check the permissions of the file and its folder",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; check that it exists and its folder may be written",
    sqlite3.SQLITE_TOOBIG: "a value is larger than SQLite keeps (1 GB); hand in smaller blobs",
}
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


def primary_code(error: sqlite3.Error) -> int:
    """SQLite's primary result code, 0 if the error is Python's own."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def in_our_words(error: sqlite3.Error, path: Path) -> JournalError:
    """The error that a caller of the journal gets."""
    code = primary_code(error)
    if code in _DAMAGED or "decode to UTF-8" in str(error) or "no such table" in str(error):
        return StoreDamaged(
            f"the journal {str(path)!r} is damaged ({error}); restore it from a copy, or export what is left"
        )
    return JournalError(f"the journal {str(path)!r} failed: {error}: {_WORDS.get(code, 'see the SQLite manual')}")
