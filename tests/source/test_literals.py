"""Numbers in a text: found with their sign, replaced without touching anything else."""

from __future__ import annotations

import ast
import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cambrian.core.errors import UsageError
from cambrian.source.blocks import Span, spans
from cambrian.source.literals import literals, replace

from .corpus import stdlib

TEXT = '''# é 1.5
def f(x: Literal[3]) -> 4:
    """7 8 9"""
    y = -2.5 * x  +  0x10   # 5
    z = f"{x + 1}" + "é" * 3
    return (y - 1) ** 2, True, 1j, 2 ** x
'''


def values(text: str) -> list[float]:
    return [item.value for item in literals(text, spans(text))]


def test_numbers_are_found_with_sign_and_type() -> None:
    assert values(TEXT) == [-2.5, 16, 3, 1, 2, 2]
    assert [type(v) for v in values("x = 1.0, 1, -1")] == [float, int, int]


def test_only_editable_lines_count() -> None:
    assert [item.value for item in literals("a = 1\nb = 2\nc = 3\n", (Span(2, 3),))] == [2]


def test_what_does_not_parse_has_none() -> None:
    assert literals("x = (1\n", (Span(1, 2),)) == ()


def test_only_the_numbers_change() -> None:
    found = literals(TEXT, spans(TEXT))
    assert replace(TEXT, found, [2.5, 16, -3, 7, 2, 5]) == TEXT.replace("-2.5", "2.5").replace("* 3", "* -3").replace(
        "- 1", "- 7"
    ).replace("2 ** x", "5 ** x")


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("y = 2 ** x", -3, "y = (-3) ** x"),
        ("y = x-1", -2, "y = x--2"),
        ("y = (1).real", -2, "y = ((-2)).real"),
        ("y = 0x1if x else z", 7, "y = 7 if x else z"),
    ],
)
def test_what_is_written_reads_back(text: str, value: int, expected: str) -> None:
    found = literals(text, spans(text))[:1]
    assert replace(text, found, [value]) == expected
    assert values(expected)[0] == value


@pytest.mark.parametrize("value", [math.inf, math.nan, -math.inf])
def test_only_finite_numbers_can_be_written(value: float) -> None:
    with pytest.raises(UsageError, match="finite"):
        replace("x = 1.0", literals("x = 1.0", (Span(1, 2),)), [value])


def test_wrong_use_is_told() -> None:
    found = literals("x = 1", (Span(1, 2),))
    with pytest.raises(UsageError, match="one for each"):
        replace("x = 1", found, [])
    with pytest.raises(UsageError, match="integer"):
        replace("x = 1", found, [1.5])


@given(st.data(), st.lists(st.sampled_from(["-1.5", "2", "(3)", "0.1e3", "x ** 2", "2 ** x", "-7 ** x"]), min_size=1))
def test_any_values_round_trip(data: st.DataObject, parts: list[str]) -> None:
    text = "y = [" + ",  ".join(parts) + "]  # 1\n"
    found = literals(text, spans(text))
    new = [
        data.draw(st.floats(allow_nan=False, allow_infinity=False))
        if isinstance(item.value, float)
        else data.draw(st.integers(-(10**20), 10**20))
        for item in found
    ]
    # "-7 ** x" is a minus in front of a power: a sign that is not the number's own
    assume(all(value >= 0 for item, value in zip(found, new, strict=True) if item.bracketed))
    changed = replace(text, found, new)
    assert values(changed) == new
    assert changed.endswith("]  # 1\n")


def test_library_modules_round_trip() -> None:
    for name, text in stdlib(40):
        found = literals(text, spans(text))
        bumped = [item.value + 1 for item in found]
        changed = replace(text, found, bumped)
        ast.parse(changed)
        back = literals(changed, spans(changed))
        assert [item.value for item in back] == bumped, name
