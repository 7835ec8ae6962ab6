"""The step machine of an agent: eight breakpoints, and the one table of its moves. Pure.

::

    READY → PRE_MODEL → STREAMING_MODEL → TOOL_PENDING → AWAITING_APPROVAL → PRE_TOOL → TOOL_EXECUTING → POST_TOOL
      ↑         │              │               │   └──────────────────────────→┘ │            │               │
      │         │              │               └──────────────────────────────── └──────────→ └─────────────→ │
      └─────────┴──────────────┴── nothing to do, a veto, an error ───────────── next round: PRE_MODEL ←──────┘

Where calls run side by side, each has a stage of its own, and that is the truth: the agent stands where the least
advanced of them stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum, StrEnum

from cambrian.core.errors import JournalError

__all__ = ["MOVES", "Breakpoint", "IllegalMove", "Stage", "check_moves", "least_advanced", "onward"]


class Breakpoint(StrEnum):
    """Where an agent stands; it can be taken up again from each of them."""

    READY = "ready"
    PRE_MODEL = "pre_model"
    STREAMING_MODEL = "streaming_model"
    TOOL_PENDING = "tool_pending"
    AWAITING_APPROVAL = "awaiting_approval"
    PRE_TOOL = "pre_tool"
    TOOL_EXECUTING = "tool_executing"
    POST_TOOL = "post_tool"


MOVES: dict[Breakpoint, tuple[Breakpoint, ...]] = {
    Breakpoint.READY: (Breakpoint.PRE_MODEL,),
    Breakpoint.PRE_MODEL: (Breakpoint.STREAMING_MODEL, Breakpoint.READY),
    Breakpoint.STREAMING_MODEL: (Breakpoint.TOOL_PENDING, Breakpoint.READY),
    Breakpoint.TOOL_PENDING: (Breakpoint.AWAITING_APPROVAL, Breakpoint.PRE_TOOL, Breakpoint.POST_TOOL),
    Breakpoint.AWAITING_APPROVAL: (Breakpoint.PRE_TOOL, Breakpoint.POST_TOOL),
    Breakpoint.PRE_TOOL: (Breakpoint.TOOL_EXECUTING, Breakpoint.POST_TOOL),
    Breakpoint.TOOL_EXECUTING: (Breakpoint.AWAITING_APPROVAL, Breakpoint.POST_TOOL),
    Breakpoint.POST_TOOL: (Breakpoint.PRE_MODEL, Breakpoint.READY),
}
"""``TOOL_EXECUTING → AWAITING_APPROVAL``: after a crash a person is asked what became of a call."""


class Stage(IntEnum):
    """How far a call is; greater is further."""

    PENDING = 0
    AWAITING = 1
    ALLOWED = 2
    EXECUTING = 3
    DONE = 4

    @property
    def breakpoint(self) -> Breakpoint:
        """Where an agent stands whose only call is so far."""
        return _STANDS[self]


_STANDS = {
    Stage.PENDING: Breakpoint.TOOL_PENDING,
    Stage.AWAITING: Breakpoint.AWAITING_APPROVAL,
    Stage.ALLOWED: Breakpoint.PRE_TOOL,
    Stage.EXECUTING: Breakpoint.TOOL_EXECUTING,
    Stage.DONE: Breakpoint.POST_TOOL,
}


_OF_CALLS = frozenset(_STANDS.values())


class IllegalMove(JournalError):
    """A move that the table does not have: the journal, or whoever wrote it, is wrong."""


def least_advanced(stages: Iterable[Stage]) -> Breakpoint:
    """Where an agent with these calls stands."""
    return min(stages, default=Stage.DONE).breakpoint


def onward(start: Breakpoint, end: Breakpoint) -> tuple[Breakpoint, ...]:
    """The moves among the breakpoints of calls, from one to a later one; empty if they are the same.

    Raises:
        IllegalMove: the table has none, or one of them is no breakpoint of calls.
    """
    ways: list[tuple[Breakpoint, ...]] = [()] if start in _OF_CALLS else []
    for way in ways:  # grows as it is walked
        last = way[-1] if way else start
        if last is end:
            return way
        ways += [(*way, move) for move in MOVES[last] if move in _OF_CALLS and move not in way and move is not start]
    raise IllegalMove(f"calls do not lead from {start.value!r} to {end.value!r}")


def check_moves(start: Breakpoint, moves: Iterable[Breakpoint]) -> Breakpoint:
    """Where some moves lead.

    Raises:
        IllegalMove: the table does not have one of them.
    """
    for move in moves:
        if move not in MOVES[start]:
            allowed = ", ".join(MOVES[start])
            raise IllegalMove(f"an agent at {start.value!r} cannot move to {move.value!r} (allowed: {allowed})")
        start = move
    return start
