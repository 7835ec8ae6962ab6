"""Islands of any archive: everyone gets migrants, nobody loses the best, and who is held is who stands somewhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.core.ids import VariantId
from cambrian.search.archives import Archive, Elite, Grid, Islands, Pareto, Scale, TopK
from cambrian.search.strategy_config import Migration

from .elites import elites

MAKERS: dict[str, Callable[[], Archive]] = {
    "topk": lambda: TopK(3),
    "grid": lambda: Grid(Scale(), bins=3),
    "pareto": lambda: Pareto(3),
}
RING: list[Migration] = ["ring", "random"]


@pytest.mark.parametrize("migration", RING)
@pytest.mark.parametrize("make", MAKERS.values(), ids=list(MAKERS))
@given(given_elites=elites(2, features=2), moves=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9)), max_size=60))
def test_who_left_is_who_stands_nowhere(
    make: Callable[[], Archive], migration: Migration, given_elites: list[Elite], moves: list[tuple[int, int]]
) -> None:
    islands, expected = Islands(make, 4, migration=migration), set[VariantId]()
    for step, (elite, (niche, move)) in enumerate(zip(given_elites, moves, strict=False)):
        insert = islands.settle(elite) if step == 0 else islands.add(niche, elite)
        expected |= {elite.variant} if insert.status else set()
        expected -= set(insert.evicted)
        if move == 0:
            expected -= set(islands.migrate(str(step)))
        if move == 1:
            expected -= set(islands.restart(niche, str(step)))
        standing = {elite.variant for index in range(4) for elite in islands[index]}
        assert set(islands.held) == standing == expected
        assert islands.best == max(given_elites[: step + 1], key=lambda item: item.order)


def _apart(migration: Migration) -> Islands:
    islands = Islands(lambda: TopK(2), 5, migration=migration)
    for niche in range(5):
        islands.add(niche, Elite(VariantId(f"home{niche}"), (float(niche),), niche))
    return islands


def test_along_the_ring_each_best_moves_on_by_one() -> None:
    islands = _apart("ring")
    assert islands.migrate("any") == ()
    for niche in range(5):
        assert set(islands[niche].held) == {f"home{niche}", f"home{(niche - 1) % 5}"}


def test_at_random_everyone_gets_one_from_elsewhere_and_not_always_the_same() -> None:
    origins: set[str] = set()
    for seed in range(20):
        islands = _apart("random")
        islands.migrate(str(seed))
        for niche in range(5):
            [guest] = set(islands[niche].held) - {VariantId(f"home{niche}")}
            if niche == 0:
                origins.add(guest)
    assert origins == {"home1", "home2", "home3", "home4"}


def test_a_new_start_takes_the_best_of_another_island() -> None:
    islands = _apart("ring")
    assert islands.restart(0, "seed") == ("home0",)
    [settler] = islands[0].held
    assert settler in {"home1", "home2", "home3", "home4"}


def test_the_island_that_alone_holds_the_best_is_not_given_up() -> None:
    islands = _apart("ring")
    assert islands.restart(4, "seed") == ()
    assert set(islands[4].held) == {"home4"}
    islands.migrate("any")
    islands.restart(4, "seed")
    assert "home4" in islands.held


def test_a_single_island_is_never_given_up() -> None:
    islands = Islands(lambda: TopK(2), 1)
    islands.settle(Elite(VariantId("only"), (1.0,), 0))
    assert islands.restart(0, "seed") == ()
    assert islands.migrate("seed") == ()
    assert set(islands.held) == {"only"}
