"""Nothing that a candidate writes reaches a terminal as a command."""

from __future__ import annotations

import json
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from cambrian.app.display.terminal import clean, clean_json, one_line, paint, paint_diff

ATTACKS = [
    "\x1b[2J",
    "\x1b]52;c;aGk=\x07",
    "\x9b31m",
    "a\rb",
    "\x08\x08",
    "\u202eevil\u202c",
    "\u2028",
    "\x7f",
    "\ufeff",
]


def harmless(text: str) -> bool:
    return all(
        character in "\n\t" or unicodedata.category(character) not in ("Cc", "Zl", "Zp", "Cf") for character in text
    )


def test_known_attacks_are_made_visible() -> None:
    for attack in ATTACKS:
        assert harmless(clean(attack))
        assert clean(attack) != attack
    assert clean("plain text, ünïcödé 🦊\tand\nlines\r\n") == "plain text, ünïcödé 🦊\tand\nlines\n"


@given(st.text(alphabet=st.characters(codec="utf-8", categories=["Cc", "Zl", "Zp", "L", "P"])))
def test_no_control_is_left(text: str) -> None:
    assert harmless(clean(text))
    assert clean(clean(text)) == clean(text)


@given(st.recursive(st.text() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_json_means_the_same_and_holds_no_control(value: object) -> None:
    text = clean_json(json.dumps(value, ensure_ascii=False))
    assert json.loads(text) == value
    assert not any(0x7F <= ord(character) < 0xA0 for character in text)


def test_one_line_is_one_line_of_that_width() -> None:
    assert one_line("first\nsecond") == "first"
    assert one_line("x" * 200, 10) == "x" * 9 + "…"
    assert one_line("\x1b[31m\tred") == "\\x1b[31m red"


def test_colour_is_only_there_when_wanted() -> None:
    assert paint("good", "good", color=False) == "good"
    assert paint("good", "good", color=True) == "\x1b[32mgood\x1b[0m"
    assert paint("", "good", color=True) == ""
    diff = "--- a\n+++ b\n@@ -1 +1 @@\n-old\n+new\x1b[2J\n same\n"
    assert paint_diff(diff, color=False) == diff.replace("\x1b", "\\x1b")
    coloured = paint_diff(diff, color=True)
    assert "\x1b[31m-old\x1b[0m\n" in coloured
    assert "\x1b[32m+new\\x1b[2J\x1b[0m\n" in coloured
