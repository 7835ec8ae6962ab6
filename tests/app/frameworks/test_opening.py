"""PROGRAM EVALUATOR is understood wherever a task is: evolve, check, sweep, and from Python."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

import cambrian
from cambrian.app.cli import run
from cambrian.app.frameworks.finding import Named, opened_task
from cambrian.app.results import Outcome
from cambrian.app.results_study import Swept
from cambrian.core.errors import UsageError

PROGRAM = "# EVOLVE-BLOCK-START\ndef run():\n    return 3.5\n# EVOLVE-BLOCK-END\n"
JUDGE = """
def evaluate(program_path):
    space = {}
    with open(program_path) as file:
        exec(file.read(), space)
    return {"combined_score": -abs(space["run"]() - 5.0)}
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """A program and an evaluator whose names say nothing."""
    for name, text in (("start.py", PROGRAM), ("judge.py", JUDGE), ("mine.yaml", "evaluator:\n  timeout: 7\n")):
        (tmp_path / "mine" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "mine" / name).write_text(text, encoding="utf-8")
    return str(tmp_path / "mine" / "start.py"), str(tmp_path / "mine" / "judge.py")


def test_evolve_takes_program_and_evaluator(
    files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--budget", "2ev", "--jobs", "1", "--json", "--display", "none", "--workspace", str(tmp_path / "w")]
    assert run(["evolve", *files, *words]) == 0
    assert msgspec.json.decode(capsys.readouterr().out, type=Outcome).evaluations == 2
    outcome = cambrian.evolve(*files, budget="1ev", jobs=1, workspace=tmp_path / "w", framework="openevolve")
    assert outcome.best is not None
    assert outcome.best.objectives == {"combined_score": -1.5}


def test_check_takes_program_and_evaluator(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", *files, "--no-doctor"]) == 0
    assert "combined_score -1.5" in capsys.readouterr().out
    assert run(["check", *files, "--no-doctor", "--framework", "gepa"]) == 2
    assert "for gepa" in capsys.readouterr().err


def test_a_check_that_takes_a_while_says_what_it_tries(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cambrian.app.cli.tasks._EVERY_IN_A_LOG_S", 0.05)
    assert run(["check", *files, "--no-doctor"]) == 0
    said = capsys.readouterr().err
    assert "] trying to start the jails …" in said or "] trying the task's own program …" in said
    Path(files[1]).write_text("raise OSError('gone')\n" + JUDGE, encoding="utf-8")
    assert run(["check", *files, "--no-doctor"]) in (1, 2), "an error leaves the progress as what it was"
    assert "internal error" not in capsys.readouterr().err


def test_sweep_takes_program_and_evaluator_and_goes_on_with_them(
    files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = ["--workspace", str(tmp_path / "w")]
    monkeypatch.chdir(tmp_path / "mine")
    words = ["--grid", "seed=1", "--budget", "1ev", "--jobs", "1", "--config", "mine.yaml"]
    assert run(["sweep", "start.py", "judge.py", *words, "--json", *place]) == 0
    told = msgspec.json.decode(capsys.readouterr().out, type=Swept)
    assert [cell.status for cell in told.cells] == ["done"]
    monkeypatch.chdir(tmp_path)
    assert run(["sweep", "--resume", told.sweep, *place]) == 0
    assert "1 cells, 1 done already" in capsys.readouterr().err
    assert run(["sweep", *files, "--resume", told.sweep, *place]) == 2
    assert f"leave out the task '{files[0]}'" in capsys.readouterr().err


def test_python_and_the_command_line_open_the_same(files: tuple[str, str]) -> None:
    config = str(Path(files[0]).with_name("mine.yaml"))
    named = Named.of(*files, config=config)
    assert named.open() == named.absolute.open() == opened_task(*files, config=config)
    assert named.open().limits.wall == 7.0
    with pytest.raises(UsageError, match="has its evaluator already"):
        opened_task(named.open(), "judge.py")


@pytest.mark.parametrize("wrong", [{"evaluator": 7}, {"framework": "openevolv"}, {"config": 7}])
def test_what_is_no_file_is_refused(files: tuple[str, str], wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=f"^{next(iter(wrong))} is "):
        cambrian.evolve(files[0], **wrong)


def test_init_makes_a_task_of_both_under_their_own_names(
    files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "task"
    assert run(["init", str(mine), "--from", *files, "--config", str(tmp_path / "mine" / "mine.yaml")]) == 0
    said = " ".join(capsys.readouterr().err.split())
    assert "wrote judge.py, mine.yaml, start.py, task.toml into" in said
    assert "judge.py is an evaluator of openevolve and calls start.py:run" in said
    assert {path.name: path.read_text() for path in mine.iterdir() if path.name != "task.toml"} == {
        path.name: path.read_text() for path in (tmp_path / "mine").iterdir()
    }
    task = Named.of(mine).open()
    assert (list(task.program), task.evaluator, task.limits.wall) == (["start.py"], "judge.py", 7.0)
    assert run(["init", str(tmp_path / "b"), "--from", *files, files[0]]) == 2
    assert "3 were named" in capsys.readouterr().err
    assert run(["init", str(tmp_path / "b"), "--from", str(tmp_path / "nothing.py")]) == 2
    assert "--from PROGRAM EVALUATOR" in capsys.readouterr().err
    assert run(["init", str(tmp_path / "b"), "--framework", "gepa"]) == 2
    assert "what --from names" in capsys.readouterr().err
    assert not (tmp_path / "b").exists()
