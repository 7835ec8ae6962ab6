"""The table of commands, in this process; whole flows are in tests/e2e."""

from __future__ import annotations

import io
import sys
from itertools import pairwise

import msgspec
import pytest

from cambrian.app.cli import run
from cambrian.app.cli.commands import COMMANDS, RUNS
from cambrian.app.cli.help import OVERVIEW
from cambrian.app.cli.keeping import choose
from cambrian.app.cli.output import answer, answer_json
from cambrian.app.display.width import columns
from cambrian.app.schemas import SCHEMAS, schema_of
from cambrian.core.errors import UsageError
from cambrian.core.ids import RunId
from cambrian.journal.holder import this_process
from cambrian.journal.store import Lease, RunHead


def test_the_overview_names_every_command_and_no_other() -> None:
    lines = [line.strip() for line in OVERVIEW.splitlines() if line.startswith("  ")]
    told = {" ".join(line.split()[:2]) if line.startswith("runs ") else line.split()[0] for line in lines}
    commands = {*COMMANDS, *(f"runs {verb}" for verb in RUNS)}
    assert commands <= told
    assert told - commands == {"--version", "COMMAND", "cambrian"}


@pytest.mark.parametrize("words", [[name] for name in COMMANDS] + [["runs", verb] for verb in RUNS], ids="-".join)
def test_each_command_has_help_with_examples(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*words, "--help"]) == 0
    told = capsys.readouterr().out
    assert told.startswith(f"Usage: cambrian {' '.join(words)}")
    assert f"cambrian {' '.join(words)}" in told.partition("For example:")[2]


@pytest.mark.parametrize("width", [60, 80, 132])
@pytest.mark.parametrize("words", [["evolve"], ["runs", "resume"], ["runs", "gc"]], ids="-".join)
def test_help_fills_the_terminal(
    width: int, words: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    assert run([*words, "--help"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= width
    prose = [(line, after) for line, after in pairwise(lines) if line.strip() and after.startswith("    ")]
    assert all(len(line) + 1 + len(after.split()[0]) > width for line, after in prose), "a line was broken too early"


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_answer_has_a_schema(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema", name]) == 0
    assert msgspec.json.decode(capsys.readouterr().out) == msgspec.json.decode(msgspec.json.encode(schema_of(name)))


def test_a_run_is_named_in_the_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["runs", "diff", "--help"]) == 0
    assert capsys.readouterr().out.startswith("Usage: cambrian runs diff [OPTIONS] [RUN] [A] [B]\n")


def head(name: str, *, age: float = 0.0, alive: bool = False) -> RunHead:
    run_id = RunId(name)
    lease = Lease(run=run_id, holder=this_process(), epoch=1, expires=2000.0) if alive else None
    return RunHead(run=run_id, kind="search", seq=1, created=1000 - age, updated=1000 - age, lease=lease)


HEADS = [head("a", age=300), head("b", age=200), head("c", age=100, alive=True), head("d")]


@pytest.mark.parametrize(
    ("keep", "age", "named", "doomed"),
    [
        (None, None, [], []),
        (0, None, [], ["a", "b", "d"]),
        (1, None, [], ["a", "b"]),
        (3, None, [], ["a"]),
        (9, None, [], []),
        (None, 150.0, [], ["a", "b"]),
        (3, 150.0, [], ["a"]),
        (None, None, ["b"], ["b"]),
        (None, 250.0, ["b"], []),
    ],
)
def test_what_is_collected(keep: int | None, age: float | None, named: list[str], doomed: list[str]) -> None:
    assert choose(HEADS, keep=keep, age=age, named=[RunId(name) for name in named], now=1000.0) == doomed


def test_a_live_run_that_is_named_is_refused() -> None:
    with pytest.raises(UsageError, match="run 'c' is going on"):
        choose(HEADS, keep=None, age=None, named=[RunId("c")], now=1000.0)


def test_a_table_is_aligned() -> None:
    assert columns([("A", "BB"), ("ccc", "d")]) == "A    BB\nccc  d"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_what_a_terminal_gets_is_safe_and_what_a_pipe_gets_is_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    evil = "a\x1b[2Jb\x9b"
    for stream, text in ((io.StringIO(), evil), (Terminal(), "a\\x1b[2Jb\\x9b")):
        monkeypatch.setattr(sys, "stdout", stream)
        answer(evil)
        assert stream.getvalue() == text + "\n"
        answer_json({"x": evil})
        assert "\x1b" not in stream.getvalue().removeprefix(text)
        assert "\x9b" not in stream.getvalue().removeprefix(text)
