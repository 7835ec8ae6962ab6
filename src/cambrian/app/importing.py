"""Taking runs in from elsewhere: a file of `cambrian runs export`, or the folder of a journal in plain files.

Each run comes in wholly or not at all, in one transaction (`Upkeep.restore`), with its id, numbers, times and blobs; of
several all come in or none. What is wrong is told before anything is in: damage, a torn tail, a run that is there
already, an id that is none, data so deep that no reader gets to its ground.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import msgspec

from cambrian.core.errors import RunNotFound, StoreDamaged, UsageError
from cambrian.core.ids import RunId
from cambrian.journal.clock import SystemClock
from cambrian.journal.file_folder import Folder, open_folder
from cambrian.journal.portable import PortableFile
from cambrian.journal.store import Appended, Store

from .results import Imported
from .workspace import Workspace

_RUN = re.compile(r"r-[0-9A-Za-z][0-9A-Za-z_-]{0,61}")
"""What an id may be: `new_run_id` makes such ones, and they do as names of files and as words of a command line."""
_DEEPEST = 200
"""Lists and objects within each other; what is written here has a handful."""
_TEXTS = re.compile(rb'"(?:[^"\\]|\\.)*"')


class Incoming(msgspec.Struct, frozen=True, kw_only=True):
    """A run that is to be taken in.

    Args:
        run: its id.
        history: its appends, read anew by each call.
        warning: what is left out, told when the history has been read.
    """

    run: RunId
    history: Callable[[], Iterator[Appended]]
    warning: Callable[[], str]


def find_incoming(path: Path, *, names: Collection[str] = (), partial: bool = False) -> list[Incoming]:
    """The runs that a path holds.

    Args:
        path: a ``.jsonl`` file, or the folder of a journal in plain files.
        names: only these runs; by default all.
        partial: take what stands before a torn tail of a file.

    Raises:
        UsageError: there is nothing, or something else.
        RunNotFound: one of `names` is not in it.
        StoreDamaged: what is there is damaged, or a run has an id that is none.
    """
    try:
        found = _in_folder(path) if path.is_dir() else [_in_file(PortableFile(path, partial=partial))]
    except OSError as error:
        raise UsageError(f"{str(path)!r} cannot be read: {error.strerror}") from error
    for each in found:
        if not _RUN.fullmatch(each.run):
            raise StoreDamaged(
                f"{str(path)!r}: {each.run[:60]!r} is no id of a run: 'r-' and up to 62 letters, digits, '-' and "
                f"'_' are wanted; export the run again"
            )
    missing = set(names) - {each.run for each in found}
    if missing:
        there = ", ".join(each.run for each in found[:4]) or "nothing"
        raise RunNotFound(f"no run {min(missing)!r} in {str(path)!r}; there: {there}")
    return [each for each in found if not names or each.run in names]


def _in_file(file: PortableFile) -> Incoming:
    return Incoming(run=file.header.run, history=file.history, warning=lambda: file.torn)


def _in_folder(path: Path) -> list[Incoming]:
    if not (path / "format").is_file():
        raise UsageError(
            f"{str(path)!r} holds no journal in plain files; name one, or a file that `cambrian runs export RUN --out "
            f"run.jsonl` wrote"
        )
    folder = open_folder(path, create=False)
    return [_in_journal(folder, run) for run in folder.runs()]


def _in_journal(folder: Folder, run: RunId) -> Incoming:
    def warning() -> str:
        size = folder.torn(run)
        return f"torn tail of {size} bytes in {folder.path(run).name}, never acknowledged: left out" if size else ""

    return Incoming(run=run, history=lambda: folder.history(run), warning=warning)


async def take_in(workspace: Workspace, path: Path, incoming: Collection[Incoming]) -> Imported:
    """Take runs in, one after the other, all of them or none.

    Args:
        workspace: where to.
        path: where they come from, for words.
        incoming: what `find_incoming` found.

    Raises:
        UsageError: one is there already.
        StoreDamaged: one is damaged.
        JournalError: it could not be written.
    """
    events, warnings = 0, list[str]()
    async with workspace.writing() as store:
        await _refuse_twins(store, workspace, incoming)
        for number, each in enumerate(incoming):
            try:
                events += await store.restore(each.run, _not_too_deep(each.history()), epoch=0)
            except (UsageError, StoreDamaged, OSError) as error:
                await store.gc(delete=[other.run for other in [*incoming][:number]], now=SystemClock().wall())
                if isinstance(error, StoreDamaged):
                    raise
                raise StoreDamaged(f"run {each.run!r} in {str(path)!r} cannot be taken in: {error}") from error
            warnings += filter(None, [each.warning()])
    runs = tuple(each.run for each in incoming)
    await workspace.keep_lines(runs)
    return Imported(path=str(path), runs=runs, events=events, warnings=tuple(warnings))


def _not_too_deep(history: Iterator[Appended]) -> Iterator[Appended]:
    """The same.

    Raises:
        UsageError: an event's data is nested too deeply.
    """
    for appended in history:
        for fact in appended.facts:
            if _depth(bytes(fact.data)) > _DEEPEST:
                raise UsageError(f"the data of an event {fact.type!r} is nested deeper than {_DEEPEST}")
        yield appended


def _depth(text: bytes) -> int:
    """How deep the lists and objects of a JSON text lie within each other."""
    if text.count(b"[") + text.count(b"{") <= _DEEPEST:
        return 0
    deepest = depth = 0
    for byte in _TEXTS.sub(b"", text):
        depth += (byte in b"[{") - (byte in b"]}")
        deepest = max(deepest, depth)
    return deepest


async def _refuse_twins(store: Store, workspace: Workspace, incoming: Collection[Incoming]) -> None:
    there = {head.run for head in await store.heads()}
    twins = sorted(there & {each.run for each in incoming})
    if twins:
        raise UsageError(
            f"run {twins[0]!r} is in the workspace {str(workspace.path)!r} already; nothing was taken in. Delete it "
            f"(cambrian runs gc --run {twins[0]}), or name the runs that you want with --run"
        )
