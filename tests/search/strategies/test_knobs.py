"""Every knob of every strategy changes what it does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import Random

import pytest

from cambrian.core.errors import UsageError
from cambrian.core.ids import VariantId
from cambrian.search.archives import Elite
from cambrian.search.strategies import Strategy, Told
from cambrian.search.strategies.portfolio import Portfolio
from cambrian.search.strategy_config import BeamConfig, GridConfig, Kind, Migration, StrategyConfig

from .trial import INITIAL, begun, climb


def tell(strategy: Strategy, born: int, gain: float, niche: int = 0, features: tuple[float, ...] = ()) -> VariantId:
    """One child that was evaluated well; its id."""
    elite = Elite(VariantId(f"v{born}"), (gain, 0.0), born, features)
    strategy.started(niche)
    strategy.tell(Told(niche=niche, elite=elite))
    return elite.variant


def fail(strategy: Strategy, count: int, niche: int = 0) -> None:
    """So many children that failed."""
    for _ in range(count):
        strategy.started(niche)
        strategy.tell(Told(niche=niche))


def parents(strategy: Strategy, draws: int = 300) -> set[str]:
    """Everyone who is a first parent in so many asks, exceptions apart."""
    drawn = Counter[str](strategy.ask(1, Random(seed)).parents[0] for seed in range(draws))
    return {parent for parent, count in drawn.items() if count > draws / 12}


# ---------------------------------------------------------------------------------------------------------- topk


def test_capacity_bounds_what_is_held() -> None:
    sizes = [len(climb(StrategyConfig(name="topk", capacity=size), Random.random, 200).held) for size in (3, 30)]
    assert sizes == [3, 30]


def test_better_elites_are_drawn_more_often() -> None:
    strategy = begun(StrategyConfig(name="topk"))
    tell(strategy, 1, 1.0)
    tell(strategy, 2, 2.0)
    drawn = Counter[str](strategy.ask(1, Random(seed)).parents[0] for seed in range(600))
    assert drawn["v2"] > drawn["v1"] > drawn[INITIAL] > 0


# ------------------------------------------------------------------------------------------------------- islands


@pytest.mark.parametrize("count", [1, 5])
def test_every_island_receives_children(count: int) -> None:
    strategy = begun(StrategyConfig(name="islands", islands=count))
    niches = Counter(strategy.ask(1, Random(seed)).niche for seed in range(300))
    assert set(niches) == set(range(count))
    assert min(niches.values()) > 30


def _islands_with(star: str, strategy: Strategy) -> int:
    asks = [strategy.ask(1, Random(seed)) for seed in range(400)]
    return len({ask.niche for ask in asks if ask.parents == (star,)})


@pytest.mark.parametrize(("migrate_every", "islands"), [(5, 4), (1000, 1)])
@pytest.mark.parametrize("migration", ["ring", "random"])
def test_migration_carries_the_best_to_every_island(migrate_every: int, islands: int, migration: Migration) -> None:
    strategy = begun(
        StrategyConfig(name="islands", capacity=2, migrate_every=migrate_every, migration=migration, patience=1000)
    )
    star = tell(strategy, 1, 100.0, niche=2)
    for born in range(2, 60):
        tell(strategy, born, -1.0 - born, niche=born % 4)
    assert _islands_with(star, strategy) == islands


def test_a_ring_and_a_random_migration_go_to_different_islands() -> None:
    def where(migration: Migration) -> list[int]:
        found: list[int] = []
        for star in range(12):
            strategy = begun(StrategyConfig(name="islands", migrate_every=1, migration=migration, islands=6))
            variant = tell(strategy, 1 + star, 100.0, niche=2)
            niches = {
                ask.niche for ask in (strategy.ask(1, Random(seed)) for seed in range(600)) if variant in ask.parents
            }
            found += niches - {2}
        return found

    assert set(where("ring")) == {3}
    assert len(set(where("random"))) > 2


@pytest.mark.parametrize(("patience", "fresh"), [(10, True), (1000, False)])
def test_an_island_that_stands_still_is_settled_anew(patience: int, fresh: bool) -> None:
    strategy = begun(StrategyConfig(name="islands", islands=2, migrate_every=1000, patience=patience))
    old, best = tell(strategy, 1, 1.0, niche=0), tell(strategy, 2, 5.0, niche=1)
    fail(strategy, 12, niche=0)
    assert (old not in strategy.held) == fresh
    assert (_islands_with(best, strategy) == 2) == fresh


@pytest.mark.parametrize(
    ("kind", "dimensions"), [("topk", ()), ("pareto", ()), ("grid", ("length",)), ("cvt", ("length",))]
)
def test_islands_are_made_of_the_archive_that_is_named(kind: Kind, dimensions: tuple[str, ...]) -> None:
    config = StrategyConfig(
        name="islands", archive=kind, islands=1, capacity=8, grid=GridConfig(dimensions=("length",), bounds=((0, 10),))
    )
    strategy = begun(config)
    assert strategy.dimensions == dimensions
    for born in range(1, 9):
        elite = Elite(VariantId(f"v{born}"), (float(born), 1.0), born, (5.0,))
        strategy.tell(Told(niche=0, elite=elite))
    assert len(strategy.held) == {"topk": 8, "pareto": 1, "grid": 2, "cvt": 2}[kind], "initial and one cell, in a map"


# ---------------------------------------------------------------------------------------------------- map_elites


def _mapped(grid: GridConfig, archive: Kind | None = None) -> int:
    strategy, rng = begun(StrategyConfig(name="map_elites", grid=grid, archive=archive)), Random(1)
    for born in range(1, 400):
        features = tuple(10 * rng.random() for _ in grid.dimensions)
        tell(strategy, born, rng.random(), features=features)
    return len(strategy.held)


def test_the_map_has_the_size_that_its_knobs_say() -> None:
    bounds = ((0.0, 10.0), (0.0, 10.0))
    assert _mapped(GridConfig(bins=2, bounds=bounds)) <= 4 + 1
    assert _mapped(GridConfig(bins=6, bounds=bounds)) > 30
    assert _mapped(GridConfig(bins=6, dimensions=("a",), bounds=((0.0, 10.0),))) <= 6 + 1
    assert _mapped(GridConfig(bins=6, bounds=((0.0, 1e6), (0.0, 1e6)))) <= 1 + 1
    assert _mapped(GridConfig(cells=5, bounds=bounds), "cvt") <= 5 + 1
    assert _mapped(GridConfig(cells=50, bounds=bounds), "cvt") > 40


def test_a_worse_one_of_another_kind_becomes_a_parent() -> None:
    strategy = begun(StrategyConfig(name="map_elites", grid=GridConfig(bounds=((0, 10), (0, 10)))))
    tell(strategy, 1, 5.0, features=(1.0, 1.0))
    other, same = tell(strategy, 2, -5.0, features=(9.0, 9.0)), tell(strategy, 3, 4.0, features=(1.0, 1.0))
    assert other in parents(strategy)
    assert same not in parents(strategy)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: StrategyConfig(name="map_elites", archive="pareto"), r"'pareto', which is no map; .*grid or cvt"),
        (lambda: GridConfig(dimensions=()), "name at least one"),
        (lambda: GridConfig(dimensions=("a", "a")), "each once"),
        (lambda: GridConfig(bounds=((0, 1),)), "1 pairs for 2 dimensions"),
        (lambda: GridConfig(dimensions=("a",), bounds=((3, 1),)), "low < high"),
        (lambda: GridConfig(bins=0), "bins is 0"),
        (lambda: GridConfig(cells=0), "cells is 0"),
        (lambda: BeamConfig(width=0), "width is 0"),
        (lambda: BeamConfig(children=0), "children is 0"),
        (lambda: StrategyConfig(patience=0), "patience is 0"),
        (lambda: StrategyConfig(members=()), "at least one strategy"),
        (lambda: StrategyConfig(members=("portfolio",)), "'portfolio'; choose from islands"),
        (lambda: StrategyConfig(members=("beam", "beam")), "each once"),
    ],
)
def test_what_cannot_be_is_refused_with_the_fix(make: Callable[[], object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        make()


# -------------------------------------------------------------------------------------------------------- pareto


def test_what_is_best_in_something_becomes_a_parent() -> None:
    strategy = begun(StrategyConfig(name="pareto"))
    for born, rank in enumerate([(1.0, 5.0), (5.0, 1.0), (1.0, 1.0), (3.0, 3.0)], start=1):
        strategy.tell(Told(niche=0, elite=Elite(VariantId(f"v{born}"), rank, born)))
    assert parents(strategy) == {"v1", "v2", "v4"}
    assert set(strategy.held) == {"v1", "v2", "v4"}


# ---------------------------------------------------------------------------------------------------------- beam


def _levels(beam: BeamConfig, count: int) -> tuple[int, int]:
    """Level after so many children, and members of it."""
    strategy = climb(StrategyConfig(name="beam", beam=beam), Random.random, count)
    niches = {strategy.ask(1, Random(seed)).niche for seed in range(600)} - {0}
    return min(niches) // beam.width, len(niches)


def test_a_beam_goes_on_when_every_member_had_its_children() -> None:
    assert _levels(BeamConfig(width=3, children=4), 3) == (1, 1)
    assert _levels(BeamConfig(width=3, children=4), 4) == (2, 3)
    assert _levels(BeamConfig(width=3, children=4), 4 + 11) == (2, 3)
    assert _levels(BeamConfig(width=3, children=4), 4 + 12) == (3, 3)
    assert _levels(BeamConfig(width=2, children=2), 2 + 4) == (3, 2)


def test_failures_count_as_children_and_cancelled_ones_do_not() -> None:
    strategy = begun(StrategyConfig(name="beam", beam=BeamConfig(width=2, children=3)))
    better = tell(strategy, 1, 1.0, niche=2)
    for _ in range(9):
        strategy.started(2)
        strategy.tell(Told(niche=2, cancelled=True))
    assert parents(strategy) == {INITIAL}
    fail(strategy, 2, niche=2)
    assert parents(strategy) == {INITIAL, better}


def test_members_that_lack_children_go_first() -> None:
    strategy = begun(StrategyConfig(name="beam", beam=BeamConfig(width=2, children=10)))
    for born in range(1, 11):
        tell(strategy, born, float(born), niche=2)
    for _ in range(10):
        strategy.started(2 * 2)  # the first member of the second level has its children in flight
    drawn = Counter(strategy.ask(1, Random(seed)).niche for seed in range(300))
    assert drawn[2 * 2 + 1] > 280


@pytest.mark.parametrize("worse", [True, False])
def test_a_beam_leaves_a_level_whose_children_are_all_worse(worse: bool) -> None:
    strategy = begun(StrategyConfig(name="beam", beam=BeamConfig(width=1, children=2)))
    top = tell(strategy, 1, 5.0, niche=1)
    fail(strategy, 1, niche=1)
    for born in range(2, 6):  # two levels of two children
        assert parents(strategy) == {top}
        if worse:
            tell(strategy, born, born / 10, niche=born)
        else:
            fail(strategy, 1, niche=born)
    assert (parents(strategy) == {"v5"}) == worse, "of children who all failed nobody can be the next level"
    assert top in strategy.held


def test_a_beam_asks_the_next_level_now_and_then() -> None:
    """Where nothing new can be made of any member, no child is ever told, and the level would never end."""
    strategy = begun(StrategyConfig(name="beam", beam=BeamConfig(width=3, children=50)))
    child = tell(strategy, 1, 5.0, niche=3)
    drawn = Counter[str](strategy.ask(1, Random(seed)).parents[0] for seed in range(1000))
    assert 0 < drawn[child] < 80


# ------------------------------------------------------------------------------------------------------ one point


@pytest.mark.parametrize("children", [2, 5])
def test_best_of_n_goes_to_the_best_of_n(children: int) -> None:
    strategy = begun(StrategyConfig(name="best_of_n", beam=BeamConfig(children=children)))
    first = tell(strategy, 1, 9.0)
    fail(strategy, children - 2)
    assert parents(strategy) == {INITIAL}
    tell(strategy, 2, 3.0)
    assert parents(strategy) == {first}
    fail(strategy, 3 * children)
    assert parents(strategy) == {first}, "a round without a better one changes nothing"


def test_hill_climbing_goes_to_the_first_better_one() -> None:
    strategy = begun(StrategyConfig(name="hill_climbing"))
    tell(strategy, 1, -1.0)
    assert parents(strategy) == {INITIAL}
    step = tell(strategy, 2, 0.5)
    assert parents(strategy) == {step}
    assert set(strategy.held) == {step}


@pytest.mark.parametrize("patience", [1, 4])
def test_hill_climbing_goes_sideways_so_many_times_in_a_row(patience: int) -> None:
    strategy = begun(StrategyConfig(name="hill_climbing", patience=patience))
    path = [tell(strategy, born, 0.0) for born in range(1, 8)]
    assert parents(strategy) == {path[patience - 1]}
    tell(strategy, 10, 1.0)
    sideways = tell(strategy, 11, 1.0)
    assert parents(strategy) == {sideways}, "a better one gives the patience back"


@pytest.mark.parametrize("patience", [3, 9])
def test_random_restart_begins_again_after_so_many_children(patience: int) -> None:
    strategy = begun(StrategyConfig(name="random_restart", patience=patience))
    top = tell(strategy, 1, 5.0)
    fail(strategy, patience - 1)
    assert parents(strategy) == {top}
    fail(strategy, 1)
    assert parents(strategy) == {INITIAL}
    assert top in strategy.held, "the best stays known"
    tell(strategy, 2, 9.0)  # a late child of the first climb
    assert parents(strategy) == {INITIAL}
    again = tell(strategy, 3, 1.0, niche=1)
    assert parents(strategy) == {again}


def test_random_accumulates_nothing() -> None:
    strategy = climb(StrategyConfig(name="random"), Random.random, 100)
    assert parents(strategy) == {INITIAL}
    assert len(strategy.held) == 2


# ------------------------------------------------------------------------------------------------------ portfolio


def _portfolio(patience: int = 60) -> Portfolio:
    members = ("topk", "random", "hill_climbing")
    strategy = begun(StrategyConfig(name="portfolio", members=members, patience=patience))
    assert isinstance(strategy, Portfolio)
    return strategy


def _shares(strategy: Strategy, members: int) -> Counter[int]:
    return Counter(strategy.ask(1, Random(seed)).niche % members for seed in range(600))


def test_every_member_gets_a_first_turn() -> None:
    strategy = _portfolio()
    turns: list[int] = []
    for born in range(1, 4):
        niche = strategy.ask(1, Random(born)).niche
        turns.append(niche % 3)
        fail(strategy, 1, niche=niche)
    assert turns == [0, 1, 2]


def test_who_pays_gets_more() -> None:
    strategy = _portfolio(patience=10_000)
    for born in range(1, 400):
        niche = born % 3
        strategy.started(niche)
        strategy.tell(Told(niche=niche, reward=1.0 if niche == 1 and born % 4 == 1 else 0.0))
    shares = _shares(strategy, 3)
    assert shares[1] > 3 * max(shares[0], shares[2])


def test_what_costs_more_for_the_same_gets_less() -> None:
    strategy = _portfolio(patience=10_000)
    for born in range(1, 300):
        niche = born % 3
        strategy.started(niche)
        strategy.tell(Told(niche=niche, reward=0.5, cost=20.0 if niche == 2 else 1.0))
    assert _shares(strategy, 3)[2] < min(_shares(strategy, 3)[0], _shares(strategy, 3)[1]) / 5


@pytest.mark.parametrize(("patience", "rests"), [(10, True), (1000, False)])
def test_on_a_plateau_who_spent_the_most_rests(patience: int, rests: bool) -> None:
    strategy = _portfolio(patience=patience)
    tell(strategy, 1, 5.0, niche=0)
    for niche in (0, 1, 2):
        fail(strategy, 1, niche=niche)
    fail(strategy, 7, niche=1)
    assert (strategy.resting == "random") == rests
    assert (_shares(strategy, 3)[1] == 0) == rests
    tell(strategy, 2, 6.0, niche=0)
    assert strategy.resting is None, "a new best ends the plateau"


STAR = Elite(VariantId("star"), (7.0, 7.0), 99, (5.0, 5.0))
HEARS = {
    "islands": True, "map_elites": True, "pareto": True, "topk": True, "beam": True, "best_of_n": True,
    "hill_climbing": False, "random_restart": False, "random": False,
}  # fmt: skip


@pytest.mark.parametrize(("name", "hears"), HEARS.items())
def test_strategies_take_what_others_found_where_it_helps(name: str, hears: bool) -> None:
    strategy = begun(StrategyConfig(name=name))
    assert bool(strategy.hear(STAR).status) == (STAR.variant in strategy.held) == hears
    fail(strategy, 8)  # whoever counts rounds or levels has come to the next one
    assert (STAR.variant in {parent for seed in range(90) for parent in strategy.ask(2, Random(seed)).parents}) == hears


def test_hill_climbing_goes_where_others_are_when_it_is_stuck() -> None:
    strategy = begun(StrategyConfig(name="hill_climbing", patience=3))
    fail(strategy, 2)
    strategy.hear(STAR)
    assert parents(strategy) == {INITIAL}
    fail(strategy, 1)
    strategy.hear(STAR)
    assert parents(strategy) == {STAR.variant}


def test_members_of_a_portfolio_hear_of_each_other() -> None:
    strategy = begun(StrategyConfig(name="portfolio", members=("topk", "random", "islands")))
    star = tell(strategy, 1, 7.0, niche=1)  # found by random
    asks = [strategy.ask(1, Random(seed)) for seed in range(900)]
    assert star in {ask.parents[0] for ask in asks if ask.niche % 3 == 0}, "topk has it"
    for niche in (0, 1, 2):  # everyone has had a turn
        fail(strategy, 1, niche=niche)
    asks = [strategy.ask(1, Random(seed)) for seed in range(900)]
    assert star in {ask.parents[0] for ask in asks if ask.niche % 3 == 2}, "one of the islands has it"
    assert star not in {ask.parents[0] for ask in asks if ask.niche % 3 == 1}, "random wants no news"


def test_a_portfolio_takes_the_members_that_are_named() -> None:
    names = ("beam", "islands")
    strategy = begun(StrategyConfig(name="portfolio", members=names))
    assert {strategy.ask(1, Random(seed)).niche % 2 for seed in range(300)} <= {0, 1}
    mapped = begun(StrategyConfig(name="portfolio", members=("beam", "map_elites")))
    assert (strategy.dimensions, mapped.dimensions) == ((), ("length", "complexity"))
