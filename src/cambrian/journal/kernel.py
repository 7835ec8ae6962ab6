"""`Run`: a durable sequence of steps. One kernel serves searches, agents and executions; no policy of theirs here.

A run is written by one holder at a time. `Run.create` and `Run.resume` acquire its lease; ``async with run:`` renews it
in the background and releases it at the end. Whoever lost the lease gets `Fenced` from then on, and stops.

Every effect on the world goes through the ledger: `Run.intend` is durable before the effect starts, `Run.conclude`
commits the outcome together with the facts it changes. After a crash, `Run.unfinished` names the effects of which
nobody knows whether they happened.

Events of the kernel's own: ``run.created``, ``run.resumed``, ``run.forked`` (control channel) and ``effect.*``.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import anyio
import msgspec

from cambrian.core.effect import EffectId, EffectState, Intent
from cambrian.core.errors import Fenced, JournalError, RunNotFound, StoreDamaged
from cambrian.core.event import Event, Fact, fact
from cambrian.core.ids import Digest, RunId
from cambrian.core.ports import Clock

from .holder import is_gone
from .ledger import EFFECT_EVENTS, Ledger
from .records import check_facts
from .store import Lease, Store

__all__ = ["Run"]

CREATED = "run.created"
RESUMED = "run.resumed"
FORKED = "run.forked"

_BEATS = 3
"""Renewals per time to live: two may fail before the lease expires."""

_log = logging.getLogger("cambrian.journal")


class Created(msgspec.Struct, frozen=True, kw_only=True):
    """Data of ``run.created``, always a run's first event: what kind of run, and its maker's own record."""

    kind: str
    data: msgspec.Raw
    holder: str


class Resumed(msgspec.Struct, frozen=True, kw_only=True):
    """Data of ``run.resumed``: who writes from here on."""

    holder: str
    epoch: int


class Forked(msgspec.Struct, frozen=True, kw_only=True):
    """Data of ``run.forked``: the events up to here are the parent's."""

    parent: RunId
    seq: int
    holder: str


@dataclass(eq=False)
class _Entry:
    """Facts that wait to be appended, who waits for them, and what to undo if they cannot be."""

    facts: Sequence[Fact]
    blobs: Sequence[bytes]
    undo: Callable[[], None]
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


class Run:
    """A run that this process writes. Made by `create`, `resume` and `fork`; not for several event loops.

    All methods may be called by several tasks at once; what they append meanwhile shares one commit. A task that is
    cancelled while it waits for an append stops waiting, the append still happens: this object always knows where the
    run ends.
    """

    def __init__(self, store: Store, lease: Lease, created: Created, *, clock: Clock, ttl: float) -> None:
        self._store = store
        self._lease = lease
        self._created = created
        self._clock = clock
        self._ttl = ttl
        self._seq = 0
        self._ledger = Ledger()
        self._waiting: list[_Entry] = []
        self._writer: asyncio.Task[None] | None = None
        self._lost = ""
        self._heart: asyncio.Task[None] | None = None

    @classmethod
    async def create(
        cls, store: Store, *, kind: str, data: object, clock: Clock, holder: str, run: RunId, ttl: float = 30.0
    ) -> Run:
        """Begin a run.

        Args:
            store: where it is kept; not closed by the run.
            kind: ``"search"``, ``"agent"``, ``"execution"`` …
            data: what is needed to resume it: a msgspec record or JSON values.
            clock: for event times and the lease.
            holder: `journal.holder.this_process`.
            run: a fresh id, `journal.ids.new_run_id`.
            ttl: seconds after which others may take the run over, unless ``async with run:`` renews the lease.

        Raises:
            SequenceConflict: there is such a run.
            LeaseHeld: another process is just making it.
        """
        encoded = msgspec.Raw(msgspec.json.encode(data))
        lease = await _acquire(store, run, holder, clock=clock, ttl=ttl)
        created = Created(kind=kind, data=encoded, holder=holder)
        self = cls(store, lease, created, clock=clock, ttl=ttl)
        async with _released_on_error(store, lease):
            await self.append(fact(CREATED, created, channel="control"))
        return self

    @classmethod
    async def record(
        cls,
        store: Store,
        *,
        kind: str,
        data: object,
        facts: Sequence[Fact],
        clock: Clock,
        holder: str,
        run: RunId,
        blobs: Sequence[bytes] = (),
    ) -> None:
        """Write down a run that is over already and had no effect, in one transaction. Nobody ever holds it.

        Args:
            store: see `create`.
            kind: see `create`.
            data: see `create`.
            facts: all that happened.
            clock: for event times.
            holder: see `create`.
            run: see `create`.
            blobs: see `append`.

        Raises:
            SequenceConflict: there is such a run.
            JournalError: it could not be written.
        """
        created = Created(kind=kind, data=msgspec.Raw(msgspec.json.encode(data)), holder=holder)
        first = fact(CREATED, created, channel="control")
        all_facts = (first, *check_facts(facts, at_least=0))
        await store.append(run, all_facts, expected=0, epoch=0, time=clock.wall(), blobs=blobs)

    @classmethod
    async def resume(cls, store: Store, run: RunId, *, clock: Clock, holder: str, ttl: float = 30.0) -> Run:
        """Take a run up again: acquire its lease with a new epoch, then replay its effects.

        A lease whose holder is a process of this machine that has ended is taken over at once.

        Raises:
            RunNotFound: no such run.
            LeaseHeld: another live process holds it.
            StoreDamaged: its events are not those of a run.
        """
        if not await store.heads(run):
            raise RunNotFound(f"no run {run!r} in this store; `cambrian runs list` shows those there are")
        lease = await _acquire(store, run, holder, clock=clock, ttl=ttl)
        async with _released_on_error(store, lease):
            self = cls(store, lease, await _created(store, run), clock=clock, ttl=ttl)
            self._seq = (await store.heads(run))[0].seq
            self._ledger = await _replayed(store, run, upto=self._seq)
            await self.append(fact(RESUMED, Resumed(holder=holder, epoch=lease.epoch), channel="control"))
        return self

    @classmethod
    async def fork(
        cls,
        store: Store,
        parent: RunId,
        *,
        run: RunId,
        clock: Clock,
        holder: str,
        at: int | None = None,
        ttl: float = 30.0,
    ) -> Run:
        """Begin a run whose history is the parent's up to event `at` (default: all of it). The parent is not changed.

        Effects unfinished at that point are the parent's to finish: the fork seals them, but for those declared
        idempotent, which stay unfinished and may be run again.

        Raises:
            RunNotFound: no such parent.
            UsageError: it has no event `at`.
            SequenceConflict, LeaseHeld: the new run exists.
        """
        heads = await store.heads(parent)
        if not heads:
            raise RunNotFound(f"no run {parent!r} to fork in this store")
        upto = heads[0].seq if at is None else at
        created = await _created(store, parent)
        ledger = await _replayed(store, parent, upto=upto)
        facts = [fact(FORKED, Forked(parent=parent, seq=upto, holder=holder), channel="control")]
        theirs = ledger.in_state(EffectState.PENDING) + ledger.in_state(EffectState.EXECUTING)
        why = f"belongs to run {parent}"
        facts += [ledger.conclude(each.effect, EffectState.SEALED, why) for each in theirs if not each.idempotent]
        lease = await _acquire(store, run, holder, clock=clock, ttl=ttl)
        self = cls(store, lease, created, clock=clock, ttl=ttl)
        async with _released_on_error(store, lease):
            self._seq = await store.fork(parent, run, upto=upto, facts=facts, epoch=lease.epoch, time=clock.wall())
        self._ledger = ledger
        return self

    @property
    def id(self) -> RunId:
        """The run's id."""
        return self._lease.run

    @property
    def kind(self) -> str:
        """What kind of run it is."""
        return self._created.kind

    @property
    def data(self) -> msgspec.Raw:
        """The record given to `create`, as JSON."""
        return self._created.data

    @property
    def seq(self) -> int:
        """Sequence number of the last event."""
        return self._seq

    @property
    def epoch(self) -> int:
        """The fencing token of this holder; grows with every resume."""
        return self._lease.epoch

    async def append(self, *facts: Fact, blobs: Sequence[bytes] = ()) -> int:
        """Append facts in one transaction, durable when this returns.

        Returns:
            The sequence number of the run's last event, at or after the last of these facts.

        Raises:
            Fenced: another process has taken the run over, or this object was closed.
            JournalError: it could not be written; the run is as it was and the call may be repeated.
            UsageError: no fact, or data that are no JSON object.
        """
        return await self._append(facts, blobs, _nothing)

    async def _append(self, facts: Sequence[Fact], blobs: Sequence[bytes], undo: Callable[[], None]) -> int:
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Entry(check_facts(facts), tuple(map(bytes, blobs)), undo, future))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_waiting())
        return await future

    async def _write_waiting(self) -> None:
        """Append what waits until nothing does. A task of its own, so that no caller's cancellation reaches it."""
        entries: list[_Entry] = []
        try:
            while self._waiting:
                entries, self._waiting = self._waiting, []
                await self._write(entries)
                entries = []
        finally:
            self._writer = None
            for entry in entries + self._waiting:  # only when the event loop ends under us
                entry.future.cancel()

    async def _write(self, entries: Sequence[_Entry]) -> None:
        try:
            seq = await self._write_together(entries)
        except Exception as error:  # noqa: BLE001 - the worker loop's boundary: every waiting task gets the error
            if isinstance(error, Fenced):
                self._lost = str(error)
            for entry in entries:
                entry.fail(error)
        else:
            for entry in entries:
                entry.succeed(seq)

    async def _write_together(self, entries: Sequence[_Entry]) -> int:
        if self._lost:
            raise Fenced(self._lost)
        self._seq = await self._store.append(
            self.id,
            [each for entry in entries for each in entry.facts],
            expected=self._seq,
            epoch=self._lease.epoch,
            time=self._clock.wall(),
            blobs=[blob for entry in entries for blob in entry.blobs],
        )
        return self._seq

    async def intend(
        self,
        intent: Intent,
        *facts: Fact,
        blobs: Sequence[bytes] = (),
        state: EffectState = EffectState.EXECUTING,
    ) -> None:
        """Record that an effect is about to happen; durable when this returns. Only then start it.

        Args:
            intent: its id and key must differ from those of all unfinished effects. A key is free again when its
                effect is finished: whoever needs "once per run" looks for it in `replay` first.
            facts: committed together with it.
            blobs: see `append`.
            state: ``EXECUTING``, or ``PENDING`` for one that waits for an approval; then `start` or `conclude` it.

        Raises:
            EffectConflict: id or key belong to an unfinished effect.
            Fenced, JournalError, UsageError: see `append`; the effect is not recorded, so do not start it.
        """
        await self._change(intent.effect, lambda: self._ledger.intend(intent, state), facts, blobs)

    async def start(self, effect: EffectId, *facts: Fact) -> None:
        """Record that a pending effect is about to happen. Only then start it.

        Raises:
            EffectConflict: it is not pending.
            Fenced, JournalError, UsageError: see `append`; do not start it.
        """
        await self._change(effect, lambda: self._ledger.start(effect), facts, ())

    async def conclude(
        self, effect: EffectId, state: EffectState, *facts: Fact, blobs: Sequence[bytes] = (), why: str = ""
    ) -> None:
        """Record an effect's outcome and the facts that it changes, in one transaction.

        Args:
            effect: an unfinished one.
            state: applied, failed or sealed for an executing effect; denied or sealed for a pending one.
            facts: what has changed by it.
            blobs: see `append`.
            why: one line for people.

        Raises:
            EffectConflict: never intended, concluded already, or a transition that `core.effect` does not have.
            Fenced, JournalError, UsageError: see `append`; the effect stays unfinished.
        """
        await self._change(effect, lambda: self._ledger.conclude(effect, state, why), facts, blobs)

    async def seal(self, effect: EffectId, why: str) -> None:
        """Close an effect of which nobody knows, or wants to know, whether it happened. It is never run again.

        Raises:
            EffectConflict: it is not unfinished.
        """
        await self.conclude(effect, EffectState.SEALED, why=why)

    async def _change(
        self, effect: EffectId, change: Callable[[], Fact], facts: Sequence[Fact], blobs: Sequence[bytes]
    ) -> None:
        checked = check_facts(facts, at_least=0)  # before the change, which only a failed write undoes
        before = self._ledger.standing(effect)
        first = change()
        await self._append((first, *checked), blobs, lambda: self._ledger.put_back(effect, before))

    def unfinished(self) -> tuple[Intent, ...]:
        """Effects that are executing and have no outcome, in the order of their intents.

        Right after `resume` these are the unknown ones: they may have happened. Run those again that are idempotent,
        seal the others, or find out and conclude them.
        """
        return self._ledger.in_state(EffectState.EXECUTING)

    def pending(self) -> tuple[Intent, ...]:
        """Effects that have not been started, in order of their intents. After a crash they surely did not happen."""
        return self._ledger.in_state(EffectState.PENDING)

    def replay(
        self, *, after: int = 0, types: Collection[str] | None = None, limit: int | None = None
    ) -> AsyncIterator[Event]:
        """The run's events; see `EventLog.read`."""
        return self._store.read(self.id, after=after, types=types, limit=limit)

    async def blob(self, digest: Digest) -> bytes:
        """A blob by its digest; see `Blobs.blob`."""
        return await self._store.blob(digest)

    async def __aenter__(self) -> Self:
        self._heart = asyncio.create_task(self._beat())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Finish what waits to be appended, then release the lease. Idempotent; appends raise `Fenced` afterwards."""
        heart, self._heart = self._heart, None
        with anyio.CancelScope(shield=True):
            if heart is not None:
                heart.cancel()
                with suppress(asyncio.CancelledError):
                    await heart
            while self._writer is not None:
                await asyncio.wait([self._writer])
            if not self._lost:
                self._lost = f"run {self.id!r} was closed by its own process; resume it"
                await self._store.release(self._lease)

    async def _beat(self) -> None:
        """Renew the lease for as long as nobody has taken it."""
        while not self._lost:
            await anyio.sleep(self._ttl / _BEATS)
            try:
                self._lease = await self._store.renew(self._lease, ttl=self._ttl, now=self._clock.wall())
            except Fenced as error:
                self._lost = str(error)
            except JournalError as error:  # the epoch keeps writes safe; the next beat tries again
                _log.warning("the lease of run %r was not renewed: %s", self.id, error)


async def _acquire(store: Store, run: RunId, holder: str, *, clock: Clock, ttl: float) -> Lease:
    """Acquire a run's lease; over a dead process's at once."""
    heads = await store.heads(run)
    old = heads[0].lease if heads else None
    over = old if old is not None and is_gone(old.holder) else None
    return await store.acquire(run, holder, ttl=ttl, now=clock.wall(), over=over)


@asynccontextmanager
async def _released_on_error(store: Store, lease: Lease) -> AsyncGenerator[None]:
    """A run that could not be taken up is left as free as it was found."""
    try:
        yield
    except BaseException:
        with anyio.CancelScope(shield=True), suppress(JournalError):  # the first error is the one to tell
            await store.release(lease)
        raise


async def _created(store: Store, run: RunId) -> Created:
    """A run's first event.

    Raises:
        StoreDamaged: it is something else.
    """
    async for event in store.read(run, limit=1):
        if event.type == CREATED:
            try:
                return msgspec.json.decode(event.data, type=Created)
            except msgspec.ValidationError as error:
                raise StoreDamaged(f"the first event of run {run!r} is not readable: {error}") from error
    raise StoreDamaged(f"run {run!r} does not begin with {CREATED!r}; it was not made by this kernel")


async def _replayed(store: Store, run: RunId, *, upto: int) -> Ledger:
    """The unfinished effects after event `upto`."""
    ledger = Ledger()
    async for event in store.read(run, types=EFFECT_EVENTS):
        if event.seq > upto:
            break
        ledger.replay(event)
    return ledger
