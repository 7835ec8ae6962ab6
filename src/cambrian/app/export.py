"""A run as plain files, readable without Cambrian: JSON Lines, JSON and the programs themselves.

As a path that ends in ``.jsonl`` it becomes one file that `cambrian runs import` takes in (`journal.portable`). Else::

    README.txt            what is what
    summary.json          the object that `cambrian runs show --json` gives
    events.jsonl          every event, one JSON object per line
    variants/<id>/…       the files of every variant
    blobs/<sha256>        artifacts and reports that evaluations mention
"""

from __future__ import annotations

import io
import os
import shutil
import tarfile
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import msgspec

from cambrian.core.errors import UsageError
from cambrian.core.event import Event
from cambrian.core.ids import Digest
from cambrian.journal.portable import portable_lines
from cambrian.journal.store import RunHead
from cambrian.search.facts import EVALUATED, VARIANTS, Evaluated, told_variant

from .results import EventLine, Exported, Outcome
from .workspace import Runs

PORTABLE = ".jsonl"
"""Suffix of an export that can be imported."""

_README = """\
A run of Cambrian, exported. Everything is text.

summary.json    what was found, and about the run
events.jsonl    the journal: one event per line, in order
variants/       the programs, by id; the ids stand in events of type search.proposed
blobs/          artifacts and reports, by SHA-256; named in events of type search.evaluated

What is under variants/ and blobs/ was made by untrusted programs: read it, do not run it outside a sandbox.
"""


class _Target(ABC):
    """Something that takes files."""

    def __init__(self, path: Path, when: float) -> None:
        self.path, self.when = path, when

    @abstractmethod
    def add(self, name: str, data: bytes) -> None:
        """Take one file."""

    @abstractmethod
    def finish(self) -> None:
        """Put the whole in its place."""

    @abstractmethod
    def abandon(self) -> None:
        """Leave nothing behind."""


class _Folder(_Target):
    def __init__(self, path: Path, when: float) -> None:
        super().__init__(path, when)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._made = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))

    def add(self, name: str, data: bytes) -> None:
        file = self._made / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)

    def finish(self) -> None:
        self._made.chmod(0o755)
        os.replace(self._made, self.path)

    def abandon(self) -> None:
        shutil.rmtree(self._made, ignore_errors=True)


class _Tar(_Target):
    def __init__(self, path: Path, when: float) -> None:
        super().__init__(path, when)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        os.close(handle)
        self._made = Path(name)
        self._root = path.name.removesuffix(".gz").removesuffix(".tgz").removesuffix(".tar")
        self._tar = tarfile.open(self._made, "w:gz")  # noqa: SIM115 - closed by finish or abandon

    def add(self, name: str, data: bytes) -> None:
        entry = tarfile.TarInfo(f"{self._root}/{name}")
        entry.size, entry.mtime, entry.mode = len(data), int(self.when), 0o644
        self._tar.addfile(entry, io.BytesIO(data))

    def finish(self) -> None:
        self._tar.close()
        self._made.chmod(0o644)
        os.replace(self._made, self.path)

    def abandon(self) -> None:
        self._tar.close()
        self._made.unlink(missing_ok=True)


async def export_run(runs: Runs, name: str, path: Path) -> Exported:
    """Write a run to a folder, to an archive if the path ends in ``.tar.gz`` or ``.tgz``, or to one ``.jsonl`` file.

    Args:
        runs: the workspace's.
        name: see `Runs.find`.
        path: where to; nothing may stand there, but an empty folder.

    Raises:
        UsageError: something stands there, or it cannot be written; nothing is left behind.
    """
    _free(path)
    head = await runs.find(name)
    if path.name.endswith(PORTABLE):
        return await _export_portable(runs, head, path)
    if head.kind != "search":
        raise _only_portable(head)
    outcome = await runs.outcome(name)
    make = _Tar if path.name.endswith((".tar.gz", ".tgz")) else _Folder
    try:
        target = make(path, head.created)
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        counted = await _fill(runs, outcome, target)
        target.finish()
    except OSError as error:
        target.abandon()
        raise _unwritable(path, error) from error
    except BaseException:
        target.abandon()
        raise
    return msgspec.structs.replace(counted, path=str(path))


def _only_portable(head: RunHead) -> UsageError:
    cells = ", and its cells, which are runs of their own, likewise" if head.kind == "sweep" else ""
    return UsageError(
        f"run {head.run!r} is of kind {head.kind!r} and has no programs of its own; write it as one file with "
        f"--out {head.run}.jsonl{cells}"
    )


async def _export_portable(runs: Runs, head: RunHead, path: Path) -> Exported:
    """One file of JSON Lines; it stands in its place once it is whole."""
    fresh = path.with_name(f".{path.name}.new-{os.getpid()}")
    variants: set[str] = set()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with fresh.open("wb") as file:
            async for line in portable_lines(runs.reader, head):
                file.write(line)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        fresh.unlink(missing_ok=True)
    async for event in runs.reader.read(head.run, types=VARIANTS):
        variant = told_variant(event)
        if variant is not None:
            variants.add(variant.id)
    return Exported(run=head.run, path=str(path), events=head.seq, variants=len(variants))


async def _fill(runs: Runs, outcome: Outcome, target: _Target) -> Exported:
    target.add("README.txt", _README.encode())
    target.add("summary.json", msgspec.json.format(msgspec.json.encode(outcome), indent=2) + b"\n")
    lines, variants, blobs = io.BytesIO(), set[str](), set[Digest]()
    count = 0
    async for event in runs.reader.read(outcome.run):
        count += 1
        line = EventLine(seq=event.seq, time=event.time, type=event.type, channel=event.channel, data=event.data)
        lines.write(msgspec.json.encode(line) + b"\n")
        await _attachments(runs, event, target, variants, blobs)
    target.add("events.jsonl", lines.getvalue())
    return Exported(run=outcome.run, path="", events=count, variants=len(variants))


async def _attachments(runs: Runs, event: Event, target: _Target, variants: set[str], blobs: set[Digest]) -> None:
    """The texts that an event mentions, each once."""
    variant = told_variant(event)
    if variant is not None:
        if variant.id not in variants:
            variants.add(variant.id)
            for path, digest in variant.files.items():
                target.add(f"variants/{variant.id}/{safe_name(path)}", await runs.reader.blob(digest))
    elif event.type == EVALUATED:
        evaluation = msgspec.json.decode(event.data, type=Evaluated).evaluation
        for digest in (evaluation.artifact, evaluation.report):
            if digest is not None and digest not in blobs:
                blobs.add(digest)
                target.add(f"blobs/{digest}", await runs.reader.blob(digest))


def safe_name(path: str) -> str:
    """A variant's path, if it stays where it is put.

    Raises:
        UsageError: it does not.
    """
    plain = PurePosixPath(path)
    if plain.is_absolute() or ".." in plain.parts or not plain.parts or "\0" in path:
        raise UsageError(f"the variant has a file {path!r}, which would leave the folder; nothing was written")
    return path


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Write a variant's files into a folder that is new or empty, all or none.

    Raises:
        UsageError: something is in it, or it cannot be written.
    """
    _free(folder)
    for path in files:
        safe_name(path)
    try:
        target = _Folder(folder, 0)
    except OSError as error:
        raise _unwritable(folder, error) from error
    try:
        for path, text in files.items():
            target.add(path, text.encode())
        target.finish()
    except OSError as error:
        target.abandon()
        raise _unwritable(folder, error) from error


def _free(path: Path) -> None:
    if path.is_dir() and not any(path.iterdir()):
        return
    if path.exists() or path.is_symlink():
        raise UsageError(f"{str(path)!r} exists already; name a new path")


def _unwritable(path: Path, error: OSError) -> UsageError:
    return UsageError(f"{str(path)!r} cannot be written: {error.strerror}")
