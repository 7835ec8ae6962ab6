"""Every strategy: parents are held, answers are true, the best is never lost, state follows from what was told."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings

from cambrian.core.errors import UsageError
from cambrian.core.ids import VariantId
from cambrian.search.archives import Elite
from cambrian.search.strategies import STRATEGIES, Ask, Told, make_strategy
from cambrian.search.strategy_config import NAMES, StrategyConfig

from .trial import INITIAL, Step, begun, configs, first, play, steps

every = pytest.mark.parametrize("name", NAMES)


def test_there_is_one_for_every_name() -> None:
    assert tuple(STRATEGIES) == NAMES


@settings(max_examples=200, deadline=None)
@given(configs, steps)
def test_what_it_says_is_what_happens_and_the_best_is_never_lost(config: StrategyConfig, script: list[Step]) -> None:
    strategy = make_strategy(config)
    strategy.started(0)
    start = first(strategy)
    assert strategy.tell(start).status
    held = {INITIAL}
    good: list[Elite] = [start.elite] if start.elite else []

    def check(ask: Ask, told: Told) -> None:
        assert set(strategy.ask(3, Random(1)).parents) <= held
        insert = strategy.tell(told)
        if insert.status and told.elite:
            held.add(told.elite.variant)
        held.difference_update(insert.evicted)
        assert set(strategy.held) == held, "whoever keeps the programs must be told of everyone who comes and goes"
        if told.elite:
            good.append(told.elite)
        best = max(elite.rank for elite in good)
        assert best in {elite.rank for elite in good if elite.variant in held}

    play(strategy, script, check)


@settings(max_examples=100, deadline=None)
@given(configs, steps)
def test_replaying_the_tells_gives_the_same_strategy(config: StrategyConfig, script: list[Step]) -> None:
    one, two = begun(config), begun(config)
    assert play(one, script) == play(two, script)
    assert set(one.held) == set(two.held)
    asks = [[strategy.ask(2, Random(seed)) for seed in range(9)] for strategy in (one, two)]
    assert asks[0] == asks[1]


@settings(max_examples=100, deadline=None)
@given(configs, steps)
def test_asking_changes_nothing(config: StrategyConfig, script: list[Step]) -> None:
    strategy = begun(config)
    play(strategy, script)
    before = [strategy.ask(2, Random(seed)) for seed in range(5)]
    assert [strategy.ask(2, Random(seed)) for seed in range(5)] == before


@every
def test_parents_are_different_and_the_first_is_not_worse_than_the_second(name: str) -> None:
    strategy = begun(StrategyConfig(name=name))
    rank: dict[str, tuple[float, ...]] = {INITIAL: (0.0, 0.0)}
    rng = Random(7)
    for born in range(1, 120):
        ask = strategy.ask(3, rng)
        assert len(set(ask.parents)) == len(ask.parents) >= 1
        assert [rank[parent] for parent in ask.parents] == sorted((rank[p] for p in ask.parents), reverse=True)
        strategy.started(ask.niche)
        elite = Elite(VariantId(f"v{born}"), (rng.random(), rng.random()), born, (rng.random(), rng.random()))
        rank[elite.variant] = elite.rank
        strategy.tell(Told(niche=ask.niche, elite=elite))


@every
def test_before_anything_was_told_there_are_no_parents(name: str) -> None:
    with pytest.raises(LookupError, match="tell the initial program first"):
        make_strategy(StrategyConfig(name=name)).ask(1, Random(0))


@every
def test_an_initial_program_that_fails_settles_nothing(name: str) -> None:
    strategy = make_strategy(StrategyConfig(name=name))
    strategy.started(0)
    strategy.tell(Told(niche=0))
    assert not strategy.held
    strategy.started(0)
    strategy.tell(first(strategy))
    assert set(strategy.held) == {INITIAL}


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"'hill'.*islands, map_elites, pareto, topk, beam"):
        make_strategy(StrategyConfig(name="hill"))
