"""Larger neighbours of cases: larger, of the same kind and shape, the same for the same seed."""

from __future__ import annotations

from random import Random
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cambrian.verify.cases import Case, size
from cambrian.verify.growth import grown


def grow(*arguments: object, factor: int = 16, whole: bool = True) -> tuple[object, ...]:
    return grown(Case(arguments=arguments), factor, Random(1), whole=whole).arguments


def test_lists_get_longer_with_items_like_theirs() -> None:
    [values] = cast("tuple[list[int]]", grow([3, 1, 2]))
    assert len(values) == 48
    assert values[:3] == [3, 1, 2]
    assert {type(value) for value in values} == {int}
    assert len(set(values)) > 3
    assert min(values) >= 0


def test_what_is_sorted_stays_sorted() -> None:
    [values] = cast("tuple[list[int]]", grow([1, 2, 5]))
    assert values == sorted(values)


def test_rows_keep_their_width_and_records_their_places() -> None:
    [rows] = cast("tuple[list[list[int]]]", grow([[1, 2], [3, 4]]))
    assert {len(row) for row in rows} == {2}
    assert grow(("a", 1)) == (("a", 1),)


def test_texts_grow_of_their_own_letters_and_words() -> None:
    [text] = cast("tuple[str]", grow("ab"))
    assert len(text) == 32
    assert set(text) <= set("ab")
    [words] = cast("tuple[str]", grow("one two"))
    assert set(words.split()) <= {"one", "two"}
    assert len(words) > 50


@pytest.mark.parametrize(("whole", "number"), [(True, 80), (False, 5)])
def test_numbers_grow_if_asked(whole: bool, number: int) -> None:
    assert grow(5, whole=whole) == (number,)


@pytest.mark.parametrize("whole", [False, True])
def test_a_number_that_is_a_length_stays_one(whole: bool) -> None:
    values, n, wanted = grow([1, 5, 7, -1, 5], 5, 6, whole=whole)
    assert n == len(cast("list[int]", values)) == 80
    assert wanted == (96 if whole else 6)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=5)
    | st.binary(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(VALUES, max_size=3), st.integers(2, 40), st.integers(0, 9))
def test_types_stay_nothing_shrinks_and_a_seed_repeats(values: list[object], factor: int, seed: int) -> None:
    case = Case(arguments=tuple(values))
    one = grown(case, factor, Random(seed))
    assert [type(value) for value in one.arguments] == [type(value) for value in values]
    assert repr(one.arguments) == repr(grown(case, factor, Random(seed)).arguments)
    if not any(isinstance(value, str) and " " in value for value in values):  # words may be shorter than those before
        assert size(one) >= size(case)
