"""Features of source: exact on Python, coarse elsewhere, never failing, blind to blanks at the ends of lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.source.features import FEATURES, Features, features

PROGRAM = """
def f(x):
    total = 0
    for item in x:
        if item > 0 and item < 9:
            total += abs(item)
    return [g(a) for a in x] if total else max(x)
"""


def test_a_program_is_described() -> None:
    assert features({"p.py": PROGRAM}, "python") == Features(length=152, complexity=5, depth=3, calls=3)


def test_every_name_is_a_feature() -> None:
    assert tuple(Features.__struct_fields__) == FEATURES


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (("total = 0", "total = 0 + 0"), "length"),
        (("item < 9", "item < 9 and item"), "complexity"),
        (("            total += abs(item)", "            while item:\n                total += abs(item)"), "depth"),
        (("total = 0", "total = sum(x)"), "calls"),
    ],
)
def test_each_feature_follows_its_thing(change: tuple[str, str], name: str) -> None:
    before, after = (features({"p.py": text}, "python") for text in (PROGRAM, PROGRAM.replace(*change)))
    assert getattr(after, name) > getattr(before, name)


def test_blanks_at_the_ends_of_lines_do_not_count() -> None:
    spread = PROGRAM.replace("\n", "   \n\n")
    assert features({"p.py": spread}, "python") == features({"p.py": PROGRAM}, "python")


def test_several_files_are_added_up() -> None:
    one = features({"p.py": PROGRAM}, "python")
    two = features({"p.py": PROGRAM, "q.py": PROGRAM}, "python")
    assert two == Features(length=2 * one.length, complexity=2 * one.complexity, depth=one.depth, calls=2 * one.calls)


def test_other_languages_are_read_by_their_words() -> None:
    text = "int f(int x) {\n  for (int i = 0; i < x; i++) {\n    if (x > 3 && g(x)) return h(x);\n  }\n}\n"
    found = features({"p.c": text}, "c")
    assert (found.complexity, found.depth) == (3, 2)
    assert found.calls >= 3


@given(st.text(max_size=200))
def test_no_text_is_too_strange(text: str) -> None:
    for language in ("python", "rust"):
        found = features({"p.py": text}, language)
        assert min(found.length, found.complexity, found.depth, found.calls) >= 0
