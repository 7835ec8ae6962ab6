"""Improvement: the undo records of a project: what was written, what stood there, how far it came. One file each.

They lie in ``.cambrian/undo`` of the project. A record is there, durable, before the first file is touched.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Generator
from enum import StrEnum
from pathlib import Path

import msgspec

from cambrian.core.errors import UsageError
from cambrian.journal.replacing import clear_leftovers, replace_file

__all__ = ["Damaged", "Ledger", "State", "Undo", "Written"]

_LABEL = "apply.record"
_KEPT = 200
_VERSION = 1


class State(StrEnum):
    """How far a writing came."""

    WRITING = "writing"
    """Begun. Found so by a later call, it was cut off."""
    APPLIED = "applied"
    UNDOING = "undoing"
    """Its undoing is begun."""
    UNDONE = "undone"
    CUT_OFF = "cut off"
    """It was cut off, and everything that it had written was put back."""
    LEFT = "left"
    """It was cut off, and somebody has changed a file since; nothing was put back."""


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """One file: contents before and after, None where there was or is no file."""

    before: bytes | None
    after: bytes | None


class Undo(msgspec.Struct, frozen=True, kw_only=True):
    """What was written at one time.

    Args:
        id: its number in this project, in digits.
        why: the command that wrote it.
        run: the run that it comes from; "" if none.
        at: seconds since the Unix epoch.
        state: how far it came.
        files: path relative to the project → contents.
        folders: those that were made for it, relative to the project, inner ones first.
        version: of this format.
    """

    id: str
    why: str
    run: str
    at: float
    state: State
    files: dict[str, Written]
    folders: tuple[str, ...] = ()
    version: int = _VERSION


class Damaged(msgspec.Struct, frozen=True, kw_only=True):
    """A record that cannot be read.

    Args:
        id: its number, by its name.
        path: its file.
        why: what is wrong with it.
    """

    id: str
    path: Path
    why: str

    def __str__(self) -> str:
        """For people, with the way out."""
        return (
            f"the undo record {str(self.path)!r} cannot be read ({self.why}); what it tells of stays as it is: put the "
            "record back from a copy, or delete it, which forgets that writing"
        )


class Ledger:
    """The records of one project. Use within `locked`.

    Args:
        root: the project's folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._folder = root / ".cambrian" / "undo"

    @property
    def exists(self) -> bool:
        """Whether anything was ever written."""
        return self._folder.is_dir()

    @contextlib.contextmanager
    def locked(self) -> Generator[None]:
        """Keep every other process out.

        Raises:
            UsageError: the folder cannot be made.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            ignore = self._folder.parent / ".gitignore"
            if not ignore.exists():
                ignore.write_text("*\n", encoding="utf-8")
            descriptor = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise UsageError(
                f"{str(self._folder)!r} cannot be written: {error.strerror}; nothing is changed without an undo record"
            ) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def records(self) -> list[Undo]:
        """All that can be read, oldest first."""
        return [found for found in self._found() if isinstance(found, Undo)]

    def damaged(self) -> list[Damaged]:
        """Those that cannot be read, oldest first."""
        return [found for found in self._found() if isinstance(found, Damaged)]

    def _found(self) -> list[Undo | Damaged]:
        return [self._read(path) for path in self._paths()]

    def _paths(self) -> list[Path]:
        found = [path for path in self._folder.glob("*.json") if path.stem.isdecimal()] if self.exists else []
        return sorted(found, key=lambda path: int(path.stem))

    def _read(self, path: Path) -> Undo | Damaged:
        try:
            return msgspec.json.decode(path.read_bytes(), type=Undo)
        except (OSError, msgspec.DecodeError) as error:
            return Damaged(id=path.stem, path=path, why=str(error))

    def next_id(self) -> str:
        """The number of the next record."""
        paths = self._paths()
        return str(int(paths[-1].stem) + 1 if paths else 1)

    def keep(self, record: Undo) -> None:
        """Write a record, durable when this returns; the oldest beyond 200 go."""
        path = self._folder / f"{record.id}.json"
        clear_leftovers(path)
        replace_file(path, msgspec.json.encode(record), durable=True, label=_LABEL, mode=0o600)
        for old in self._paths()[:-_KEPT]:
            old.unlink(missing_ok=True)
