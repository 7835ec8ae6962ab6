"""The Python API, in real jails at a small budget."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

import cambrian
from cambrian.app.workspace import Workspace


def solve() -> list[float]:
    return [1.0, 2.0]


def score(artifact: list[float]) -> float:
    if type(artifact) is not list:
        raise ValueError("a list is wanted")
    return -abs(sum(artifact) - 10)


def small(evaluator_text: str | None = None) -> cambrian.Task:
    task = cambrian.define_task(solve, score, budget="4ev")
    return task if evaluator_text is None else msgspec.structs.replace(task, evaluator_text=evaluator_text)


def test_a_program_and_a_scorer_evolve_and_go_on(tmp_path: Path) -> None:
    outcome = cambrian.evolve(small(), seed=1, jobs=1, workspace=tmp_path / "w")
    assert (outcome.evaluations, outcome.status, outcome.seed, outcome.jobs) == (4, "finished", 1, 1)
    assert outcome.folder.startswith(str(tmp_path / "w" / "tasks"))
    more = cambrian.resume(outcome.run, budget="6ev", workspace=tmp_path / "w")
    assert (more.run, more.evaluations, more.jobs) == (outcome.run, 6, 1)


async def test_in_a_notebook_an_event_loop_is_running_already(tmp_path: Path) -> None:
    assert cambrian.evolve(small(), jobs=1, workspace=tmp_path / "w").evaluations == 4
    assert (await cambrian.evolve_async(small(), jobs=1, workspace=tmp_path / "w")).evaluations == 4


def test_equal_seeds_give_equal_runs(tmp_path: Path) -> None:
    first, second = (cambrian.evolve(small(), seed=3, jobs=1, workspace=tmp_path / name) for name in "ab")
    assert first.best is not None
    assert second.best is not None
    assert first.best.files == second.best.files
    assert first.proposers == second.proposers


async def test_a_run_that_cannot_begin_leaves_no_trace(tmp_path: Path) -> None:
    with pytest.raises(cambrian.TaskError, match="nowhere"):
        await cambrian.evolve_async(small(evaluator_text="import nowhere\n\ndef score(a): ...\n"), workspace=tmp_path)
    async with Workspace(tmp_path).reading() as runs:
        assert await runs.lines() == []


async def test_a_scorer_that_changed_meanwhile_is_refused(tmp_path: Path) -> None:
    outcome = await cambrian.evolve_async(small(), jobs=1, workspace=tmp_path)
    file = Path(outcome.folder) / "evaluate.py"
    file.write_text(file.read_text(encoding="utf-8") + "# easier\n", encoding="utf-8")
    with pytest.raises(cambrian.TaskError, match=r"evaluate\.py"):
        await cambrian.resume_async(outcome.run, budget="9ev", workspace=tmp_path)
    file.unlink()
    with pytest.raises(cambrian.TaskError, match="scorer is gone"):
        await cambrian.resume_async(outcome.run, budget="9ev", workspace=tmp_path)


def test_wrong_arguments_are_told_and_nothing_is_made(tmp_path: Path) -> None:
    workspace = tmp_path / "w"
    with pytest.raises(cambrian.UsageError, match="jobs is 0"):
        cambrian.evolve(small(), workspace=workspace, jobs=0)
    with pytest.raises(cambrian.UsageError, match="jobs is 1000000"):
        cambrian.evolve(small(), workspace=workspace, jobs=10**6)
    with pytest.raises(cambrian.UsageError, match="'5'"):
        cambrian.evolve(small(), workspace=workspace, budget="5")
    with pytest.raises(cambrian.UsageError, match="KEY=VALUE"):
        cambrian.evolve(small(), workspace=workspace, settings=["x"])
    assert not workspace.exists()
