"""Whatever is wrong is told in words, with the right exit status and never with a traceback."""

from __future__ import annotations

import pytest

from cambrian.app import cli
from cambrian.app.cli import commands

from .terminal import TASK, Person

WRONG_WORDS = [
    (["evolve"], 2, "TASK"),
    (["evolve", "nowhere"], 2, "nowhere: there is no such folder"),
    (["evolve", "task", "--bogus"], 2, "--bogus"),
    (["evolve", "task", "--budget", "3x"], 2, "'3x'"),
    (["evolve", "task", "--jobs", "0"], 2, "jobs is 0"),
    (["evolve", "task", "--seed", "x"], 2, "x"),
    (["evolve", "task", "--set", "limits.wal=5s"], 2, "did you mean 'wall'"),
    (["evolve", "task", "--set", "limits.wall=5"], 2, "fix: write for example --set limits.wall=30s"),
    (["evolve", "task", "--set", "strategy.proposers=['nobody']"], 2, "'nobody'"),
    (["evolve", "task", "--display", "loud"], 2, "loud"),
    (["runs", "show", "last"], 2, "nothing has run in this workspace yet"),
    (["runs", "gc", "--keep", "-1"], 2, "-1"),
    (["dance"], 2, "dance"),
    (["runs", "dance"], 2, "dance"),
    (["schema", "nothing"], 2, "'nothing'"),
]


@pytest.mark.parametrize(("words", "code", "told"), WRONG_WORDS, ids=lambda item: str(item)[:40])
def test_wrong_words(words: list[str], code: int, told: str, person: Person) -> None:
    person.task()
    said = person.run(*words)
    assert said.code == code, said
    assert said.err.startswith("cambrian: error: ")
    assert told in said.err
    assert "Traceback" not in said.err
    assert said.out == ""


ONE = "def solve():\n    return 1\n"
NO_SCORE = "the initial program gives no score: "
WRONG_TASKS: dict[str, tuple[dict[str, str], list[str]]] = {
    "no score": ({"program.py": "def solve():\n    return None\n"}, [f"{NO_SCORE}invalid", "a list of floats"]),
    "it raises": ({"program.py": "def solve():\n    raise KeyError('oops')\n"}, [f"{NO_SCORE}error", "oops"]),
    "it loops": (
        {"program.py": "def solve():\n    while True: pass\n", "task.toml": TASK.replace('"5s"', '"300ms"')},
        [f"{NO_SCORE}timeout"],
    ),
    "scorer raises": (
        {"program.py": ONE, "evaluate.py": "def score(a):\n    return a / 0\n"}, ["evaluate.py", "ZeroDivisionError"],
    ),
    "scorer gives NaN": (
        {"program.py": ONE, "evaluate.py": "def score(a):\n    return float('nan')\n"}, ["evaluate.py", "nan"],
    ),
    "scorer gives another name": (
        {"program.py": ONE, "evaluate.py": "def score(a):\n    return {'x': 1}\n"}, ["evaluate.py", "'score'"],
    ),
    "scorer does not load": (
        {"program.py": ONE, "evaluate.py": "import nowhere\ndef score(a): ...\n"}, ["evaluate.py", "nowhere"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG_TASKS)
def test_a_task_without_a_start_ends_with_words_and_nothing_evaluated(name: str, person: Person) -> None:
    files, told = WRONG_TASKS[name]
    person.task(**files)
    said = person.run("evolve", "task", "--display", "none")
    assert said.code == 2, said
    for words in told:
        assert words in said.err, said
    assert "fix: " in said.err
    assert "Traceback (most recent call last)" not in said.err.partition("gives no score")[0]


def test_reading_creates_nothing(person: Person) -> None:
    for words in (
        ["list"],
        ["list", "--json"],
        ["show"],
        ["best"],
        ["events"],
        ["diff"],
        ["gc"],
        ["apply"],
        ["resume"],
    ):
        person.run("runs", *words)
    assert list(person.folder.iterdir()) == []


def test_a_damaged_journal_is_told(person: Person) -> None:
    (person.folder / ".cambrian").mkdir()
    (person.folder / ".cambrian" / "journal.db").write_bytes(b"not a database, not at all" * 100)
    for words in (["list"], ["show", "last"], ["gc", "--keep", "3"]):
        said = person.run("runs", *words)
        assert said.code == 1, said
        assert "journal.db" in said.err


@pytest.mark.parametrize("debug", [False, True])
def test_what_nobody_foresaw_is_one_line(
    debug: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(words: list[str]) -> int:
        raise ExceptionGroup("group", [ZeroDivisionError("by\x1b[2J nought")])

    monkeypatch.setattr(commands, "dispatch", broken)
    monkeypatch.setenv("CAMBRIAN_DEBUG", "1" if debug else "")
    assert cli.run(["doctor"]) == 1
    *before, last = capsys.readouterr().err.splitlines()
    assert last.startswith("cambrian: internal error: ZeroDivisionError: by\\x1b[2J nought; ")
    assert any("Traceback" in line for line in before) == debug
    assert debug or ("CAMBRIAN_DEBUG=1" in last and not before)


def test_help_and_version(person: Person) -> None:
    overview = person.run("--help")
    assert overview.code == 0
    assert "evolve TASK" in overview.out
    assert person.run("--version").out.startswith("cambrian 0.")
    assert person.run().code == 2
    assert person.run("runs").code == 2
    assert "runs apply RUN        write the winner back" in person.run("runs", "--help").out
    assert "see: cambrian evolve --help" in person.run("evolve", "x", "--bogus").err
    assert "[default" not in person.run("evolve", "--help").out
    for words in (["evolve"], ["runs"], ["runs", "gc"], ["doctor"]):
        said = person.run(*words, "--help")
        assert said.code == 0, said
        assert said.out.startswith("Usage: cambrian")
