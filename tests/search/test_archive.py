"""Top-k archive: the best is never lost, each variant once, never more than its capacity."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cambrian.core.ids import VariantId
from cambrian.search.archive import Elite, TopK
from cambrian.search.facts import AddStatus


def elite(name: int, gain: float, born: int) -> Elite:
    return Elite(VariantId(str(name)), (gain,), born)


elites = st.lists(
    st.builds(elite, st.integers(0, 300), st.floats(-10, 10), st.integers(0, 1000)),
    max_size=60,
    unique_by=lambda item: item.variant,
)


@given(elites, st.integers(1, 8))
def test_it_holds_the_best_of_what_it_was_given(given_elites: list[Elite], capacity: int) -> None:
    archive = TopK(capacity)
    for item in given_elites:
        before = list(archive)
        status = archive.add(item)
        assert (status is AddStatus.NOT_ADDED) == (before == list(archive))
    kept = list(archive)
    assert len({item.variant for item in kept}) == len(kept) == min(capacity, len(given_elites))
    assert kept == sorted(given_elites, key=lambda item: item.order, reverse=True)[:capacity]


def test_the_three_answers() -> None:
    archive = TopK(1)
    assert archive.add(Elite(VariantId("a"), (1.0,), 0)) is AddStatus.NEW
    assert archive.add(Elite(VariantId("b"), (0.5,), 1)) is AddStatus.NOT_ADDED
    assert archive.add(Elite(VariantId("c"), (2.0,), 2)) is AddStatus.IMPROVED
    assert archive.add(Elite(VariantId("c"), (9.0,), 3)) is AddStatus.NOT_ADDED


def test_an_older_elite_wins_a_tie() -> None:
    archive = TopK(1)
    archive.add(Elite(VariantId("old"), (1.0,), 0))
    archive.add(Elite(VariantId("new"), (1.0,), 1))
    assert archive.best is not None
    assert archive.best.variant == "old"
