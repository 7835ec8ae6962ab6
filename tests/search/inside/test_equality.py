"""Whether two answers are the same: pairs that are, pairs that only look so."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.core.codec import decode, encode
from cambrian.search.inside.equality import difference

leaves = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=["Cs"]))
    | st.binary() | st.complex_numbers()
)  # fmt: skip
keys = st.integers() | st.text(st.characters(exclude_categories=["Cs"])) | st.booleans() | st.none()
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(keys, inner, max_size=4)
        | st.frozensets(keys, max_size=4)
        | st.sets(keys, max_size=4)
    ),
    max_leaves=12,
)


@given(values)
def test_what_crossed_the_border_is_the_same(value: object) -> None:
    crossed = decode(encode(value))
    if not _has_complex_nan(value):  # NaN inside a complex number is no NaN by itself
        assert difference(value, crossed) is None


def _has_complex_nan(value: object) -> bool:
    return "nan" in repr(value)


@pytest.mark.parametrize(
    ("expected", "got", "said"),
    [
        (1, True, "bool"),
        (1, 1.0, "float"),
        (0.0, -0.0, "answer is -0.0, expected 0.0"),
        (0.1 + 0.2, 0.3, "answer is 0.3"),
        ([1, 2], (1, 2), "tuple"),
        ([1, 2], [1, 2, 3], "3 items, expected 2"),
        ([[1], [2]], [[1], [3]], r"answer\[1\]\[0\] is 3, expected 2"),
        ({"a": 1}, {"a": 1, "b": 2}, "'b'"),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, "another order"),
        ({1}, {2}, r"\{2\}"),
        (math.nan, 1.0, "expected nan"),
        (np.array([1.0]), np.array([1]), "int64"),
        (np.zeros((2, 1)), np.zeros((1, 2)), r"\[1, 2\]"),
    ],
)
def test_what_only_looks_the_same_is_not(expected: object, got: object, said: str) -> None:
    found = difference(expected, got)
    assert found is not None
    assert re.search(said, found)


@pytest.mark.parametrize("value", [math.nan, [math.nan], np.array([1.0, math.nan]), {1: {"x": (None, b"")}}])
def test_the_same_is_the_same(value: object) -> None:
    assert difference(value, value) is None
    assert difference(value, decode(encode(value))) is None
