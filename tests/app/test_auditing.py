"""The evaluator doctor as people meet it: `cambrian check`, its exit status, and `cambrian.audit`."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

import cambrian
from cambrian.app.auditing import lines_of
from cambrian.app.checking import Checkup
from cambrian.app.cli import run

TASK = 'program = ["program.py"]\nentry = "program.py:solve"\n[objectives]\nscore = "maximize"\n[limits]\nwall = "5s"\n'
PROGRAM = "def solve():\n    return {'x': [0.5, 0.25], 'score': 0.75}\n"
BAD = "def score(a):\n    if sum(a['x']) > 1: raise ValueError\n    return a['score']\n"
GOOD = (
    "def score(a):\n    x = a.get('x') if type(a) is dict else None\n"
    "    if type(x) is not list or len(x) != 2 "
    "or not all(type(v) is float and 0 <= v <= 1 for v in x): raise ValueError\n"
    "    if sum(x) > 1: raise ValueError\n    return sum(x)\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {"task.toml": TASK, "program.py": PROGRAM, "evaluate.py": BAD}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_check_fails_on_a_hole_and_says_what_and_how_to_mend_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", str(folder)]) == 1
    told = capsys.readouterr().out
    assert "HOLE: a score that the answer reports" in told
    assert "fix: " in told
    assert run(["check", str(folder), "--no-doctor"]) == 0
    assert "doctor" not in capsys.readouterr().out


def test_check_passes_a_sound_scorer_and_its_json_holds_the_findings(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "evaluate.py").write_text(GOOD, encoding="utf-8")
    assert run(["check", str(folder), "--json"]) == 0
    checkup = msgspec.json.decode(capsys.readouterr().out, type=Checkup)
    assert checkup.audit is not None
    assert checkup.audit.ok
    assert checkup.audit.probes > 50
    assert {item.grade for item in checkup.audit.findings} == {"contained"}


def test_a_choice_of_two_depths_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", str(folder), "--quick", "--thorough"]) == 2
    assert "--no-doctor" in capsys.readouterr().err


def test_two_audits_tell_the_same(folder: Path) -> None:
    first, second = (cambrian.audit(folder) for _ in range(2))
    assert first.findings == second.findings
    assert not first.ok
    assert first.split
    text = list(lines_of(first))
    assert text[0].startswith("evaluator doctor: ")
    assert all(len(line) <= 110 for line in text)


def test_a_program_without_a_score_cannot_be_judged(folder: Path) -> None:
    (folder / "program.py").write_text("def solve():\n    return 1\n", encoding="utf-8")
    found = cambrian.audit(folder)
    assert found.findings == ()
    assert "has no score" in found.unfinished[0]
