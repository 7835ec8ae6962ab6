"""The K-module problem: populations get through where climbing from one point does not.

Four modules with five options each, 625 programs; the score is how many modules are right, not which. The script that
proposes stands for a model: asked about the same parent it has the same few ideas, some of which change two modules at
once; with two parents it may take each module from either. So a point whose ideas are used up is a dead end, however
often it is asked, and only other points, or two of them together, lead on.
"""

from __future__ import annotations

import statistics
from functools import cache
from random import Random

import pytest

from cambrian.core.ids import VariantId
from cambrian.search.archives import Elite
from cambrian.search.strategies import Told, make_strategy
from cambrian.search.strategy_config import BeamConfig, GridConfig, StrategyConfig

MODULES, OPTIONS, IDEAS = 4, 5, 5
BUDGET = 250
STUCK = 400
"""Repetitions in a row after which a search gives up; the engine's own number."""
Program = tuple[int, ...]


@cache
def ideas(parent: Program, seed: int) -> list[Program]:
    """What the script can think of for a parent: always the same."""
    rng, found = Random(f"{seed}:{parent}"), list[Program]()
    for _ in range(IDEAS):
        child = list(parent)
        for place in rng.sample(range(MODULES), rng.choice([1, 2])):
            child[place] = rng.randrange(OPTIONS)
        found.append(tuple(child))
    return found


def solve(config: StrategyConfig, seed: int) -> int:
    """Evaluations until all four are right; `BUDGET` if they never are."""
    strategy, rng = make_strategy(config), Random(f"{seed}:{config.name}")
    answer = tuple(Random(seed).randrange(OPTIONS) for _ in range(MODULES))
    initial: Program = tuple((option + 1) % OPTIONS for option in answer)
    programs = {VariantId("v0"): initial}

    def told(variant: VariantId, niche: int, born: int) -> int:
        right = sum(a == b for a, b in zip(programs[variant], answer, strict=True))
        features = tuple(float(option) for option in programs[variant][: len(strategy.dimensions)])
        strategy.started(niche)
        strategy.tell(Told(niche=niche, elite=Elite(variant, (float(right),), born, features)))
        return right

    told(VariantId("v0"), 0, 0)
    seen = {initial}
    repeated = 0
    while repeated < STUCK and len(seen) <= BUDGET:
        ask = strategy.ask(2, rng)
        parents = [programs[variant] for variant in ask.parents]
        child = rng.choice(ideas(parents[0], seed))
        if len(parents) > 1 and rng.random() < 0.5:
            child = tuple(rng.choice(options) for options in zip(*parents, strict=True))
        if child in seen:  # costs no evaluation, as in the engine
            repeated += 1
            continue
        repeated = 0
        seen.add(child)
        variant = VariantId(f"v{len(seen) - 1}")
        programs[variant] = child
        if told(variant, ask.niche, len(seen) - 1) == MODULES:
            return len(seen)
    return BUDGET


def solved(name: str) -> tuple[int, float]:
    """How many of 24 problems are solved, and the median number of evaluations."""
    grid = GridConfig(dimensions=("first", "second"), bins=5, bounds=((0, 5), (0, 5)))
    config = StrategyConfig(name=name, patience=20, grid=grid, beam=BeamConfig(width=6, children=4))
    counts = [solve(config, seed) for seed in range(24)]
    return sum(count < BUDGET for count in counts), statistics.median(counts)


@pytest.mark.parametrize("name", ["islands", "map_elites", "topk", "beam", "portfolio"])
def test_populations_find_all_four(name: str) -> None:
    assert solved(name)[0] >= 19


@pytest.mark.parametrize("name", ["hill_climbing", "random_restart", "best_of_n", "random"])
def test_one_point_alone_gets_stuck(name: str) -> None:
    assert solved(name)[0] <= 7
