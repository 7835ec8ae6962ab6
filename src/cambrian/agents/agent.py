"""`Agent`: a model with tools and a memory that survives the process. Each step of it is in the journal.

An agent is written by one process at a time; another one can take it up when that process has ended, also by
``kill -9``, and finds it where it stood: waiting questions still wait, calls that were under way are settled by their
tools' policies, and nothing that was done is done again unasked.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from types import TracebackType
from typing import Self

import anyio
import msgspec

from cambrian.core.effect import EffectState
from cambrian.core.errors import UsageError
from cambrian.core.event import Event
from cambrian.core.ids import RunId
from cambrian.core.message import Message, ToolResult, say
from cambrian.core.model import Chunk, LanguageModel
from cambrian.core.ports import Clock
from cambrian.core.tool import ToolInvoker
from cambrian.journal.kernel import Run
from cambrian.journal.ledger import Change, Conclude
from cambrian.journal.store import Store

from .book import Book
from .calls import Calls
from .context import Summarise
from .facts import AgentFact, Decided, Done, Resulted, Sent, TakenUp
from .feed import Feed, Lagged
from .folding import folded, safe_point
from .hooks import Hook, Hooks
from .machine import Breakpoint
from .permission import Mode, Permissions
from .recovery import Reconciler, recover, sealed
from .state import AgentState, CallState, effect_of
from .template import Template
from .turns import Rest, Turns

__all__ = ["KIND", "Agent", "Origin", "Outcome", "Parts"]

KIND = "agent"
"""Of an agent's run."""


class Origin(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an agent's run begins with.

    Args:
        template: what it is made from, whole: the agent stays as it is when the template's next version comes.
        model: name of the model. Never its key.
        lineage: the agents that it comes from, the eldest first.
    """

    template: Template
    model: str
    lineage: tuple[RunId, ...] = ()


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How an agent came to rest.

    Args:
        rest: why. ``paused``: somebody has to decide; see `asking`.
        text: the last words of the model, if it has spoken since the message.
        asking: ids of calls to decide about.
        seq: of the last event.
    """

    rest: Rest
    text: str
    asking: tuple[str, ...]
    seq: int


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """What an agent needs that no journal can hold.

    Args:
        model: that it asks.
        tools: that it has.
        hooks: may alter or veto.
        modes: permission modes of one's own.
        reconcilers: tool → finds out what became of a call.
        sleep: waits between attempts; tests hand in one that does not.
        summary: sums up what models are not shown any more; by default the messages' first words stand for them.
    """

    model: LanguageModel
    tools: ToolInvoker
    hooks: tuple[Hook, ...] = ()
    modes: dict[str, Mode] = {}
    reconcilers: dict[str, Reconciler] = {}
    sleep: Callable[[float], Awaitable[None]] = anyio.sleep
    summary: Summarise | None = None


class Agent:
    """An agent that this process holds. Made by `create`, `resume` and `fork`; ``async with`` gives it back.

    `work`, `complete` and `stream` are for one task at a time; the others for any, also meanwhile.
    """

    def __init__(self, store: Store, run: Run, origin: Origin, state: AgentState, parts: Parts) -> None:
        self.origin, self._store, self._parts = origin, store, parts
        self._book = Book(run, state)
        self.feed = Feed(store, run.id, lambda: self._book.news)
        template, hooks = origin.template, Hooks(parts.hooks)
        self._calls = Calls(self._book, template, parts.tools, Permissions(template.permission, parts.modes), hooks)
        self._turns = Turns(
            self._book, template, parts.model, parts.tools, self._calls, hooks, watch=self.feed.show,
            sleep=parts.sleep, summary=parts.summary,
        )  # fmt: skip
        self._working: anyio.CancelScope | None = None
        self._why = ""

    @classmethod
    async def create(
        cls, store: Store, template: Template, parts: Parts, *, clock: Clock, holder: str, run: RunId,
        lineage: Sequence[RunId] = (),
    ) -> Agent:  # fmt: skip
        """A new agent. Its run is written down with its first message.

        Args:
            store: where its journal is kept; not closed by it.
            template: what it is made from.
            parts: what no journal can hold.
            clock: for event times and the lease.
            holder: `journal.holder.this_process`.
            run: a fresh id, `journal.ids.new_run_id`.
            lineage: the agents that it comes from.

        Raises:
            UsageError: the template's permission mode is unknown.
        """
        origin = Origin(template=template, model=parts.model.name, lineage=tuple(lineage))
        planned = Run.planned(store, kind=KIND, data=origin, clock=clock, holder=holder, run=run)
        agent = cls(store, planned, origin, AgentState(), parts)
        planned.keep()
        return agent

    @classmethod
    async def resume(cls, store: Store, run: RunId, parts: Parts, *, clock: Clock, holder: str) -> Agent:
        """Take an agent up again; see `taken_up` for what became of calls that were under way.

        Raises:
            RunNotFound: no such run.
            UsageError: it is no agent, or its permission mode is unknown here.
            LeaseHeld: another live process holds it.
            StoreDamaged: its events are not those of an agent.
        """
        held = await Run.resume(store, run, clock=clock, holder=holder)
        try:
            agent = cls(store, held, _origin(held), await folded(held), parts)
            held.keep()
            agent.taken_up = await recover(agent._book, agent.origin.template, parts.tools, parts.reconcilers)
        except BaseException:
            with anyio.CancelScope(shield=True):
                await held.aclose()
            raise
        return agent

    taken_up: TakenUp | None = None
    """What became of what was under way, if this agent was resumed."""

    @property
    def id(self) -> RunId:
        """Its run's id."""
        return self._book.run.id

    @property
    def seq(self) -> int:
        """Sequence number of its last event."""
        return self._book.run.seq

    @property
    def state(self) -> AgentState:
        """Where it is. Only to be read."""
        return self._book.state

    async def send(self, message: str | Message) -> None:
        """A message for the agent. Durable when this returns; it is taken up with the next turn.

        Raises:
            UsageError: it is empty.
            JournalError: it could not be written.
        """
        said = say(message) if isinstance(message, str) else message
        if not said.parts or (isinstance(message, str) and not message.strip()):
            raise UsageError("the message is empty; say what the agent is to do")
        await self._book.commit(Sent(message=said))

    async def work(self) -> Outcome:
        """Go on until the agent rests: nothing to do, somebody has to decide, or it may not go on.

        Raises:
            UsageError: it works already.
            JournalError: it could not be written.
        """
        if self._working is not None:
            raise UsageError(f"agent {self.id!r} works already; wait for it, or interrupt it")
        spoken = len(self.state.messages)
        rest: Rest = "interrupted"
        try:
            with anyio.move_on_after(self.origin.template.allowance.working) as self._working:
                rest = await self._turns.work()
            if rest == "interrupted":
                await self._come_to_rest(self._why or "its time is up")
        except anyio.get_cancelled_exc_class():
            with anyio.CancelScope(shield=True):
                await self._come_to_rest("cancelled")
            raise
        finally:
            self._working = None
        return self._outcome(rest, spoken)

    async def complete(self, message: str | Message) -> Outcome:
        """`send`, then `work`."""
        await self.send(message)
        return await self.work()

    def _outcome(self, rest: Rest, spoken: int) -> Outcome:
        words = [message.text for message in self.state.messages[spoken:] if message.role == "assistant"]
        asking = tuple(each.call.id for each in self.state.asking)
        return Outcome(rest=rest, text=words[-1] if words else "", asking=asking, seq=self._book.run.seq)

    async def approve(self, call: str, *, by: str = "", note: str = "") -> None:
        """Let a call happen that waits for it; of one that a crash has interrupted: let it happen again.

        Raises:
            UsageError: no call of that id waits.
            JournalError: it could not be written.
        """
        self._asking(call)
        self._book.note(Decided(call=call, allow=True, by=by, note=note))
        self._book.settle()
        await self._book.commit()
        self._calls.stir()

    async def deny(self, call: str, *, by: str = "", note: str = "") -> None:
        """Never let a call happen that waits for it; of one that a crash has interrupted: never again.

        Raises:
            UsageError: no call of that id waits.
            JournalError: it could not be written.
        """
        each = self._asking(call)
        denied = ToolResult(call=call, problem="denied", error=note or f"denied by {by or 'a person'}")
        state, result = (EffectState.SEALED, sealed(call, note)) if each.unknown else (EffectState.DENIED, denied)
        self._book.note(
            Decided(call=call, allow=False, by=by, note=note), Resulted(result=result),
            changes=[Conclude(effect_of(call), state, note)],
        )  # fmt: skip
        self._book.settle()
        await self._book.commit()
        self._calls.stir()

    def _asking(self, call: str) -> CallState:
        for each in self.state.asking:
            if each.call.id == call:
                return each
        waiting = ", ".join(each.call.id for each in self.state.asking) or "none does"
        raise UsageError(f"no call {call!r} waits for a decision (waiting: {waiting})")

    async def interrupt(self, note: str = "interrupted") -> None:
        """Stop what it does, and answer every open call in its place, so that the history can go on.

        Nothing happens to an agent that rests and has no open calls: its next message is worked on as ever.

        Raises:
            JournalError: it could not be written.
        """
        if self._working is not None:
            self._why = note
            self._working.cancel()
        elif self.state.open:
            await self._come_to_rest(note)

    async def _come_to_rest(self, note: str) -> None:
        """Seal what may have happened, cancel what has not, and be ready."""
        book, self._why = self._book, ""
        records: list[AgentFact] = []
        under_way = {intent.effect for intent in book.run.unfinished()}
        changes: list[Change] = [Conclude(effect, EffectState.SEALED, note) for effect in under_way]
        changes += [Conclude(intent.effect, EffectState.DENIED, note) for intent in book.run.pending()]
        for each in self.state.open:
            result = ToolResult(call=each.call.id, problem="cancelled", error=f"it never began: {note}")
            records.append(
                Resulted(result=sealed(each.call.id, note) if effect_of(each.call.id) in under_way else result)
            )
        book.note(*records, changes=changes)
        if records:
            book.settle()
        book.note(Done(reason="interrupted"))
        if self.state.breakpoint is not Breakpoint.READY:
            book.move(Breakpoint.READY)
        await book.commit()

    async def stream(self, message: str | Message) -> AsyncGenerator[Event | Chunk | Lagged]:
        """`complete`, seen from outside: all events that it makes, and chunks of answers as they come.

        Whoever stops listening interrupts the agent.
        """
        after = self._book.run.seq
        await self.send(message)
        work = asyncio.create_task(self._seen_working())
        try:
            async for each in self.feed.all(after=after):
                yield each
                if work.done() and isinstance(each, Event) and each.seq >= self._book.run.seq:
                    break
        finally:
            if not work.done():
                await self.interrupt("nobody listens any more")
            await work

    async def _seen_working(self) -> None:
        try:
            await self.work()
        finally:
            self._book.tell()

    async def fork(
        self, *, run: RunId, clock: Clock, holder: str, at: int | None = None, parts: Parts | None = None
    ) -> Agent:
        """Another agent whose history is this one's up to a safe point; this one is not changed.

        Args:
            run: a fresh id.
            clock: see `create`.
            holder: see `create`.
            at: sequence number of the last event taken over, at which no call may be open; default: the last such.
            parts: other than this agent's.

        Raises:
            UsageError: `at` is no safe point; names those before and after it.
        """
        chosen = await safe_point(self._store, self.id, at)
        forked = await Run.fork(self._store, self.id, run=run, clock=clock, holder=holder, at=chosen)
        state = await folded(forked)
        agent = Agent(self._store, forked, _origin(forked), state, parts or self._parts)
        forked.keep()
        agent.taken_up = await recover(agent._book, agent.origin.template, agent._parts.tools, {})
        return agent

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Give the agent back, as it is. Idempotent."""
        await self._book.run.aclose()


def _origin(run: Run) -> Origin:
    if run.kind != KIND:
        raise UsageError(f"run {run.id!r} is a run of kind {run.kind!r}, no agent")
    return msgspec.json.decode(run.data, type=Origin)
