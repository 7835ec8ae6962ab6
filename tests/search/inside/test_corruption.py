"""Answers are spoilt where the recipe says and nowhere else, and the honest one stays as it is."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.search.inside.corruption import ACTS, NoSuchSite, Recipe, spoil, survey, wrapped

LEAVES = st.none() | st.booleans() | st.integers(-99, 99) | st.floats(allow_nan=False) | st.text(max_size=5)
ANSWERS = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4)
)
ARGUMENTS: dict[str, object] = {
    "put": "nan", "fill": 7, "scale": 2, "add": 1, "texts": "y", "keep": 1, "repeat": 2, "append": "None",
    "dtype": "int8 x 2", "doubles": "int8", "shape": "column", "seesaw": "0 1 2 5", "copies": "0 2", "alias": 3,
    "tail": "None",
}  # fmt: skip


def recipe(path: list[object], act: str, arg: object = None) -> Recipe:
    return {"path": path, "act": act, "arg": ARGUMENTS.get(act) if arg is None else arg}


@given(ANSWERS)
def test_every_act_at_every_site_gives_an_answer_or_says_that_it_does_not_fit(answer: object) -> None:
    kept = copy.deepcopy(answer)
    for site in survey(answer):
        path: Any = site["path"]
        for act in ACTS:
            try:
                spoil(answer, recipe(path, act))
            except NoSuchSite:
                continue
    assert repr(answer) == repr(kept)


@pytest.mark.parametrize(("path", "act", "arg", "expected"), [
    ([], "empty", None, []),
    ([None, 1], "fill", 9, [[1, 9], [3, 9]]),
    ([0], "put", "None", [None, [3, 4]]),
    ([1], "drop", None, [[1, 2]]),
    ([], "keep", -1, [[3, 4]]),
    ([], "same", None, [[1, 1], [1, 1]]),
    ([0], "seesaw", "0 1 2 5", [[6, -8], [3, 4]]),
    ([0], "alias", 3, [[1, 2, -2, -1], [3, 4]]),
    ([], "tail", "None", [[1, 2], None]),
])  # fmt: skip
def test_what_an_act_does(path: list[object], act: str, arg: object, expected: object) -> None:
    assert spoil([[1, 2], [3, 4]], recipe(path, act, arg)) == expected


def test_arrays_stay_arrays_and_take_what_is_no_whole_number() -> None:
    import numpy as np

    answer = np.array([[1, 2], [3, 4]])
    made: Any = spoil(answer, recipe([None, 0], "fill", "nan"))
    assert made.dtype == np.float64
    assert np.isnan(made[:, 0]).all()
    assert answer.tolist() == [[1, 2], [3, 4]]


def test_only_the_outermost_call_is_spoilt() -> None:
    room: dict[str, Any] = {}

    def count(n: int) -> int:
        return 0 if n == 0 else 1 + room["count"](n - 1)

    room["count"] = wrapped(count, recipe([], "add", 10))
    assert room["count"](3) == 13


def test_a_wrapper_can_tell_that_nothing_was_changed() -> None:
    same = wrapped(lambda: [0, 0], {**recipe([], "fill", 0), "unless": "unchanged"})
    same()
    with pytest.raises(NoSuchSite):
        same()


def test_a_row_of_names_is_known_as_such() -> None:
    assert survey([3, 1, 0, 2])[0]["ids"] is True
    assert survey([3, 1, 0, 0])[0]["ids"] is False
    assert survey([[0, 2], [1, 3]])[0]["ids"] is True
