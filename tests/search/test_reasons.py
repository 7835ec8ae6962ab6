"""Like failures count together."""

from __future__ import annotations

import pytest

from cambrian.search.reasons import reason


@pytest.mark.parametrize(
    ("feedback", "told"),
    [
        ("Traceback\n  line 3\nValueError: 17 is too big", "ValueError: # is too big"),
        ("answer[3] is 'b', expected 'a' (input 2: ('x', [1, 2]))", "answer[#] is …, expected …"),
        ("NameError: name 'spam' is not defined", "NameError: name 'spam' is not defined"),
        ("-1.5e-3 is below 0", "-# is below #"),
        ("", "wall"),
        ("  \n ", "wall"),
    ],
)
def test_what_differs_from_case_to_case_is_left_out(feedback: str, told: str) -> None:
    assert reason(feedback, "wall") == told


def test_no_reason_is_endless() -> None:
    assert len(reason("x" * 10_000, "")) == 200
