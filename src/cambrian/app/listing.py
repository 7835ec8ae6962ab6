"""What `runs list` tells of each run, kept beside the journal so that listing need not read every event again.

Derived, never the truth: a line counts only for exactly the events that it was folded from (`_Key`), whatever else is
found is passed over, and all of it may be deleted at any time. Only commands that write keep lines; reading makes none.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from pathlib import Path

import msgspec

from cambrian.core.ids import RunId
from cambrian.journal.file_format import file_name
from cambrian.journal.replacing import replace_file
from cambrian.journal.store import RunHead

from .results import RunLine

FORMAT = 2
"""To be raised when a line is folded in another way."""

_log = logging.getLogger("cambrian.app")


class _Key(msgspec.Struct, frozen=True, kw_only=True):
    """Which events a line stands for."""

    run: RunId
    seq: int
    created: float
    updated: float
    format: int = FORMAT


class _Kept(msgspec.Struct, frozen=True, kw_only=True):
    key: _Key
    line: RunLine


class Listing:
    """The lines of a workspace, one small file each.

    Args:
        folder: where they stand; made when the first is kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, head: RunHead) -> RunLine | None:
        """The line of a run that nobody holds, if there is one for exactly its events."""
        try:
            kept = msgspec.json.decode(self._path(head.run).read_bytes(), type=_Kept)
        except (OSError, msgspec.MsgspecError, ValueError):
            return None
        return kept.line if kept.key == _key(head) else None

    def keep(self, head: RunHead, line: RunLine) -> None:
        """Keep a line. A disk that is full costs time at the next listing, and nothing else."""
        try:
            self._folder.mkdir(exist_ok=True)
            content = msgspec.json.encode(_Kept(key=_key(head), line=line))
            replace_file(self._path(head.run), content, durable=False, label="app.listing")
        except OSError as error:
            _log.warning("the line of run %r for `runs list` was not kept: %s", head.run, error.strerror)

    def forget_all_but(self, runs: Collection[RunId]) -> None:
        """Delete the lines of other runs, and what killed processes have left."""
        wanted = {self._path(run).name for run in runs}
        for path in self._folder.glob("*"):
            if path.name not in wanted:
                path.unlink(missing_ok=True)

    def _path(self, run: RunId) -> Path:
        return self._folder / f"{file_name(run)}.json"


def _key(head: RunHead) -> _Key:
    return _Key(run=head.run, seq=head.seq, created=head.created, updated=head.updated)
