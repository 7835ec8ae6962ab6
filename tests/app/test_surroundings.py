"""What stands beside a scorer, and that a run is taken up again only beside the same."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from cambrian.app import surroundings as room
from cambrian.app.evolution import evolve_async, resume_async
from cambrian.app.surroundings import read_surroundings, surroundings
from cambrian.app.taskfile import load_task
from cambrian.app.workspace import Workspace
from cambrian.core.errors import TaskError
from cambrian.search.surroundings import Surroundings, check_surroundings
from cambrian.search.task import Task

EVALUATOR = """
import json, pathlib
HERE = pathlib.Path(__file__).parent
from rules import weight

def score(x):
    return {'x': x * weight() * json.loads((HERE / "data" / "factors.json").read_text())[0]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "task"
    (folder / "data").mkdir(parents=True)
    (folder / "task.toml").write_text(
        'program = ["p.py"]\nentry = "p.py:f"\n[objectives]\nx = "maximize"\n[budget]\nevaluations = 2\n'
    )
    (folder / "p.py").write_text("def f():\n    return 1.0 + 2.0 - 0.5\n")
    (folder / "evaluate.py").write_text(EVALUATOR)
    (folder / "rules.py").write_text("def weight():\n    return 1.0\n")
    (folder / "data" / "factors.json").write_text("[1.0]")
    (folder / "notes.md").write_text("so far\n")
    return folder


def test_surroundings_for_the_cache_are_whatever_the_scorer_can_read(tmp_path: Path) -> None:
    (tmp_path / "evaluate.py").write_text("x = 1\n")
    first = surroundings(tmp_path)
    for name, changes in {
        ".cambrian/j": False,
        "__pycache__/e.pyc": False,
        "task.toml": False,
        "data/a.csv": True,
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("new")
        assert (surroundings(tmp_path) != first) is changes, name
    for number in range(2001):
        (tmp_path / f"f{number}").touch()
    assert surroundings(tmp_path) is None


def written(path: str, text: str = "changed") -> Callable[[Path], object]:
    def write(folder: Path) -> None:
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text)

    return write


CHANGES: dict[str, Callable[[Path], object]] = {
    "data/factors.json: this file beside the scorer changed": written("data/factors.json", "[2.0]"),
    "rules.py: this file beside the scorer changed": written("rules.py", "def weight():\n    return 2.0\n"),
    "rules.py: this file beside the scorer is gone": lambda folder: (folder / "rules.py").unlink(),
    "data/more.json: this file beside the scorer is new": written("data/more.json"),
    "json.py: this file beside the scorer is new": written("json.py"),
}
HARMLESS: dict[str, Callable[[Path], object]] = {
    "the program, which the run has": written("p.py", "def f():\n    return 9.0\n"),
    "how to search": lambda folder: os.utime(folder / "task.toml"),
    "notes": written("notes.md"),
    "tests that `runs cases` wrote": written("test_cases.py"),
    "a report": written("report.html"),
    "a workspace": written(".cambrian/journal.db"),
    "a workspace of another name": written("runs/journal.db"),
    "a workspace that is the folder itself": written("journal.db"),
    "a cache of the interpreter": written("__pycache__/rules.pyc"),
    "a file written anew with the same content": written("rules.py", "def weight():\n    return 1.0\n"),
}


def compared(folder: Path, change: Callable[[Path], object]) -> None:
    task = load_task(folder)
    before = msgspec.json.decode(msgspec.json.encode(read_surroundings(task)), type=Surroundings)
    change(folder)
    check_surroundings(before, read_surroundings(task), task)


@pytest.mark.parametrize("told", CHANGES)
def test_what_a_score_can_hang_on_is_named(folder: Path, told: str) -> None:
    with pytest.raises(TaskError, match=told) as caught:
        compared(folder, CHANGES[told])
    assert "\n  fix: " in str(caught.value)


@pytest.mark.parametrize("what", HARMLESS)
def test_what_no_score_hangs_on_is_no_hindrance(folder: Path, what: str) -> None:
    compared(folder, HARMLESS[what])


@pytest.mark.parametrize("place", [".", "runs"])
@pytest.mark.anyio
async def test_a_workspace_within_the_folder_is_no_hindrance(folder: Path, place: str) -> None:
    first = await evolve_async(folder, seed=3, jobs=1, workspace=folder / place)
    again = await resume_async(first.run, budget="4ev", jobs=1, workspace=folder / place)
    assert again.evaluations == 4


def test_a_note_that_the_scorer_names_counts(folder: Path) -> None:
    written("evaluate.py", EVALUATOR + '# weights are in "notes.md"\n')(folder)
    with pytest.raises(TaskError, match=r"notes\.md"):
        compared(folder, written("notes.md"))


def test_large_files_and_very_many_are_known_by_size_and_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "WHOLE", 100)
    written("data/large.bin", "x" * 101)(folder)
    stat = (folder / "data" / "large.bin").stat()
    unseen = written("data/large.bin", "y" * 101)
    compared(folder, lambda folder: (unseen(folder), os.utime(folder / "data" / "large.bin", ns=(0, stat.st_mtime_ns))))
    with pytest.raises(TaskError, match=r"large\.bin"):
        compared(folder, lambda folder: os.utime(folder / "data" / "large.bin", (0, 0)))
    monkeypatch.setattr(room, "MANY", 1)
    with pytest.raises(TaskError, match=r"/data/: .* changed"):
        compared(folder, lambda folder: os.utime(folder / "data" / "large.bin", (1, 1)))
    monkeypatch.setattr(room, "MANY", 500)
    monkeypatch.setattr(room, "FILES", 3)
    assert [path for path in read_surroundings(load_task(folder)).marks if "/" in path] == ["data/"]


def test_names_and_files_that_cannot_be_read_are_no_error(folder: Path) -> None:
    os.symlink("nowhere", folder / "data" / "dangling")
    (folder / os.fsdecode(b"data/\xff")).write_text("1")
    task: Task = load_task(folder)
    marks = read_surroundings(task).marks
    assert "data/\\udcff" in marks
    assert msgspec.json.encode(marks)


@pytest.mark.anyio
async def test_a_run_is_not_taken_up_again_beside_other_files(folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "ws"
    first = await evolve_async(folder, seed=3, jobs=1, workspace=place)
    (folder / "rules.py").write_text("def weight():\n    return 2.0\n")
    with pytest.raises(TaskError, match=r"rules\.py: .*changed since the run began"):
        await resume_async(first.run, budget="4ev", jobs=1, workspace=place)
    async with Workspace(place).reading() as runs:
        assert (await runs.outcome(first.run)).evaluations == first.evaluations, "nothing was added to it"
    (folder / "rules.py").write_text("def weight():\n    return 1.0\n")
    again = await resume_async(first.run, budget="4ev", jobs=1, workspace=place)
    assert again.evaluations == 4
    (folder / "rules.py").unlink()
    (folder / "rules").mkdir()
    (folder / "rules" / "__init__.py").write_text("def weight():\n    return 1.0\n")
    more = await resume_async(first.run, budget="5ev", jobs=1, workspace=place, settings=["same_files=false"])
    assert more.evaluations == 5
