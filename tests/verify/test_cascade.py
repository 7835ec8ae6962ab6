"""The cascade in real jails: every stage refuses what it is for, and what is right and quick passes all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

import pytest

from cambrian.core.ports import Program
from cambrian.sandbox import CPythonJail
from cambrian.verify.arena import Arena
from cambrian.verify.cascade import Cascade, Proof, Terms, Told
from cambrian.verify.cases import Case
from cambrian.verify.generators import FromHints
from cambrian.verify.oracle import reference_strength
from cambrian.verify.policy import Policy
from cambrian.verify.reference import Reference, refer
from cambrian.verify.timed import Timed

pytestmark = pytest.mark.anyio

OLD = """
def f(a: list[int], b: list[int]) -> list[int]:
    out = []
    for x in a:
        if x in b:
            out.append(x)
    return out
"""
GOOD = OLD.replace("    for x", "    b = set(b)\n    for x")
WRONG = GOOD.replace("set(b)", "set(b[1:])")
LARGE = Case(arguments=(list(range(600)), list(range(300, 900))), origin="given")
TERMS = Terms(cases=120, seed=1, seconds=20.0)


def program(text: str) -> Program:
    return Program(files={"m.py": text}, entry="m.py:f")


@pytest.fixture(scope="module")
async def arena(anyio_backend: str) -> AsyncIterator[Arena]:
    async with await Arena.start(Policy(exceptions="type"), wall=2.0) as made:
        yield made


@pytest.fixture(scope="module")
async def jail(anyio_backend: str) -> AsyncIterator[CPythonJail]:
    made = await CPythonJail.start()
    yield made
    await made.aclose()


@pytest.fixture(scope="module")
async def reference(arena: Arena) -> Reference:
    return await refer(program(OLD), FromHints(OLD, "f"), arena, known=[LARGE], n=TERMS.cases, seed=1)


@pytest.fixture
def cascade(reference: Reference, arena: Arena, jail: CPythonJail) -> Cascade:
    return Cascade(reference, Timed(cases=(LARGE,), rounds=5, seconds=0.005, first_s=0.005), arena, jail, TERMS)


def names(proof: Proof) -> list[str]:
    return [stage.name for stage in proof.stages]


async def test_what_is_the_same_and_faster_passes_every_stage(cascade: Cascade) -> None:
    proof = await cascade.check(program(GOOD))
    assert proof.failed is None
    assert proof.verdict == "tested"
    assert proof.same is not None
    assert proof.same.n == TERMS.cases
    proof = await cascade.measure(program(GOOD), proof)
    assert not proof.faster, "a few pairs show nothing yet"
    proof = await cascade.confirm(program(GOOD), proof)
    assert proof.faster
    assert proof.reason == ""
    assert names(proof) == ["duplicate", "compile", "names", "tests", "cases", "opcodes", "timing", "fresh"]
    assert proof.speedup is not None
    assert proof.speedup.lower is not None
    assert proof.speedup.lower > 1.1


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        (OLD + "\n# nothing but a comment\n", "duplicate"),
        (GOOD.replace("set(b)", "set(b"), "compile"),
        (GOOD.replace("set(b)", "sett(b)"), "names"),
        (WRONG, "cases"),
        (GOOD.replace("return out", "b.clear()\n    return out").replace("b = set(b)", "bs = set(b)"), "cases"),
        (GOOD.replace("return out", "print(out)\n    return out"), "cases"),
        ("def f(a, b):\n    while True:\n        pass\n", "cases"),
    ],
    ids=["duplicate", "compile", "names", "wrong", "arguments", "output", "endless"],
)
async def test_each_stage_refuses_what_it_is_for(cascade: Cascade, text: str, stage: str) -> None:
    proof = await cascade.check(program(text))
    assert proof.failed is not None
    assert proof.failed.name == stage
    assert proof.verdict == "not_shown"
    assert proof.reason.startswith(stage)


async def test_a_difference_is_told_by_a_small_call(cascade: Cascade) -> None:
    proof = await cascade.check(program(WRONG))
    assert proof.counterexample.startswith("f([")
    assert len(proof.counterexample) < 80


async def test_what_refuted_one_refutes_the_next_at_once(cascade: Cascade) -> None:
    for text in (WRONG, WRONG.replace("1:", "2:")):
        proof = await cascade.check(program(text))
    assert proof.failed is not None
    assert proof.failed.evidence is not None
    assert proof.failed.evidence.n == 0, "no case was looked at before the one that refuted the first"


async def test_what_is_slower_fails_the_timing(cascade: Cascade) -> None:
    slow = program(OLD.replace("    for x", "    for _ in a:\n        sorted(b)\n    for x"))
    proof = await cascade.measure(slow, await cascade.check(slow))
    assert proof.failed is not None
    assert proof.failed.name == "timing"
    assert proof.verdict == "tested", "it is the same all the same"


async def test_tests_come_before_cases(reference: Reference, arena: Arena, jail: CPythonJail) -> None:
    seen: list[Mapping[str, str]] = []

    async def tests(files: Mapping[str, str]) -> Told:
        seen.append(files)
        return "sorted" not in files["m.py"], "1 failed"

    cascade = Cascade(reference, None, arena, jail, TERMS, tests=tests)
    refused = await cascade.check(program(GOOD.replace("return out", "return sorted(out)")))
    assert refused.reason == "tests: 1 failed"
    assert "cases" not in names(refused)
    passed = await cascade.check(program(GOOD))
    assert passed.failed is None
    assert len(seen) == 2
    assert (await cascade.measure(program(GOOD), passed)).stages[-1].verdict == "skipped"


async def test_an_original_that_is_not_steady_has_no_cases(arena: Arena) -> None:
    text = "import os\ndef f(n: int):\n    return os.urandom(4)\n"
    found = await refer(program(text), FromHints(text, "f"), arena, n=20, seconds=5.0)
    assert not found.cases
    assert found.unfit
    judged, number = await found.judge(program(text), arena)
    assert number is None
    assert not judged.same


async def test_large_numbers_that_take_too_long_are_not_drawn_again(arena: Arena) -> None:
    text = "def f(n: int):\n    total = 0\n    for i in range(n):\n        total += i\n    return total\n"
    found = await refer(program(text), FromHints(text, "f"), arena, n=60, seconds=30.0)
    assert len(found.cases) == 60
    assert sum(found.unfit.values()) <= 4


async def test_the_oracle_is_tried_on_the_lines_of_the_function_alone(reference: Reference, arena: Arena) -> None:
    strength = await reference_strength(reference, arena, path="m.py", lines=range(2, 8), most=8, seed=1)
    assert strength.mutants > 0
    assert strength.strong
    assert (await reference_strength(reference, arena, path="m.py", lines=range(90, 99), most=8)).mutants == 0
