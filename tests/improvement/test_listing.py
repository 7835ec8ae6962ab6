"""Where it would pay, by text alone and by shares of time."""

from __future__ import annotations

from pathlib import Path

from cambrian.improvement.listing import rank
from cambrian.improvement.project import Project

from .toy_rules import find

TEXT = """
def shallow(x):
    return (x + 0)


def deep(xs, ys):
    for x in xs:
        for y in ys:
            if x in tuple(ys):
                return x


class C:
    def m(self, x, values):
        return x in tuple(values)


def clean(x):
    return x
"""


def project(folder: Path) -> Project:
    (folder / "pyproject.toml").write_text("", encoding="utf-8")
    (folder / "m.py").write_text(TEXT, encoding="utf-8")
    (folder / "test_m.py").write_text(TEXT, encoding="utf-8")
    (folder / "broken.py").write_text("def f(:\n    return (x + 0)\n", encoding="utf-8")
    (folder / "binary.py").write_bytes(b"\xff\xfe\x00(x + 0)")
    return Project.open(folder)


def test_what_is_in_loops_and_gains_much_comes_first_and_tests_are_passed_over(tmp_path: Path) -> None:
    ranked = rank(project(tmp_path), find)
    assert [each.place for each in ranked] == ["m.py:deep", "m.py:C.m", "m.py:shallow"]
    assert ranked[0].gain > ranked[1].gain > ranked[2].gain > 1
    assert ranked[0].why == "line 9: toy-copy applies"
    assert ranked[0].share is None


def test_shares_of_time_decide_where_they_are_known(tmp_path: Path) -> None:
    ranked = rank(project(tmp_path), find, shares={"m.py:shallow": 0.9, "m.py:deep": 0.01})
    assert ranked[0].place == "m.py:shallow"
    assert (ranked[0].share, ranked[-1].share) == (0.9, 0.0)
    assert ranked[-1].gain == 1.0


def test_a_file_that_is_named_is_looked_at_even_if_it_has_tests(tmp_path: Path) -> None:
    ranked = rank(project(tmp_path), find, below="test_m.py", tests=True)
    assert {each.place.partition(":")[0] for each in ranked} == {"test_m.py"}
