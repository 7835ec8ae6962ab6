"""Top-k archive: the best are never lost, never more than its capacity."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cambrian.core.ids import VariantId
from cambrian.search.archives import Elite, Insert, TopK
from cambrian.search.facts import AddStatus

from .elites import elites


@given(elites(), st.integers(1, 8))
def test_it_holds_the_best_of_what_it_was_given(given_elites: list[Elite], capacity: int) -> None:
    archive = TopK(capacity)
    for item in given_elites:
        archive.add(item)
    assert list(archive) == sorted(given_elites, key=lambda item: item.order, reverse=True)[:capacity]


def test_the_three_answers() -> None:
    archive = TopK(1)
    assert archive.add(Elite(VariantId("a"), (1.0,), 0)) == Insert(AddStatus.NEW)
    assert archive.add(Elite(VariantId("b"), (0.5,), 1)) == Insert(AddStatus.NOT_ADDED)
    assert archive.add(Elite(VariantId("c"), (2.0,), 2)) == Insert(AddStatus.IMPROVED, (VariantId("a"),))
    assert archive.add(Elite(VariantId("c"), (9.0,), 3)) == Insert(AddStatus.NOT_ADDED)


def test_an_older_elite_wins_a_tie() -> None:
    archive = TopK(1)
    archive.add(Elite(VariantId("old"), (1.0,), 0))
    archive.add(Elite(VariantId("new"), (1.0,), 1))
    assert archive.best is not None
    assert archive.best.variant == "old"
