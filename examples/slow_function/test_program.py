"""The function's own tests: they hold before and after. Run with `pytest examples/slow_function`."""

import random

from evaluate import expected, inputs
from program import word_report


def test_counts_and_order():
    assert word_report(["b a", "A, c!"], ["c"]) == [("a", 2), ("b", 1)]


def test_ties_stay_in_order_of_appearance():
    assert word_report(["z y x y z"], []) == [("z", 2), ("y", 2), ("x", 1)]


def test_nothing_left():
    assert word_report(["the", " . ! "], ["the"]) == []


def test_agrees_with_another_way():
    for arguments in inputs(random.Random(1)):
        assert word_report(*arguments) == expected(*arguments)
