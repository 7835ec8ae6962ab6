"""The examples evolve at a small budget, do not get worse, and say what they ran under."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

import cambrian

EXAMPLES = Path(__file__).parents[2] / "examples"


class Trial(NamedTuple):
    """Evaluations to run, and whether they are enough to find something better with seed 1."""

    evaluations: int
    improves: bool


TRIALS = {
    "circle_packing": Trial(4, improves=True),
    "function_minimization": Trial(12, improves=True),
    "multi_file": Trial(60, improves=True),
    "slow_function": Trial(20, improves=False),
}


def test_every_example_is_tried() -> None:
    assert {path.name for path in EXAMPLES.iterdir() if path.is_dir()} == set(TRIALS)


def evolve(example: str, folder: Path) -> cambrian.Outcome:
    trial = TRIALS[example]
    return cambrian.evolve(
        EXAMPLES / example, budget=f"{trial.evaluations}ev", seed=1, jobs=1, workspace=folder / "workspace"
    )


@pytest.mark.parametrize("example", TRIALS)
def test_example(example: str, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in (EXAMPLES / example).iterdir() if path.is_file()}
    outcome = evolve(example, tmp_path)
    assert outcome.status == "finished"
    assert outcome.evaluations == TRIALS[example].evaluations
    assert outcome.level in ("L2", "L3")
    assert outcome.initial is not None
    assert outcome.best is not None
    [(name, direction), *_] = outcome.objectives.items()
    sign = 1 if direction == "maximize" else -1
    gain = sign * (outcome.best.objectives[name] - outcome.initial.objectives[name])
    assert gain > 0 if TRIALS[example].improves else gain >= 0
    assert before == {path: path.read_bytes() for path in before}, "a run changed its task's folder"


def test_frozen_file_stays(tmp_path: Path) -> None:
    best = evolve("multi_file", tmp_path).best
    assert best is not None
    assert best.files["packer.py"] == (EXAMPLES / "multi_file" / "packer.py").read_text()
    changed = [name for name in ("order.py", "priority.py") if best.files[name] != read("multi_file", name)]
    assert changed, "sixty evaluations with this seed find a better rule"


def read(example: str, name: str) -> str:
    return (EXAMPLES / example / name).read_text()


def test_faster_function_passes_its_own_tests(tmp_path: Path) -> None:
    best = evolve("slow_function", tmp_path).best
    assert best is not None
    tested = tmp_path / "tested"
    shutil.copytree(EXAMPLES / "slow_function", tested, ignore=shutil.ignore_patterns("__pycache__"))
    for name, text in best.files.items():
        (tested / name).write_text(text)
    command = [sys.executable, "-m", "pytest", "-q", "-c", "/dev/null", "-p", "no:cacheprovider", "."]
    done = subprocess.run(command, cwd=tested, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout
    assert "4 passed" in done.stdout
