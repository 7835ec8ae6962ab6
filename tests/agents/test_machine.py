"""The table of moves, and where calls have an agent stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.agents.machine import MOVES, Breakpoint, IllegalMove, Stage, check_moves, least_advanced, onward

OF_CALLS = [stage.breakpoint for stage in Stage]


def test_every_breakpoint_is_in_the_table_and_leads_home() -> None:
    assert set(MOVES) == set(Breakpoint)
    for start in Breakpoint:
        reached, new = {start}, {start}
        while new:
            new = {move for each in new for move in MOVES[each]} - reached
            reached |= new
        assert Breakpoint.READY in reached


@pytest.mark.parametrize(
    ("start", "move"),
    [
        (Breakpoint.READY, Breakpoint.TOOL_EXECUTING),
        (Breakpoint.PRE_MODEL, Breakpoint.TOOL_PENDING),
        (Breakpoint.AWAITING_APPROVAL, Breakpoint.TOOL_EXECUTING),
        (Breakpoint.POST_TOOL, Breakpoint.TOOL_EXECUTING),
    ],
)
def test_other_moves_are_refused_by_name(start: Breakpoint, move: Breakpoint) -> None:
    with pytest.raises(IllegalMove, match=f"{start.value!r} cannot move to {move.value!r}"):
        check_moves(start, [move])


@given(st.lists(st.sampled_from(Stage), min_size=1))
def test_an_agent_stands_where_the_least_advanced_call_stands(stages: list[Stage]) -> None:
    assert least_advanced(stages) is min(stages).breakpoint


def test_calls_lead_onward_along_the_table() -> None:
    for start in OF_CALLS[:-1]:
        way = onward(start, Breakpoint.POST_TOOL)
        assert check_moves(start, way) is Breakpoint.POST_TOOL
    assert onward(Breakpoint.TOOL_PENDING, Breakpoint.TOOL_EXECUTING) == (
        Breakpoint.PRE_TOOL,
        Breakpoint.TOOL_EXECUTING,
    )
    assert onward(Breakpoint.PRE_TOOL, Breakpoint.PRE_TOOL) == ()


def test_calls_lead_nowhere_else() -> None:
    with pytest.raises(IllegalMove):
        onward(Breakpoint.READY, Breakpoint.TOOL_PENDING)
    with pytest.raises(IllegalMove):
        onward(Breakpoint.POST_TOOL, Breakpoint.TOOL_PENDING)
