"""The engine is killed with SIGKILL at one exact moment; nothing is lost, and nothing is there by half."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import anyio
import anyio.to_thread
import msgspec
import pytest
from tests.app.test_importing import journal_in_files
from tests.e2e.terminal import SCORER, Person

from cambrian.app.results import EventLine, Outcome, RunLine
from cambrian.app.results_study import Swept
from cambrian.app.workspace import Workspace
from cambrian.search.facts import Evaluated

pytestmark = [pytest.mark.slow, pytest.mark.anyio]

DYING = """
import importlib, os, signal, sys
from cambrian.app.cli import main
from cambrian.journal.crashpoints import arm

place, left = sys.argv[1], int(sys.argv[2])

def count():
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

module, colon, path = place.partition(":")
if colon:
    holder = importlib.import_module(module)
    *owners, name = path.split(".")
    for owner in owners:
        holder = getattr(holder, owner)
    original = getattr(holder, name)

    def counted(*arguments, **named):
        count()
        return original(*arguments, **named)

    setattr(holder, name, counted)
else:
    arm(lambda label: count() if label == place else None)
main(sys.argv[3:])
"""
EXACT = ("evolve", "task", "--budget", "12ev", "--jobs", "1", "--seed", "1", "--display", "none")
NOISY = (*EXACT, "--set", "sampling.revisit=1", "--set", "sampling.least=2", "--set", "sampling.most=3")
SWEEP = ("sweep", "task", "--grid", "strategy=islands,topk seed=1..2", "--budget", "4ev", "--jobs", "1")
NOISE = SCORER.replace('"score": -', '"score": __import__("random").gauss(0, 0.1) - ')


@pytest.fixture
def person(tmp_path: Path) -> Person:
    return Person(tmp_path)


def dies(person: Person, place: str, times: int, *words: str) -> None:
    """Run a command that is killed when it passes a place for the so-many-th time."""
    command = [sys.executable, "-c", DYING, place, str(times), *words]
    ended = subprocess.run(
        command, cwd=person.folder, env=person.env, capture_output=True, text=True, timeout=120, check=False
    )
    assert ended.returncode == -signal.SIGKILL, f"it never came to {place!r}: {ended.stdout}{ended.stderr}"


def outcome(person: Person, *words: str) -> Outcome:
    said = person.run(*words, "--json")
    assert said.code == 0, said
    return msgspec.json.decode(said.out, type=Outcome)


def events(person: Person, run: str = "last") -> list[EventLine]:
    said = person.run("runs", "events", run, "--json")
    return [msgspec.json.decode(line, type=EventLine) for line in said.out.splitlines()]


def evaluated(person: Person, run: str = "last") -> Counter[int]:
    """Number of an evaluation → how many outcomes it has."""
    done = [event for event in events(person, run) if event.type == "search.evaluated"]
    return Counter(msgspec.json.decode(event.data, type=Evaluated).index for event in done)


def listed(person: Person) -> list[RunLine]:
    return msgspec.json.decode(person.run("runs", "list", "--json").out, type=list[RunLine])


def assert_sound(folder: Path) -> None:
    """The store passes its check."""

    async def check() -> None:
        async with Workspace(folder).reading() as runs:
            assert await runs.reader.check() == []

    anyio.run(check)


@pytest.mark.parametrize(
    ("place", "times"),
    [
        ("cambrian.search.confirmation:Confirmation._take", 1),
        ("cambrian.search.confirmation:Confirmation._take", 4),
        ("cambrian.search.recorder:Recorder.confirm", 1),
        ("cambrian.search.recorder:Recorder.minimise", 1),
        ("cambrian.search.recorder:Recorder.stop", 1),
    ],
)
def test_killed_while_the_winner_is_confirmed(person: Person, place: str, times: int) -> None:
    person.task()
    dies(person, place, times, *EXACT)
    before = evaluated(person)
    told = outcome(person, "runs", "resume", "last")
    assert (told.status, told.evaluations) == ("finished", 12)
    assert set(evaluated(person).values()) == {1}, "no evaluation twice"
    assert before <= evaluated(person), "none is lost"
    kinds = Counter(event.type for event in events(person))
    assert (kinds["search.confirmed"], kinds["search.stopped"], kinds["search.resumed"]) == (1, 1, 1)
    person.run("evolve", "task", *EXACT[2:], "--workspace", "other", "--json")
    whole = outcome(person, "runs", "show", "last", "--workspace", "other")
    assert whole.best is not None
    assert told.best is not None
    assert (told.best.variant, told.best.objectives) == (whole.best.variant, whole.best.objectives), (
        "as if nothing had been"
    )
    assert_sound(person.folder / ".cambrian")


@pytest.mark.parametrize(
    "place", ["cambrian.search.engine:Search._record_again", "cambrian.search.recorder:Recorder.revisit"]
)
def test_killed_while_an_elite_is_visited_again(person: Person, place: str) -> None:
    person.task(**{"evaluate.py": NOISE})
    dies(person, place, 2, *NOISY)
    before = events(person)
    told = outcome(person, "runs", "resume", "last")
    assert (told.status, told.evaluations) == ("finished", 12)
    assert set(evaluated(person).values()) == {1}, "no evaluation twice"
    after = events(person)
    assert after[: len(before)] == before, "what was written stands"
    assert [event.seq for event in after] == [*range(1, len(after) + 1)]
    assert_sound(person.folder / ".cambrian")


@pytest.mark.parametrize(
    ("place", "times"),
    [
        ("cambrian.app.sweeping.conducting:begin", 1),
        ("cambrian.app.sweeping.conducting:begin", 2),
        ("cambrian.search.recorder:Recorder.propose", 6),
        ("cambrian.search.recorder:Recorder.record", 11),
        ("sqlite.append.before_commit", 20),
        ("sqlite.append.after_commit", 30),
    ],
)
def test_killed_within_a_sweep(person: Person, place: str, times: int) -> None:
    person.task()
    dies(person, place, times, *SWEEP)
    said = person.run("sweep", "--resume", "last", "--json")
    assert said.code == 0, said
    assert_swept(person, msgspec.json.decode(said.out, type=Swept))
    assert len(listed(person)) == 5, "a run for each cell, and the sweep"


def assert_swept(person: Person, swept: Swept) -> None:
    runs = [cell.run for cell in swept.cells]
    assert len(set(runs)) == 4
    for run in runs:
        assert run is not None
        assert sorted(evaluated(person, run).items()) == [(index, 1) for index in range(4)]
    assert_sound(person.folder / ".cambrian")


def test_two_sweeps_at_once(person: Person) -> None:
    person.task()
    both = [person.start(*SWEEP, "--json") for _ in range(2)]
    for said in [person.wait(process) for process in both]:
        assert said.code == 0, said
        assert "Traceback" not in said.err
        assert_swept(person, msgspec.json.decode(said.out, type=Swept))
    assert len(listed(person)) == 10


@pytest.mark.parametrize(
    ("place", "there"),
    [
        ("sqlite.restore.before_commit", 0),
        ("sqlite.restore.after_commit", 1),
        ("cambrian.app.workspace:Workspace.keep_lines", 2),
    ],
)
async def test_killed_within_an_import(person: Person, place: str, there: int) -> None:
    await journal_in_files(person.folder / "old")
    await anyio.to_thread.run_sync(dies, person, place, 1, "runs", "import", "old")
    place_of_runs = Workspace(person.folder / ".cambrian")
    async with place_of_runs.reading() as runs:
        assert [head.seq for head in await runs.reader.heads()] == [4] * there, "each is there wholly, or not at all"
        assert await runs.reader.check() == []
    again = await anyio.to_thread.run_sync(person.run, "runs", "import", "old")
    assert again.code == (0 if there == 0 else 2), again
    for name in ("r-1", "r-2")[there:] if there else ():
        said = await anyio.to_thread.run_sync(person.run, "runs", "import", "old", "--run", name)
        assert said.code == 0, said
    async with place_of_runs.reading() as runs:
        assert sorted(head.run for head in await runs.reader.heads()) == ["r-1", "r-2"]


def test_killed_while_a_report_is_written(person: Person) -> None:
    person.task()
    assert person.run(*EXACT).code == 0
    dies(person, "app.report.before_rename", 1, "runs", "report", "last", "--out", "r.html")
    assert not (person.folder / "r.html").exists(), "there is no half report"
    assert person.run("runs", "report", "last", "--out", "r.html").code == 0
    whole = (person.folder / "r.html").read_bytes()
    dies(person, "app.report.before_rename", 1, "runs", "report", "last", "--out", "r.html")
    assert (person.folder / "r.html").read_bytes() == whole, "the older one stands"
    assert len(list(person.folder.glob(".r.html.new-*"))) == 1
    assert person.run("runs", "report", "last", "--out", "r.html").code == 0
    assert list(person.folder.glob(".r.html.new-*")) == [], "what was left is cleared away"


@pytest.mark.parametrize("place", ["app.cache.before_rename", "app.cache.after_rename"])
def test_killed_while_an_evaluation_is_kept(person: Person, place: str) -> None:
    person.task()
    dies(person, place, 4, *EXACT)
    assert outcome(person, "runs", "resume", "last").evaluations == 12
    assert set(evaluated(person).values()) == {1}, "no evaluation twice"
    again = outcome(person, *EXACT)
    assert again.cached > 0, "what was kept before and after is of use"
    assert_sound(person.folder / ".cambrian")


@pytest.mark.parametrize("damage", ["cut", "other"])
def test_kept_evaluations_that_are_damaged_run_again_and_are_told(person: Person, damage: str) -> None:
    person.task()
    first = outcome(person, *EXACT)
    files = [path for path in (person.folder / ".cambrian" / "cache").rglob("*") if path.is_file()]
    assert files
    for path in files:
        data = path.read_bytes()
        path.write_bytes(data[:-7] if damage == "cut" else data[:-7] + b"another")
    said = person.run(*EXACT, "--json")
    again = msgspec.json.decode(said.out, type=Outcome)
    assert re.search(r"the kept evaluation .* was damaged and is deleted; its program runs again", said.err)
    assert (again.cached, again.evaluations) == (0, first.evaluations)
    assert again.best is not None
    assert first.best is not None
    assert again.best.variant == first.best.variant
    assert outcome(person, *EXACT).cached > 0, "they were kept anew"
