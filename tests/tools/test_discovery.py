"""Finding a few of many tools."""

from __future__ import annotations

import pytest

from cambrian.core.errors import UsageError
from cambrian.core.tool import Tool
from cambrian.tools.discovery import describe, search


def made(name: str, description: str, *parameters: str, server: str = "") -> Tool:
    fields: dict[str, object] = {each: {"type": "string"} for each in parameters}
    return Tool(name=name, description=description, parameters={"type": "object", "properties": fields}, server=server)


TOOLS = [
    made("fetch_weather", "The weather of a city today.", "city"),
    made("sendEmail", "Send a message to somebody.", "to", "body", server="mail"),
    made("list_files", "Names of the files in a folder.\nHidden ones, too.", "folder"),
    made("read_file", "What a file says. May mention weather.", "path"),
    made("unrelated", ""),
]


@pytest.mark.parametrize(("text", "names"), [
    ("weather", ["fetch_weather", "read_file"]),
    ("email", ["sendEmail"]),
    ("mail", ["sendEmail"]),
    ("folder", ["list_files"]),
    ("file", ["read_file", "list_files"]),
    ("FETCHING the Weathers", ["fetch_weather"]),
    ("fetc", ["fetch_weather"]),
    ("nothing_of_that_kind", []),
])  # fmt: skip
def test_the_best_come_first(text: str, names: list[str]) -> None:
    assert [match.name for match in search(TOOLS, text)][: len(names)] == names
    assert bool(search(TOOLS, text)) == bool(names)


def test_without_words_all_by_name_up_to_the_limit() -> None:
    assert [match.name for match in search(TOOLS, "", limit=2)] == ["fetch_weather", "list_files"]
    assert search([], "x") == []
    with pytest.raises(UsageError, match="limit"):
        search(TOOLS, "x", limit=0)


def test_summary_is_the_first_line() -> None:
    assert search(TOOLS, "folder")[0].summary == "Names of the files in a folder."


def test_order_does_not_depend_on_that_of_the_tools() -> None:
    assert search(TOOLS, "file weather") == search(TOOLS[::-1], "file weather")


def test_describe() -> None:
    found = describe(TOOLS, "sendEmail")
    assert found.call == "sendEmail(to: string = …, body: string = …)"
    assert "def sendEmail(to: str = ..., body: str = ...) -> Any:" in found.stub
    assert found.server == "mail"
    assert found.parameters == TOOLS[1].parameters
    assert "declare function sendEmail(" in describe(TOOLS, "sendEmail", language="typescript").stub
    with pytest.raises(UsageError, match="no tool 'read_files'; read_file, "):
        describe(TOOLS, "read_files")
