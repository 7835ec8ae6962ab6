"""A variant whose rank changes afterwards: wherever it stands, and whoever leads then."""

from __future__ import annotations

import pytest

from cambrian.core.ids import VariantId
from cambrian.search.archives import Elite, Pareto
from cambrian.search.strategies import STRATEGIES, Told, make_strategy
from cambrian.search.strategy_config import StrategyConfig


def elite(number: int, value: float) -> Elite:
    return Elite(VariantId(f"{number:064x}"), (value,), number)


@pytest.mark.parametrize("name", sorted(STRATEGIES))
def test_the_leader_can_fall_back(name: str) -> None:
    strategy = make_strategy(StrategyConfig(name=name))
    first, lucky = elite(0, 1.0), elite(1, 9.0)
    strategy.tell(Told(niche=0, elite=first))
    strategy.started(0)
    strategy.tell(Told(niche=0, elite=lucky))
    assert strategy.best is not None
    assert strategy.best.variant == lucky.variant
    strategy.revise(lucky.variant, (0.5,))
    assert strategy.best is not None
    assert strategy.best.rank == ((1.0,) if first.variant in strategy.held else (0.5,))
    assert strategy.revise(elite(7, 0.0).variant, (3.0,)) == ()


def test_a_front_gives_up_who_is_beaten_now() -> None:
    front = Pareto(8)
    a, b = VariantId("a" * 64), VariantId("b" * 64)
    front.add(Elite(a, (2.0, 1.0), 0))
    front.add(Elite(b, (1.0, 2.0), 1))
    assert front.revise(b, (1.5, 0.5)) == (b,)
    assert [one.variant for one in front] == [a]
    assert front.revise(a, (0.0, 0.0)) == ()
    assert [one.rank for one in front] == [(0.0, 0.0)]
