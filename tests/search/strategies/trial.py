"""Runs a strategy alone: a script proposes and scores, some candidates fail, are cancelled, or come late."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from hypothesis import strategies as st

from cambrian.core.ids import VariantId
from cambrian.search.archives import Elite
from cambrian.search.strategies import Ask, Strategy, Told, make_strategy
from cambrian.search.strategy_config import NAMES, BeamConfig, GridConfig, StrategyConfig

INITIAL = VariantId("initial")


def first(strategy: Strategy) -> Told:
    """What is told of the initial program."""
    return Told(niche=0, elite=Elite(INITIAL, (0.0, 0.0), 0, (0.0,) * len(strategy.dimensions)), reward=1.0)


def begun(config: StrategyConfig) -> Strategy:
    """A strategy that was told the initial program, as the engine does it."""
    strategy = make_strategy(config)
    strategy.started(0)
    strategy.tell(first(strategy))
    return strategy


class Step:
    """What one step of a trial does; see `steps`."""

    def __init__(self, kind: str, ranks: tuple[float, float], late: int) -> None:
        self.kind, self.ranks, self.late = kind, ranks, late

    def __repr__(self) -> str:
        return f"Step({self.kind!r}, {self.ranks!r}, {self.late!r})"


steps = st.lists(
    st.builds(
        Step,
        st.sampled_from(["good", "good", "good", "failed", "cancelled"]),
        st.tuples(st.integers(-2, 4).map(float), st.integers(-2, 2).map(float)),
        st.integers(0, 3),
    ),
    max_size=80,
)
configs = st.builds(
    StrategyConfig,
    name=st.sampled_from(NAMES),
    archive=st.sampled_from([None, "grid", "cvt"]),
    islands=st.integers(1, 4),
    capacity=st.integers(1, 5),
    migrate_every=st.integers(1, 10),
    migration=st.sampled_from(["ring", "random"]),
    patience=st.integers(1, 10),
    members=st.lists(st.sampled_from(NAMES[:-1]), min_size=1, max_size=4, unique=True).map(tuple),
    grid=st.builds(GridConfig, bins=st.integers(1, 4), cells=st.integers(1, 5)),
    beam=st.builds(BeamConfig, width=st.integers(1, 3), children=st.integers(1, 4)),
)


def play(strategy: Strategy, script: list[Step], check: Callable[[Ask, Told], None] | None = None) -> list[Ask]:
    """Ask and tell along a script, with up to four candidates in flight; every ask that was made."""
    asks: list[Ask] = []
    waiting: list[tuple[int, Told, Ask]] = []
    for born, step in enumerate(script, start=1):
        ask = strategy.ask(2, Random(born))
        asks.append(ask)
        strategy.started(ask.niche)
        elite = Elite(VariantId(f"v{born}"), step.ranks, born, step.ranks) if step.kind == "good" else None
        told = Told(niche=ask.niche, elite=elite, cancelled=step.kind == "cancelled", reward=0.2)
        waiting.append((born + step.late, told, ask))
        for item in [item for item in waiting if item[0] <= born]:
            waiting.remove(item)
            if check:
                check(item[2], item[1])
            else:
                strategy.tell(item[1])
    return asks


def climb(config: StrategyConfig, gain: Callable[[Random], float], count: int, *, seed: int = 0) -> Strategy:
    """Tell `count` children, one at a time, with random gains."""
    strategy, rng = begun(config), Random(seed)
    for born in range(1, count + 1):
        ask = strategy.ask(1, rng)
        strategy.started(ask.niche)
        rank = gain(rng), 0.0
        strategy.tell(Told(niche=ask.niche, elite=Elite(VariantId(f"v{born}"), rank, born, rank)))
    return strategy
