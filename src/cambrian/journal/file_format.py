r"""The lines of the file store: writing and reading them, finding damage. No locks, no leases, no threads.

A run is a file of lines, one per transaction::

    <length, 8 hex digits> <CRC-32, 8 hex digits> <JSON of that length>\n

JSON has no raw newline (they are whitespace there, and become spaces). So an append that was cut off is a last line
without its newline, or a tail of zero bytes as file systems leave after a loss of power: a *torn tail*, of something
that was never acknowledged. Anything else that does not parse is damage, also in the last line.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import msgspec

from cambrian.core.errors import StoreDamaged
from cambrian.core.event import Event, Fact
from cambrian.core.ids import Digest, RunId

_HEAD = 18
"""Bytes before the JSON: two numbers of 8 digits, each with a blank."""
_LONGEST_NAME = 180
_NO_NEWLINES = bytes.maketrans(b"\r\n", b"  ")


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One transaction.

    Args:
        run: the run, so that a misplaced file is noticed.
        seq: number of the first event.
        time: of all its events.
        facts: the events' content.
        blobs: digests of the blobs that the run references from here on.
    """

    run: RunId
    seq: int
    time: float
    facts: tuple[Fact, ...]
    blobs: tuple[Digest, ...] = ()

    @property
    def last(self) -> int:
        """Number of the last event."""
        return self.seq + len(self.facts) - 1

    def events(self) -> Iterator[Event]:
        """The events in order."""
        for seq, fact in enumerate(self.facts, start=self.seq):
            yield Event(
                run=self.run, seq=seq, time=self.time, type=fact.type, data=msgspec.Raw(fact.data), channel=fact.channel
            )


class Located(NamedTuple):
    """A record and where the next one begins."""

    record: Record
    end: int


_DECODER = msgspec.json.Decoder(Record)


def file_name(run: RunId) -> str:
    """File name of a run without suffix: escaped, so that no id leaves its folder or meets another's file."""
    name = "".join(char if char.islower() or char.isdecimal() or char == "-" else _escaped(char) for char in run)
    return name if len(name) <= _LONGEST_NAME and name.isascii() else f"%{sha256(run.encode()).hexdigest()}"


def _escaped(char: str) -> str:
    """Percent-encoded (RFC 3986), also the characters that `quote` would leave."""
    text = quote(char, safe="")
    return text if text != char else f"%{ord(char):02X}"


def line(record: Record) -> bytes:
    """A record as it stands in the file."""
    return _with_head(msgspec.json.encode(record).translate(_NO_NEWLINES))


def _with_head(body: bytes) -> bytes:
    return b"%08x %08x %b\n" % (len(body), zlib.crc32(body), body)


def scan(path: Path, run: RunId | None, *, start: int = 0, after: int = 0) -> Iterator[Located]:
    """The records from byte `start` on, where event ``after + 1`` is to be found. A torn tail ends it silently.

    Raises:
        StoreDamaged: a line that is no record, or not the next one.
        OSError: no such file.
    """
    with path.open("rb") as file:
        file.seek(start)
        last = after
        for text in file:
            if _is_torn(text):  # the end, even if a writer adds to it just now
                return
            record = _parse(text, path, start)
            if record.seq != last + 1 or (run is not None and record.run != run):
                raise damaged(path, start, f"event {last + 1} is wanted, {record.seq} of run {record.run!r} is there")
            start, last = start + len(text), record.last
            yield Located(record, start)


def _is_torn(text: bytes) -> bool:
    """Whether this is what an append leaves that was cut off. A flipped newline leaves more than was announced."""
    if text.endswith(b"\n"):
        return False
    if not text.strip(b"\0"):
        return True
    try:
        announced = int(text[:8], 16)
    except ValueError:
        return len(text) < 8 and all(byte in b"0123456789abcdef" for byte in text)
    return len(text) <= _HEAD + announced


def _parse(text: bytes, path: Path, start: int) -> Record:
    body = text[_HEAD:-1]
    if text != _with_head(body):
        raise damaged(path, start, "a record that fails its checksum")
    try:
        return _DECODER.decode(body)
    except (msgspec.DecodeError, RecursionError) as error:
        raise damaged(path, start, f"a record that is none: {error}") from error


def damaged(path: Path, start: int, what: str) -> StoreDamaged:
    """The error of a file that does not pass its check."""
    return StoreDamaged(f"{str(path)!r}, byte {start}: {what}; restore the file from a copy, or export what is before")


def cut(record: Record, *, upto: int, run: RunId) -> Record:
    """A record of another run, without what comes after event `upto`."""
    facts: Sequence[Fact] = record.facts[: upto - record.seq + 1]
    return msgspec.structs.replace(record, run=run, facts=tuple(facts))
