"""What the SQLite backend says to a connection: plain functions, each one or two statements. No threads, no waiting.

Each writing function checks everything before its first write, so that a refusal leaves its transaction as it was.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from typing import NamedTuple

import msgspec

from cambrian.core.errors import RunNotFound, StoreDamaged, UsageError
from cambrian.core.event import Channel, Event, Fact
from cambrian.core.ids import Digest, RunId, digest

from .crashpoints import crash_point
from .records import check_epoch, check_expected, check_free, checksum, lost_lease, opening_kind
from .store import Commit, Committed, Lease, RunHead

PAGE_EVENTS = 512
PAGE_BYTES = 2**20


class Batch(NamedTuple):
    """What one append writes."""

    run: RunId
    facts: Sequence[Fact]
    time: float
    blobs: Sequence[bytes] = ()


class _Place(NamedTuple):
    """Where a run stands: its row (``None`` if it has no events), last event and epoch."""

    row: int | None
    seq: int
    epoch: int


def _place(connection: sqlite3.Connection, run: RunId) -> _Place:
    row, seq, epoch = connection.execute(
        "SELECT (SELECT id FROM run WHERE name=?1), (SELECT seq FROM run WHERE name=?1),"
        " (SELECT epoch FROM lease WHERE run=?1)",
        (run,),
    ).fetchone()
    return _Place(row, seq or 0, epoch or 0)


def append(connection: sqlite3.Connection, batch: Batch, *, expected: int, epoch: int) -> int:
    """See `EventLog.append`."""
    place = _place(connection, batch.run)
    check_epoch(batch.run, epoch, place.epoch)
    check_expected(batch.run, expected, place.seq)
    return _append(connection, batch, place)


def commit(connection: sqlite3.Connection, commit: Commit) -> Committed:
    """See `Store.commit`."""
    batch = Batch(commit.run, commit.facts, commit.time, commit.blobs)
    place, lease, claim = _place(connection, commit.run), commit.lease, commit.claim
    if claim is None:
        check_epoch(commit.run, 0 if lease is None else lease.epoch, place.epoch)
    check_expected(commit.run, commit.expected, place.seq)
    if claim is not None:
        expires = commit.time + claim.ttl
        lease = acquire(connection, commit.run, claim.holder, expires=expires, now=commit.time, over=None)
    _append(connection, batch, place)
    if lease is not None and commit.release:
        release(connection, lease)
    return Committed(None if claim is None else lease)


def _append(connection: sqlite3.Connection, batch: Batch, place: _Place) -> int:
    crash_point("sqlite.append.before_write")
    seq, last = place.seq + 1, place.seq + len(batch.facts)
    row = place.row
    if row is None:
        row = _insert_run(connection, batch, last)
    else:
        _set_end(connection, row, last, batch.time)
    _insert_events(connection, row, batch, after=place.seq)
    crash_point("sqlite.append.after_events")
    for body in batch.blobs:
        _insert_blob(connection, row, body, seq=seq)
    return last


def _insert_run(connection: sqlite3.Connection, batch: Batch, last: int) -> int:
    cursor = connection.execute(
        "INSERT INTO run (name, kind, created, updated, seq) VALUES (?, ?, ?, ?, ?)",
        (batch.run, opening_kind(batch.facts[0]), batch.time, batch.time, last),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def _insert_events(connection: sqlite3.Connection, row: int, batch: Batch, *, after: int) -> None:
    rows = [
        (row, seq, batch.time, fact.type, fact.channel, bytes(fact.data).decode(), _checksum(fact))
        for seq, fact in enumerate(batch.facts, start=after + 1)
    ]
    connection.executemany("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?)", rows)


def _checksum(fact: Fact) -> int:
    return checksum(fact.type, fact.channel, bytes(fact.data))


def _insert_blob(connection: sqlite3.Connection, row: int, body: bytes, *, seq: int) -> None:
    name = digest(body)
    connection.execute("INSERT OR IGNORE INTO blob (digest, body) VALUES (?, ?)", (name, body))
    connection.execute(
        "INSERT OR IGNORE INTO reference (run, blob, seq) SELECT ?, id, ? FROM blob WHERE digest=?", (row, seq, name)
    )


def _set_end(connection: sqlite3.Connection, row: int, seq: int, time: float) -> int:
    connection.execute("UPDATE run SET seq=?, updated=? WHERE id=?", (seq, time, row))
    return seq


def fork(connection: sqlite3.Connection, parent: RunId, batch: Batch, *, upto: int, epoch: int) -> int:
    """See `Upkeep.fork`; `batch` is about the child."""
    source, place = _place(connection, parent), _place(connection, batch.run)
    if source.row is None:
        raise not_found(parent)
    if not 1 <= upto <= source.seq:
        raise UsageError(f"run {parent!r} has events 1 to {source.seq}; cannot fork at {upto!r}")
    check_epoch(batch.run, epoch, place.epoch)
    check_expected(batch.run, 0, place.seq)
    last = _check_prefix(connection, parent, source.row, upto)
    crash_point("sqlite.fork.before_write")
    row = connection.execute(
        "INSERT INTO run (name, kind, created, updated, seq) SELECT ?, kind, created, updated, 0 FROM run WHERE id=?"
        " RETURNING id",
        (batch.run, source.row),
    ).fetchone()[0]
    connection.execute(
        "INSERT INTO event SELECT ?, seq, time, type, channel, data, crc FROM event WHERE run=? AND seq<=?",
        (row, source.row, upto),
    )
    connection.execute(
        "INSERT INTO reference SELECT ?, blob, seq FROM reference WHERE run=? AND seq<=?", (row, source.row, upto)
    )
    _insert_events(connection, row, batch, after=upto)
    crash_point("sqlite.fork.after_events")
    return _set_end(connection, row, upto + len(batch.facts), batch.time if batch.facts else last)


def _check_prefix(connection: sqlite3.Connection, run: RunId, row: int, upto: int) -> float:
    """Time of event `upto`, after making sure that none before it is missing."""
    count, last = connection.execute(
        "SELECT count(*), (SELECT time FROM event WHERE run=?1 AND seq=?2) FROM event WHERE run=?1 AND seq<=?2",
        (row, upto),
    ).fetchone()
    if count != upto or last is None:
        raise StoreDamaged(f"run {run!r} lacks some of its events up to {upto} and cannot be forked; see `check`")
    return last


def last_seq(connection: sqlite3.Connection, run: RunId) -> int:
    """Number of a run's last event.

    Raises:
        RunNotFound: no such run.
    """
    place = _place(connection, run)
    if place.row is None:
        raise not_found(run)
    return place.seq


def page(
    connection: sqlite3.Connection, run: RunId, *, after: int, types: Collection[str] | None, limit: int | None
) -> list[Event]:
    """The next events of a run: at most 512, or about 1 MiB, or `limit`; none at the end.

    Raises:
        StoreDamaged: an event is missing or fails its checksum.
    """
    end = last_seq(connection, run)
    wanted = "" if types is None else f" AND type IN ({','.join('?' * len(types))})"
    most = PAGE_EVENTS if limit is None else min(limit, PAGE_EVENTS)
    cursor = connection.execute(
        "SELECT seq, time, type, channel, CAST(data AS BLOB), crc FROM event"
        f" WHERE run=(SELECT id FROM run WHERE name=?) AND seq>?{wanted} ORDER BY seq LIMIT ?",
        (run, after, *(types or ()), most),
    )
    events: list[Event] = []
    volume = 0
    for row in cursor:
        event = _event(run, *row)
        if types is None:
            _check_next(event, after + len(events) + 1)
        events.append(event)
        volume += len(row[4])
        if volume >= PAGE_BYTES:
            break
    if types is None and not events and after < end and most > 0:
        raise StoreDamaged(f"run {run!r} ends at event {end}, but nothing is there after event {after}; see `check`")
    return events


def _event(run: RunId, seq: int, time: float, type: str, channel: Channel, data: bytes, crc: int) -> Event:
    if checksum(type, channel, data) != crc:
        raise StoreDamaged(f"event {seq} of run {run!r} fails its checksum; restore the journal from a copy")
    return Event(run=run, seq=seq, time=time, type=type, data=msgspec.Raw(data), channel=channel)


def _check_next(event: Event, expected: int) -> None:
    if event.seq != expected:
        raise StoreDamaged(f"run {event.run!r} lacks event {expected} (event {event.seq} follows); see `check`")


def not_found(run: RunId) -> RunNotFound:
    """The error of a run that is not there."""
    return RunNotFound(f"no run {run!r} in this journal; `cambrian runs list` shows those there are")


def heads(connection: sqlite3.Connection, run: RunId | None) -> list[RunHead]:
    """See `EventLog.heads`."""
    rows = connection.execute(
        "SELECT name, kind, seq, created, updated, epoch, holder, expires FROM run LEFT JOIN lease ON lease.run=name"
        " WHERE ?1 IS NULL OR name=?1 ORDER BY name",
        (run,),
    )
    return [_head(*row) for row in rows]


def _head(
    run: RunId,
    kind: str,
    seq: int,
    created: float,
    updated: float,
    epoch: int | None,
    holder: str | None,
    expires: float | None,
) -> RunHead:
    lease = None
    if holder is not None and epoch is not None and expires is not None:
        lease = Lease(run=run, holder=holder, epoch=epoch, expires=expires)
    return RunHead(run=run, kind=kind, seq=seq, created=created, updated=updated, epoch=epoch or 0, lease=lease)


def blob(connection: sqlite3.Connection, name: Digest) -> bytes:
    """See `Blobs.blob`."""
    row = connection.execute("SELECT body FROM blob WHERE digest=?", (name,)).fetchone()
    if row is None:
        raise LookupError(f"no blob {name!r} in this journal")
    body: bytes = row[0]
    if digest(body) != name:
        raise StoreDamaged(f"blob {name!r} has other content than its digest says; restore the journal from a copy")
    return body


def lease_of(connection: sqlite3.Connection, run: RunId) -> tuple[int, Lease | None]:
    """A run's epoch, and its lease unless released."""
    row = connection.execute("SELECT epoch, holder, expires FROM lease WHERE run=?", (run,)).fetchone()
    if row is None:
        return 0, None
    epoch, holder, expires = row
    return epoch, None if holder is None else Lease(run=run, holder=holder, epoch=epoch, expires=expires)


def acquire(
    connection: sqlite3.Connection, run: RunId, holder: str, *, expires: float, now: float, over: Lease | None
) -> Lease:
    """See `Leases.acquire`."""
    epoch, current = lease_of(connection, run)
    check_free(current, holder, now, over)
    crash_point("sqlite.lease.before_write")
    connection.execute("INSERT OR REPLACE INTO lease VALUES (?, ?, ?, ?)", (run, epoch + 1, holder, expires))
    return Lease(run=run, holder=holder, epoch=epoch + 1, expires=expires)


def renew(connection: sqlite3.Connection, lease: Lease, *, expires: float) -> Lease:
    """See `Leases.renew`."""
    epoch, current = lease_of(connection, lease.run)
    if current is None or epoch != lease.epoch:
        raise lost_lease(lease, epoch)
    connection.execute("UPDATE lease SET expires=? WHERE run=?", (expires, lease.run))
    return msgspec.structs.replace(current, expires=expires)


def release(connection: sqlite3.Connection, lease: Lease) -> None:
    """See `Leases.release`."""
    connection.execute("UPDATE lease SET holder=NULL WHERE run=? AND epoch=?", (lease.run, lease.epoch))
