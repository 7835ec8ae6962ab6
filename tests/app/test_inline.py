"""Tasks from Python objects."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from cambrian.app.inline import define_task, materialise
from cambrian.core.budget import Budget
from cambrian.core.errors import TaskError
from cambrian.core.evaluation import Objective


def solve() -> list[float]:
    import math as m

    return [m.pi]


def judge(artifact: object) -> float:
    if not isinstance(artifact, list):
        raise ValueError("a list is wanted")
    return 1.0


def inputs(rng: object) -> list[tuple[int]]:
    return [(1,)]


def uses_module() -> float:
    return math.pi


def test_functions_become_a_task() -> None:
    task = define_task(solve, judge, budget="5s", target=2.0)
    assert task.entry == "program.py:solve"
    assert task.program["program.py"].startswith("def solve()")
    assert task.evaluator_text.endswith("score = judge\n")
    assert task.objectives == (Objective(name="score"),)
    assert (task.name, task.folder, task.target, task.budget) == ("solve", "", 2.0, Budget(wall=5.0))


def test_callable_mode_takes_inputs() -> None:
    task = define_task(solve, inputs, mode="callable", name="fast")
    assert (task.mode, task.name, task.objectives[0].name) == ("callable", "fast", "speedup")


def test_text_needs_its_entry() -> None:
    text = "def answer():\n    return 42\n"
    assert define_task(text, judge, entry="answer").entry == "program.py:answer"
    with pytest.raises(TaskError, match='pass entry="solve"'):
        define_task(text, judge)


def test_what_cannot_stand_alone_is_refused() -> None:
    with pytest.raises(TaskError, match=r"program\.py:2: uses 'math', which is not defined"):
        define_task(uses_module, judge)
    with pytest.raises(TaskError, match=r"program\.py:1: syntax error"):
        define_task("def f(:", judge, entry="f")
    with pytest.raises(TaskError, match="defines no function 'score'"):
        define_task(solve, "def judge(a): return 1")
    with pytest.raises(TaskError, match="no plain function"):
        define_task(len, judge)

    outer = 3

    def closes() -> int:
        return outer

    with pytest.raises(TaskError, match="uses outer of the function around it"):
        define_task(closes, judge)


def test_an_indented_function_is_taken_as_if_it_were_not() -> None:
    def inner() -> int:
        return 3

    assert define_task(inner, judge).program["program.py"].startswith("def inner()")


def test_the_same_task_gets_the_same_folder(tmp_path: Path) -> None:
    task = define_task(solve, judge)
    first, second = materialise(task, tmp_path), materialise(task, tmp_path)
    assert first == second
    folder = Path(first.folder)
    assert folder.parent == tmp_path
    assert (folder / "evaluate.py").read_text(encoding="utf-8") == task.evaluator_text
    assert (folder / "program.py").read_text(encoding="utf-8") == task.program["program.py"]
    assert materialise(first, tmp_path / "elsewhere") == first, "a task with a folder keeps it"
    assert materialise(define_task(inputs, judge), tmp_path).folder != first.folder
