"""Texts follow the terminal's width, whatever it is; what goes into a pipe is whole."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import termios
from pathlib import Path

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.app.tale import Said, tell

from cambrian.app.cli.commands import COMMANDS, RUNS
from cambrian.app.display.width import columns, fill, wrapped
from cambrian.app.workspace import Workspace

LAUNCH = "import sys; from cambrian.app.cli import main; main()"
LONG = "a change of which there is more to say than a narrow terminal has room for in one line of it"
FAMILY = [
    Said(value=1.0),
    Said(value=2.0, parents=(0,), text=f"def solve():\n    return 2  # {LONG}\n", why=LONG),
    Said(value=3.0, parents=(1,), text=f"def solve():\n    return 3  # {LONG}\n", why=LONG),
    Said(value=None, parents=(2,), feedback=f"ValueError: {LONG}"),
]


def at_terminal(words: list[str], folder: Path, *, wide: int, asked: str = "") -> list[str]:
    """Lines of what a command writes to a terminal of that width; COLUMNS is what is asked for."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, wide))
    env = {key: value for key, value in os.environ.items() if key != "COLUMNS"} | {"NO_COLOR": "1", "TERM": "dumb"}
    if asked:
        env["COLUMNS"] = asked
    command = [sys.executable, "-c", LAUNCH, *words]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder, env=env) as process:
        os.close(theirs)
        said = b""
        try:
            while piece := os.read(ours, 65536):
                said += piece
        except OSError:  # the other end is closed: it has ended
            pass
        os.close(ours)
        assert process.wait(60) == 0, said.decode()
    return said.decode().replace("\r\n", "\n").splitlines()


def piped(words: list[str], folder: Path) -> list[str]:
    env = {key: value for key, value in os.environ.items() if key != "COLUMNS"}
    command = [sys.executable, "-c", LAUNCH, *words]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with six runs."""
    place = tmp_path_factory.mktemp("wide")

    async def fill_it() -> None:
        for number in range(6):
            await tell(Workspace(place / ".cambrian"), FAMILY, name=f"r-{number}", seed=number)

    anyio.run(fill_it)
    return place


ANSWERS = [
    ["runs", "compare", *(f"r-{n}" for n in range(6))],
    ["runs", "explain", "r-0"],
    ["--help"],
    ["sweep", "--help"],
]


@pytest.mark.parametrize("words", ANSWERS, ids=lambda words: "-".join(words[:2]))
def test_answers_follow_the_terminal(words: list[str], folder: Path) -> None:
    narrow, wide = at_terminal(words, folder, wide=80), at_terminal(words, folder, wide=120)
    asked = at_terminal(words, folder, wide=80, asked="200")
    assert max(map(len, narrow)) <= 80
    assert max(map(len, wide)) <= 120
    assert max(map(len, asked)) <= 200
    assert len(narrow) > len(wide) >= len(asked), "room is used"
    kept = "".join("".join(narrow).split())
    for line in asked:
        for word in line.split():
            assert word in kept or "…" in "".join(narrow), f"{word!r} is lost"


@pytest.mark.parametrize("words", [ANSWERS[0], ANSWERS[1]], ids=["compare", "explain"])
def test_what_is_piped_is_whole(words: list[str], folder: Path) -> None:
    lines = piped(words, folder)
    assert max(map(len, lines)) > 80
    assert len(lines) <= len(at_terminal(words, folder, wide=200))


def test_help_in_a_pipe_has_the_usual_width(folder: Path) -> None:
    for words in (["--help"], ["runs", "--help"], ["evolve", "--help"]):
        assert max(map(len, piped(words, folder))) <= 80


@pytest.mark.slow
@pytest.mark.parametrize("words", [[name] for name in COMMANDS] + [["runs", verb] for verb in RUNS], ids="-".join)
def test_each_help_follows_the_terminal(words: list[str], folder: Path) -> None:
    for wide in (60, 80, 120):
        assert max(map(len, at_terminal([*words, "--help"], folder, wide=wide))) <= wide


def test_an_example_can_be_copied() -> None:
    told = fill("For example:\n  cambrian sweep t --grid 'strategy=islands,topk seed=1..5' --budget 200ev\n", 40)
    assert told.splitlines()[1:] == [
        "  cambrian sweep t --grid \\", "      'strategy=islands,topk seed=1..5' \\", "      --budget 200ev",
    ]  # fmt: skip


def test_a_table_that_is_too_wide_goes_on_below() -> None:
    rows = [["", "aaaaaaaa", "bbbbbbbb", "cccccccc"], ["x", "1", "2", "3"]]
    assert columns(rows) == "   aaaaaaaa  bbbbbbbb  cccccccc\nx  1         2         3"
    assert columns(rows, 22) == "   aaaaaaaa  bbbbbbbb\nx  1         2\n\n   cccccccc\nx  3"
    assert columns(rows, 5).count("\n\n") == 2, "at least one column in each"


@given(st.text("ab  :\n", max_size=200), st.integers(20, 60))
def test_no_word_is_lost_and_lines_fit(text: str, width: int) -> None:
    told = wrapped(text, width)
    assert told.split() == text.split()
    longest = max(map(len, text.split()), default=0)
    assert all(len(line) <= width or longest > width // 3 or not line.strip() for line in told.splitlines())
    assert wrapped(text, None) == text
