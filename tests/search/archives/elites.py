"""Elites for the tests of archives: few distinct values, so that ties and repetitions happen."""

from __future__ import annotations

from hypothesis import strategies as st

from cambrian.core.ids import VariantId
from cambrian.search.archives import Archive, Elite

values = st.one_of(st.integers(-3, 3).map(float), st.floats(-10, 10))


def elites(objectives: int = 1, *, features: int = 0, most: int = 60) -> st.SearchStrategy[list[Elite]]:
    """Lists of elites, each variant once, in the order of their evaluations."""
    described = st.tuples(
        st.tuples(*[values] * objectives), st.tuples(*[st.floats(-1e3, 1e3)] * features) | st.just(())
    )
    return st.lists(described, max_size=most).map(
        lambda items: [Elite(VariantId(f"v{born}"), rank, born, point) for born, (rank, point) in enumerate(items)]
    )


def check_answer(archive: Archive, elite: Elite) -> None:
    """Add an elite; what the archive says must be what happened."""
    before = set(archive.held)
    insert = archive.add(elite)
    after = set(archive.held)
    assert set(insert.evicted) == before - after
    assert len(set(insert.evicted)) == len(insert.evicted)
    assert after - before == ({elite.variant} if insert.status else set[VariantId]())
    assert len(archive) == len(after) == len(list(archive))
