"""`runs cases`: inputs on which candidates failed, as a list and as tests."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import anyio
import pytest
from msgspec.structs import replace

from cambrian.app.cli import run
from cambrian.app.evolution import evolve_async
from cambrian.app.taskfile import load_task

INPUTS = "def inputs(rng):\n    return [([rng.randrange(9) for _ in range(30)],), ([1, 2, 3, 0],)]\n"
ORACLES = {
    "none": "",
    "expected": "def expected(values):\n    return sorted(values)\n",
    "check": "def check(arguments, answer):\n    return answer == sorted(arguments[0])\n",
}
TASK = 'mode = "callable"\nprogram = ["p.py"]\nentry = "p.py:f"\n[budget]\nevaluations = 2\n'
GOOD = "def f(values):\n    return sorted(values)\n"
BAD = "def f(values):\n    return sorted(values)[1:] if 0 in values else sorted(values)\n"


@pytest.fixture(params=ORACLES)
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, list[str]]:
    """A task's folder and the options that name a workspace in which a wrong program was tried."""
    folder = tmp_path / "task"
    folder.mkdir()
    (folder / "p.py").write_text(GOOD)
    (folder / "evaluate.py").write_text(INPUTS + ORACLES[str(request.param)])
    (folder / "task.toml").write_text(TASK)
    task = replace(load_task(folder), starts=({"p.py": BAD},))
    await evolve_async(task, seed=1, jobs=1, workspace=tmp_path / "ws")
    return folder, ["--workspace", str(tmp_path / "ws")]


def passes(file: Path) -> bool:
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(file)]
    return subprocess.run(words, capture_output=True, timeout=60, check=False, cwd=file.parent).returncode == 0


@pytest.mark.anyio
async def test_cases_are_told_and_written(
    place: tuple[Path, list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, options = place

    async def cambrian(*words: str) -> int:
        return await anyio.to_thread.run_sync(run, ["runs", "cases", *words, *options])

    assert await cambrian("last", "--json") == 0
    [case] = json.loads(capsys.readouterr().out)
    assert case["arguments"] == "([1, 2, 3, 0],)"
    assert (case["evaluation"], case["status"]) == (1, "invalid")
    assert await cambrian() == 0
    assert "([1, 2, 3, 0],)" in capsys.readouterr().out
    for file in (folder / "test_cases.py", tmp_path / "elsewhere" / "test_cases.py"):
        file.parent.mkdir(exist_ok=True)
        assert await cambrian("last", "--write", str(file)) == 0
        assert passes(file)
        (folder / "p.py").write_text(BAD)
        assert not passes(file), "what failed in the run fails the tests"
        (folder / "p.py").write_text(GOOD)
    assert await cambrian("last", "--write", str(folder / "test_cases.py")) == 2
    assert "is there already" in capsys.readouterr().err


@pytest.mark.anyio
async def test_a_run_without_cases_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = Path(__file__).parents[2] / "examples" / "multi_file"
    await evolve_async(root, seed=1, jobs=1, workspace=tmp_path, budget="2ev")
    words = ["runs", "cases", "--workspace", str(tmp_path)]
    assert await anyio.to_thread.run_sync(run, words) == 0
    assert "kept no input" in capsys.readouterr().err
    assert await anyio.to_thread.run_sync(run, [*words, "--write", str(tmp_path / "t.py")]) == 2
    assert not (tmp_path / "t.py").exists()
