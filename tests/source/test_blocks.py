"""EVOLVE-BLOCK markers: what may change, and what is noticed when something else does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.core.errors import UsageError
from cambrian.source.blocks import Span, editable, frozen_difference, has_markers, same_outside, spans

TWO = """import math
# EVOLVE-BLOCK-START
a = 1
# EVOLVE-BLOCK-END
frozen = 2
    # EVOLVE-BLOCK-START the second
    # EVOLVE-BLOCK-END
end = 3
"""


def test_a_file_without_markers_is_editable_everywhere() -> None:
    assert spans("a\nb\n") == (Span(1, 3),)
    assert spans("") == (Span(1, 1),)


def test_markers_leave_the_lines_between_them() -> None:
    assert spans(TWO) == (Span(3, 4), Span(7, 7))


@pytest.mark.parametrize("comment", ["#", "//", "--", ";", "/*", "%", "<!--", "(*", "!", "##"])
def test_any_comment_syntax_marks(comment: str) -> None:
    text = f"x\n{comment} EVOLVE-BLOCK-START\ny\n{comment} EVOLVE-BLOCK-END\n"
    assert spans(text) == (Span(3, 4),)


@pytest.mark.parametrize(
    "line", ['s = "EVOLVE-BLOCK-START"', "x = 1  # EVOLVE-BLOCK-START", "# see EVOLVE-BLOCK-START"]
)
def test_a_marker_stands_on_a_line_of_its_own(line: str) -> None:
    assert not has_markers(line)
    assert spans(line) == (Span(1, 2),)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("# EVOLVE-BLOCK-START\nx\n", "f.py:1"),
        ("x\n# EVOLVE-BLOCK-END\n", "f.py:2"),
        ("# EVOLVE-BLOCK-START\n# EVOLVE-BLOCK-START\n# EVOLVE-BLOCK-END\n", "f.py:2"),
    ],
)
def test_wrong_markers_are_told_with_their_line(text: str, place: str) -> None:
    with pytest.raises(UsageError, match=place):
        spans(text, name="f.py")


def test_files_without_markers_are_frozen_when_another_has_some() -> None:
    program = {"a.py": TWO, "b.py": "b = 1\n"}
    assert editable(program) == {"a.py": (Span(3, 4), Span(7, 7)), "b.py": ()}
    assert same_outside(program, {**program, "a.py": TWO.replace("a = 1", "a = 5\nz = 6")})
    assert frozen_difference(program, {**program, "b.py": "b = 2\n"}) == (
        "b.py:1: the frozen line 'b = 1' was changed or moved"
    )


@pytest.mark.parametrize(
    "after",
    [
        TWO.replace("frozen = 2", "frozen = 3"),
        TWO.replace("frozen = 2\n", ""),
        TWO.replace("frozen = 2\n", "frozen = 2\nmore = 1\n"),
        TWO + "more = 1\n",
        TWO.replace("a = 1\n", "# EVOLVE-BLOCK-END\nmine = 1\n# EVOLVE-BLOCK-START\n"),
        TWO.replace("# EVOLVE-BLOCK-END\nfrozen", "frozen"),
        TWO.replace("START the second", "START the other"),
        "x\n" + TWO,
        TWO.replace("\n", "\r\n"),
    ],
)
def test_every_change_outside_is_noticed(after: str) -> None:
    assert frozen_difference({"p.py": TWO}, {"p.py": after}) is not None


def test_a_file_cannot_be_removed_but_another_may_come() -> None:
    assert frozen_difference({"p.py": TWO}, {}) is not None
    assert frozen_difference({"p.py": TWO}, {"p.py": TWO, "q.py": "x"}) is None


def test_without_markers_nothing_is_frozen() -> None:
    assert frozen_difference({"p.py": "a\n"}, {"q.py": "b\n"}) is None


LINES = st.lists(st.sampled_from(["a\n", "b\n", "  c = 1\n", "\n"]), max_size=4).map("".join)


@given(
    frozen=st.tuples(LINES, LINES, LINES),
    old=st.tuples(LINES, LINES),
    new=st.tuples(LINES, LINES),
    at=st.integers(0, 2),
)
def test_blocks_may_be_anything_and_frozen_text_only_itself(
    frozen: tuple[str, str, str], old: tuple[str, str], new: tuple[str, str], at: int
) -> None:
    def program(parts: tuple[str, ...], inner: tuple[str, str]) -> dict[str, str]:
        first, second = (f"# EVOLVE-BLOCK-START\n{text}# EVOLVE-BLOCK-END\n" for text in inner)
        return {"p.py": parts[0] + first + parts[1] + second + parts[2]}

    assert same_outside(program(frozen, old), program(frozen, new))
    changed = tuple(text + "x\n" * (index == at) for index, text in enumerate(frozen))
    assert not same_outside(program(frozen, old), program(changed, new))
