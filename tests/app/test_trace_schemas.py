"""What `run` and `runs trace` print with --json is what their schemas promise: no member more, none less."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from cambrian.app.cli import run
from cambrian.app.schemas import SCHEMAS, schema_of

TOOLS = """
from cambrian import tool

@tool(read_only=True)
def price(item: int) -> int:
    "A price."
    return 100 + item
"""
SCRIPT = "total = 0\nfor item in range(2):\n    total += price(item)\ntotal\n"


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tools.py").write_text(TOOLS)
    (tmp_path / "script.py").write_text(SCRIPT)
    (tmp_path / "wrong.py").write_text("1 / 0\n")
    assert run(["run", "script.py", "--tools", "tools.py"]) == 0
    capsys.readouterr()
    return tmp_path


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("runs.trace", []),
        ("runs.trace.inspect", ["--at", "1", "--inspect"]),
        ("runs.trace.lines", ["--at", "0", "--lines"]),
        ("runs.trace.resume", ["--at", "0", "--resume", "--tools", "tools.py"]),
        ("runs.trace.replay", ["--replay"]),
        ("runs.trace.profile", ["--profile"]),
        ("runs.trace.diff", ["--diff", "last"]),
    ],
)
def test_each_answer_is_what_its_schema_promises(
    stage: Path, name: str, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["runs", "trace", "last", *words, "--json"]) == 0
    printed = capsys.readouterr().out
    value = msgspec.json.decode(printed, type=SCHEMAS[name])
    assert json.loads(msgspec.json.encode(value)) == json.loads(printed)
    assert "$schema" in schema_of(name) or "$ref" in schema_of(name) or "type" in schema_of(name)


def test_an_error_has_the_documented_members(stage: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["run", "wrong.py", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert sorted(told["error"]) == ["line", "message", "traceback", "type"]
    assert (told["error"]["type"], told["error"]["line"]) == ("ZeroDivisionError", 1)
    assert "turn" not in json.dumps(schema_of("run"))
