"""Strategies: parents come from where they should, every knob does something, state follows from what was told."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from cambrian.core.errors import UsageError
from cambrian.core.ids import VariantId
from cambrian.search.archive import Elite
from cambrian.search.strategies import STRATEGIES, Strategy, make_strategy
from cambrian.search.task import StrategyConfig


def told(config: StrategyConfig, count: int = 200) -> tuple[Strategy, Counter[int]]:
    strategy, rng, niches = make_strategy(config), Random(3), Counter[int]()
    strategy.tell(Elite(VariantId("initial"), (0.0,), 0), 0)
    for born in range(1, count):
        ask = strategy.ask(2, rng)
        niches[ask.niche] += 1
        strategy.tell(Elite(VariantId(f"v{born}"), (rng.random(),), born), ask.niche)
    return strategy, niches


@pytest.mark.parametrize("name", STRATEGIES)
def test_the_state_follows_from_the_tells(name: str) -> None:
    config = StrategyConfig(name=name)
    asks = [[told(config)[0].ask(3, Random(seed)) for seed in range(5)] for _ in range(2)]
    assert asks[0] == asks[1]


@pytest.mark.parametrize("name", STRATEGIES)
def test_parents_are_kept_and_different_and_best_first(name: str) -> None:
    strategy, _ = told(StrategyConfig(name=name))
    for seed in range(20):
        parents = strategy.ask(3, Random(seed)).parents
        assert set(parents) <= strategy.kept()
        assert len(set(parents)) == len(parents)


@pytest.mark.parametrize("name", STRATEGIES)
def test_an_empty_archive_is_an_error(name: str) -> None:
    with pytest.raises(LookupError, match="tell the initial program first"):
        make_strategy(StrategyConfig(name=name)).ask(1, Random(0))


def test_every_island_receives_children() -> None:
    _, niches = told(StrategyConfig(name="islands", islands=5), 300)
    assert set(niches) == set(range(5))
    assert min(niches.values()) > 30


def test_migration_carries_the_best_to_every_island_and_only_with_migration() -> None:
    def islands_with_the_star(migrate_every: int) -> int:
        strategy = make_strategy(StrategyConfig(name="islands", islands=4, capacity=2, migrate_every=migrate_every))
        strategy.tell(Elite(VariantId("initial"), (0.0,), 0), 0)
        strategy.tell(Elite(VariantId("star"), (100.0,), 1), 2)
        for born in range(2, 60):
            strategy.tell(Elite(VariantId(f"v{born}"), (-1.0 - born,), born), born % 4)
        asks = [strategy.ask(1, Random(seed)) for seed in range(400)]
        return len({ask.niche for ask in asks if ask.parents == ("star",)})

    assert islands_with_the_star(migrate_every=5) == 4
    assert islands_with_the_star(migrate_every=1000) == 1


def test_random_accumulates_nothing() -> None:
    strategy, _ = told(StrategyConfig(name="random"))
    assert {strategy.ask(1, Random(seed)).parents for seed in range(50)} == {("initial",)}


def test_capacity_bounds_what_is_kept() -> None:
    small, large = (told(StrategyConfig(name="topk", capacity=size))[0].kept() for size in (3, 30))
    assert (len(small), len(large)) == (3, 30)


def test_better_elites_are_drawn_more_often() -> None:
    strategy = make_strategy(StrategyConfig(name="topk"))
    for born, gain in enumerate((0.0, 1.0, 2.0)):
        strategy.tell(Elite(VariantId(f"v{born}"), (gain,), born), 0)
    drawn = Counter[str](strategy.ask(1, Random(seed)).parents[0] for seed in range(600))
    assert drawn["v2"] > drawn["v1"] > drawn["v0"] > 0


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"'hill'.*islands, topk, random"):
        make_strategy(StrategyConfig(name="hill"))
