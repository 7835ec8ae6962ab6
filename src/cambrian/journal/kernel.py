"""`Run`: a durable sequence of steps. One kernel serves searches, agents and executions; no policy of theirs here.

A run is written by one holder at a time. `Run.create` and `Run.resume` acquire its lease; ``async with run:`` renews it
in the background and releases it at the end. Whoever lost the lease gets `Fenced` from then on, and stops.

Every effect on the world goes through the ledger: `Run.intend` is durable before the effect starts, `Run.conclude`
commits the outcome together with the facts it changes. After a crash, `Run.unfinished` names the effects of which
nobody knows whether they happened.

Events of the kernel's own: ``run.created``, ``run.resumed``, ``run.forked`` (control channel) and ``effect.*``.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager, suppress
from types import TracebackType
from typing import Self

import anyio
import msgspec

from cambrian.core.effect import EffectId, EffectState, Intent
from cambrian.core.errors import JournalError, RunNotFound
from cambrian.core.event import Event, Fact, fact
from cambrian.core.ids import Digest, RunId
from cambrian.core.ports import Clock

from .holder import is_gone
from .ledger import EFFECT_EVENTS, Begin, Change, Conclude, Ledger, Start
from .origins import CREATED, FORKED, RESUMED, Created, Forked, Resumed, created
from .records import check_facts
from .store import Claim, Commit, Lease, Store
from .writer import RunWriter

__all__ = ["Run"]


class Run:
    """A run that this process writes. Made by `create`, `resume` and `fork`; not for several event loops.

    All methods may be called by several tasks at once; what they append meanwhile shares one commit. A task that is
    cancelled while it waits for an append stops waiting, the append still happens: this object always knows where the
    run ends.
    """

    def __init__(
        self, store: Store, run: RunId, origin: Created, lease: Lease | None, *, clock: Clock, ttl: float
    ) -> None:
        self._store = store
        self._created = origin
        self._ledger = Ledger()
        self._writer = RunWriter(store, run, Claim(holder=origin.holder, ttl=ttl), lease, clock)

    @classmethod
    def planned(
        cls, store: Store, *, kind: str, data: object, clock: Clock, holder: str, run: RunId, ttl: float = 30.0
    ) -> Run:
        """A run that is begun with the first thing that is recorded in it, in one transaction. See `create`.

        Until then nothing of it is in the store. The first append raises what `create` raises.
        """
        origin = _origin(kind, data, holder)
        self = cls(store, run, origin, None, clock=clock, ttl=ttl)
        self._writer.opening = (_opening(origin),)
        return self

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
        self = cls.planned(store, kind=kind, data=data, clock=clock, holder=holder, run=run, ttl=ttl)
        try:
            await self._writer.add(())
        except BaseException:
            await self.aclose()
            raise
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
        all_facts = (_opening(_origin(kind, data, holder)), *check_facts(facts, at_least=0))
        commit = Commit(run=run, facts=all_facts, expected=0, time=clock.wall(), blobs=tuple(map(bytes, blobs)))
        if store.commit_at_once(commit) is None:
            await store.commit(commit)

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
            self = cls(store, run, await created(store, run), lease, clock=clock, ttl=ttl)
            self._writer.seq = (await store.heads(run))[0].seq
            self._ledger = await _replayed(store, run, upto=self._writer.seq)
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
        origin = await created(store, parent)
        ledger = await _replayed(store, parent, upto=upto)
        facts = [fact(FORKED, Forked(parent=parent, seq=upto, holder=holder), channel="control")]
        theirs = ledger.in_state(EffectState.PENDING) + ledger.in_state(EffectState.EXECUTING)
        why = f"belongs to run {parent}"
        facts += [ledger.conclude(each.effect, EffectState.SEALED, why) for each in theirs if not each.idempotent]
        lease = await _acquire(store, run, holder, clock=clock, ttl=ttl)
        self = cls(store, run, origin, lease, clock=clock, ttl=ttl)
        async with _released_on_error(store, lease):
            self._writer.seq = await store.fork(
                parent, run, upto=upto, facts=facts, epoch=lease.epoch, time=clock.wall()
            )
        self._ledger = ledger
        return self

    @property
    def id(self) -> RunId:
        """The run's id."""
        return self._writer.run

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
        return self._writer.seq

    @property
    def epoch(self) -> int:
        """The fencing token of this holder; grows with every resume. 0 before a planned run is begun."""
        return self._writer.epoch

    async def append(self, *facts: Fact, blobs: Sequence[bytes] = ()) -> int:
        """Append facts in one transaction, durable when this returns.

        Returns:
            The sequence number of the run's last event, at or after the last of these facts.

        Raises:
            Fenced: another process has taken the run over, or this object was closed.
            JournalError: it could not be written; the run is as it was and the call may be repeated.
            UsageError: no fact, or data that are no JSON object.
        """
        return await self._writer.add(check_facts(facts), blobs)

    async def finish(self, *facts: Fact, blobs: Sequence[bytes] = ()) -> int:
        """`append`, and `aclose` in the same transaction, where the store has such.

        Raises:
            Fenced, JournalError, UsageError: see `append`; the run is still this object's, until `aclose`.
        """
        seq = await self._writer.add(check_facts(facts), blobs, last=True)
        await self.aclose()
        return seq

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
        await self.change(Begin(intent, state), facts=facts, blobs=blobs)

    async def start(self, effect: EffectId, *facts: Fact) -> None:
        """Record that a pending effect is about to happen. Only then start it.

        Raises:
            EffectConflict: it is not pending.
            Fenced, JournalError, UsageError: see `append`; do not start it.
        """
        await self.change(Start(effect), facts=facts)

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
        await self.change(Conclude(effect, state, why), facts=facts, blobs=blobs)

    async def change(self, *changes: Change, facts: Sequence[Fact] = (), blobs: Sequence[bytes] = ()) -> int:
        """Change several effects, and record what changes with them, in one transaction: all of it, or nothing.

        Args:
            changes: made in this order; their events come before the facts.
            facts: see `append`.
            blobs: see `append`.

        Returns:
            The sequence number of the run's last event.

        Raises:
            EffectConflict: as in `intend`, `start` and `conclude`, about the first that cannot be; none is made.
            Fenced, JournalError, UsageError: see `append`; all effects are as they were.
        """
        checked = check_facts(
            facts, at_least=0 if changes else 1
        )  # before the changes, which only a failed write undoes
        made = self._ledger.make(changes)
        return await self._writer.add((*made.facts, *checked), blobs, undo=made.undo)

    async def seal(self, effect: EffectId, why: str) -> None:
        """Close an effect of which nobody knows, or wants to know, whether it happened. It is never run again.

        Raises:
            EffectConflict: it is not unfinished.
        """
        await self.conclude(effect, EffectState.SEALED, why=why)

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
        self.keep()
        return self

    def keep(self) -> None:
        """Renew the lease in the background until this is closed, as ``async with`` does."""
        self._writer.keep()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Finish what waits to be appended, then release the lease. Idempotent; appends raise `Fenced` afterwards."""
        await self._writer.close()


def _origin(kind: str, data: object, holder: str) -> Created:
    return Created(kind=kind, data=msgspec.Raw(msgspec.json.encode(data)), holder=holder)


def _opening(origin: Created) -> Fact:
    return fact(CREATED, origin, channel="control")


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


async def _replayed(store: Store, run: RunId, *, upto: int) -> Ledger:
    """The unfinished effects after event `upto`."""
    ledger = Ledger()
    async for event in store.read(run, types=EFFECT_EVENTS):
        if event.seq > upto:
            break
        ledger.replay(event)
    return ledger
