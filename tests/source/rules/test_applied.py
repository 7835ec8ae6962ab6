"""Several rewrites of one text: what overlaps waits, imports stand together."""

from __future__ import annotations

import pytest

from cambrian.source.edit import Splice
from cambrian.source.rules.rule import Rewrite, applied


def rewrite(*splices: Splice) -> Rewrite:
    return Rewrite(rule="r", line=1, column=1, end_line=1, scope="", what="", splices=splices)


def test_of_two_that_overlap_the_first_stays_and_the_other_is_left_whole() -> None:
    first = rewrite(Splice(0, 3, "xyz"))
    second = rewrite(Splice(2, 4, "!"), Splice(5, 6, "?"))
    assert applied("abcdef", [first, second]) == "xyzdef"


def test_insertions_at_one_place_have_no_order_so_the_first_stays() -> None:
    assert applied("ab", [rewrite(Splice(1, 1, "x")), rewrite(Splice(1, 1, "y"))]) == "axb"


def test_equal_splices_are_made_once() -> None:
    line = Splice(0, 0, "import re\n")
    assert applied("a b", [rewrite(line, Splice(0, 1, "c")), rewrite(line, Splice(2, 3, "d"))]) == "import re\nc d"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_imports_at_one_place_stand_one_below_the_other(end: str) -> None:
    first = rewrite(Splice(0, 0, f"from operator import xor{end}{end}{end}"), Splice(0, 1, "c"))
    second = rewrite(Splice(0, 0, f"from functools import reduce{end}{end}{end}"), Splice(2, 3, "d"))
    both = f"from functools import reduce{end}from operator import xor{end}{end}{end}c d"
    assert applied("a b", [first, second]) == both
