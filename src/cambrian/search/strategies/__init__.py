"""Strategies: who becomes a parent, and where a child belongs. Ask/tell, no I/O; see `strategy` for the contract.

Index:
    strategy    what every strategy is: `Ask`, `Told`, `Strategy`
    archived    topk, pareto, map_elites: one archive
    islands     several archives with migration
    beam        level by level
    single      hill climbing, random restart, best of n, random: one point
    slots       a handful of elites by name
    portfolio   several strategies share one search
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from cambrian.core.errors import UsageError
from cambrian.search.strategy_config import StrategyConfig

from .archived import MapElites, ParetoStrategy, TopKStrategy
from .beam import Beam
from .islands import IslandsStrategy
from .portfolio import Portfolio
from .single import BestOfN, HillClimbing, RandomRestart, RandomStrategy
from .strategy import Ask, Strategy, Told

__all__ = ["STRATEGIES", "Ask", "Strategy", "Told", "make_strategy"]


def _portfolio(config: StrategyConfig) -> Portfolio:
    kinds = {name: msgspec.structs.replace(config, name=name, archive=None) for name in config.members}
    return Portfolio(config, lambda name: make_strategy(kinds[name]))


STRATEGIES: dict[str, Callable[[StrategyConfig], Strategy]] = {
    "islands": IslandsStrategy,
    "map_elites": MapElites,
    "pareto": ParetoStrategy,
    "topk": TopKStrategy,
    "beam": Beam,
    "best_of_n": BestOfN,
    "hill_climbing": HillClimbing,
    "random_restart": RandomRestart,
    "random": RandomStrategy,
    "portfolio": _portfolio,
}
"""Every strategy by its name in ``strategy.name``."""


def make_strategy(config: StrategyConfig) -> Strategy:
    """The strategy of a configuration.

    Raises:
        UsageError: no such strategy, or knobs that do not go together.
    """
    make = STRATEGIES.get(config.name)
    if make is None:
        raise UsageError(f"strategy.name is {config.name!r}; choose from {', '.join(STRATEGIES)}")
    return make(config)
