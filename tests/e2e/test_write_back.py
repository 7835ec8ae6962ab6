"""A winner of several files is written back so that the folder is a task that runs, and can be gone back from."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest

from cambrian.app.checking import Checkup
from cambrian.app.results import Applied, Outcome

from .terminal import Person

EXAMPLE = Path(__file__).parents[2] / "examples" / "circle_packing"
TEMPLATES = ("--set", "strategy.proposers=['template.']", "--jobs", "1", "--seed", "1", "--display", "none")


@pytest.mark.slow
def test_a_template_winner_is_a_task_again(person: Person) -> None:
    folder = person.folder / "packing"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    toml = (folder / "task.toml").read_text(encoding="utf-8")
    first = person.run("evolve", "packing", "--budget", "4ev", *TEMPLATES).record("evolve")
    assert isinstance(first, Outcome)
    assert first.best is not None
    assert "problem.py" in first.best.files, "a template writes a program of several files, problem.py among them"

    applied = person.run("runs", "apply", "last", "--yes", "--json").record("runs.apply")
    assert isinstance(applied, Applied)
    assert "task.toml" in applied.files
    assert applied.unlisted == ()
    assert '-program = ["program.py"]' in applied.diff
    now = (folder / "task.toml").read_text(encoding="utf-8")
    assert set(tomllib.loads(now)["program"]) == set(first.best.files)
    assert tomllib.loads(now) | {"program": 0} == tomllib.loads(toml) | {"program": 0}, "nothing else changed"

    checkup = person.run("check", "packing", "--json").record("check")
    assert isinstance(checkup, Checkup)
    assert checkup.ok
    assert checkup.evaluations[0].objectives["sum_of_radii"] == pytest.approx(first.best.objectives["sum_of_radii"])
    again = person.run("evolve", "packing", "--budget", "2ev", *TEMPLATES).record("evolve")
    assert isinstance(again, Outcome)
    assert again.initial is not None
    assert again.initial.files == first.best.files
    more = person.run("runs", "resume", first.run, "--budget", "6ev", "--display", "none").record("runs.resume")
    assert isinstance(more, Outcome)
    assert more.evaluations == 6, "the old run goes on from its journal"

    assert person.run("runs", "apply", first.run, "--variant", "initial", "--yes").code == 0
    assert (folder / "task.toml").read_text(encoding="utf-8") == toml
    assert person.run("check", "packing").code == 0
