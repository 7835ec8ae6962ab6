"""A value of a wrong type is a mistake that is told with its name and its fix, not a bare TypeError."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import cambrian
from cambrian.core.errors import UsageError

MAKE: dict[str, Callable[..., object]] = {
    "budget": cambrian.Budget, "limits": cambrian.Limits, "objective": cambrian.Objective,
    "strategy": cambrian.StrategyConfig,
}  # fmt: skip


@pytest.mark.parametrize(
    ("what", "given", "told"),
    [
        ("budget", {"wall": "60"}, r"budget\.wall is '60'; a finite number is wanted; write wall=60\.0 \(seconds\)"),
        ("budget", {"wall": float("nan")}, r"budget\.wall is nan; a finite number"),
        ("budget", {"wall": float("inf")}, r"budget\.wall is inf; a finite number"),
        ("budget", {"wall": True}, r"budget\.wall is True; a finite number"),
        ("budget", {"wall": 0}, r"budget\.wall is 0; it must be above zero"),
        ("budget", {"evaluations": 1.5}, r"budget\.evaluations is 1\.5; a whole number is wanted; .*evaluations=500"),
        ("budget", {"evaluations": "500ev"}, r"budget\.evaluations is '500ev'; a whole number"),
        ("budget", {"money": "2usd"}, r"budget\.money is '2usd'; .*money=2\.0 \(US dollars\)"),
        ("limits", {"wall": "5s"}, r"limits\.wall is '5s'; a finite number is wanted; write wall=30\.0 \(seconds\)"),
        ("limits", {"memory": "1GB"}, r"limits\.memory is '1GB'; a whole number is wanted; write memory=64 \* 2\*\*20"),
        ("limits", {"processes": 0}, r"limits\.processes is 0; it must be at least 1"),
        ("limits", {"files": None}, r"limits\.files is None; a whole number"),
        ("objective", {"name": ""}, "an objective's name is ''"),
        ("objective", {"name": 3}, "an objective's name is 3; a text is wanted"),
        ("objective", {"name": "a", "direction": "up"}, "direction of objective 'a' is 'up'; one of 'maximize', 'mini"),
        ("strategy", {"islands": "4"}, r"strategy\.islands is '4'; a whole number is wanted"),
        ("strategy", {"plateau": 0}, r"strategy\.plateau is 0; it must be at least 1"),
    ],
)
def test_a_wrong_value_is_told(what: str, given: dict[str, Any], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        MAKE[what](**given)


def test_right_values_are_taken() -> None:
    assert cambrian.Budget(wall=60, evaluations=5, money=0.5).text() == "60s,5ev,0.5usd"
    assert cambrian.Limits(wall=1, cpu=0.5, processes=2).processes == 2
    assert cambrian.Objective(name="a", direction="minimize").direction == "minimize"
