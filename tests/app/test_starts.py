"""``starts`` in ``task.toml``: further programs to begin with."""

from __future__ import annotations

from pathlib import Path

import pytest

from cambrian.app.taskfile import load_task
from cambrian.core.errors import TaskError

TASK = """
name = "several"
program = ["a.py", "b.py"]
entry = "a.py:solve"
starts = ["starts/other"]

[objectives]
score = "maximize"
"""
A = "# EVOLVE-BLOCK-START\nx = 1\n# EVOLVE-BLOCK-END\n\ndef solve():\n    return x\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "task.toml").write_text(TASK)
    (tmp_path / "a.py").write_text(A)
    (tmp_path / "b.py").write_text("y = 1\n")
    (tmp_path / "evaluate.py").write_text("def score(artifact):\n    return artifact\n")
    (tmp_path / "starts/other").mkdir(parents=True)
    (tmp_path / "starts/other/a.py").write_text(A.replace("x = 1", "x = 2"))
    return tmp_path


def test_a_start_takes_what_it_leaves_out_from_the_program(folder: Path) -> None:
    [start] = load_task(folder).starts
    assert start == {"a.py": A.replace("x = 1", "x = 2"), "b.py": "y = 1\n"}


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("starts/other/a.py", A.replace("return x", "return 9"), "differs from the program outside its EVOLVE-BLOCK"),
        ("starts/other/a.py", "def solve(:\n", "starts/other/a.py:1"),
        ("task.toml", TASK.replace("starts/other", "starts/none"), "holds none of the program's files"),
        ("task.toml", TASK.replace('["starts/other"]', "3"), "starts"),
    ],
)
def test_what_is_wrong_with_a_start_is_said(path: str, text: str, said: str, folder: Path) -> None:
    (folder / path).write_text(text)
    with pytest.raises(TaskError, match=said):
        load_task(folder)


def test_a_start_outside_the_folder_is_refused(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "a.py").write_text(A)
    (folder / "task.toml").write_text(TASK.replace("starts/other", "starts/link"))
    (folder / "starts/link").symlink_to(outside)
    with pytest.raises(TaskError, match="leaves the task's folder"):
        load_task(folder)
