"""Every code block of the documentation works as printed. One test per page, in a folder of its own.

How-to guides and tutorials have files of their own: files are what is tested side by side.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .performing import ELSEWHERE, WITH_BLOCKS, blocks, matches, name_of, pages, perform_page


@pytest.mark.parametrize("page", pages("how-to", "tutorial", besides=True), ids=name_of)
def test_page(page: Path, place: Path) -> None:
    perform_page(page, place)


@pytest.mark.parametrize(("expected", "printed", "same"), [
    ("a  b\n", "a b", True),
    ("best …\n…\nend", "best 3\nmore\n\nend", True),
    ("best …", "worst 3", False),
    ("a", "a\nb", False),
    ("(a.b)*", "(a.b)*", True),
])  # fmt: skip
def test_the_comparison_itself(expected: str, printed: str, same: bool) -> None:
    assert matches(expected, printed) is same


def test_every_exception_is_still_needed() -> None:
    lines = [
        line.split("#")[0].strip() for page in WITH_BLOCKS for block in blocks(page) for line in block.text.splitlines()
    ]
    assert [pattern for pattern in ELSEWHERE if not any(re.fullmatch(pattern, line) for line in lines)] == []
