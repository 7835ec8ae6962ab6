"""Evaluations kept in a workspace."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cambrian.app.cli import run
from cambrian.app.evaluation_cache import EvaluationCache
from cambrian.app.evolution import evolve_async
from cambrian.app.taskfile import load_task
from cambrian.core.ids import digest

KEY, OTHER = digest(b"1"), digest(b"2")


def only_file(folder: Path) -> Path:
    [file] = [path for path in folder.rglob("*") if path.is_file()]
    return file


def test_what_is_kept_is_found_and_what_is_damaged_is_not(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    cache = EvaluationCache(tmp_path / "cache")
    assert cache.get(KEY) is None
    cache.put(KEY, b"content")
    assert cache.get(KEY) == b"content"
    file = only_file(tmp_path)
    whole = file.read_bytes()
    for broken in (b"", whole[:-1], whole[:10], bytes([whole[0] ^ 1]) + whole[1:], whole + b"!"):
        file.write_bytes(broken)
        assert cache.get(KEY) is None
        assert f"{file} was damaged and is deleted" in caplog.messages[-1]
        assert not file.exists()
        assert cache.get(KEY) is None
    assert len(caplog.messages) == 5, "each is told once"
    cache.put(KEY, b"again")
    assert cache.get(KEY) == b"again"


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    cache = EvaluationCache(tmp_path / "cache")
    cache.put(KEY, b"content")
    assert cache.get(KEY) is None
    assert cache.trim() == 0


def test_it_is_bounded_in_bytes_and_age(tmp_path: Path) -> None:
    cache = EvaluationCache(tmp_path)
    for number in range(20):
        cache.put(digest(b"%d" % number), bytes(968))
    for path in (path for path in tmp_path.rglob("*") if path.is_file()):
        os.utime(path, (1000.0, 1000.0))
    cache.get(digest(b"7"))  # the latest used
    assert cache.trim(bound=3000, age=1e12) == 17 * 1000
    assert cache.get(digest(b"7")) is not None
    assert cache.trim(age=1e6) == 2 * 1000
    assert cache.get(digest(b"7")) is not None


NUMBER = """
[objectives]
x = "maximize"
[budget]
evaluations = 6
"""


@pytest.fixture
def task(tmp_path: Path) -> Path:
    folder = tmp_path / "task"
    folder.mkdir()
    (folder / "task.toml").write_text('program = ["p.py"]\nentry = "p.py:f"\n' + NUMBER)
    (folder / "p.py").write_text("def f():\n    return 1.0 + 2.0 - 0.5\n")
    (folder / "evaluate.py").write_text("def score(x):\n    return {'x': x}\n")
    return folder


@pytest.mark.anyio
async def test_a_second_run_in_a_workspace_recalls_the_first_unless_told_not_to(task: Path, tmp_path: Path) -> None:
    place = tmp_path / "ws"
    first = await evolve_async(task, seed=3, jobs=1, workspace=place)
    again = await evolve_async(task, seed=3, jobs=1, workspace=place)
    never = await evolve_async(task, seed=3, jobs=1, workspace=place, settings=["cache=false"])
    assert (first.cached, never.cached) == (0, 0)
    assert again.cached > 0
    assert again.best is not None
    assert first.best is not None
    assert again.best.files == first.best.files
    assert again.evaluations == first.evaluations


def test_gc_frees_what_nobody_asks_for(task: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "ws"
    assert run(["evolve", str(task), "--seed", "1", "--jobs", "1", "--workspace", str(place), "--display", "none"]) == 0
    files = [path for path in (place / "cache").rglob("*") if path.is_file()]
    assert files
    assert run(["runs", "gc", "--workspace", str(place)]) == 0
    assert all(path.exists() for path in files)
    for path in files:
        os.utime(path, (0, 0))
    assert run(["runs", "gc", "--workspace", str(place)]) == 0
    assert not any(path.exists() for path in files)
    capsys.readouterr()


def test_the_switch_is_read(task: Path) -> None:
    (task / "task.toml").write_text("cache = false\n" + (task / "task.toml").read_text())
    assert not load_task(task).cache
    assert load_task(task, ["cache=true"]).cache
