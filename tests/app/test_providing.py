"""What a command line names as tools: a name that is none of theirs is told at once, with what there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from cambrian.app.cli import run

TOOLS = """
from cambrian import tool

@tool(approval=True)
def write_note(text: str) -> str:
    "Write."
    return text

@tool(read_only=True)
def look() -> int:
    "Look."
    return 1
"""


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tools.py").write_text(TOOLS)
    (tmp_path / "script.py").write_text("write_note('a')\n")
    return tmp_path


@pytest.mark.parametrize("words", [["run", "script.py"], ["runs", "trace", "last", "--resume", "--at", "0"]])
@pytest.mark.parametrize("pattern", ["write_nots", "write-*"])
def test_an_approval_of_no_tool_is_told_with_those_there_are(
    stage: Path, words: list[str], pattern: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*words, "--tools", "tools.py", "--approve", pattern]) == 2
    said = capsys.readouterr().err
    assert f"--approve '{pattern}' names no tool; write one of these, the most alike first: write_note, look" in said


def test_an_approval_without_tools_is_told(stage: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["run", "script.py", "--approve", "write_note"]) == 2
    assert "no tools are given" in capsys.readouterr().err


@pytest.mark.parametrize("pattern", ["write_note", "write_*", "*"])
def test_an_approval_by_name_or_pattern_is_taken(stage: Path, pattern: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["run", "script.py", "--tools", "tools.py", "--approve", pattern]) == 0
    assert capsys.readouterr().out == '"a"\n'


def test_an_approval_of_what_an_allowance_adds_is_no_mistake(stage: Path) -> None:
    (stage / "none.py").write_text("1\n")
    assert run(["run", "none.py", "--allow", "net:example.com:443", "--approve", "fetch"]) == 0
