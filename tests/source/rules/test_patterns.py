"""Plain regular expressions: what is read out of one is what `re` makes of it."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from cambrian.source.rules.patterns import characters, literal, required

_LETTERS = st.sampled_from(["a", "b", r"\.", " ", "-"])
_REPEATED = st.sampled_from(["", "", "", "?", "*", "+", "{2}", "{1,3}", "{0,2}", "{2,}"])
_PATTERNS = st.lists(st.tuples(_LETTERS, _REPEATED).map("".join), min_size=1, max_size=5).map("".join)
_TEXTS = st.text(alphabet="ab. -", max_size=9)


@given(_PATTERNS, st.lists(_TEXTS, max_size=6))
@example("ab{2,3}", ["abb", "ab", "xabbbb"])
@example("a+b", ["aab", "b"])
@example("a?ab*", ["a", "b"])
def test_a_pattern_is_found_just_where_its_text_is(pattern: str, texts: list[str]) -> None:
    found = required(pattern)
    assume(found)
    for text in [*texts, found, f"b{found}a", found[1:], found[:-1]]:
        assert (re.search(pattern, text) is not None) == (found in text)


@given(_PATTERNS, st.lists(_TEXTS, max_size=6))
def test_at_the_front_a_text_begins_with_it(pattern: str, texts: list[str]) -> None:
    found = required(pattern, front=True)
    assume(found)
    for text in [*texts, found, f"{found}a", f"b{found}", found[:-1]]:
        assert (re.match(pattern, text) is not None) == text.startswith(found)


@given(_PATTERNS, st.lists(_TEXTS, max_size=6))
def test_a_literal_matches_itself_alone(pattern: str, texts: list[str]) -> None:
    found = literal(pattern)
    assume(found)
    for text in [*texts, found, f"{found}a", found[:-1]]:
        assert (re.fullmatch(pattern, text) is not None) == (text == found)


@given(st.text(alphabet="abcz-_ &~.\\]^[", min_size=1, max_size=6), st.booleans(), st.text(max_size=20))
@example("a-z", True, "Abc")
@example("z-a", False, "a")
@example("a-", False, "a-b")
@example("&--", False, "")
def test_a_class_has_the_characters_that_it_takes(inner: str, repeated: bool, text: str) -> None:
    pattern = f"[{inner}]{'+' if repeated else ''}"
    found = characters(pattern)
    assume(found is not None)
    assert found is not None
    assert found.repeated == repeated
    kept = re.sub(pattern, "", text + inner)
    assert kept == (text + inner).translate(str.maketrans("", "", found.text))


@pytest.mark.parametrize(
    "pattern", ["", "a|b", "(a)", "a.", "^a", "a$", r"\d", r"\1", "a*?", "a{,2}", "a{2", "[ab]", "a++"]
)
def test_what_is_not_plain_has_no_answer(pattern: str) -> None:
    assert literal(pattern) == ""
    assert required(pattern) == ""


@pytest.mark.parametrize(
    "pattern", ["[^a]", "[]", "a", "[a", "[a]*", r"[\d]", "[[:alpha:]]", "[a--b]", "[z-a]", "[a]]"]
)
def test_a_class_that_is_not_told_is_none(pattern: str) -> None:
    assert characters(pattern) is None


def test_the_alphabets_have_names() -> None:
    found = characters("[a-z]")
    assert found is not None
    assert found.name == "ascii_lowercase"
    assert found.text == string.ascii_lowercase
    both = characters("[A-Za-z]+")
    assert both is not None
    assert both.name == "ascii_letters"
    none = characters("[a-y]")
    assert none is not None
    assert none.name == ""
