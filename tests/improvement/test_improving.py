"""Improving functions in real jails: what is the same and pays is kept, all else is refused with its reason."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cambrian.core.ports import Program
from cambrian.improvement.campaign import Campaign
from cambrian.improvement.improving import Improvement, Improver
from cambrian.improvement.inputs import inputs_of
from cambrian.improvement.project import Project
from cambrian.improvement.proposing import ByRules
from cambrian.improvement.targets import target_of
from cambrian.improvement.telling import tell
from cambrian.sandbox import CPythonJail
from cambrian.verify.arena import Arena
from cambrian.verify.cascade import Cascade, Terms
from cambrian.verify.cases import Case
from cambrian.verify.policy import Policy

from .toy_rules import find

pytestmark = pytest.mark.anyio

COMMON = """def common(a: list[int], b: list[int]) -> list[int]:
    found = []
    for i in range(len(a)):
        x = a[i]
        if (x + 0) in tuple(b):
            found.append((x + 0))
    return found
"""
GIVEN = [Case(arguments=(list(range(40)), list(range(2000))), origin="given")]


@pytest.fixture(scope="module")
async def improver(anyio_backend: str) -> AsyncIterator[Improver]:
    async with await Arena.start(Policy(exceptions="type"), wall=2.0) as arena:
        jail = await CPythonJail.start()
        yield Improver(arena, jail, [ByRules(find)], Terms(cases=100, seed=1, seconds=10.0))
        await jail.aclose()


async def improve(improver: Improver, folder: Path, text: str, name: str) -> Improvement:
    (folder / "m.py").write_text(text, encoding="utf-8")
    target = target_of(folder / "m.py", name)
    return await improver.improve(target, inputs_of(target, given=GIVEN))


@pytest.mark.slow
async def test_the_right_one_is_kept_the_wrong_one_refused_the_idle_one_taken_out(
    improver: Improver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def as_good(cascade: Cascade, less: Program, more: Program) -> bool:  # a busy machine hides a small change
        return "tuple(b)" not in less.files["m.py"]

    monkeypatch.setattr(Cascade, "as_good", as_good)
    found = await improve(improver, tmp_path, COMMON, "common")
    assert found.verdict == "improved", found.reason
    assert [change.rule for change in found.changes] == ["toy-copy"]
    assert any("toy-wrong" in each and "cases: f(" in each for each in found.refused)
    assert found.applicable
    assert "range(len(a))" in found.after
    assert found.diff.startswith("--- a/m.py")
    assert found.proof is not None
    assert found.proof.oracle is not None
    told = "\n".join(tell(found))
    assert "× as fast [" in told
    assert "same: by rule, and tested" in told


async def test_where_nothing_is_found_nothing_is_run(improver: Improver, tmp_path: Path) -> None:
    found = await improve(improver, tmp_path, "def f(a: int, b: int):\n    return a\n", "f")
    assert found.verdict == "nothing"
    assert found.seconds < 1


async def test_what_differs_is_refused_with_a_small_call(improver: Improver, tmp_path: Path) -> None:
    text = "def f(a: list[int], b: list[int]):\n    return [a[i] for i in range(len(a))]\n"
    found = await improve(improver, tmp_path, text, "f")
    assert found.verdict == "refused"
    assert found.after == ""
    assert "cases: f([" in found.reason
    assert "not improved" in "\n".join(tell(found))


async def test_what_is_no_faster_is_refused(improver: Improver, tmp_path: Path) -> None:
    text = "def f(a: list[int], b: list[int]):\n    x = len(a)\n    sorted(b)\n    return (x + 0)\n"
    found = await improve(improver, tmp_path, text, "f")
    assert found.verdict == "refused"
    assert "asked for" in found.reason


async def test_a_program_that_does_not_load_is_told(improver: Improver, tmp_path: Path) -> None:
    text = "import no_such_module\ndef f(a: list[int], b: list[int]):\n    x = 1\n    return (x + 0)\n"
    found = await improve(improver, tmp_path, text, "f")
    assert found.verdict == "refused"
    assert "the original ended" in found.reason


async def test_a_function_without_inputs_is_told_not_raised(improver: Improver, tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text("class C:\n    def m(self, x):\n        return (x + 0)\n", encoding="utf-8")
    campaign = Campaign(improver, Project.open(tmp_path), tmp_path)
    found = await campaign.take(tmp_path / "m.py", "C.m", seconds=5.0)
    assert found.verdict == "refused"
    assert "no inputs for" in found.reason
    assert campaign.texts == {}
