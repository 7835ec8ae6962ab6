"""Sandbox, inside, drivers: the copy of a project's folder in which commands run, and its way back to what it was.

What a command leaves behind could mislead the next one, so after each the copy is compared with what it was, content by
content: times of files say nothing here, since a memory file system does not move them for what is written through a
mapping. Nothing of the command lives while this works. Standard library only.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["Copy", "Full", "Limit", "own_folder", "remove", "wipe"]

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Limit(NamedTuple):
    """What is copied.

    Args:
        linked: names of folders that are not copied: a link leads to the original, which cannot be written.
        left_out: names that the copy has not.
        largest: bytes of a file from which on it is linked, too.
    """

    linked: frozenset[str]
    left_out: frozenset[str]
    largest: int


class Full(Exception):
    """The copy does not fit."""


class _Known(NamedTuple):
    """What stands at a path: permission bits, 0 for a link; bytes; the digest of a file or the target of a link."""

    mode: int
    size: int
    content: bytes


class Copy:
    """A folder's copy.

    Args:
        original: the folder.
        place: where the copy is.
    """

    def __init__(self, original: str, place: str) -> None:
        self._original, self._place = original, place
        self._known: dict[str, _Known] = {}
        self.files = self.size = self.linked = 0

    def make(self, limit: Limit) -> None:
        """Copy.

        Raises:
            Full: there is no room, in bytes or files.
        """
        try:
            os.mkdir(self._place, 0o755)
            self._folder("", limit)
        except OSError as error:
            if error.errno in _FULL:
                raise Full from None
            raise

    def _folder(self, path: str, limit: Limit) -> None:
        with os.scandir(os.path.join(self._original, path)) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
        for entry in listed:
            name = os.path.join(path, entry.name)
            if entry.name in limit.left_out:
                continue
            if entry.is_symlink():
                self._link(name, os.readlink(entry.path))
            elif entry.is_dir():
                (self._lead if _is_apart(entry, limit) else self._enter)(name, limit)
            elif entry.is_file():
                (self._lead if entry.stat().st_size >= limit.largest else self._file)(name, limit)

    def _enter(self, name: str, limit: Limit) -> None:
        os.mkdir(os.path.join(self._place, name), 0o755)
        self._known[name] = _Known(0o755, 0, b"")
        try:
            self._folder(name, limit)
        except PermissionError:  # a folder that its owner cannot read either: it is empty here
            return

    def _lead(self, name: str, _: Limit) -> None:
        self._link(name, os.path.join(self._original, name))
        self.linked += 1

    def _link(self, name: str, target: str) -> None:
        """A link; one that names the folder by an absolute path means the copy, as its place leads there."""
        os.symlink(target, os.path.join(self._place, name))
        self._known[name] = _Known(0, 0, os.fsencode(target))

    def _file(self, name: str, _: Limit) -> None:
        source = os.path.join(self._original, name)
        try:
            with open(source, "rb") as file:
                content, was = file.read(), os.fstat(file.fileno())
        except PermissionError:
            return
        target = os.path.join(self._place, name)
        mode = stat.S_IMODE(was.st_mode) & 0o777 | 0o600
        _write(target, content, mode)
        os.utime(target, ns=(was.st_mtime_ns, was.st_mtime_ns))  # so that compiled files beside it stay valid
        self._known[name] = _Known(mode, len(content), hashlib.blake2b(content).digest())
        self.files += 1
        self.size += len(content)

    def lay(self, changes: dict[str, bytes | None]) -> None:
        """Lay files over the copy; None takes one away.

        Raises:
            Full: there is no room.
        """
        try:
            for name, content in changes.items():
                self._lay(os.path.join(self._place, name), content)
        except OSError as error:
            if error.errno in _FULL:
                raise Full from None
            raise

    def _lay(self, target: str, content: bytes | None) -> None:
        _own_folders(self._place, target)
        mode = 0o644
        if os.path.lexists(target):
            was = os.lstat(target).st_mode
            mode = stat.S_IMODE(was) if stat.S_ISREG(was) else mode
            remove(target)
        if content is not None:
            _write(target, content, mode)

    def restore(self) -> int:
        """Make the copy what it was; tells how many paths had to be put right."""
        own_folder(self._place)
        wrong = [name for name, _ in self._differing()]
        for name in reversed(wrong):  # what lies deeper first
            remove(os.path.join(self._place, name))
        missing = [name for name in self._known if not os.path.lexists(os.path.join(self._place, name))]
        for name in missing:  # in the order in which they were made: folders first
            self._again(name, self._known[name])
        return len({*wrong, *missing})

    def _again(self, name: str, known: _Known) -> None:
        source, target = os.path.join(self._original, name), os.path.join(self._place, name)
        if not known.content:
            os.mkdir(target, known.mode)
        elif known.mode == 0:
            os.symlink(os.fsdecode(known.content), target)
        else:
            shutil.copyfile(source, target)
            os.chmod(target, known.mode)
            was = os.stat(source)
            os.utime(target, ns=(was.st_mtime_ns, was.st_mtime_ns))

    def _differing(self) -> Iterator[tuple[str, os.DirEntry[str]]]:
        """Paths that are new or other than they were; not what lies in new folders."""
        waiting = [""]
        while waiting:
            path = waiting.pop()
            place = os.path.join(self._place, path)
            os.chmod(place, 0o755)
            with os.scandir(place) as entries:
                for entry in entries:
                    name = os.path.join(path, entry.name)
                    known = self._known.get(name)
                    if known is None or not _same(entry, known):
                        yield name, entry
                    elif not known.content:
                        waiting.append(name)

    def changed(self) -> list[str]:
        """Paths of files that are new or other than they were."""
        found: list[str] = []
        for name, entry in self._differing():
            if entry.is_dir(follow_symlinks=False):
                found += [os.path.join(name, path) for path in _files_below(entry.path)]
            elif entry.is_file(follow_symlinks=False):
                found.append(name)
        return found


def _is_apart(entry: os.DirEntry[str], limit: Limit) -> bool:
    """Whether a folder is linked: by its name, or as an environment of installed packages."""
    return entry.name in limit.linked or os.path.exists(os.path.join(entry.path, "pyvenv.cfg"))


def _same(entry: os.DirEntry[str], known: _Known) -> bool:
    if entry.is_symlink():
        return known.mode == 0 and os.fsencode(os.readlink(entry.path)) == known.content
    if entry.is_dir():
        return not known.content
    was = entry.stat()
    if not entry.is_file() or (stat.S_IMODE(was.st_mode), was.st_size) != (known.mode, known.size):
        return False
    with open(entry.path, "rb") as file:
        return hashlib.blake2b(file.read()).digest() == known.content


def _write(target: str, content: bytes, mode: int) -> None:
    with open(target, "wb") as file:
        file.write(content)
    os.chmod(target, mode)


def _own_folders(place: str, target: str) -> None:
    """See to it that the folders above a path are the copy's own: a linked one cannot be written."""
    parts = os.path.relpath(os.path.dirname(target), place).split("/")
    path = place
    for part in parts:
        if part in ("", "."):
            continue
        path = os.path.join(path, part)
        if os.path.islink(path):
            raise PermissionError(errno.EROFS, "lies in a folder that is not copied", target)
        os.makedirs(path, exist_ok=True)


def _files_below(folder: str) -> Iterator[str]:
    for path, _, names in os.walk(folder):
        for name in names:
            whole = os.path.join(path, name)
            if os.path.isfile(whole) and not os.path.islink(whole):
                yield os.path.relpath(whole, folder)


def own_folder(path: str) -> None:
    """Make a path a folder, whatever has become of it."""
    if os.path.islink(path) or not os.path.isdir(path):
        if os.path.lexists(path):
            os.unlink(path)
        os.mkdir(path, 0o755)


def remove(path: str) -> None:
    """Take a file, a link or a folder away, whatever was done to its permissions."""
    if os.path.isdir(path) and not os.path.islink(path):
        wipe(path)
        os.rmdir(path)
    else:
        os.unlink(path)


def wipe(folder: str) -> None:
    """Empty a folder, without following links. Deep ones too: no recursion."""
    order = [folder]
    for path in order:  # grows while it is read: folders above those that they hold
        os.chmod(path, 0o700)
        with os.scandir(path) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    order.append(entry.path)
                else:
                    os.unlink(entry.path)
    for path in reversed(order[1:]):
        os.rmdir(path)
