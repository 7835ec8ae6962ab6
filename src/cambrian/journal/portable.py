"""A run as one file of JSON Lines that any workspace can take in again. Reads and writes lines; opens no store.

::

    {"cambrian_run": 1, "run": "r-…", "kind": "search", "events": 812}
    {"seq": 1, "time": 1795253400.5, "type": "run.created", "channel": "control", "data": {…}}
    {"blob": "<SHA-256>", "text": "…"}            or "base64", if it is not UTF-8; before the first event that names it
    {"seq": 2, …}
    {"end": 812, "sha256": "<of every byte before this line>"}

Events keep number, time and data to the letter. The last line makes a file that was cut off, or changed by a byte,
known as such: a *torn tail* is told apart from damage, since what stands before it is whole.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import msgspec

from cambrian.core.errors import StoreDamaged
from cambrian.core.event import Channel, Event, Fact
from cambrian.core.ids import Digest, RunId, digest

from .records import LATEST
from .store import Appended, RunHead
from .views import Reader

VERSION = 1
_DIGEST = re.compile(rb'"([0-9a-f]{64})"')
_MOST = 512
"""Events per append at the most."""
_NO_NEWLINES = bytes.maketrans(b"\r\n", b"  ")


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """The first line: format, run, its kind, and how many events are to follow."""

    cambrian_run: int
    run: RunId
    kind: str
    events: int


class _Blob(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    blob: Digest
    text: str | None = None
    base64: str | None = None


class _Event(msgspec.Struct, frozen=True, kw_only=True):
    seq: int
    time: float
    type: str
    channel: Channel
    data: msgspec.Raw


class _End(msgspec.Struct, frozen=True, kw_only=True):
    end: int
    sha256: str


class TornTail(StoreDamaged):
    """The file ends before its last line: what stands before is whole."""


async def portable_lines(reader: Reader, head: RunHead) -> AsyncIterator[bytes]:
    """The lines of a run's file, each with its newline.

    Args:
        reader: of the journal.
        head: the run, up to its last event by now.

    Raises:
        StoreDamaged: an event or a blob cannot be read.
    """
    checksum = hashlib.sha256()
    told: set[Digest] = set()

    def line(record: object) -> bytes:
        text = msgspec.json.encode(record).translate(_NO_NEWLINES) + b"\n"
        checksum.update(text)
        return text

    yield line(Header(cambrian_run=VERSION, run=head.run, kind=head.kind, events=head.seq))
    async for event in reader.read(head.run, limit=head.seq):
        for name in _named(event):
            if name not in told and (content := await _blob(reader, name)) is not None:
                told.add(name)
                yield line(content)
        yield line(_Event(seq=event.seq, time=event.time, type=event.type, channel=event.channel, data=event.data))
    yield line(_End(end=head.seq, sha256=checksum.hexdigest()))


def _named(event: Event) -> Iterator[Digest]:
    """The digests that stand in an event's data as whole texts."""
    return (Digest(match[1].decode()) for match in _DIGEST.finditer(bytes(event.data)))


async def _blob(reader: Reader, name: Digest) -> _Blob | None:
    try:
        content = await reader.blob(name)
    except LookupError:  # a digest of something that is not kept
        return None
    try:
        return _Blob(blob=name, text=content.decode())
    except UnicodeDecodeError:
        return _Blob(blob=name, base64=base64.b64encode(content).decode())


def _content(blob: _Blob) -> bytes:
    return blob.text.encode() if blob.text is not None else base64.b64decode(blob.base64 or "", validate=True)


class PortableFile:
    """A run's file, read.

    Args:
        path: the file.
        partial: take what stands before a torn tail, instead of refusing it; `torn` then says what was left out.

    Raises:
        StoreDamaged: it is no such file, or of a version that is not known.
        OSError: it cannot be read.
    """

    def __init__(self, path: Path, *, partial: bool = False) -> None:
        self._path = path
        self._partial = partial
        self.torn = ""
        with path.open("rb") as file:
            self.header = self._header(file.readline())

    def _header(self, text: bytes) -> Header:
        try:
            header = msgspec.json.decode(text, type=Header)
        except (msgspec.MsgspecError, RecursionError) as error:
            raise self._damaged(1, f"no run of Cambrian begins so ({error})") from None
        if header.cambrian_run != VERSION or not text.endswith(b"\n"):
            raise self._damaged(1, f"format {header.cambrian_run!r}; this version reads {VERSION}")
        return header

    def history(self) -> Iterator[Appended]:
        """The run's appends, in order.

        Raises:
            TornTail: it is cut off; never if `partial`.
            StoreDamaged: a line is not what it must be.
        """
        facts: list[Fact] = []
        blobs: list[bytes] = []
        waiting: list[bytes] = []
        time = 0.0
        for record in self._records():
            if isinstance(record, bytes):
                waiting.append(record)
                continue
            if facts and (waiting or record.time != time or len(facts) >= _MOST):
                yield Appended(facts=facts, time=time, blobs=blobs)
                facts, blobs = [], []
            if not 0 <= record.time < LATEST:
                raise self._damaged(record.seq, f"the time of event {record.seq} is {record.time!r}")
            blobs, waiting, time = [*blobs, *waiting], [], record.time
            facts.append(Fact(type=record.type, data=msgspec.Raw(bytes(record.data)), channel=record.channel))
        if facts:
            yield Appended(facts=facts, time=time, blobs=blobs)

    def _records(self) -> Iterator[_Event | bytes]:
        """Events and contents of blobs as they stand in the file, up to its proper end."""
        checksum = hashlib.sha256()
        number = seq = 0
        with self._path.open("rb") as file:
            for number, text in enumerate(file, start=1):
                if not text.endswith(b"\n"):
                    return self._cut(number, seq, "the file ends within a line")
                if text.startswith(b'{"end"'):
                    return self._finish(number, seq, text, checksum.hexdigest(), file.read(1))
                checksum.update(text)
                if number > 1:
                    record = self._record(number, text)
                    if isinstance(record, _Event):
                        seq += 1
                        if record.seq != seq:
                            raise self._damaged(number, f"event {record.seq} stands where {seq} is wanted")
                    yield record
        return self._cut(number + 1, seq, "the line that says how it ends is missing")

    def _record(self, number: int, text: bytes) -> _Event | bytes:
        try:
            if not text.startswith(b'{"blob"'):
                return msgspec.json.decode(text, type=_Event)
            blob = msgspec.json.decode(text, type=_Blob)
            content = _content(blob)
        except (msgspec.MsgspecError, binascii.Error, UnicodeError, RecursionError) as error:
            raise self._damaged(number, f"neither an event nor a blob: {error}, in {text[:60]!r}") from None
        if digest(content) != blob.blob:
            raise self._damaged(number, f"blob {blob.blob!r} has other content than its digest says")
        return content

    def _finish(self, number: int, seq: int, text: bytes, checksum: str, more: bytes) -> None:
        try:
            end = msgspec.json.decode(text, type=_End)
        except (msgspec.MsgspecError, RecursionError) as error:
            raise self._damaged(number, f"an end that cannot be read: {error}") from None
        if end.end != seq or self.header.events != seq:
            raise self._damaged(number, f"{end.end} events are wanted, {seq} are there")
        if end.sha256 != checksum:
            raise self._damaged(number, "the checksum is not that of the lines before: a byte was changed")
        if more:
            raise self._damaged(number + 1, "something follows the end")

    def _cut(self, number: int, seq: int, what: str) -> None:
        self.torn = f"torn tail at line {number}: {what}; {seq} of {self.header.events} events are whole"
        if not self._partial:
            raise TornTail(
                f"{str(self._path)!r}: {self.torn}; export the run again, or take in what is whole with --partial"
            )

    def _damaged(self, number: int, what: str) -> StoreDamaged:
        return StoreDamaged(f"{str(self._path)!r}, line {number}: {what}; export the run again")
