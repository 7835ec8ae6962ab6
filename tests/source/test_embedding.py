"""Changes as vectors."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from cambrian.source.embedding import change, cosine

BASE = "LIMIT = 4\n\n\ndef f(x):\n    total = 0\n    for i in range(x):\n        total += i * LIMIT\n    return total\n"


def vector(before: str, after: str) -> dict[int, float]:
    return change({"p.py": before}, {"p.py": after}, "python")


def test_the_same_change_of_another_program_is_the_same_vector() -> None:
    long = BASE + "\n\n".join(f"def g{n}(x):\n    return x + {n}\n" for n in range(300))
    edited = ("i * LIMIT", "i + LIMIT")
    assert cosine(vector(BASE, BASE.replace(*edited)), vector(long, long.replace(*edited))) > 1 - 1e-9


def test_what_cannot_matter_is_no_change() -> None:
    assert vector(BASE, BASE.replace("total = 0", "total = (0)  # so far")) == {}


def test_another_literal_is_another_change() -> None:
    five, six = BASE.replace("4", "5"), BASE.replace("4", "6")
    assert cosine(vector(BASE, five), vector(BASE, six)) < 0.8
    assert abs(cosine(vector(BASE, five), vector(five, six))) < 0.8


def test_a_rewrite_that_differs_in_a_detail_is_near() -> None:
    one = "def f(x):\n    n = x - 1\n    return LIMIT * n * (n + 1) // 2 if x > 0 else 0\n\n\nLIMIT = 4\n"
    other = one.replace("x > 0", "x > 1")
    assert cosine(vector(BASE, one), vector(BASE, other)) > 0.95


def test_taking_it_back_is_the_opposite() -> None:
    assert cosine(vector(BASE, BASE.replace("+=", "-=")), vector(BASE.replace("+=", "-="), BASE)) < -0.99


def test_other_languages_and_broken_python_count_as_their_text() -> None:
    assert change({"a.c": "int x = 1;"}, {"a.c": "int x = 2;"}, "c")
    assert vector("def f(:\n", "def g(:\n")


@given(st.integers(0, 2**32), st.integers(1, 6))
def test_vectors_have_length_one_and_cosines_are_cosines(seed: int, edits: int) -> None:
    rng = Random(seed)
    words = BASE.split(" ")
    for _ in range(edits):
        words[rng.randrange(len(words))] = rng.choice(["x", "1", "y + 2"])
    one = vector(BASE, " ".join(words))
    if one:
        assert abs(cosine(one, one) - 1) < 1e-9
