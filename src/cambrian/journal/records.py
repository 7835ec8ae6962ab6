"""What every backend checks before it writes, and the errors they share. Pure: no I/O."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from cambrian.core.errors import Fenced, LeaseHeld, SequenceConflict, UsageError
from cambrian.core.event import Event, Fact
from cambrian.core.ids import RunId

from .store import Appended, Lease

_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_MAX_ID = 200
_MAX_TYPE = 200


class _Opening(msgspec.Struct):
    kind: str = ""


_OPENING = msgspec.json.Decoder(_Opening)


def check_run(run: RunId) -> None:
    """Refuse an id that a backend could not keep.

    Raises:
        UsageError: empty, longer than 200 characters, or not printable.
    """
    if not run or len(run) > _MAX_ID or not run.isprintable():
        raise UsageError(f"run id {run[:80]!r} is not usable; 1 to {_MAX_ID} printable characters are wanted")


def check_facts(facts: Sequence[Fact], *, at_least: int = 1) -> tuple[Fact, ...]:
    """Copy facts, with their data checked.

    Raises:
        UsageError: fewer than `at_least`, an unusable type, or data that are no JSON object.
    """
    if len(facts) < at_least:
        raise UsageError("nothing to append: hand in at least one fact")
    return tuple(map(_checked, facts))


def _checked(fact: Fact) -> Fact:
    if not fact.type or len(fact.type) > _MAX_TYPE or not fact.type.isprintable():
        raise UsageError(f"fact type {fact.type[:80]!r} is not usable; write for example 'search.evaluated'")
    data = bytes(fact.data)
    try:
        _OBJECT.decode(data)
        data.decode()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(
            f"data of fact {fact.type!r} are no JSON object: {error}, in {data[:80]!r}; encode with core.event.fact"
        ) from error
    return Fact(type=fact.type, data=msgspec.Raw(data), channel=fact.channel)


def is_object(data: bytes) -> bool:
    """Whether data read back still are a JSON object."""
    try:
        _OBJECT.decode(data)
        data.decode()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True


LATEST = 253_370_764_800.0
"""9999-01-01, in seconds since the Unix epoch: what a date can tell."""


def check_history(run: RunId, history: Iterable[Appended]) -> Iterator[Appended]:
    """The appends of a history, each checked when it is taken.

    Raises:
        UsageError: there is none, or see `check_facts`.
    """
    empty = True
    for each in history:
        empty = False
        if not 0 <= each.time < LATEST:
            raise UsageError(f"an append of run {run!r} has the time {each.time!r}; seconds since 1970, before 9999")
        yield Appended(facts=check_facts(each.facts), time=each.time, blobs=tuple(map(bytes, each.blobs)))
    if empty:
        raise UsageError(f"run {run!r} has no event to restore; hand in at least one append")


def check_epoch(run: RunId, epoch: int, current: int) -> None:
    """The fencing rule.

    Raises:
        Fenced: an older epoch than the run's.
        UsageError: an epoch that was never granted.
    """
    if epoch < current:
        raise Fenced(
            f"run {run!r} is at epoch {current}, this writer holds {epoch}: another process took it over; stop writing"
        )
    if epoch > current:
        raise UsageError(f"epoch {epoch!r} of run {run!r} was never granted (the run is at {current}); acquire a lease")


def check_expected(run: RunId, expected: int, last: int) -> None:
    """The sequence rule.

    Raises:
        SequenceConflict: the run ends elsewhere.
    """
    if expected != last:
        raise SequenceConflict(
            f"run {run!r} ends at event {last}, not at the expected {expected!r}; re-read from there, then decide"
            + ("" if last else " (there is no such run yet)")
        )


def check_free(lease: Lease | None, holder: str, now: float, over: Lease | None) -> None:
    """Whether a lease may be acquired.

    Raises:
        LeaseHeld: by another, not expired, and not the one to be taken over.
    """
    if lease is None or lease.holder == holder or lease.expires <= now:
        return
    if over is not None and over.epoch == lease.epoch:
        return
    raise LeaseHeld(
        f"run {lease.run!r} is held by {lease.holder!r} for another {lease.expires - now:.1f} s; "
        f"wait for it to end or use another run"
    )


def check_deletable(lease: Lease | None, now: float) -> None:
    """Whether a run may be deleted.

    Raises:
        LeaseHeld: somebody may be writing to it.
    """
    if lease is not None and lease.expires > now:
        raise LeaseHeld(
            f"run {lease.run!r} is in use by {lease.holder!r} (for another {lease.expires - now:.1f} s at least) and "
            f"cannot be deleted; end that process first"
        )


def check_lease_arguments(run: RunId, holder: str, ttl: float) -> None:
    """Refuse a lease that could not be told from none.

    Raises:
        UsageError: no holder, or no time.
    """
    check_run(run)
    if not holder or not holder.isprintable():
        raise UsageError(f"holder {holder[:80]!r} is not usable; see journal.holder.this_process")
    if not ttl > 0:
        raise UsageError(f"ttl is {ttl!r} seconds; it must be above zero")


def lost_lease(lease: Lease, epoch: int) -> Fenced:
    """The error of a renewal that comes too late."""
    return Fenced(
        f"the lease of {lease.holder!r} on run {lease.run!r} (epoch {lease.epoch}) is gone: another process took it "
        f"over (the run is at epoch {epoch}), or it was released or deleted; stop writing"
    )


def opening_kind(fact: Fact) -> str:
    """Member ``kind`` of a first event's data, if it is text."""
    try:
        return _OPENING.decode(fact.data).kind
    except msgspec.ValidationError:
        return ""


def checksum(type: str, channel: str, data: bytes) -> int:
    """CRC-32 (ISO 3309) over what an event says; its place is checked apart."""
    return zlib.crc32(data, zlib.crc32(f"{type}\0{channel}\0".encode()))


def place(run: RunId, fact: Fact, *, seq: int, time: float) -> Event:
    """A fact in its place."""
    return Event(run=run, seq=seq, time=time, type=fact.type, data=fact.data, channel=fact.channel)
