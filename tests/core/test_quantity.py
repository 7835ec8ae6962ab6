"""Units and budgets: what is understood, and errors that name the value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.core.budget import Budget
from cambrian.core.errors import UsageError
from cambrian.core.limits import Limits
from cambrian.core.quantity import format_seconds, format_size, seconds, size


@pytest.mark.parametrize(
    ("text", "value"), [("60s", 60), ("1.5min", 90), ("500ms", 0.5), ("2h", 7200), (" 3 s ", 3), ("1e2s", 100)]
)
def test_durations(text: str, value: float) -> None:
    assert seconds(text) == pytest.approx(value)


@pytest.mark.parametrize("text", ["60", "s", "", "-1s", "0s", "1 fortnight", "1s2m", "nan s", "inf s"])
def test_no_duration(text: str) -> None:
    with pytest.raises(UsageError, match=repr(text)):
        seconds(text)


@pytest.mark.parametrize(("text", "value"), [("64MiB", 67108864), ("1GB", 10**9), ("512b", 512), ("0.5KiB", 512)])
def test_sizes(text: str, value: int) -> None:
    assert size(text) == value


@pytest.mark.parametrize("text", ["64", "0MiB", "MiB", "1MB!", "-5kb"])
def test_no_size(text: str) -> None:
    with pytest.raises(UsageError, match=repr(text)):
        size(text)


@given(st.floats(0.001, 10**6))
def test_what_is_shown_is_short(value: float) -> None:
    assert len(format_seconds(value)) <= 8


@given(st.integers(1, 2**60))
def test_sizes_shown_are_short(value: int) -> None:
    assert format_size(value).endswith("B")


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        ("60s,500ev,2usd", Budget(wall=60, evaluations=500, money=2)),
        ("2usd , 1h", Budget(wall=3600, money=2)),
        ("$2.50", Budget(money=2.5)),
        ("100 evaluations", Budget(evaluations=100)),
    ],
)
def test_budgets(text: str, budget: Budget) -> None:
    assert Budget.parse(text) == budget


@given(st.floats(0.5, 10**6), st.integers(1, 10**6))
def test_what_a_budget_says_of_itself_can_be_read_back(wall: float, evaluations: int) -> None:
    budget = Budget(wall=float(f"{wall:g}"), evaluations=evaluations, money=2.5)
    assert Budget.parse(budget.text()) == budget


@pytest.mark.parametrize("text", ["", "soon", "60s,90s", "0ev", "10", "-3usd"])
def test_no_budget(text: str) -> None:
    with pytest.raises(UsageError):
        Budget.parse(text)


def test_limits_are_above_zero() -> None:
    with pytest.raises(UsageError, match=r"limits\.memory is 0"):
        Limits(memory=0)
