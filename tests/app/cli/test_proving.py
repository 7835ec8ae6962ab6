"""``cambrian improve --prove`` as a person types it. What is proved, and what is not: tests/verify/test_symbolic."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from cambrian.app.cli import run
from cambrian.app.doctor import find_prover
from cambrian.app.improving import Improved
from cambrian.verify import symbolic

PORTS = f"""def is_known(port: int) -> bool:
    return port in {list(range(20, 1500, 25))}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    (tmp_path / "ports.py").write_text(PORTS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.slow
def test_what_few_cases_leave_weak_is_proved_and_applied(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if not symbolic.installed():
        pytest.skip("needs prove.crosshair: it is not installed")
    assert run(["improve", "ports.py:is_known", "--prove", "--budget", "120s", "--apply", "--json"]) == 0
    improved = msgspec.json.decode(capsys.readouterr().out, type=Improved)
    [found] = improved.found
    assert found.proof is not None
    assert found.proof.verdict == "proved"
    assert found.proof.oracle is not None
    assert not found.proof.oracle.strong, "a drawn number is seldom one of these: else this tests nothing"
    assert improved.applied == ("ports.py",)
    assert "{20, 45," in (project / "ports.py").read_text(encoding="utf-8")


def test_without_crosshair_it_says_what_to_install(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(symbolic, "installed", str)
    assert run(["improve", "ports.py:is_known", "--prove"]) != 0
    told = capsys.readouterr().err
    assert "pip install 'cambrian[prove]'" in told
    assert symbolic.CAPABILITY in told


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.js", "function f(x) {\n  return x;\n}\n"), ("b.py", "n = int(input())\nprint(n * 2)\n")],
    ids=["javascript", "program"],
)
def test_of_what_nothing_can_be_proved_is_refused(
    name: str, text: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / name).write_text(text, encoding="utf-8")
    assert run(["improve", name, "--prove"]) == 2
    assert "nothing can be proved" in capsys.readouterr().err


def test_the_doctor_tells_whether_it_is_there() -> None:
    found = find_prover()
    assert found.id == symbolic.CAPABILITY
    assert found.available == bool(symbolic.installed())
    assert found.value == (symbolic.installed() or "not found")
