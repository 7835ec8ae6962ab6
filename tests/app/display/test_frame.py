"""Numbers for people."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cambrian.app.display.frame import best_over_time, change, curve, number
from cambrian.core.ids import RunId
from cambrian.search.view import Summary


@given(st.lists(st.floats(-1e9, 1e9)), st.integers(0, 60))
def test_a_curve_fits_its_width_and_keeps_order(values: list[float], width: int) -> None:
    drawn = curve(values, width)
    assert len(drawn) == min(len(values), width)
    if drawn and len(values) <= width:
        assert all(
            (a <= b) == (x <= y) or x == y for a, b, x, y in zip(values, values[1:], drawn, drawn[1:], strict=False)
        )


def test_numbers_and_changes() -> None:
    assert number(2.6359830849176) == "2.635983085"
    assert number(None) == "–"
    assert change(0.0, 5.0) == ""
    assert change(2.0, 1.0) == "-50 %"
    assert change(-4.0, -2.0) == "+50 %"


def test_nothing_is_drawn_of_nothing() -> None:
    assert best_over_time(Summary(run=RunId("r"), created=0.0), 10) == []
