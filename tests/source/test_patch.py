"""Changes in pieces."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cambrian.search.changes import hunks
from cambrian.source.patch import Patch

TEXTS = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "  d = 1\n", "\n"]), max_size=12).map("".join)
FILES = st.dictionaries(st.sampled_from(["p.py", "q.py"]), TEXTS, min_size=1)


@given(FILES, FILES, st.booleans())
def test_all_pieces_give_the_newer_program_and_none_the_older(
    before: dict[str, str], after: dict[str, str], fine: bool
) -> None:
    patch = Patch(before, after, fine=fine)
    assert patch.apply(range(len(patch.pieces))) == after
    none = patch.apply(())
    if before.keys() == after.keys():
        assert none == before
    else:
        assert {path: text for path, text in none.items() if text} == {
            path: text for path, text in before.items() if text
        }


@given(FILES, FILES)
def test_coarse_pieces_are_the_hunks(before: dict[str, str], after: dict[str, str]) -> None:
    found = [(piece.path, piece.line) for piece in Patch(before, after).pieces]
    assert found == [(hunk.path, hunk.line) for hunk in hunks(before, after)]


def test_one_piece_can_be_left_out() -> None:
    before, after = {"p.py": "a\nb\nc\nd\n"}, {"p.py": "A\nb\nC\nD\n"}
    assert Patch(before, after).apply([1]) == {"p.py": "a\nb\nC\nD\n"}
    fine = Patch(before, after, fine=True)
    assert (len(fine.pieces), fine.hunks) == (3, 2)
    assert fine.apply([0, 2]) == {"p.py": "A\nb\nc\nD\n"}


def test_a_file_that_came_goes_with_its_piece() -> None:
    patch = Patch({"p.py": "a\n"}, {"p.py": "a\n", "q.py": "b\n"})
    assert patch.apply([]) == {"p.py": "a\n"}
    gone = Patch({"p.py": "a\n", "q.py": "b\n"}, {"p.py": "a\n"})
    assert gone.apply([0]) == {"p.py": "a\n"}
    assert gone.apply([]) == {"p.py": "a\n", "q.py": "b\n"}


def test_line_ends_of_the_newer_text_hold() -> None:
    assert Patch({"p.py": "a\nb"}, {"p.py": "a\r\nc\r\n"}).apply([0]) == {"p.py": "a\r\nc\r\n"}
