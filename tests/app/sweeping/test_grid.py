"""The notation of grids: what is read, and that every mistake is told before anything runs."""

from __future__ import annotations

import pytest
from tests.app.tale import task_of

from cambrian.app.sweeping.grid import cells_of, parse_grid, settings_of
from cambrian.core.errors import UsageError


def labels(*texts: str, budget: str | None = None) -> list[str]:
    return [cell.label for cell in cells_of(parse_grid(texts), task_of(), budget=budget, target=None, seed=99)]


def test_every_combination_seed_by_seed() -> None:
    assert labels("strategy=islands,topk seed=1..2") == [
        "strategy=islands seed=1", "strategy=topk seed=1", "strategy=islands seed=2", "strategy=topk seed=2",
    ]  # fmt: skip
    assert labels("strategy=islands,topk", "strategy.capacity=4..12..4")[:4] == [
        "strategy=islands strategy.capacity=4 seed=99", "strategy=islands strategy.capacity=8 seed=99",
        "strategy=islands strategy.capacity=12 seed=99", "strategy=topk strategy.capacity=4 seed=99",
    ]  # fmt: skip
    assert labels("seed=3,1..2") == ["seed=3", "seed=1", "seed=2"]


def test_quotes_and_brackets_hold_values_together() -> None:
    axes = parse_grid(['budget="60s,10ev","5s" strategy.proposers=["edit", "tune"],["edit"]'])
    assert [axis.values for axis in axes] == [('"60s,10ev"', '"5s"'), ('["edit", "tune"]', '["edit"]')]
    assert labels('budget="60s,10ev","5s"') == ['budget="60s,10ev" seed=99', 'budget="5s" seed=99']


def test_short_names_are_written_out() -> None:
    assert settings_of([("strategy", "topk"), ("limits.wall", "5s")]) == ["strategy.name=topk", "limits.wall=5s"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "--grid is empty"),
        ("strategy", "'strategy' is not understood"),
        ("strategy=", "is not understood"),
        ("strategy=islands,,topk", "a value is missing"),
        ("strategy=islands,islands", "'islands' stands twice"),
        ("strategy=islands strategy=topk", "names 'strategy' twice"),
        ("seed=5..1", "a range goes up"),
        ("seed=1..99999999", "at most"),
        ("seed=one", "seed=one: a seed is a whole number"),
        ("seed=-1", "a seed is a whole number"),
        ("strategi=islands", "--grid strategi=islands"),
        ("strategy=iland", "--grid strategy=iland"),
        ("strategy.capacity=0", "--grid strategy.capacity=0"),
        ("limits.wall=5", "--grid limits.wall=5"),
        ("entry=other", "--grid entry=other"),
        ('budget="5s', "is not closed"),
        ("seed=1..5000 strategy.capacity=1..5000", "has 25000000 cells"),
        (" ".join(f"limits.k{index}=1..10" for index in range(10)), "has 10000000000 cells (limits.k0 10 × "),
        (" ".join(f"{key}=1..9999" for key in ("cases", "seed", "limits.files", "novelty.tabu")), "× seed 9999 ×"),
        ("seed=" + "9" * 5000, "a seed is a whole number"),
        ("seed=1.." + "9" * 5000, "a range goes up"),
        ("cases=" + "9" * 5000, "cases=999"),
        ("seed=٣", "a seed is a whole number"),
        ("seed=1,01", "'1' and '01' are the same value"),
        ("limits.wall=60s,1min", "'60s' and '1min' are the same value"),
        ('strategy=islands,"islands"', "are the same value"),
        ("strategy=islands strategy.name=topk", "names 'strategy.name' twice"),
        ("limits.wall=" + "[" * 5000 + "]" * 5000, "limits.wall=[[["),
        ("limits.wall=" + "x" * 20_000, "--grid limits.wall=xxx"),
        ("a" * 20_000 + "=1", "--grid aaa"),
    ],
)
def test_mistakes_are_named(text: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        labels(text)
    assert words in str(caught.value)
    assert len(str(caught.value)) < 1000


def test_what_an_option_gives_is_not_in_the_grid_too() -> None:
    with pytest.raises(UsageError, match="--budget gives it too"):
        labels("budget=5s,6s", budget="9s")
