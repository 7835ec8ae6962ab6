"""Conditions under which two functions agree, from the calls on which they do."""

from __future__ import annotations

import pytest

from cambrian.improvement.guarding import fits, guards
from cambrian.verify.cases import Case


def cases(*values: object) -> list[Case]:
    return [Case(arguments=(value,)) for value in values]


NUMBERS = cases(*range(-3, 17))


def test_no_guard_where_nothing_differs() -> None:
    assert guards(NUMBERS, "s" * 20, ["n"], [0], 9) == ()
    assert guards(NUMBERS, "s" * 18 + "uu", ["n"], [0], 9) == (), "what is unknown is left to the cascade"


def test_small_numbers_are_kept_out() -> None:
    assert guards(NUMBERS, "ddddd" + "s" * 15, ["n"], [0], 9) == ("n >= 2",)
    assert guards(NUMBERS, "dddsd" + "s" * 15, ["n"], [0], 9) == ("n >= 2",)


def test_other_types_are_kept_out() -> None:
    mixed = cases(*range(15), 2.5, 3.5)
    assert guards(mixed, "s" * 15 + "dd", ["n"], [0], 9) == ("n >= 0",), "the first that leaves them out"


def test_short_lists_are_kept_out() -> None:
    lists = cases(*[list(range(k)) for k in range(14)])
    assert guards(lists, "d" + "s" * 13, ["items"], [0], 9) == ("items",)
    assert guards(lists, "dd" + "s" * 12, ["items"], [0], 9) == ("len(items) > 1",)


def test_a_length_that_is_an_argument() -> None:
    calls = [*[([1] * k, k) for k in range(1, 13)], ([1, 2], 1), ([1, 2], 7)]
    pairs = [Case(arguments=call) for call in calls]
    assert guards(pairs, "s" * 12 + "dd", ["items", "n"], [0], 5) == ("n == len(items)",)


@pytest.mark.parametrize(
    ("marks", "told"),
    [("sd" * 10, 9), ("s" * 5 + "d" * 15, 9), ("s" * 20, 1), ("d" * 20, 0), ("u" * 20, 0)],
    ids=["here and there", "large ones", "one answer", "never", "unknown"],
)
def test_what_no_condition_explains_is_no_match(marks: str, told: int) -> None:
    assert guards(NUMBERS, marks, ["n"], [0], told) is None


def test_kinds() -> None:
    assert fits("int", [1, 2, 3, 0.5])
    assert not fits("int", [True, False])
    assert fits("list[int]", [[1, 2.5], (), [3]])
    assert not fits("list[int]", ["ab", [1], ["a"]])
    assert fits("list[list[int]]", [[[1], [2]], [[3]]])
    assert fits("Sequence[object]", ["ab", [1]])
    assert not fits("str", [["a"]])
