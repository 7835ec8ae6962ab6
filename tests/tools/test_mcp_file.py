"""Files of servers, as assistants have them: what is read, what is filled in, and what is wrong with others."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cambrian.core.errors import UsageError
from cambrian.core.tool import Call
from cambrian.tools.mcp_file import is_file, read_servers
from cambrian.tools.registry import Toolbox

EVERYTHING = str(Path(__file__).parent / "servers" / "everything.py")
CANARY = "canary-7f3a9c-value"


def written(tmp_path: Path, servers: object) -> Path:
    path = tmp_path / "mcp.json"
    path.write_text(json.dumps({"mcpServers": servers, "inputs": []}))
    return path


async def test_servers_are_started_as_the_file_says(tmp_path: Path) -> None:
    (tmp_path / "place").mkdir()
    env = {"PLAIN": "shown", "MINE": "${CANARY}", "USUAL": "${NOT_THERE:-fallback}", "AT": "at ${env:HOME}"}
    command = {"command": "${PYTHON}", "args": [EVERYTHING], "env": env, "cwd": str(tmp_path / "place")}
    path = written(
        tmp_path, {"one": {**command, "trustHints": True}, "two": {"command": "no-such-program", "disabled": True}}
    )
    servers = read_servers(path, {"CANARY": CANARY, "PYTHON": sys.executable, "HOME": "/home/ada", "OTHER": "x"})
    assert [server.name for server in servers] == ["one"]
    async with Toolbox(servers) as box:
        assert next(tool for tool in box.tools() if tool.name == "add").read_only, "its hints are trusted"
        given = msgspec.convert((await box.invoke(Call(id=0, tool="environment"), key="k")).value, dict[str, Any])
        found: dict[str, str] = given.get("result", given)
        told = {name: found.get(name) for name in (*env, "OTHER")}
        assert told == {"PLAIN": "shown", "MINE": "‹secret›", "USUAL": "fallback", "AT": "at /home/ada", "OTHER": None}
        assert CANARY not in repr(servers)


@pytest.mark.parametrize(
    ("servers", "wanted"),
    [
        ({"a": {}}, 'needs either a "command" or a "url"'),
        ({"a": {"command": "x", "url": "http://y"}}, 'needs either a "command" or a "url"'),
        ({"a": {"type": "sse", "url": "http://y"}}, "only stdio and http are spoken"),
        ({"a": {"url": "http://y", "env": {"B": "c"}}}, '"headers" instead of "env"'),
        ({"a": {"command": "x", "env": {"B": "${NOPE}"}}}, "no variable 'NOPE'; set it: export NOPE=…"),
        ({"a": {"command": 5}}, "Expected `str`, got `int` - at `$.mcpServers[...].command`; write for example"),
        (5, "Expected `object`, got `int`"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, servers: object, wanted: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_servers(written(tmp_path, servers), {"CANARY": CANARY})
    assert wanted in str(caught.value)
    assert "mcp.json" in str(caught.value)


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        read_servers(tmp_path / "nope.json", {})
    (tmp_path / "torn.json").write_text("{")
    with pytest.raises(UsageError, match=r"torn\.json.*write for example"):
        read_servers(tmp_path / "torn.json", {})


@pytest.mark.parametrize(
    ("word", "file"),
    [
        ("mcp.json", True), ("./a/.mcp.json", True), ("python x.json", False), ("https://a/b.json", False),
    ],
)  # fmt: skip
def test_which_words_name_a_file(word: str, file: bool) -> None:
    assert is_file(word) is file
