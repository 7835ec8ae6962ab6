"""What a person is told of a mistake: once, with a sensible example, by the name that was typed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import cambrian
from cambrian.app.cli import run
from cambrian.app.cli.output import fitted
from cambrian.app.display.width import columns
from cambrian.app.scaffold import scaffold
from cambrian.core.errors import UsageError
from cambrian.search.task import StrategyConfig


@pytest.fixture
def task(tmp_path: Path) -> Path:
    scaffold(tmp_path / "task", "artifact")
    return tmp_path / "task"


@pytest.mark.parametrize(
    ("setting", "wanted", "unwanted"),
    [
        ("strategy.islands=0", "write for example --set strategy.islands=4", "=100"),
        ("strategy.grid.bounds=[[1,0],[0,1]]", "strategy.grid.bounds has [1.0, 0.0]", "bounds: strategy.grid.bounds"),
        ("sampling.alpha=3", "correct it", "one of the two"),
        ("sampling.least=50", "change one of the two", "correct it"),
    ],
)
def test_settings_are_told_with_a_fix_that_fits(
    task: Path, setting: str, wanted: str, unwanted: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["evolve", str(task), "--set", setting, "--workspace", str(task / "w")]) == 2
    said = capsys.readouterr().err
    assert wanted in said
    assert unwanted not in said


def test_a_grid_says_its_key_once(task: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sweep", str(task), "--grid", "strategy.islands=0", "--workspace", str(task / "w")]) == 2
    said = capsys.readouterr().err
    assert "--grid strategy.islands=0: strategy.islands is 0" in said
    assert "--set" not in said
    assert "did you mean" not in said
    assert run(["sweep", str(task), "--grid", "stratgy=topk", "--workspace", str(task / "w")]) == 2
    assert "did you mean 'strategy'?" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--version"], ["runs", "list", "--json"]])
def test_a_full_disk_is_no_internal_error(words: list[str], tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", "from cambrian.app.cli import main; main()", *words],
            stdout=full, stderr=subprocess.PIPE, text=True, cwd=tmp_path, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert "cannot be written to stdout: No space left on device" in done.stderr
    assert "internal" not in done.stderr
    assert "Traceback" not in done.stderr


def test_a_misspelt_argument_is_told_by_the_name_that_was_called(task: Path) -> None:
    wrong = {"bugdet": "1ev"}
    with pytest.raises(TypeError, match=r"^evolve\(\) got an unexpected keyword argument 'bugdet' .*mean 'budget'"):
        cambrian.evolve(str(task), **wrong)  # type: ignore[arg-type]


def test_an_unknown_strategy_is_refused_at_once() -> None:
    with pytest.raises(UsageError, match="'parreto'; choose from islands, map_elites, pareto"):
        StrategyConfig(name="parreto")


def test_a_list_fits_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [("r-0", "fit [strategy=islands cache=true seed=12345]", "finished")]
    assert fitted(rows, 1) == rows, "what is piped is whole"
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "40")
    [line] = columns(fitted(rows, 1)).splitlines()
    assert len(line) == 40
    assert line.startswith("r-0  fit [")
    assert "…" in line
    assert line.endswith("finished")


@pytest.mark.parametrize(
    ("setting", "least"),
    [
        ("limits.memory=1KiB", "the least that can be meant is 1MiB: write limits.memory=1MiB"),
        ("limits.memory=2MiB", "write limits.memory=64MiB, or limits.disk=512KiB"),
        ("limits.wall=1ms", "the least that can be meant is 10ms"),
        ("limits.output=1B", "the least that can be meant is 16B"),
        ("scorer_limits.memory=1KiB", "write scorer_limits.memory=1MiB"),
    ],
)
def test_limits_that_nothing_can_run_under_are_refused_before_a_run_is_recorded(
    task: Path, setting: str, least: str, capsys: pytest.CaptureFixture[str]
) -> None:
    place = task / "w"
    for words in (["evolve", str(task), "--set", setting], ["sweep", str(task), "--grid", setting]):
        assert run([*words, "--workspace", str(place)]) == 2
        assert least in capsys.readouterr().err
    assert not place.exists()


def test_a_script_is_not_taken_up_again_as_a_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("one.js").write_text("1", encoding="utf-8")
    assert run(["run", "one.js"]) == 0, "the control: there is such a run"
    assert run(["runs", "resume", "last"]) == 2
    said = capsys.readouterr().err
    assert "is of kind 'execution', and this command is for searches" in said
    assert "damaged" not in said


def test_a_list_tells_scripts_that_failed_from_those_that_did_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("good.js").write_text("1", encoding="utf-8")
    Path("bad.js").write_text("nothing.here", encoding="utf-8")
    assert (run(["run", "good.js"]), run(["run", "bad.js"])) == (0, 1)
    capsys.readouterr()
    assert run(["runs", "list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert {each["task"]: each["status"] for each in listed} == {"good.js": "finished", "bad.js": "failed"}
    assert all(each["wall_s"] > 0 for each in listed)
