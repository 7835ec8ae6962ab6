"""The syntax check: what Python refuses is told with its line, and no text harms the checker."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.source import blocks, literals, names, normalise, syntax

BOMBS = {
    "brackets": "(" * 100_000,
    "minus": "-" * 100_000 + "1",
    "sum": "x = " + "+".join(["1"] * 5_000),
    "attributes": "x" + ".a" * 100_000,
    "calls": "f" + "()" * 50_000,
    "not": "not " * 50_000 + "1",
    "power": "2**" * 3_000 + "2",
    "lambda": "lambda:" * 3_000 + "1",
    "digits": "x = " + "9" * 900_000,
    "elif": "if 1:\n pass\n" + "elif 1:\n pass\n" * 5_000,
    "indentation": "\n".join(" " * depth + "if 1:" for depth in range(300)),
    "dictionaries": "{1:" * 50_000,
    "backslashes": '"""' + "\\" * 900_000,
    "size": "#" * 2_000_000,
    "surrogate": "x = '\ud800'",
    "nul": "x = 1\0",
    "open braces": "{" * 55 + ":",
    "with": "with " + "(" * 55 + "a" + ")" * 54 + " as b: pass",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs_are_problems_and_never_a_crash(bomb: str) -> None:
    text = BOMBS[bomb]
    started = time.process_time()
    problem = syntax.check({"a.py": text}, "python")
    assert problem is not None
    assert problem.file == "a.py"
    names.undefined({"a.py": text})
    normalise.canonical({"a.py": text}, "python")
    literals.literals(text, (blocks.Span(1, 10),))
    assert time.process_time() - started < 10  # milliseconds as a rule; an exponential parser would take for ever


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("x = 1\ny = = 2\n", 2),
        ("return 1\n", 1),
        ("a\nbreak\n", 2),
        ("def f():\n  x\n y\n", 3),
        ("f(a for a in b, c)", 1),
    ],
)
def test_what_python_refuses_is_told_with_its_line(text: str, line: int) -> None:
    problem = syntax.check({"good.py": "x = 1\n", "bad.py": text}, "python")
    assert problem is not None
    assert (problem.file, problem.line) == ("bad.py", line)
    assert str(problem).startswith(f"bad.py:{line}: ")


def test_good_programs_pass_without_a_warning() -> None:
    assert syntax.check({"a.py": "import math\nx = 1 is 1\ns = '\\d'\n", "data.txt": "(((("}, "python") is None
    assert syntax.check({"a.c": "int main( {"}, "c") is None


def test_nothing_is_executed() -> None:
    assert syntax.check({"a.py": "raise SystemExit('executed')\n1 / 0\n"}, "python") is None


def test_the_whole_program_is_capped() -> None:
    files = {f"{i}.txt": "x" * 900_000 for i in range(5)}
    assert syntax.check(files, "python") is not None


@given(st.text(max_size=200))
def test_any_text_gets_an_answer(text: str) -> None:
    tree = syntax.compiled(text)
    assert isinstance(tree, syntax.Problem) or compile(tree, "x", "exec", dont_inherit=True)
