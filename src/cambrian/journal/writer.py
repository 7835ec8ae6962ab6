"""`RunWriter`: the one writer of a run: its lease, its place, and what waits to be appended. Knows nothing of effects.

Where the store can commit without waiting, an append is one call of it and no turn of the event loop. Else what is
handed in while a commit is under way shares the next one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import anyio

from cambrian.core.errors import Fenced, JournalError
from cambrian.core.event import Fact
from cambrian.core.ids import RunId
from cambrian.core.ports import Clock

from .store import Claim, Commit, Committed, Lease, Store

__all__ = ["RunWriter"]

_BEATS = 3
"""Renewals per time to live: two may fail before the lease expires."""
_BREATH = 8
"""Appends after which whoever writes in a loop lets the others in."""

_log = logging.getLogger("cambrian.journal")


@dataclass(eq=False)
class _Entry:
    """Facts that wait to be appended, who waits for them, and what to undo if they cannot be."""

    facts: Sequence[Fact]
    blobs: Sequence[bytes]
    undo: Callable[[], None]
    last: bool
    future: asyncio.Future[int]

    def succeed(self, seq: int) -> None:
        if not self.future.done():  # done already: whoever waited was cancelled
            self.future.set_result(seq)

    def fail(self, error: BaseException) -> None:
        self.undo()
        if not self.future.done():
            self.future.set_exception(error)


def _nothing() -> None:
    """A plain append changes nothing in memory that would have to be undone."""


class RunWriter:
    """Writes one run. All methods may be called by several tasks of one event loop at once.

    Args:
        store: where the run is kept.
        run: the run.
        claim: who writes, and for how long others have to wait if this process dies.
        lease: what was acquired; None for a run that is claimed with the first append.
        clock: for event times and the lease.
    """

    def __init__(self, store: Store, run: RunId, claim: Claim, lease: Lease | None, clock: Clock) -> None:
        self.run = run
        self.seq = 0
        """Sequence number of the last event."""
        self.opening: tuple[Fact, ...] = ()
        """Appended before whatever is appended first."""
        self._store, self._claim, self._lease, self._clock = store, claim, lease, clock
        self._waiting: list[_Entry] = []
        self._task: asyncio.Task[None] | None = None
        self._appends = 0
        self._lost = ""
        self._timer: asyncio.TimerHandle | None = None
        self._heart: asyncio.Task[None] | None = None

    @property
    def epoch(self) -> int:
        """The fencing token; 0 before there is one."""
        return 0 if self._lease is None else self._lease.epoch

    async def add(
        self,
        facts: Sequence[Fact],
        blobs: Sequence[bytes] = (),
        *,
        undo: Callable[[], None] = _nothing,
        last: bool = False,
    ) -> int:
        """Append; durable when this returns.

        Args:
            facts: they have been checked.
            blobs: see `EventLog.append`.
            undo: called if it cannot be appended.
            last: let the lease go in the same transaction.

        Returns:
            The sequence number of the run's last event.

        Raises:
            Fenced, JournalError: see `Run.append`.
        """
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Entry(facts, tuple(map(bytes, blobs)), undo, last, future))
        if self._task is None and not self._write_at_once():
            self._task = asyncio.create_task(self._write_waiting())
        seq = await future
        self._appends += 1
        if self._appends % _BREATH == 0:
            await asyncio.sleep(0)
        return seq

    def _write_at_once(self) -> bool:
        """Append what waits, unless that takes waiting."""
        entries = self._waiting
        try:
            commit = self._commit(entries)
            done = self._store.commit_at_once(commit)
        except Exception as error:  # noqa: BLE001 - the worker loop's boundary: every waiting task gets the error
            self._waiting = []
            self._fail(entries, error)
            return True
        if done is not None:
            self._waiting = []
            self._succeed(entries, commit, done)
        return done is not None

    async def _write_waiting(self) -> None:
        """Append what waits until nothing does. A task of its own, so that no caller's cancellation reaches it."""
        entries: list[_Entry] = []
        try:
            while self._waiting:
                entries, self._waiting = self._waiting, []
                await self._write(entries)
                entries = []
        finally:
            self._task = None
            for entry in entries + self._waiting:  # only when the event loop ends under us
                entry.future.cancel()

    async def _write(self, entries: Sequence[_Entry]) -> None:
        try:
            commit = self._commit(entries)
            done = await self._store.commit(commit)
        except Exception as error:  # noqa: BLE001 - the worker loop's boundary: every waiting task gets the error
            self._fail(entries, error)
        else:
            self._succeed(entries, commit, done)

    def _commit(self, entries: Sequence[_Entry]) -> Commit:
        if self._lost:
            raise Fenced(self._lost)
        return Commit(
            run=self.run,
            facts=[*self.opening, *(each for entry in entries for each in entry.facts)],
            expected=self.seq,
            time=self._clock.wall(),
            blobs=[blob for entry in entries for blob in entry.blobs],
            lease=self._lease,
            claim=self._claim if self._lease is None else None,
            release=any(entry.last for entry in entries),
        )

    def _succeed(self, entries: Sequence[_Entry], commit: Commit, done: Committed) -> None:
        self.seq += len(commit.facts)
        self.opening = ()
        if done.lease is not None:
            self._lease = done.lease
        if commit.release:
            self._lost = self._closed()
        for entry in entries:
            entry.succeed(self.seq)

    def _fail(self, entries: Sequence[_Entry], error: Exception) -> None:
        if isinstance(error, Fenced):
            self._lost = str(error)
        for entry in entries:
            entry.fail(error)

    def _closed(self) -> str:
        return f"run {self.run!r} was closed by its own process; resume it"

    def keep(self) -> None:
        """Renew the lease in the background, until `close`."""
        self._timer = asyncio.get_running_loop().call_later(self._claim.ttl / _BEATS, self._beat)

    def _beat(self) -> None:
        self._heart = asyncio.create_task(self._renew())

    async def _renew(self) -> None:
        """Renew the lease, and again after a while, for as long as nobody has taken it."""
        try:
            if self._lease is not None:
                self._lease = await self._store.renew(self._lease, ttl=self._claim.ttl, now=self._clock.wall())
        except Fenced as error:
            self._lost = str(error)
        except JournalError as error:  # the epoch keeps writes safe; the next beat tries again
            _log.warning("the lease of run %r was not renewed: %s", self.run, error)
        if not self._lost and self._timer is not None:
            self.keep()

    async def close(self) -> None:
        """Finish what waits, then release the lease; see `Run.aclose`."""
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
        if self._lost and self._heart is None and self._task is None:
            return
        with anyio.CancelScope(shield=True):
            heart, self._heart = self._heart, None
            if heart is not None:
                heart.cancel()
                with suppress(asyncio.CancelledError):
                    await heart
            while self._task is not None:
                await asyncio.wait([self._task])
            if not self._lost:
                self._lost = self._closed()
                if self._lease is not None:
                    await self._store.release(self._lease)
