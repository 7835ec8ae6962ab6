"""`Book`: an agent's run and its state, kept together: what is written down is what the state takes in.

Facts that nobody has to wait for are noted, and go into the journal with the next commit: the result of a turn's last
call and the intent of the model call that follows it are one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence

import anyio

from cambrian.core.effect import EffectState
from cambrian.core.errors import JournalError
from cambrian.journal.kernel import Run
from cambrian.journal.ledger import Begin, Change, Start

from .facts import AgentFact, Moved, told
from .machine import Breakpoint, onward
from .state import AgentState

__all__ = ["Book"]


class Book:
    """Writes an agent's journal. For one task at a time, but for `commit`, which any may call.

    Args:
        run: the agent's, held by this process.
        state: as far as `run` goes.
    """

    def __init__(self, run: Run, state: AgentState) -> None:
        self.run, self.state = run, state
        self.news = anyio.Event()
        """Set with each commit, and replaced by another one then."""
        self._changes: list[Change] = []
        self._records: list[AgentFact] = []
        self._broken: JournalError | None = None

    def note(self, *records: AgentFact, changes: Sequence[Change] = ()) -> None:
        """Take facts in that are written down with the next `commit`.

        Raises:
            Fenced, JournalError: an earlier commit failed; see `commit`.
            IllegalMove: a move that the table does not have.
        """
        if self._broken is not None:
            error = type(self._broken)  # still `Fenced`, if it was that
            raise error(f"agent {self.run.id!r} could not be written: {self._broken}; take it up again")
        for record in records:
            self.state.take(record)
        for change in changes:
            if isinstance(change, Start):
                self.state.begun(change.effect)
            elif isinstance(change, Begin) and change.state is EffectState.EXECUTING:
                self.state.begun(change.intent.effect)
        self._records += records
        self._changes += changes

    def move(self, *to: Breakpoint) -> None:
        """Note moves."""
        if to:
            self.note(Moved(to=to))

    def settle(self) -> None:
        """Note the moves to where the calls of the round have the agent stand."""
        self.move(*onward(self.state.breakpoint, self.state.standing))

    async def commit(self, *records: AgentFact, changes: Sequence[Change] = ()) -> None:
        """Write down what was noted, and this, in one transaction; durable when this returns.

        Raises:
            Fenced: another process has taken the agent up.
            JournalError: it could not be written. The state is ahead of the journal now: take the agent up again.
        """
        self.note(*records, changes=changes)
        made, facts = self._changes, [told(record) for record in _merged(self._records)]
        if not made and not facts:
            return
        self._changes, self._records = [], []
        try:
            await self.run.change(*made, facts=facts)
        except JournalError as error:
            self._broken = error
            raise
        self.tell()

    def tell(self) -> None:
        """Wake those who wait for news."""
        self.news.set()
        self.news = anyio.Event()


def _merged(records: Sequence[AgentFact]) -> list[AgentFact]:
    """With the moves of one transaction as one fact, at its end: between them nobody can see the agent."""
    moves = [record for record in records if isinstance(record, Moved)]
    others: list[AgentFact] = [record for record in records if not isinstance(record, Moved)]
    way = tuple(each for move in moves for each in move.to)
    return [*others, Moved(to=way)] if way else others
