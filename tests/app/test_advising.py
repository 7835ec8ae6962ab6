"""Advice about gaps: each gap that is known has one, and it is of this machine's and this route's making."""

from __future__ import annotations

from pathlib import Path

import pytest

from cambrian.app.cli import run
from cambrian.app.execution.advising import advice, advised
from cambrian.sandbox.inside.drivers.javascript_turns import GLOBALS
from cambrian.sandbox.inside.drivers.monty_gaps import SYNTAX
from cambrian.sandbox.scripts.facts import Left

FORCED = ("monty: asked for by name",)


@pytest.mark.parametrize("gap", [*SYNTAX.values(), "import:statistics", "builtin:compile", "attribute:int.bit_count"])
def test_every_gap_of_python_has_advice(gap: str) -> None:
    assert advice(gap, "python", runtime="monty", reasons=FORCED).endswith("leave --runtime out, cpython has it")


@pytest.mark.parametrize("gap", [*(f"global:{name}" for name in sorted(GLOBALS)), "import:node:fs", "syntax:import"])
def test_every_gap_of_javascript_has_advice(gap: str) -> None:
    assert advice(gap, "javascript", runtime="quickjs", reasons=("quickjs: asked for by name",))


def test_words_of_an_engine_have_advice_and_an_unknown_gap_has_none() -> None:
    assert "cpython" in advice("cannot suspend here", "python", runtime="monty", reasons=FORCED)
    assert advice("cannot suspend here", "javascript", runtime="quickjs") == ""


def test_what_keeps_the_other_runtime_away_is_told() -> None:
    weak = ("monty: first, …", "cpython: left out, preset 'strict' wants …; --preset standard allows it")
    assert advice("import:statistics", "python", runtime="monty", reasons=weak) == (
        "cpython has it, but is left out, preset 'strict' wants …; --preset standard allows it"
    )
    assert advice("global:URL", "javascript", runtime="quickjs", reasons=("quickjs: first, …",)) == (
        "add a runtime that has it: pip install 'cambrian[deno]'"
    )
    tried = ("quickjs: first, …", "deno: next, …")
    assert advice("global:URL", "javascript", runtime="quickjs", reasons=tried) == "", "it runs there by itself"


def test_a_gap_is_advised_on_once_and_a_failure_not_at_all() -> None:
    left = [
        Left(runtime="deno", gap="syntax:import"),
        Left(runtime="node", gap="syntax:import"),
        Left(runtime="bun", gap="syntax:import", failure=True),
    ]
    found = advised(left, "javascript", ())
    assert found == (
        "syntax:import: write `const x = await import('…')` instead of an import or export declaration",
    )  # fmt: skip


def test_a_command_tells_the_advice_and_explains_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "script.py").write_text("class A: pass\nclass B(A): pass\n1\n")
    assert run(["run", "script.py", "--runtime", "monty"]) == 1
    advised = "class:inheritance: write the methods into each class, or use functions; or: leave --runtime out"
    assert f"\n{advised}" in capsys.readouterr().err
    assert run(["run", "script.py", "--explain"]) == 0
    assert run(["run", "script.py", "--preset", "strict", "--explain"]) == 1
    said = capsys.readouterr().err
    assert "  for class:inheritance: write the methods" in said
    assert "cpython has it, but is left out, preset 'strict' wants" in said
    assert "--preset standard allows it" in said
