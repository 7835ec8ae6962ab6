"""The corpus of good and bad evaluators in ``tests/data/evaluators`` is what it says: cheats pay, fixes end that.

Every bad task has ``cheat/`` (a program with an undeserved score, and ``claim.toml``: what no honest program beats) and
``fix/`` (files that take the place of the task's own). Each is run as a search would run it, in the jail. What was
written for other frameworks (``foreign_*``) has no ``task.toml`` and is not run here.
"""

from __future__ import annotations

import hashlib
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from cambrian.app.checking import check_task
from cambrian.app.taskfile import load_task
from cambrian.core.evaluation import Evaluation, Status
from cambrian.core.variant import Origin, Variant
from cambrian.search.evaluation import Evaluator
from cambrian.search.task import Task

pytestmark = pytest.mark.anyio

CORPUS = Path(__file__).parents[1] / "data" / "evaluators"
BAD = sorted(path for path in (CORPUS / "bad").iterdir() if (path / "task.toml").is_file())
FOREIGN = sorted(path for path in (CORPUS / "bad").iterdir() if path.name.startswith("foreign_"))
GOOD = sorted(path for path in (CORPUS / "good").iterdir() if path.is_dir())
FROZEN = CORPUS / "FROZEN.sha256"

NOISE = 0.7
"""Share of the fastest honest program's speed that counts as a tie: both are measured, on a machine that is shared."""
HELD_OUT = 1


def named(path: Path) -> str:
    return path.name


def variant(task: Task, texts: dict[str, Path]) -> Variant:
    """The task's program with other files in place of some of its own."""
    files = task.program | {name: path.read_text(encoding="utf-8") for name, path in texts.items()}
    return Variant(files=files, entry=task.entry, origin=Origin(proposer="corpus", why="from the corpus"))


def cheat_of(folder: Path, task: Task) -> Variant:
    """The program that gets a score it does not deserve."""
    return variant(task, {name: path for name in task.program if (path := folder / "cheat" / name).is_file()})


def rivals_of(folder: Path, task: Task) -> list[Variant]:
    """The fastest honest program, where speed is the score."""
    told = claim(folder)
    main = task.entry.partition(":")[0]
    return [variant(task, {main: folder / "cheat" / told["rival"]})] if "rival" in told else []


def gains(task: Task, numbers: dict[str, float]) -> tuple[float, ...]:
    """How good a score is; more is better, the first counts most."""
    return tuple(item.gain(numbers[item.name]) for item in task.objectives)


def claim(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "cheat" / "claim.toml").read_text(encoding="utf-8"))


async def evaluated(task: Task, *variants: Variant, inputs: int = 0) -> list[Evaluation]:
    """Evaluations in one slot, each confirmed as a search confirms what would be its best."""
    evaluator = await Evaluator.start(task)
    worst = tuple([float("-inf")] * len(task.objectives))
    try:
        return [(await evaluator.evaluate(item, best=worst, inputs=inputs)).evaluation for item in variants]
    finally:
        await evaluator.aclose()


@pytest.mark.parametrize("folder", BAD, ids=named)
async def test_a_cheat_has_a_score_that_it_does_not_deserve(folder: Path) -> None:
    task, told = load_task(folder), claim(folder)
    cheat, initial, *rivals = await evaluated(task, cheat_of(folder, task), task.initial, *rivals_of(folder, task))
    assert [item.status for item in (initial, cheat, *rivals)] == [Status.OK] * (2 + len(rivals)), cheat.feedback
    assert gains(task, cheat.objectives) > gains(task, initial.objectives)
    if rivals:
        assert cheat.objectives["speedup"] >= NOISE * rivals[0].objectives["speedup"]
    else:
        assert gains(task, cheat.objectives) >= gains(task, told["best_honest"])
        assert gains(task, told["best_honest"]) >= gains(task, initial.objectives)


@pytest.mark.slow
@pytest.mark.parametrize("folder", BAD, ids=named)
async def test_the_fix_ends_it(folder: Path, tmp_path: Path) -> None:
    fixed = tmp_path / folder.name
    shutil.copytree(folder, fixed, ignore=shutil.ignore_patterns("cheat", "fix", "__pycache__"))
    shutil.copytree(folder / "fix", fixed, dirs_exist_ok=True)
    task = load_task(fixed)
    cheat, initial, *rivals = await evaluated(
        task, cheat_of(folder, task), task.initial, *rivals_of(folder, task), inputs=HELD_OUT
    )
    assert [item.status for item in (initial, *rivals)] == [Status.OK] * (1 + len(rivals)), initial.feedback
    assert cheat.status in (Status.INVALID, Status.ERROR, Status.OK), cheat.feedback
    if cheat.ok:
        assert gains(task, cheat.objectives) < gains(task, initial.objectives)


@pytest.mark.parametrize("folder", GOOD, ids=named)
async def test_a_good_evaluator_scores_its_program_and_never_fails(folder: Path) -> None:
    checkup = await check_task(load_task(folder))
    assert checkup.ok, checkup.evaluations
    assert [trial for trial in checkup.trials if trial.verdict == "fault"] == []


@pytest.mark.parametrize("folder", [*BAD, *FOREIGN], ids=named)
def test_every_bad_one_says_what_is_wrong(folder: Path) -> None:
    text = (folder / "README.md").read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert "**Fix:**" in text
    program = "initial_program.py" if folder in FOREIGN else "program.py"
    assert (folder / "cheat" / program).is_file()
    assert claim(folder)["reason"]


def test_there_are_enough() -> None:
    assert len(BAD) >= 16
    assert len(FOREIGN) >= 4
    assert len(GOOD) >= 7


def test_nobody_changed_the_corpus() -> None:
    """It was frozen before the doctor was written. Who adds to it adds lines, and changes none."""
    frozen = dict(line.split("  ", 1)[::-1] for line in FROZEN.read_text(encoding="utf-8").splitlines())
    files = (path for path in CORPUS.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    found = {
        path.relative_to(CORPUS).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if path != FROZEN
    }
    assert found == frozen


def test_pytest_takes_nothing_in_it_for_a_test() -> None:
    assert [path for pattern in ("test_*.py", "*_test.py", "conftest.py") for path in CORPUS.rglob(pattern)] == []
