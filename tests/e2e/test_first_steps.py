"""init, check, evolve, look, apply, export, gc: the way through a first afternoon."""

from __future__ import annotations

import tarfile
from pathlib import Path

import msgspec
import pytest

from cambrian.app.checking import Checkup
from cambrian.app.results import Applied, Change, Collected, EventLine, Exported, Found, Outcome, RunLine

from .terminal import PROGRAM, Person, Said


def outcome(said: Said, name: str = "evolve") -> Outcome:
    record = said.record(name)
    assert isinstance(record, Outcome)
    return record


def test_a_whole_afternoon(person: Person) -> None:
    folder = person.task()
    said = person.run("evolve", "task", "--seed", "5", "--jobs", "1")
    assert said.code == 0, said
    first = outcome(said)
    assert (first.status, first.stop_reason, first.evaluations, first.seed) == ("finished", "evaluations", 25, 5)
    assert first.initial is not None
    assert first.best is not None
    assert first.initial.files == {"program.py": PROGRAM}
    assert first.initial.objectives == {"score": -5.0}
    assert first.best.objectives["score"] > -5.0, "25 edits of four literals find something"
    for words in (
        "Score",
        "Change",
        "Found by",
        "Why it can be trusted",
        "cambrian runs apply",
        "runs resume",
        "best ",
    ):
        assert words in said.err

    _look(person, first)
    _apply(person, first, folder)
    more = outcome(person.run("runs", "resume", first.run[:12], "--budget", "30ev", "--json"), "runs.resume")
    assert (more.run, more.evaluations) == (first.run, 30)
    assert more.best is not None
    assert more.best.objectives["score"] >= first.best.objectives["score"]
    _keep(person, first)


def _look(person: Person, first: Outcome) -> None:
    listed = person.run("runs", "list", "--json")
    assert listed.record("runs.list")
    [line] = msgspec.json.decode(listed.out, type=list[RunLine])
    assert (line.run, line.kind, line.task, line.status, line.evaluations) == (
        first.run,
        "search",
        "task",
        "finished",
        25,
    )
    assert first.run in person.run("runs", "list").out
    assert outcome(person.run("runs", "show", "last", "--json"), "runs.show") == first
    assert "not written back" in person.run("runs", "show").out
    best = person.run("runs", "best", "last", "--json").record("runs.best")
    assert isinstance(best, Found)
    assert best == first.best
    assert person.run("runs", "best").out.strip() == best.files["program.py"].strip()
    assert person.run("runs", "best", "last", "--out", "winner").code == 0
    assert (person.folder / "winner" / "program.py").read_text(encoding="utf-8") == best.files["program.py"]
    assert person.run("runs", "best", "last", "--out", "winner").code == 2, "it is not overwritten"
    change = person.run("runs", "diff", "last", "initial", "best", "--json").record("runs.diff")
    assert isinstance(change, Change)
    assert change.diff == person.run("runs", "diff").out
    assert change.added == change.removed == 1
    _events(person)


def _events(person: Person) -> None:
    out = person.run("runs", "events", "last", "--json").out.splitlines()
    events = [msgspec.json.decode(line, type=EventLine) for line in out]
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert [event.type for event in events].count("search.evaluated") == 25
    tail = person.run("runs", "events", "last", "--after", str(len(events) - 2), "--json").out.splitlines()
    assert tail == out[-2:]


def _apply(person: Person, first: Outcome, folder: Path) -> None:
    assert first.best is not None
    program = folder / "program.py"
    program.chmod(0o755)
    dry = person.run("runs", "apply", "last", "--dry-run", "--json").record("runs.apply")
    assert isinstance(dry, Applied)
    assert (dry.written, dry.files) == (False, ("program.py",))
    assert program.read_text(encoding="utf-8") == PROGRAM
    nobody = person.run("runs", "apply", "last")
    assert nobody.code == 2
    assert "--yes" in nobody.err
    program.write_text(PROGRAM + "# mine\n", encoding="utf-8")
    refused = person.run("runs", "apply", "last", "--yes")
    assert refused.code == 2
    assert "no longer what the run began with" in refused.err
    assert program.read_text(encoding="utf-8") == PROGRAM + "# mine\n"
    program.write_text(PROGRAM, encoding="utf-8")
    assert person.run("runs", "apply", "last", "--yes").code == 0
    assert program.read_text(encoding="utf-8") == first.best.files["program.py"]
    assert program.stat().st_mode & 0o777 == 0o755
    shown = outcome(person.run("runs", "show", "last", "--json"), "runs.show")
    assert shown.promotion is not None
    assert (shown.promotion.variant, shown.promotion.approver) == (first.best.variant, "ada")
    assert shown.promotion.signature == "valid"
    key = person.folder / "home" / ".local" / "state" / "cambrian" / "signing.key"
    assert key.stat().st_mode & 0o777 == 0o600
    key.write_bytes(b"k" * 32)
    assert "signature invalid" in person.run("runs", "show").out
    assert person.run("runs", "apply", "last", "--variant", "initial", "--yes").code == 0, "and back again"
    assert program.read_text(encoding="utf-8") == PROGRAM


def _keep(person: Person, first: Outcome) -> None:
    exported = person.run("runs", "export", "last", "--out", "run.tar.gz", "--json").record("runs.export")
    assert isinstance(exported, Exported)
    with tarfile.open(person.folder / "run.tar.gz") as tar:
        names = set(tar.getnames())
    assert {"run/README.txt", "run/summary.json", "run/events.jsonl"} <= names
    assert exported.variants == 30
    assert person.run("runs", "export", "last", "--out", "out/run").code == 0
    events = (person.folder / "out" / "run" / "events.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(events) == exported.events
    assert first.initial is not None
    program = person.folder / "out" / "run" / "variants" / first.initial.variant / "program.py"
    assert program.read_text(encoding="utf-8") == PROGRAM
    looked = person.run("runs", "gc", "--keep", "0", "--dry-run", "--json").record("runs.gc")
    assert isinstance(looked, Collected)
    assert (looked.deleted, looked.dry_run) == ((first.run,), True)
    assert first.run in person.run("runs", "list").out
    assert person.run("runs", "gc", "--keep", "1").code == 0
    assert first.run in person.run("runs", "list").out
    assert person.run("runs", "gc", "--run", first.run).code == 0
    assert person.run("runs", "list", "--json").out.strip() == "[]"


@pytest.mark.parametrize("mode", ["artifact", "callable"])
def test_a_scaffold_passes_its_check_and_evolves(mode: str, person: Person) -> None:
    assert person.run("init", "mine", "--mode", mode).code == 0
    again = person.run("init", "mine", "--mode", mode)
    assert again.code == 2
    assert "'mine' exists already" in again.err
    said = person.run("check", "mine", "--json")
    checkup = said.record("check")
    assert isinstance(checkup, Checkup)
    assert said.code == 0, said
    assert checkup.ok
    assert checkup.warnings == ()
    assert checkup.repeats or mode == "callable"
    assert all(trial.verdict == "rejected" for trial in checkup.trials)
    found = outcome(person.run("evolve", "mine", "--budget", "5ev", "--display", "none"))
    assert found.evaluations == 5
    assert sorted(path.name for path in person.folder.iterdir() if path.name != "home") == [".cambrian", "mine"]
    assert (person.folder / ".cambrian" / ".gitignore").read_text(encoding="utf-8") == "*\n"
