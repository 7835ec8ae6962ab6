"""``cambrian secure``: what it prints, writes and ends with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import cambrian
from cambrian.app.cli import run

VULNERABLE = """\
import sqlite3


def find(db: sqlite3.Connection, name):
    return db.execute(f"SELECT id FROM users WHERE name = '{name}'").fetchall()
"""
FIXED = VULNERABLE.replace(
    "f\"SELECT id FROM users WHERE name = '{name}'\"", '"SELECT id FROM users WHERE name = ?", (name,)'
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.py").write_text(VULNERABLE)
    return tmp_path


def test_a_finding_is_listed_and_the_status_is_one(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["secure", "."]) == 1
    told = capsys.readouterr()
    assert "shop.py:5" in told.out
    assert "sql-injection" in told.out
    assert "1 file, 6 lines: 1 high" in told.err
    assert (project / "shop.py").read_text() == VULNERABLE


def test_fixes_are_shown_tried_and_written_only_on_demand(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["secure", ".", "--fix"]) == 1
    assert (
        '+    return db.execute("SELECT id FROM users WHERE name = ?", (name,)).fetchall()' in capsys.readouterr().out
    )
    assert (project / "shop.py").read_text() == VULNERABLE
    assert run(["secure", ".", "--apply", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (project / "shop.py").read_text() == FIXED
    assert [(each["evidence"], each["tried"] > 5) for each in told["findings"]] == [("tested", True)]
    assert run(["undo"]) == 0
    assert (project / "shop.py").read_text() == VULNERABLE


def test_a_comment_or_the_file_of_known_findings_settles_it(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["secure", ".", "--baseline", "known.json", "--write-baseline"]) == 0
    assert run(["secure", ".", "--baseline", "known.json"]) == 0
    assert run(["secure", "."]) == 1
    marked = VULNERABLE.replace(
        "    return", "    # cambrian: ignore[sql-injection] names are checked before\n    return"
    )
    (project / "shop.py").write_text(marked)
    capsys.readouterr()
    assert run(["secure", ".", "--json"]) == 0
    assert "names are checked before" in json.loads(capsys.readouterr().out)["findings"][0]["known"]


def test_a_rule_can_be_left_out_and_a_strange_one_is_refused(project: Path) -> None:
    assert run(["secure", ".", "--ignore", "sql-injection"]) == 0
    assert run(["secure", ".", "--ignore", "no-such-rule"]) == 2
    assert run(["secure", ".", "--severity", "critical"]) == 0, "nobody knows where the name comes from"


def test_what_a_fix_assumes_is_not_written_without_a_word(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "shop.py").write_text('def find(db, name):\n    db.cursor().execute("SELECT 1 WHERE a = " + name)\n')
    before = (project / "shop.py").read_text()
    assert run(["secure", ".", "--apply"]) == 1
    assert (project / "shop.py").read_text() == before
    assert run(["secure", ".", "--apply", "--paramstyle", "format"]) == 0
    assert '"SELECT 1 WHERE a = %s", (name,)' in (project / "shop.py").read_text()
    capsys.readouterr()


def test_sarif_has_places_paths_and_fixes(project: Path) -> None:
    (project / "web.py").write_text(
        "from flask import Flask, request\nfrom shop import find\n\napp = Flask(__name__)\n\n\n"
        '@app.route("/")\ndef view():\n    return str(find(app.db, request.args["name"]))\n'
    )
    assert run(["secure", ".", "--sarif", "report.sarif"]) == 1
    log = json.loads((project / "report.sarif").read_text())
    assert log["version"] == "2.1.0"
    (result,) = [each for each in log["runs"][0]["results"] if each["ruleId"] == "sql-injection"]
    assert result["level"] == "error"
    steps = result["codeFlows"][0]["threadFlows"][0]["locations"]
    files = [step["location"]["physicalLocation"]["artifactLocation"]["uri"] for step in steps]
    assert files[0] == "web.py"
    assert files[-1] == "shop.py"
    assert result["fixes"][0]["artifactChanges"][0]["replacements"]


def test_packages_are_held_against_advisories(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "shop.py").unlink()
    (project / "requirements.txt").write_text("# ours\nJinja2==2.11.0\nflask>=2\nreqeusts==1.0\n")
    (project / "osv").mkdir()
    advisory = {
        "id": "GHSA-test", "summary": "sandbox escape", "database_specific": {"severity": "MODERATE"},
        "affected": [{
            "package": {"ecosystem": "PyPI", "name": "jinja2"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.11.3"}]}],
        }],
    }  # fmt: skip
    (project / "osv" / "one.json").write_text(json.dumps(advisory))
    assert run(["secure", ".", "--json", "--advisories", "osv"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["dependencies"] == 2
    found = {each["rule"]: each for each in told["findings"]}
    assert found["vulnerable-package"]["line"] == 2
    assert "2.11.3" in found["vulnerable-package"]["advice"]
    assert "reqeusts" in found["suspicious-package"]["what"]
    (project / "requirements.txt").write_text("jinja2==2.11.3\n")
    assert run(["secure", ".", "--advisories", "osv"]) == 0


def test_classes_of_owasp_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["secure", "--classes", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [each["id"] for each in told] == [f"A{number:02}" for number in range(1, 11)]


def test_a_run_is_on_record(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["secure", ".", "--apply", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert run(["runs", "list", "--json"]) == 0
    (line,) = json.loads(capsys.readouterr().out)
    assert (line["kind"], line["run"], line["task"], line["status"]) == ("security", told["run"], ".", "finished")
    assert run(["runs", "events", "last", "--json"]) == 0
    events = [json.loads(each) for each in capsys.readouterr().out.splitlines()]
    types = [each["type"] for each in events if each["type"].startswith("security.")]
    assert types == ["security.opened", "security.found", "security.applied", "security.stopped"]
    assert run(["runs", "show", "last"]) == 2
    assert "cambrian runs events" in capsys.readouterr().err


def test_the_place_of_the_record_can_be_named(project: Path) -> None:
    assert run(["secure", ".", "--workspace", "elsewhere"]) == 1
    assert (project / "elsewhere").is_dir()
    assert not (project / ".cambrian").exists()


@pytest.mark.anyio
async def test_from_python(project: Path) -> None:
    found = await cambrian.secure(project, apply=True, paramstyle="qmark")
    assert found.applied == ("shop.py",)
    assert found.run
    assert (project / "shop.py").read_text() == FIXED
    with pytest.raises(cambrian.UsageError, match="no security rule 'nope'"):
        await cambrian.secure(project, ignore=["nope"])
