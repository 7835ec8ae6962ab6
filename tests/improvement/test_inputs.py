"""Calls that are known, and what is drawn where hints and calls say different things."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from cambrian.core.errors import UsageError
from cambrian.improvement.inputs import Inputs, check_calls, inputs_of, misfit, read_inputs
from cambrian.improvement.targets import function_in, target_of
from cambrian.verify.cases import Case
from cambrian.verify.generators import draw


def inputs(
    folder: Path, text: str, name: str = "f", *, tests: Sequence[str] = (), given: Sequence[Case] = (),
    recorded: Sequence[Case] = (),
) -> Inputs:  # fmt: skip
    (folder / "m.py").write_text(text, encoding="utf-8")
    return inputs_of(target_of(folder / "m.py", name), tests=tests, given=given, recorded=recorded)


def test_calls_are_known_from_everywhere(tmp_path: Path) -> None:
    text = 'def f(a):\n    """\n    >>> f([1])\n    1\n    """\n\n\ndef g():\n    return f([2])\n'
    found = inputs(
        tmp_path, text, tests=["def test():\n    assert f([3])\n"], given=[Case(arguments=([4],))],
        recorded=[Case(arguments=([5],))],
    )  # fmt: skip
    assert sorted(str(case) for case in found.known) == ["([1])", "([2])", "([3])", "([4])", "([5])"]
    assert [case.arguments for case in found.given] == [([4],)]
    assert found.told == "1 given, 1 of calls recorded, 1 of tests, 1 of docstrings, 1 of calls in its file"


def test_calls_with_another_number_of_arguments_are_somebody_elses(tmp_path: Path) -> None:
    found = inputs(tmp_path, "def f(a, b=1): ...\n", tests=["f(1)\nf(1, 2)\nf(1, 2, 3)\nf()\n"])
    assert [case.arguments for case in found.known] == [(1,), (1, 2)]


@pytest.mark.parametrize(
    ("hint", "by_hints"), [("list[int]", True), ("str", True), ("list", False), ("dict[str, Any]", False)]
)
def test_vague_hints_give_way_to_calls(tmp_path: Path, hint: str, by_hints: bool) -> None:
    found = inputs(tmp_path, f"from typing import Any\ndef f(a: {hint}): ...\n", tests=["f([1])"])
    assert ("type hints" in found.told) == by_hints


def test_hints_alone_are_enough(tmp_path: Path) -> None:
    found = inputs(tmp_path, "def f(a: list[int]): ...\n")
    assert len(draw(found.source, 20, seed=1)) == 20


def test_a_method_of_a_dataclass_gets_objects(tmp_path: Path) -> None:
    text = "from dataclasses import dataclass\n@dataclass\nclass C:\n    n: int\n    def m(self, by: int): ...\n"
    found = inputs(tmp_path, text, "C.m")
    assert all(len(case.arguments) == 2 for case in draw(found.source, 5, seed=1))


def test_an_object_that_cannot_be_made_up_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no inputs for m\.py:C\.m"):
        inputs(tmp_path, "class C:\n    def __init__(self, f): ...\n    def m(self): ...\n", "C.m")


def test_known_calls_are_made_larger(tmp_path: Path) -> None:
    found = inputs(tmp_path, "def f(a, n): ...\n", tests=["f([1, 2], 3)"])
    chains = found.larger(found.known, seed=1)
    assert len(chains) == 2, "with the number growing, and without"
    sizes = [len(case.payload) for case in chains[0]]
    assert sizes == sorted(sizes)
    assert sizes[-1] > 1000 * sizes[0] / 100


def test_a_file_of_calls_is_read(tmp_path: Path) -> None:
    path = tmp_path / "calls.txt"
    path.write_text("# sizes\n([3, 1], 'x')\n\n(1,)\n", encoding="utf-8")
    assert [case.arguments for case in read_inputs(path)] == [([3, 1], "x"), (1,)]


@pytest.mark.parametrize(
    ("line", "told"), [("[1]", r"no tuple; write \(\[1\],\)"), ("open('x')", "no Python literal"), ("(1,", "no Python")]
)
def test_a_line_that_is_no_call_is_told_with_its_number(tmp_path: Path, line: str, told: str) -> None:
    path = tmp_path / "calls.txt"
    path.write_text(f"(1,)\n{line}\n", encoding="utf-8")
    with pytest.raises(UsageError, match=rf":2: .*{told}"):
        read_inputs(path)


@pytest.mark.parametrize(
    ("signature", "call", "told"),
    [
        ("def f(a, b=1): ...", (), "gives 0 arguments, and f(a, b) takes 1 to 2"),
        ("def f(a): ...", (1, 2), "gives 2 arguments, and f(a) takes 1"),
        ("def f(a, *rest): ...", (), "gives 0 arguments, and f(a, *…) takes at least 1"),
        ("def f(a, *rest): ...", (1, 2, 3), ""),
        ("class C:\n    @classmethod\n    def f(cls, a): ...", (1,), ""),
        ("class C:\n    @staticmethod\n    def f(a): ...", (1,), ""),
        ("class C:\n    def f(self, a): ...", (1,), "gives 1 argument, and C.f(self, a) takes 2"),
    ],
    ids=["few", "many", "few-spread", "spread", "class-method", "static", "method"],
)
def test_a_call_with_another_number_of_arguments_is_told(signature: str, call: tuple[int, ...], told: str) -> None:
    name = "C.f" if "class" in signature else "f"
    function = function_in(f"{signature}\n", Path("m.py"), name)
    assert misfit(Case(arguments=call), function) == told
    if told:
        with pytest.raises(UsageError, match="call 2 of those given"):
            check_calls([Case(arguments=(1,) * 2 if "self" in signature else (1,)), Case(arguments=call)], function)


def test_a_class_method_gets_values_by_its_hints(tmp_path: Path) -> None:
    text = "class C:\n    @classmethod\n    def f(cls, a: int) -> int:\n        return a\n"
    assert all(len(case.arguments) == 1 for case in draw(inputs(tmp_path, text, "C.f").source, 5, seed=1))
