"""Splices and positions."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.core.errors import UsageError
from cambrian.source.edit import Locator, Splice, apply, lines

from .corpus import stdlib


def test_splices_are_made_at_once() -> None:
    assert apply("abcdef", [Splice(4, 5, "X"), Splice(0, 1, ""), Splice(2, 2, "--")]) == "b--cdXf"


@pytest.mark.parametrize("splices", [[Splice(0, 3, ""), Splice(2, 4, "")], [Splice(5, 9, "")], [Splice(2, 1, "")]])
def test_impossible_splices_are_refused(splices: list[Splice]) -> None:
    with pytest.raises(UsageError, match="overlaps"):
        apply("abcdef", splices)


@given(st.text(alphabet="ab\r\n\x0c\u2028"))
def test_lines_lose_nothing_and_are_pythons(text: str) -> None:
    assert "".join(lines(text)) == text
    assert len(lines(text)) == len(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")) - (
        text.endswith(("\n", "\r")) or not text
    )


@pytest.mark.parametrize("text", ["é = 'ü'; x = y\n", "x = y\r\nz = 'é', w", "a = 1\rb = 'ß' + c\r"])
def test_positions_are_characters(text: str) -> None:
    locator = Locator(text)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Name):
            assert locator.segment(node) == node.id
            assert apply(text, [locator.splice(node, node.id)]) == text


def test_segments_of_library_modules_parse_to_their_nodes() -> None:
    for name, text in stdlib(25):
        locator = Locator(text)
        for node in ast.parse(text).body:
            segment = locator.segment(node)
            assert segment == (ast.get_source_segment(text, node) or "").replace("\r\n", "\n"), name
