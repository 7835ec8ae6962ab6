"""Checking, restoring into and shrinking a SQLite journal. Reads or rewrites much; called rarely."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Collection, Generator, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cambrian.core.ids import RunId, digest

from .crashpoints import crash_point
from .records import check_deletable, check_history, checksum, is_object
from .sqlite_queries import Batch, append, last_seq, lease_of
from .sqlite_schema import begin, primary_code
from .store import Appended, Damage

_log = logging.getLogger("cambrian.journal")


def check(connection: sqlite3.Connection, path: Path) -> list[Damage]:
    """See `Upkeep.check`. What SQLite cannot read at all is one more line of the answer."""
    damage: list[Damage] = []
    for part in (_structure, _runs, _events, _strays, _blobs):
        try:
            damage += part(connection)
        except sqlite3.DatabaseError as error:
            damage.append(Damage(place=str(path), what=f"unreadable: {error}"))
    return damage


def _structure(connection: sqlite3.Connection) -> Iterator[Damage]:
    for (line,) in connection.execute("PRAGMA integrity_check"):
        if line != "ok":
            yield Damage(place="SQLite structure", what=line)


def _runs(connection: sqlite3.Connection) -> Iterator[Damage]:
    rows = connection.execute(
        "SELECT name, run.seq, count(event.seq), min(event.seq), max(event.seq) FROM run"
        " LEFT JOIN event ON event.run=run.id GROUP BY run.id ORDER BY name"
    )
    for name, end, count, low, high in rows:
        if (count, low, high) != (end, 1, end):
            what = f"events 1 to {end} are wanted, {count} between {low} and {high} are there"
            yield Damage(place="table event", what=what, run=RunId(name))


def _events(connection: sqlite3.Connection) -> Iterator[Damage]:
    rows = connection.execute(
        "SELECT name, event.seq, CAST(type AS BLOB), CAST(channel AS BLOB), CAST(data AS BLOB), crc FROM event"
        " JOIN run ON run.id=event.run"
    )
    for name, seq, kind, channel, data, crc in rows:
        text = (kind.decode(errors="replace"), channel.decode(errors="replace"))
        if checksum(*text, data) != crc:
            yield Damage(place=f"event {seq}", what="fails its checksum", run=RunId(name))
        if not is_object(data):
            yield Damage(place=f"event {seq}", what="data are no JSON object", run=RunId(name))


def _strays(connection: sqlite3.Connection) -> Iterator[Damage]:
    """Rows that point nowhere."""
    queries = {
        "table event": "SELECT DISTINCT run FROM event WHERE run NOT IN (SELECT id FROM run)",
        "table reference": "SELECT DISTINCT run FROM reference WHERE run NOT IN (SELECT id FROM run)",
        "table reference, blob": "SELECT DISTINCT blob FROM reference WHERE blob NOT IN (SELECT id FROM blob)",
    }
    for place, query in queries.items():
        for (row,) in connection.execute(query):
            yield Damage(place=place, what=f"points to row {row}, which is not there")


def _blobs(connection: sqlite3.Connection) -> Iterator[Damage]:
    for name, body in connection.execute("SELECT digest, body FROM blob"):
        if digest(body) != name:
            yield Damage(place=f"blob {name}", what="content has another digest")


def delete(connection: sqlite3.Connection, runs: Collection[RunId], now: float) -> None:
    """First half of `Upkeep.gc`: delete what is not wanted, in one transaction.

    Raises:
        RunNotFound, LeaseHeld: see there; nothing is deleted.
    """
    with _transaction(connection):
        for run in runs:
            last_seq(connection, run)
            check_deletable(lease_of(connection, run)[1], now)
        for run in runs:
            _delete_run(connection, run)
        connection.execute("DELETE FROM blob WHERE id NOT IN (SELECT blob FROM reference)")
        crash_point("sqlite.gc.after_delete")
    crash_point("sqlite.gc.after_commit")


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Generator[None]:
    begin(connection)
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # after a full disk SQLite may have rolled back by itself
            connection.execute("ROLLBACK")
        raise


def restore(connection: sqlite3.Connection, run: RunId, history: Iterable[Appended], *, epoch: int) -> int:
    """See `Upkeep.restore`."""
    seq = 0
    with _transaction(connection):
        for each in check_history(run, history):
            batch = Batch(run, each.facts, each.time, each.blobs)
            seq = append(connection, batch, expected=seq, epoch=epoch)
        crash_point("sqlite.restore.before_commit")
    crash_point("sqlite.restore.after_commit")
    return seq


def _delete_run(connection: sqlite3.Connection, run: RunId) -> None:
    for table in ("event", "reference"):
        connection.execute(f"DELETE FROM {table} WHERE run=(SELECT id FROM run WHERE name=?)", (run,))
    connection.execute("DELETE FROM run WHERE name=?", (run,))
    connection.execute("DELETE FROM lease WHERE run=?", (run,))


def shrink(connection: sqlite3.Connection) -> None:
    """Second half of `Upkeep.gc`: give free pages and the write-ahead log back to the file system.

    Another process that reads or writes just now may keep it from doing so; the next time will.
    """
    try:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError as error:
        if primary_code(error) not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL}:
            raise


def checkpoint(connection: sqlite3.Connection) -> None:
    """Move what is in the write-ahead log into the file, as far as readers allow. The next time does the rest."""
    try:
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    except sqlite3.OperationalError as error:
        _log.warning("the journal's write-ahead log was not moved into the file: %s", error)


def size_on_disk(path: Path) -> int:
    """Bytes of the file and its write-ahead log."""
    files = (path, path.with_name(path.name + "-wal"))
    return sum(file.stat().st_size for file in files if file.exists())
