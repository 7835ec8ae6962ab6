"""What changed along a lineage, from texts alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.search.changes import Hunk, Returned, hunks, kind_of, returned, sources_of


def program(text: str) -> dict[str, str]:
    return {"p.py": text}


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("x = 1\n", "x = 1\n", "nothing"),
        ("x = 1\n", "x = 2\n", "numbers"),
        ("x = [1, 2]\n", "x = [-1, 2]\n", "numbers"),
        ("x = a - 1\n", "x = a - 2\n", "numbers"),
        ("x = 1\n", "x = 'a'\n", "rewritten"),
        ("x = y\n", "x = z\n", "names"),
        ("x = a + b\n", "x = a - b\n", "operators"),
        ("x = a + 1\n", "x = a - 2\n", "rewritten"),
        ("x = 1\n", "x = 1  # one\n", "layout"),
        ("x = 1\n", "x = 1\ny = 2\n", "added"),
        ("x = 1\ny = 2\n", "x = 1\n", "removed"),
        ("x = 1\ny = 2\n", "y = 2\nx = 1\n", "moved"),
        ("x = (\n", "x = (\ny\n", "added"),
        ("if a: pass\n", "if b: pass\n", "names"),
        ("while a: pass\n", "if a: pass\n", "rewritten"),
    ],
)
def test_kinds_of_edits(before: str, after: str, kind: str) -> None:
    assert kind_of(program(before), program(after)) == kind


def test_hunks_name_file_line_and_text() -> None:
    before = {"a.py": "one\ntwo\nthree\n", "b.py": "same\n"}
    after = {"a.py": "one\n2\nthree\n", "b.py": "same\n", "c.py": "new\n"}
    assert hunks(before, after) == [
        Hunk(path="a.py", line=2, removed=("two",), added=("2",)),
        Hunk(path="c.py", line=1, removed=(), added=("new",)),
    ]


TEXTS = st.lists(st.sampled_from(["a", "b", "c", ""]), max_size=8).map(lambda rows: "".join(f"{row}\n" for row in rows))


@given(TEXTS, TEXTS)
def test_hunks_lead_from_one_text_to_the_other(before: str, after: str) -> None:
    rows = before.split("\n")[:-1]
    for hunk in reversed(hunks(program(before), program(after))):
        start = hunk.line - 1
        assert tuple(rows[start : start + len(hunk.removed)]) == hunk.removed
        rows[start : start + len(hunk.removed)] = hunk.added
    assert rows == after.split("\n")[:-1]


def test_a_hunk_is_traced_to_the_steps_that_made_it() -> None:
    chain = [program("a\nb\n"), program("a\nc\n"), program("x\nc\n"), program("x\nd\n")]
    [whole] = hunks(chain[0], chain[-1])
    assert sources_of(chain, whole) == [1, 2, 3], "b went in 1, x came in 2, d in 3"
    [first] = hunks(chain[0], program("x\nb\n"))
    assert sources_of(chain, first) == [2]


def test_a_line_that_comes_back_is_counted() -> None:
    chain = [program("a\nb\n"), program("a\n"), program("a\nb\n"), program("a\nb\nc\n")]
    assert returned(chain) == Returned(added=2, returned=1)
    assert returned(chain[:2]) == Returned(added=0, returned=0)


@given(st.lists(TEXTS, min_size=1, max_size=6))
def test_no_more_comes_back_than_is_added(texts: list[str]) -> None:
    found = returned([program(text) for text in texts])
    assert 0 <= found.returned <= found.added
