"""Tolerances are found where they are, and a stricter text is the same text with smaller ones."""

from __future__ import annotations

import ast

import pytest

from cambrian.search.audit.tolerances import find_tolerances, tightened

LOOSE = {
    "TOL = 1e-3\ndef score(a):\n    return a > TOL\n": ("number", 1e-3, 1),
    "def score(a, tolerance=1e-4):\n    return a > tolerance\n": ("number", 1e-4, 1),
    "def score(a):\n    if abs(a - 1) > 1e-6: raise ValueError\n": ("number", 1e-6, 2),
    "def score(a):\n    if a > 1 + 1e-5: raise ValueError\n": ("number", 1e-5, 2),
    "def score(a):\n    if not -1e-5 <= a: raise ValueError\n": ("number", 1e-5, 2),
    "import numpy as np\ndef score(a):\n    return np.allclose(a, 1)\n": ("near", 1e-5, 3),
    "import math\ndef score(a):\n    return math.isclose(a, 1, rel_tol=1e-3)\n": ("near", 1e-3, 3),
    "def score(a):\n    if round(a, 2) > 6: raise ValueError\n": ("rounding", 0.005, 2),
}
STRICT = (
    "def score(a):\n    if abs(a - 1) > 1e-9: raise ValueError\n",
    "RADIUS = 0.05\ndef score(a):\n    if a - RADIUS > 1: raise ValueError\n",
    "def score(a):\n    return 1e-3 * a\n",
    "def score(a:\n",
    "",
)


@pytest.mark.parametrize("text", LOOSE)
def test_a_tolerance_is_found_with_its_line(text: str) -> None:
    [found] = find_tolerances(text)
    assert (found.kind, found.value, found.line) == LOOSE[text]


@pytest.mark.parametrize("text", STRICT)
def test_parameters_and_what_rounding_needs_are_none(text: str) -> None:
    assert find_tolerances(text) == ()


@pytest.mark.parametrize("text", LOOSE)
def test_a_stricter_text_has_none_left(text: str) -> None:
    stricter = tightened(text, find_tolerances(text), 1e-9)
    ast.parse(stricter)
    assert find_tolerances(stricter) == ()
    assert stricter.count("\n") == text.count("\n")


def test_text_before_a_tolerance_may_be_of_any_letters() -> None:
    text = 'def score(a):\n    if a > 1e-3: raise ValueError("Größe"); "é" and a > 1e-4\n'
    assert "1e-09" in tightened(text, find_tolerances(text), 1e-9)
    ast.parse(tightened(text, find_tolerances(text), 1e-9))
