"""`cambrian undo` as a person calls it."""

from __future__ import annotations

from pathlib import Path

import anyio
import msgspec
import pytest

from cambrian.app.cli.commands import dispatch
from cambrian.app.undoing import Undone, Writing
from cambrian.improvement.applying import apply_changes


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "a.py").write_text("old\n")
    texts = {"pkg/a.py": ("old\n", "new\n")}
    anyio.run(lambda: apply_changes(tmp_path, texts, why="cambrian improve", run="r-1"))
    monkeypatch.chdir(tmp_path / "pkg")
    return tmp_path


def test_the_nearest_project_is_meant(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert dispatch(["undo", "--list", "--json"]) == 0
    (listed,) = msgspec.json.decode(capsys.readouterr().out, type=list[Writing])
    assert (listed.id, listed.why, listed.run, listed.state, listed.files) == (
        "1", "cambrian improve", "r-1", "applied", ("pkg/a.py",),
    )  # fmt: skip
    assert dispatch(["undo", "--json"]) == 0
    done = msgspec.json.decode(capsys.readouterr().out, type=Undone)
    assert (done.id, done.folder, done.files) == ("1", str(project), ("pkg/a.py",))
    assert (project / "pkg" / "a.py").read_text() == "old\n"
    assert dispatch(["undo", "--list"]) == 0
    assert "undone    cambrian improve  pkg/a.py" in capsys.readouterr().out


def test_what_cannot_be_undone_is_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "pkg" / "a.py").write_text("mine\n")
    assert dispatch(["undo", "1"]) == 2
    assert "does not read as it was written" in capsys.readouterr().err
    assert dispatch(["undo", "--project", "nowhere"]) == 2
    assert "'nowhere' is no folder" in capsys.readouterr().err


def test_nothing_written_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert dispatch(["undo", "--list", "--project", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "nothing was written yet\n"
