"""Oracle strength: seeded mistakes, which a good oracle finds and a blind one does not."""

from __future__ import annotations

import ast
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cambrian.core.errors import UsageError
from cambrian.core.evaluation import Objective
from cambrian.core.evidence import Evidence
from cambrian.core.ports import Program
from cambrian.search.oracle import oracle_strength as task_strength
from cambrian.search.task import Task
from cambrian.source.normalise import canonical
from cambrian.verify.arena import Arena
from cambrian.verify.cases import Case
from cambrian.verify.generators import FromExamples, FromHints
from cambrian.verify.mutants import mutants
from cambrian.verify.oracle import Strength, oracle_strength

pytestmark = pytest.mark.anyio

PROGRAM = '''
def f(values: list[int], limit: int) -> list[int]:
    """Running sums up to a limit."""
    total, out = 0, []
    for index in range(len(values)):
        if values[index] > limit and not index % 2 == 1:
            continue
        total += values[index] - 1
        out.append(total)
    return out
'''
BROKEN_KINDS = {
    "comparison", "arithmetic", "constant", "off by one", "condition", "dropped statement", "returned value",
    "early end", "swapped operands",
}  # fmt: skip


@pytest.fixture(scope="module")
async def arena(anyio_backend: str) -> AsyncIterator[Arena]:
    async with await Arena.start(wall=2.0) as made:
        yield made


def test_mutants_are_other_programs_that_compile() -> None:
    made = mutants({"p.py": PROGRAM}, 200, seed=1)
    assert {mutant.operator for mutant in made} == BROKEN_KINDS
    assert (
        len({canonical(mutant.files, "python") for mutant in made} | {canonical({"p.py": PROGRAM}, "python")})
        == len(made) + 1
    )
    for mutant in made:
        tree = ast.parse(mutant.files["p.py"])
        assert ast.get_docstring(next(node for node in tree.body if isinstance(node, ast.FunctionDef)))
        assert mutant.place.startswith("p.py:")


def test_mutants_take_turns_and_follow_the_seed() -> None:
    few = mutants({"p.py": PROGRAM}, 9, seed=1)
    assert {mutant.operator for mutant in few} == BROKEN_KINDS
    assert few == mutants({"p.py": PROGRAM}, 9, seed=1)
    assert few != mutants({"p.py": PROGRAM}, 9, seed=2)
    assert mutants({"p.py": "X = 1 + 2\n", "notes.txt": "a < b"}, 9, seed=1) == ()
    assert mutants({"p.py": "def f(:"}, 9, seed=1) == ()


async def test_good_inputs_tell_mistakes_apart(arena: Arena) -> None:
    program = Program(files={"program.py": PROGRAM}, entry="program.py:f")
    found = await oracle_strength(program, FromHints(PROGRAM, "f"), arena, n=60, most=18)
    assert found.mutants == 18
    assert found.strong, found.survivors
    assert found.judge(Evidence(kind="tested", claim="same", n=60)).shown


async def test_blind_inputs_do_not_and_what_they_tested_is_not_shown(arena: Arena) -> None:
    program = Program(files={"program.py": PROGRAM}, entry="program.py:f")
    blind = FromExamples([Case(arguments=([], 0))], faithful=1.0)
    found = await oracle_strength(program, blind, arena, n=5, most=18)
    assert not found.strong
    assert found.survivors
    assert all("program.py:" in line for line in found.survivors)
    judged = found.judge(Evidence(kind="tested", claim="same", n=5))
    assert not judged.shown
    assert "80% are asked for" in judged.detail


def test_strength_as_a_value() -> None:
    assert Strength(killed=8, survivors=("a", "b")).strong
    assert not Strength(killed=7, survivors=("a", "b", "c")).strong
    assert Strength(killed=7, survivors=("a", "b", "c"), enough=0.7).strong
    assert not Strength(killed=0).strong
    assert "unknown" in str(Strength(killed=0))
    untouched = Evidence(kind="not_shown", claim="same")
    assert Strength(killed=9).judge(untouched) is untouched
    with pytest.raises(UsageError, match=r"enough is 0"):
        Strength(killed=1, enough=0.0)


def task(folder: Path, inputs: str) -> Task:
    (folder / "evaluate.py").write_text(inputs, encoding="utf-8")
    return Task(
        name="sums", folder=str(folder), program={"p.py": PROGRAM}, entry="p.py:f", evaluator_text=inputs,
        mode="callable", objectives=(Objective(name="speedup"),),
    )  # fmt: skip


@pytest.mark.parametrize(("inputs", "strong"), [
    ("def inputs(rng):\n return [([rng.randrange(9) for _ in range(2000)], 5)] * 2\n", True),
    ("def inputs(rng):\n return [([0] * 2000, rng.randrange(9) + 3)]\n", False),
], ids=["good", "blind"])  # fmt: skip
async def test_strength_of_a_tasks_own_oracle(inputs: str, strong: bool, tmp_path: Path) -> None:
    found = await task_strength(task(tmp_path, inputs), most=18, seed=1)
    assert found.strong is strong, found.survivors
    assert 15 <= found.mutants <= 18


async def test_artifact_mode_has_no_comparison(tmp_path: Path) -> None:
    scorer = "def score(x): return 1.0\n"
    made = Task(
        name="t", folder=str(tmp_path), program={"p.py": PROGRAM}, entry="p.py:f", evaluator_text=scorer,
        objectives=(Objective(name="score"),),
    )  # fmt: skip
    with pytest.raises(UsageError, match="in artifact mode"):
        await task_strength(made)
