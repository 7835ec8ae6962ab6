"""Improvement: the one way into a person's files: all of a change or nothing, with a record by which it is undone.

The steps: the record, then each file replaced as a whole (`journal.placing`), then the record says that it is done. A
process that dies between two of them leaves files that are old or new; the next call here, whatever it asks, puts all
of them back, unless somebody has edited one of them since. So nothing is ever half applied for longer than that.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath

import anyio.to_thread
import msgspec

from cambrian.core.errors import UsageError
from cambrian.journal.crashpoints import crash_point
from cambrian.journal.placing import PLACE_LABELS, write_all
from cambrian.journal.replacing import clear_leftovers
from cambrian.source.decoding import decode_source

from .undoing import Damaged, Ledger, State, Undo, Written

__all__ = ["APPLY_LABELS", "Applied", "Texts", "apply_changes", "list_damaged", "list_undo", "undo_changes"]

Texts = tuple[str | None, str | None]
"""A file's text before and after; None where there is no file."""

APPLY_LABELS = ("apply.record.before_rename", "apply.record.after_rename", "apply.written", *PLACE_LABELS)
"""Labels of the crash points of a writing and of an undoing."""

_SETTLED = "an earlier {0} was cut off; its files are as they were before it"
_LEFT = "an earlier {0} was cut off, and {1!r} was edited since; nothing was put back"


class Applied(msgspec.Struct, frozen=True, kw_only=True):
    """What was written, or undone.

    Args:
        id: number of the undo record.
        files: paths, sorted.
        settled: what was cut off before and has been settled by this call, and records that cannot be read, in words.
    """

    id: str
    files: tuple[str, ...]
    settled: tuple[str, ...] = ()


async def apply_changes(root: Path, changes: Mapping[str, Texts], *, why: str, run: str = "") -> Applied:
    """Write a person's files: all of them or none.

    Permissions, owner, encoding, byte order mark and line ends of each file stay.

    Args:
        root: the project's folder; the undo record goes to its ``.cambrian/undo``.
        changes: path relative to `root` → text before and after.
        why: the command that asks for it, for people.
        run: the run that found it.

    Raises:
        UsageError: a file does not read as `before` any more, lies outside of `root`, cannot be written, is read-only,
            has a second name (a hard link), or cannot hold the new text; nothing was written.
    """
    return await anyio.to_thread.run_sync(lambda: _apply(root.resolve(), changes, why, run))


async def undo_changes(root: Path, which: str = "last") -> Applied:
    """Put back what stood there before a writing; folders that were made for it go, if they are empty.

    Args:
        root: the project's folder.
        which: id of the record, or "last": the last one that stands.

    Raises:
        UsageError: there is no such writing, its record cannot be read, it is undone already, or a file does not read
            as it was written or cannot be written; nothing was changed.
    """
    return await anyio.to_thread.run_sync(lambda: _undo(root.resolve(), which))


def list_undo(root: Path) -> list[Undo]:
    """Every writing that is on record and can be read, oldest first. Changes nothing."""
    return Ledger(root.resolve()).records()


def list_damaged(root: Path) -> list[Damaged]:
    """The records that cannot be read, oldest first. Changes nothing."""
    return Ledger(root.resolve()).damaged()


def _apply(root: Path, changes: Mapping[str, Texts], why: str, run: str) -> Applied:
    ledger = Ledger(root)
    with ledger.locked():
        settled = _settle(ledger)
        files = {name: _written(root, name, texts) for name, texts in sorted(changes.items())}
        files = {name: written for name, written in files.items() if written.before != written.after}
        if not files:
            raise UsageError("there is nothing to write: every file holds the new text already")
        _check_replaceable(root, files)
        record = Undo(
            id=ledger.next_id(), why=why, run=run, at=time.time(), state=State.WRITING, files=files,
            folders=_missing_folders(root, files),
        )  # fmt: skip
        ledger.keep(record)
        _write(ledger, record, {name: each.after for name, each in files.items()}, State.APPLIED, State.CUT_OFF)
    return Applied(id=record.id, files=tuple(files), settled=settled)


def _undo(root: Path, which: str) -> Applied:
    ledger = Ledger(root)
    if not ledger.exists:
        raise UsageError(f"nothing was ever written into {str(root)!r} by Cambrian; name the project's folder")
    with ledger.locked():
        settled = _settle(ledger)
        record = _chosen(ledger, which)
        for name, written in record.files.items():
            if _raw(_place(root, name)) != written.after:
                raise UsageError(
                    f"{str(root / name)!r} does not read as it was written; undoing would lose what was changed since. "
                    "Nothing was changed; put the file back to what was written, or restore it by hand"
                )
        _check_replaceable(root, record.files)
        ledger.keep(msgspec.structs.replace(record, state=State.UNDOING))
        before = {name: each.before for name, each in record.files.items()}
        _write(ledger, record, before, State.UNDONE, State.APPLIED)
        _remove_empty(root, record)
    return Applied(id=record.id, files=tuple(record.files), settled=settled)


def _write(ledger: Ledger, record: Undo, contents: Mapping[str, bytes | None], done: State, failed: State) -> None:
    try:
        write_all(ledger.root, contents)
    except OSError as error:
        ledger.keep(msgspec.structs.replace(record, state=failed))
        raise UsageError(
            f"{str(error.filename or ledger.root)!r} cannot be written: {error.strerror}; nothing was changed; "
            "see to permissions and room, then repeat"
        ) from error
    crash_point("apply.written")
    ledger.keep(msgspec.structs.replace(record, state=done))


def _check_replaceable(root: Path, names: Iterable[str]) -> None:
    """Refuse a file whose owner has said that it is not to be written, or that would part from its other name.

    Each file is replaced as a whole, which needs neither; so it has to be asked.
    """
    for name in names:
        file = _place(root, name)
        try:
            found = file.stat()
        except (FileNotFoundError, NotADirectoryError):
            continue
        told = f"{str(root / name)!r} {{}}; nothing was changed; {{}}, then repeat"
        if not found.st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
            raise UsageError(told.format("is read-only", "make it writable (chmod u+w)"))
        if found.st_nlink > 1 and stat.S_ISREG(found.st_mode):
            raise UsageError(
                told.format(
                    "has a second name (a hard link), which would keep the old text", "make it a file of its own"
                )
            )


def _missing_folders(root: Path, names: Iterable[str]) -> tuple[str, ...]:
    """Folders that have to be made, inner ones first."""
    above = {parent for name in names for parent in PurePosixPath(name).parents}
    missing = [parent for parent in above if not os.path.lexists(root / parent)]
    return tuple(parent.as_posix() for parent in sorted(missing, key=lambda path: (-len(path.parts), path)))


def _remove_empty(root: Path, record: Undo) -> None:
    """Take away the folders that were made for a writing, if nothing is in them."""
    for name in record.folders:
        folder = _place(root, name)
        if folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir()):
            folder.rmdir()


def _chosen(ledger: Ledger, which: str) -> Undo:
    records, damaged = ledger.records(), ledger.damaged()
    if which == "last":
        return _last([record for record in records if record.state is State.APPLIED], damaged)
    bad = next((each for each in damaged if each.id == which), None)
    if bad is not None:
        raise UsageError(f"writing {which!r} cannot be undone: {bad}")
    record = next((record for record in records if record.id == which), None)
    if record is None:
        raise UsageError(f"there is no undo record {which!r}; see `cambrian undo --list`")
    if record.state is not State.APPLIED:
        raise UsageError(f"undo record {which!r} is {record.state.value}; there is nothing to put back")
    return record


def _last(standing: Sequence[Undo], damaged: Sequence[Damaged]) -> Undo:
    """The newest writing that stands, if none that cannot be read came after it."""
    later = [each for each in damaged if not standing or int(each.id) > int(standing[-1].id)]
    if later:
        earlier = f"; `cambrian undo {standing[-1].id}` takes back the one before" if standing else ""
        raise UsageError(f"the last writing cannot be undone: {later[-1]}{earlier}")
    if not standing:
        raise UsageError("there is nothing to undo: every writing is undone already; see `cambrian undo --list`")
    return standing[-1]


def _settle(ledger: Ledger) -> tuple[str, ...]:
    """Put back what was cut off. What has been cut off while it was put back is put back again."""
    told = [str(each) for each in ledger.damaged()]
    for record in ledger.records():
        if record.state not in (State.WRITING, State.UNDOING):
            continue
        strange = _strange(ledger.root, record)
        if strange:
            told.append(_LEFT.format(f"{record.why!r}", strange))
            ledger.keep(msgspec.structs.replace(record, state=State.LEFT))
            continue
        told.append(_SETTLED.format(f"{record.why!r}"))
        state = State.CUT_OFF if record.state is State.WRITING else State.UNDONE
        before = {name: each.before for name, each in record.files.items()}
        _write(ledger, record, before, state, record.state)
        _remove_empty(ledger.root, record)
    return tuple(told)


def _strange(root: Path, record: Undo) -> str:
    """A file of a writing that was cut off which holds neither the old nor the new content."""
    for name, written in record.files.items():
        file = _place(root, name)
        if file.parent.is_dir():
            clear_leftovers(file)
        if _raw(file) not in (written.before, written.after):
            return name
    return ""


def _written(root: Path, name: str, texts: Texts) -> Written:
    before, after = texts
    raw = _raw(_place(root, name))
    if raw is None or before is None:
        if raw is not None or before is not None:
            raise _changed(root, name)
        return Written(before=None, after=None if after is None else after.encode())
    found = decode_source(raw, name)
    text = found.alike(before, before if after is None else after)
    if text is None:
        raise _changed(root, name)
    return Written(before=raw, after=None if after is None else found.encode(text))


def _changed(root: Path, name: str) -> UsageError:
    return UsageError(
        f"{str(root / name)!r} is no longer what was looked at; nothing was written; look again, then repeat"
    )


def _place(root: Path, name: str) -> Path:
    path = PurePosixPath(name)
    file = root / path
    if path.is_absolute() or ".." in path.parts or not file.resolve().is_relative_to(root):
        raise UsageError(f"{name!r} lies outside of {str(root)!r}; nothing was written; leave it out")
    return file


def _raw(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UsageError(f"{str(file)!r} cannot be read: {error.strerror}; nothing was written") from error
