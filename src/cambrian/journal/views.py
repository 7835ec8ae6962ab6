"""Read-only access to a journal, for screens and commands. Never creates, migrates or changes a journal.

A reader sees what other processes commit, as they do.
"""

from __future__ import annotations

import stat
from collections.abc import AsyncIterator, Collection
from pathlib import Path
from typing import Protocol

import anyio

from cambrian.core.errors import JournalError, RunNotFound
from cambrian.core.event import Event
from cambrian.core.ids import Digest, RunId

from .store import Damage, RunHead

__all__ = ["Reader", "follow", "open_reader"]


class Reader(Protocol):
    """What can be read of a journal; every `Store` can be read so, too."""

    def read(
        self, run: RunId, *, after: int = 0, types: Collection[str] | None = None, limit: int | None = None
    ) -> AsyncIterator[Event]:
        """See `EventLog.read`."""
        ...

    async def heads(self, run: RunId | None = None) -> list[RunHead]:
        """See `EventLog.heads`."""
        ...

    async def blob(self, digest: Digest) -> bytes:
        """See `Blobs.blob`."""
        ...

    async def check(self) -> list[Damage]:
        """See `Upkeep.check`."""
        ...

    async def aclose(self) -> None:
        """Let go of files. Idempotent."""
        ...


async def open_reader(path: str | Path) -> Reader:
    """Open an existing journal for reading.

    Raises:
        RunNotFound: there is no journal at `path`, hence no run.
        StoreDamaged: what is there is no whole journal.
        JournalError: no access, or a schema that this version does not read.
    """
    path = Path(path)
    try:
        is_folder = stat.S_ISDIR(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        raise RunNotFound(f"no journal at {str(path)!r}: nothing has run in this workspace yet") from None
    except OSError as error:
        raise JournalError(f"cannot read the journal {str(path)!r}: {error.strerror}") from error
    if is_folder:
        from .file import FileReader

        return await FileReader.open_existing(path)
    from .sqlite import SqliteReader

    reader = SqliteReader(path)
    await reader.heads(RunId(""))  # open now, so that a damaged file is told here
    return reader


async def follow(reader: Reader, run: RunId, *, after: int = 0, poll: float = 0.2) -> AsyncIterator[Event]:
    """Catch up from a bookmark, then follow live, without a gap and without a duplicate. Ends when the caller does.

    Sequence numbers survive crashes and resumes, so that the last number seen is a bookmark for ever.

    Args:
        reader: of the journal.
        run: the run.
        after: the bookmark: number of the last event seen.
        poll: seconds between looks while nothing happens.

    Raises:
        RunNotFound: no such run, or it was deleted meanwhile.
    """
    bookmark = after
    while True:
        async for event in reader.read(run, after=bookmark):
            yield event
            bookmark = event.seq
        await anyio.sleep(poll)
