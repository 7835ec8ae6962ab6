"""`Workspace`: the folder where runs are kept. Reading never creates anything; only a search that begins does."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncGenerator, Collection
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from cambrian.core.errors import RunNotFound, StoreDamaged, UsageError
from cambrian.core.ids import Digest, RunId, VariantId
from cambrian.journal.holder import is_gone, is_here
from cambrian.journal.opening import open_store
from cambrian.journal.store import RunHead, Store
from cambrian.journal.views import Reader, open_reader
from cambrian.search.facts import EVALUATED, VARIANTS, Evaluated, VariantRecord, told_variant
from cambrian.search.view import Point, RunStatus, Summary

from .listing import Listing
from .pareto import front_of
from .results import Found, Outcome, RunLine, found, outcome, run_line
from .settings import Settings
from .signing import Signer, promotion_of

LAST = "last"
"""The word for the run that was begun last."""
_LOOKED_AT = 50
"""Runs that are looked at, the newest first, for one that has found something."""


class Workspace:
    """A folder with a journal.

    Args:
        path: the folder; it need not exist.
        signer: tells valid signatures of promotions from others.
    """

    def __init__(self, path: Path, signer: Signer | None = None) -> None:
        self.path = path
        self._signer = signer

    @property
    def journal(self) -> Path:
        """The journal's file."""
        return self.path / "journal.db"

    @property
    def tasks(self) -> Path:
        """Where tasks that were given as Python objects are written down."""
        return self.path / "tasks"

    @property
    def cache(self) -> Path:
        """Where evaluations are kept for later searches."""
        return self.path / "cache"

    @property
    def listing(self) -> Listing:
        """What `runs list` tells of each run."""
        return Listing(self.path / "lines")

    async def keep_lines(self, only: Collection[RunId] | None = None) -> None:
        """Keep the line of each run that has none, so that listing them is quick. For commands that write.

        Args:
            only: these runs; by default all, and the lines of runs that are gone are deleted.
        """
        async with self.reading() as runs:
            heads = await runs.reader.heads()
            for head in heads:
                if (only is None or head.run in only) and not is_alive(head) and self.listing.get(head) is None:
                    self.listing.keep(head, await runs.line(head))
        if only is None:
            self.listing.forget_all_but([head.run for head in heads])

    def prepare(self) -> None:
        """Make the folder, with a ``.gitignore`` that keeps all of it out of git.

        Raises:
            UsageError: it cannot be made.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            ignore = self.path / ".gitignore"
            if not ignore.exists():
                ignore.write_text("*\n", encoding="utf-8")
        except OSError as error:
            raise UsageError(
                f"the workspace {str(self.path)!r} cannot be made: {error.strerror}; choose one with --workspace"
            ) from error

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[Store, None]:
        """The journal, opened for writing; made if it is not there."""
        self.prepare()
        store = await open_store(self.journal)
        async with store:
            yield store

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[Runs, None]:
        """The runs, for reading.

        Raises:
            RunNotFound: there is no journal here.
            StoreDamaged: what is there is no whole journal.
        """
        reader = await open_reader(self.journal)
        try:
            yield Runs(reader, self._signer, self.listing)
        finally:
            await reader.aclose()

    @property
    def is_empty(self) -> bool:
        """Whether nothing has run here."""
        return not self.journal.exists()


class _Stop(msgspec.Struct):
    """What is read of a run's last fact."""

    reason: str = ""


class _Open(msgspec.Struct):
    """What is read of the first fact of a run that is no search."""

    task: str = ""


class _Name(msgspec.Struct):
    name: str = "script"


class _Asked(msgspec.Struct):
    script: _Name


class _Script(msgspec.Struct):
    """What is read of the first fact of a script's run."""

    data: _Asked


class _End(msgspec.Struct):
    """What is read of the last one."""

    status: str
    wall_s: float = 0.0


class Runs:
    """The runs of a workspace, for reading.

    Args:
        reader: of the journal.
        signer: see `Workspace`.
        listing: lines of runs that need not be folded again.
    """

    def __init__(self, reader: Reader, signer: Signer | None = None, listing: Listing | None = None) -> None:
        self.reader = reader
        self._signer = signer
        self._listing = listing

    async def find(self, name: str) -> RunHead:
        """The run of that id, of that unique beginning of an id, or the ``last`` one.

        Raises:
            RunNotFound: there is none.
            UsageError: several begin so.
        """
        heads = await self.reader.heads()
        if name == LAST and heads:
            return max(heads, key=lambda head: (head.created, head.run))
        exact = [head for head in heads if head.run == name]
        start = name.removeprefix("r-")
        near = exact or [head for head in heads if start and head.run.removeprefix("r-").startswith(start)]
        if not near:
            raise RunNotFound(f"no run {name!r} in this workspace; `cambrian runs list` shows those there are")
        if len(near) > 1:
            some = ", ".join(head.run for head in near[:4])
            raise UsageError(f"run {name!r} is not clear: {len(near)} runs begin so ({some}); write more of it")
        return near[0]

    async def summary(self, run: RunId) -> Summary:
        """A run, folded.

        Raises:
            StoreDamaged: an event cannot be read; names it and how to be rid of the run.
        """
        view = Summary(run=run, created=0.0)
        try:
            async for event in self.reader.read(run):
                view.apply(event)
        except (StoreDamaged, msgspec.MsgspecError, LookupError, RecursionError) as error:
            if isinstance(error, RunNotFound):
                raise
            # what the store itself refuses was never applied; what cannot be decoded was counted already
            at = view.seq + 1 if isinstance(error, StoreDamaged) else view.seq
            raise _damaged(run, at, error) from error
        return view

    async def lines(self) -> list[RunLine]:
        """Every run, the newest first; one that cannot be read is told as damaged and hides no other."""
        heads = sorted(await self.reader.heads(), key=lambda head: (head.created, head.run), reverse=True)
        return [self._known(head) or await self.line(head) for head in heads]

    def _known(self, head: RunHead) -> RunLine | None:
        return self._listing.get(head) if self._listing and not is_alive(head) else None

    async def line(self, head: RunHead) -> RunLine:
        """A run for a list, folded from its events."""
        if head.kind == "execution":
            return await self._execution(head)
        try:
            view = await self.summary(head.run)
        except StoreDamaged:
            return run_line(Summary(run=head.run, created=head.created), kind=head.kind, status="damaged")
        view.created = head.created
        status = view.status(alive=is_alive(head)) if head.kind == "search" else await self._status(head)
        line = run_line(view, kind=head.kind, status=status)
        return line if head.kind == "search" else msgspec.structs.replace(line, task=await self._task(head))

    async def _execution(self, head: RunHead) -> RunLine:
        """The run of a script: its name and how it ended."""
        name, wall_s = "", 0.0
        status: RunStatus = "running" if is_alive(head) else "interrupted"
        async for event in self.reader.read(head.run, types=("run.created", "execution.ended")):
            if event.type == "run.created":
                name = msgspec.json.decode(event.data, type=_Script).data.script.name
            else:
                end = msgspec.json.decode(event.data, type=_End)
                status, wall_s = "finished" if end.status == "ok" else "failed", end.wall_s
        line = run_line(Summary(run=head.run, created=head.created), kind=head.kind, status=status)
        return msgspec.structs.replace(line, task=name, wall_s=wall_s)

    async def _task(self, head: RunHead) -> str:
        """The task of a run of another kind: its first fact is ``….opened``."""
        async for event in self.reader.read(head.run):
            if event.type.endswith(".opened"):
                return msgspec.json.decode(event.data, type=_Open).task
        return ""

    async def _status(self, head: RunHead) -> RunStatus:
        """Where a run of another kind stands: the last fact of one that ended in good order is ``….stopped``."""
        if is_alive(head):
            return "running"
        async for event in self.reader.read(head.run, after=head.seq - 1):
            if event.type.endswith(".stopped"):
                reason = msgspec.json.decode(event.data, type=_Stop).reason
                return "stopped" if reason == "interrupted" else "finished"
        return "interrupted"

    async def search(self, head: RunHead) -> Summary:
        """A run that is a search which has begun.

        Raises:
            UsageError: it is another kind of run.
            RunNotFound: its process ended before the search began.
        """
        if head.kind != "search":
            raise not_a_search(head)
        view = await self.summary(head.run)
        if view.opened is None:
            instead = await self._instead(head.run)
            raise RunNotFound(f"run {head.run!r} ended before its search began; there is nothing to show; {instead}")
        return view

    async def _instead(self, run: RunId) -> str:
        """Which run to name instead of one that has found nothing, such as the last one after a failed start."""
        heads = sorted(await self.reader.heads(), key=lambda head: (head.created, head.run), reverse=True)
        for head in [head for head in heads if head.kind == "search" and head.run != run][:_LOOKED_AT]:
            line = self._known(head) or await self.line(head)
            if line.best is not None:
                return f"the last run that has a best is {head.run} ({line.task}): name it"
        return (
            "no other run here has a best either" if len(heads) <= _LOOKED_AT else "`cambrian runs list` shows others"
        )

    async def outcome(self, name: str) -> Outcome:
        """Everything about a search.

        Raises:
            RunNotFound, UsageError: see `find` and `search`.
        """
        head = await self.find(name)
        view = await self.search(head)
        promotion = promotion_of(view, self._signer)
        initial, best = await self.point(view.initial), await self.point(view.best)
        status = view.status(alive=is_alive(head))
        told = outcome(view, kind=head.kind, status=status, initial=initial, best=best, promotion=promotion)
        front = await front_of(self.reader, head.run, view.task.objectives if view.task else ())
        return msgspec.structs.replace(told, front=front.shown, front_size=front.size)

    async def scored(self, name: str, variant: str) -> Found:
        """A variant of a search with its score and its text; for `variant` see `variant`.

        Raises:
            RunNotFound: there is no such run or variant, or it has no score.
            UsageError: the name is not clear.
        """
        view = await self.search(await self.find(name))
        record = await self.variant(view, variant)
        said = ""
        async for event in self.reader.read(view.run, types={EVALUATED}):
            result = msgspec.json.decode(event.data, type=Evaluated)
            if result.evaluation.variant == record.id and result.evaluation.ok:
                return found(_point(record, result), await self.files(record))
            if result.evaluation.variant == record.id:
                said = f": it ended as {result.evaluation.status.value!r}"
        if view.best is not None and view.best.variant.id == record.id:  # the best without edits that do not matter
            return found(view.best, await self.files(record))
        raise RunNotFound(
            f"variant {record.id!r} has no score{said}; "
            f"`cambrian runs diff {view.run} initial {variant}` shows its text"
        )

    async def point(self, point: Point | None) -> Found | None:
        """A point of a run's history with its text."""
        return found(point, await self.files(point.variant)) if point else None

    async def files(self, record: VariantRecord) -> dict[str, str]:
        """The texts of a variant: path → text."""
        return {path: await self.text(digest) for path, digest in record.files.items()}

    async def text(self, digest: Digest) -> str:
        """A text by its digest."""
        return (await self.reader.blob(digest)).decode()

    async def variant(self, view: Summary, name: str) -> VariantRecord:
        """A variant of a run: ``initial``, ``best``, or the unique beginning of an id.

        Raises:
            RunNotFound: the run has no such variant (yet).
            UsageError: several begin so.
        """
        named: dict[str, Point | None] = {"initial": view.initial, "best": view.best}
        if name in named:
            point = named[name]
            if point is None:
                why = "the task's own program gave no score" if view.has_no_start else "nothing has been scored yet"
                raise RunNotFound(f"run {view.run!r} has no {name!r} variant: {why}; {await self._instead(view.run)}")
            return point.variant
        matches: dict[VariantId, VariantRecord] = {}
        async for event in self.reader.read(view.run, types=VARIANTS):
            record = told_variant(event)
            if record is not None and record.id.startswith(name):
                matches[record.id] = record
        if not matches:
            raise RunNotFound(
                f"run {view.run!r} has no variant {name!r}; write initial, best, or an id of `runs events`"
            )
        if len(matches) > 1:
            raise UsageError(f"variant {name!r} is not clear: {len(matches)} begin so; write more of it")
        return next(iter(matches.values()))


def not_a_search(head: RunHead) -> UsageError:
    """What is told to somebody who wants of another kind of run what only a search has."""
    told = f"run {head.run!r} is of kind {head.kind!r}, and this command is for searches"
    if head.kind == "sweep":
        told += (
            f"; compare its settings with `cambrian runs compare {head.run}`, go on with `cambrian sweep --resume "
            f"{head.run}`, or name one of its cells: `cambrian runs list` shows them"
        )
    if head.kind == "execution":
        told += (
            f"; look at it with `cambrian runs trace {head.run}`, and bring one that was killed to its end "
            f"with `cambrian runs trace {head.run} --resume`"
        )
    if head.kind in ("improvement", "healing", "security"):
        told += f"; what was found stands in its journal: `cambrian runs events {head.run}`, --json for all of it"
    return UsageError(told)


def _point(record: VariantRecord, result: Evaluated) -> Point:
    evaluation = result.evaluation
    return Point(
        index=result.index, elapsed_s=result.elapsed_s, variant=record, objectives=evaluation.objectives,
        measures=evaluation.measures, level=evaluation.level,
    )  # fmt: skip


def _damaged(run: RunId, seq: int, error: Exception) -> StoreDamaged:
    """What is told of a run that cannot be read."""
    what = str(error) if isinstance(error, StoreDamaged | msgspec.MsgspecError) else f"{type(error).__name__}: {error}"
    return StoreDamaged(
        f"run {run!r} is damaged at event {seq}: {what}\n"
        f"  fix: look at it with `cambrian runs events {run}`, or delete it: cambrian runs gc --run {run}"
    )


def open_workspace(path: str | os.PathLike[str] | None, environment: Settings) -> Workspace:
    """The workspace that is meant, which need not exist."""
    return Workspace(environment.workspace if path is None else Path(path), Signer(environment.signing_key))


def is_alive(head: RunHead, now: float | None = None) -> bool:
    """Whether a live process holds a run, as far as can be told from this machine.

    A process of this machine counts while it has not ended, also if it was stopped, or the machine slept, for longer
    than its lease: it may go on at any moment.

    Args:
        head: the run.
        now: seconds since the Unix epoch; by default the machine's.
    """
    lease = head.lease
    if lease is None or is_gone(lease.holder):
        return False
    return is_here(lease.holder) or lease.expires > (time.time() if now is None else now)
