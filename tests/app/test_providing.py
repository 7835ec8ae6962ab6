"""What a command line names as tools: a name that is none of theirs is told at once, with what there is."""

from __future__ import annotations

import json
import sys
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


CANARY = "canary-51be02-value"
SERVER = """
import os
from pathlib import Path
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

server = MCPServer("s", log_level="ERROR")

@server.tool()
def ask() -> str:
    value = os.environ.get("MY_VALUE")
    Path("got.txt").write_text(f"{value} {os.environ.get('OTHER')}")
    raise ToolError(f"refused: your {value}")

server.run("stdio")
"""


def everywhere(folder: Path) -> list[str]:
    """Files of a folder in which the secret stands."""
    return [str(path) for path in folder.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()]


@pytest.mark.parametrize("form", ["env", "file"])
def test_a_server_gets_a_secret_that_is_nowhere_else(
    stage: Path, form: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MY_VALUE", CANARY)
    monkeypatch.setenv("OTHER", "not handed on")
    (stage / "server.py").write_text(SERVER)
    (stage / "script.py").write_text("await ask()\n")
    (stage / "mcp.json").write_text(
        json.dumps(
            {
                "mcpServers": {
                    "s": {"command": sys.executable, "args": ["server.py"], "env": {"MY_VALUE": "${MY_VALUE}"}}
                }
            }
        )
    )
    command = ["--mcp", f"{sys.executable} server.py", "--mcp-env", "MY_VALUE"]
    words = command if form == "env" else ["--mcp", "mcp.json"]
    assert run(["run", "script.py", *words, "--json", "--explain"]) == 1
    said = capsys.readouterr()
    assert (stage / "got.txt").read_text() == f"{CANARY} None", "the control: the server has it, and nothing else"
    (stage / "got.txt").unlink()
    assert "your ‹secret›" in said.out, "the server's error repeats it"
    assert CANARY not in said.out + said.err
    assert everywhere(stage) == []
    assert list((stage / ".cambrian").rglob("*.sqlite*")) or any((stage / ".cambrian").iterdir()), "there is a journal"


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["--mcp", "x y", "--mcp-env", "NOT_THERE"], "--mcp-env NOT_THERE: the environment has no variable"),
        (["--mcp", "x y", "--mcp-env", f"A={CANARY}"], "--mcp-env 'A' is no name of a variable; write the name alone"),
        (["--mcp-env", "PATH"], "--mcp-env is for servers that are started with --mcp COMMAND"),
        (["--mcp", "nope.json"], "the file of servers 'nope.json' cannot be read"),
    ],
)
def test_what_is_wrong_with_a_server_is_told(
    stage: Path, words: list[str], wanted: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["run", "script.py", *words]) == 2
    said = capsys.readouterr().err
    assert wanted in said
    assert CANARY not in said
