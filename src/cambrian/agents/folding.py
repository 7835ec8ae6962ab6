"""Reading an agent's journal: its state, and the points at which it can be forked."""

from __future__ import annotations

from cambrian.core.errors import UsageError
from cambrian.core.ids import RunId
from cambrian.journal.kernel import Run
from cambrian.journal.store import EventLog

from .machine import Breakpoint
from .state import AgentState

__all__ = ["folded", "safe_point", "safe_points"]


async def folded(run: Run) -> AgentState:
    """The state to which an agent's events lead.

    Raises:
        StoreDamaged: they are not those of an agent.
    """
    state = AgentState()
    async for event in run.replay():
        state.replay(event)
    return state


async def safe_points(store: EventLog, run: RunId) -> list[int]:
    """Sequence numbers of events at which no call is open and no answer under way.

    Raises:
        RunNotFound: no such run.
        StoreDamaged: its events are not those of an agent.
    """
    state, points = AgentState(), list[int]()
    async for event in store.read(run):
        state.replay(event)
        if state.breakpoint in (Breakpoint.READY, Breakpoint.POST_TOOL) and not state.open:
            points.append(event.seq)
    return points


async def safe_point(store: EventLog, run: RunId, at: int | None) -> int:
    """The safe point asked for, or the last.

    Raises:
        UsageError: it is none; names those next to it.
        RunNotFound, StoreDamaged: see `safe_points`.
    """
    points = await safe_points(store, run)
    if at is None:
        return points[-1]
    if at not in points:
        before = max((point for point in points if point < at), default=None)
        after = min((point for point in points if point > at), default=None)
        near = " or ".join(str(point) for point in (before, after) if point is not None)
        raise UsageError(f"event {at} of agent {run!r} is no safe point to fork at; take {near}")
    return at
