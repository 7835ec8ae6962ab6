"""Algorithms written into other functions: names that do not clash, answers adapted, old code kept behind a guard."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from cambrian.source.algorithms import Adapter, Algorithm, Placement, algorithms, placed
from cambrian.source.algorithms.placing import replaceable
from cambrian.source.analysis import Module
from cambrian.source.edit import apply

LIBRARY = {each.name: each for each in algorithms()}
FILE = '''"""Of a person."""

import math


def answer(n, limit=3):
    """What it is."""
    # as in the book
    total = 0
    for k in range(n):
        total += k * math.pi * p
    return total


p = 2
'''


def put(placement: Placement, text: str = FILE) -> str:
    module = Module(text)
    node = next(each for each in module.tree.body if isinstance(each, ast.FunctionDef) and each.name == "answer")
    splices = placed(module, node, placement)
    assert splices is not None
    return apply(text, splices)


def run(text: str) -> Any:
    names: dict[str, Any] = {}
    exec(compile(text, "answer.py", "exec"), names)
    return names["answer"]


def test_the_body_is_replaced_and_all_else_stays() -> None:
    text = put(Placement(LIBRARY["integer_cube_root"], ("n",)))
    assert '    """What it is."""\n    # Newton' in text
    assert "in the book" not in text
    assert text.endswith("    return root\n\n\np = 2\n")
    assert text.startswith(FILE[: FILE.index("    # as in")])
    assert run(text)(1000) == 10


def test_a_guard_keeps_the_old_code_for_all_else() -> None:
    text = put(Placement(LIBRARY["is_prime"], ("n",), guards=("n >= 2",)))
    assert "    if n >= 2:\n        # Miller" in text
    assert text.endswith(FILE[FILE.index("    # as in") :])
    assert "math.isqrt(n)" in text, "the import that is there is used"
    answer = run(text)
    assert answer(97) is True
    assert answer(1) == 0, "the old code's answer"


def test_names_that_the_old_code_reads_from_outside_are_not_bound() -> None:
    answer = run(put(Placement(LIBRARY["is_prime"], ("n",), guards=("n > 90",))))
    assert answer(3) == pytest.approx(18.85, abs=0.01), "p is the global still"


@pytest.mark.parametrize(
    ("adapter", "wanted"),
    [
        (Adapter("choose", "'Yes'", "'No'"), ["No", "Yes", "No"]),
        (Adapter("choose", "False", "True"), [True, False, True]),
        (Adapter("wrap", "int"), [0, 1, 0]),
    ],
    ids=["choose", "not", "wrap"],
)
def test_answers_are_adapted(adapter: Adapter, wanted: list[object]) -> None:
    answer = run(put(Placement(LIBRARY["is_prime"], ("n",), adapter)))
    assert [answer(n) for n in (1, 97, 91)] == wanted


def test_what_stands_for_nothing_is_adapted() -> None:
    answer = run(put(Placement(LIBRARY["two_sum"], ("n", "limit"), Adapter("sentinel", "[]", "None"))))
    assert answer([4, 1, 2], 3) == [1, 2]
    assert answer([4, 1, 2], 9) is None


def test_imports_are_added_where_they_belong() -> None:
    text = put(Placement(LIBRARY["two_sum"], ("limit", "n")))
    assert text.count("import") == 1
    text = put(Placement(LIBRARY["window_maxima"], ("limit", "n")))
    assert "from collections import deque\n" in text
    assert run(text)(2, [1, 3, 2]) == [3, 3]


def test_a_hidden_builtin_is_in_the_way() -> None:
    text = FILE.replace("p = 2", "range = 2")
    module = Module(text)
    node = next(each for each in module.tree.body if isinstance(each, ast.FunctionDef))
    assert placed(module, node, Placement(LIBRARY["tribonacci"], ("n",))) is None


def test_tabs_and_line_ends_stay() -> None:
    text = "def answer(n):\r\n\ttotal = 0\r\n\tfor k in range(n):\r\n\t\ttotal += k\r\n\treturn total\r\n"
    new = put(Placement(LIBRARY["tribonacci"], ("n",), guards=("n >= 0",)), text)
    assert new.count("\n") == new.count("\r\n")
    assert "\t\tfor _ in range(n):\r\n\t\t\ta, b, c" in new
    assert run(new)(4) == 2


@pytest.mark.parametrize("algorithm", algorithms(), ids=lambda each: each.name)
def test_each_is_well_formed_and_can_be_placed(algorithm: Algorithm) -> None:
    assert algorithm.title
    assert algorithm.cost.startswith("O(")
    function = ast.parse(algorithm.text).body[0]
    assert isinstance(function, ast.FunctionDef)
    assert isinstance(function.body[-1], ast.Return)
    names = tuple(f"argument_{number}" for number in range(len(algorithm.parameters)))
    text = f"def answer({', '.join(names)}):\n    for _ in ():\n        pass\n    return None\n"
    new = put(Placement(algorithm, names, guards=("__debug__",)), text)
    assert "->" not in new, "annotations stay in the library"
    run(new)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("def f(n):\n    return sum(range(n))\n", True),
        ("def f(n):\n    return f(n - 1) if n else 0\n", True),
        ("def f(n):\n    for k in n:\n        yield k\n", False),
        ("def f(n):\n    global a\n    for k in n:\n        a = k\n", False),
        ("def f(*n):\n    return sum(n)\n", False),
        ("def f(n):\n    return n + 1\n", False),
    ],
    ids=["sum", "recursion", "generator", "global", "any number", "plain"],
)
def test_what_may_be_replaced(text: str, wanted: bool) -> None:
    assert replaceable(ast.parse(text).body[0]) is wanted
