"""All paths of a pair, in real jails: what is proved, what is refuted, what is left open, and that nothing gets out."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from cambrian.core.evidence import Evidence
from cambrian.core.ports import Program
from cambrian.sandbox import CPythonJail
from cambrian.verify import symbolic
from cambrian.verify.arena import Arena
from cambrian.verify.cascade import Cascade, Proof, Terms
from cambrian.verify.cases import Case
from cambrian.verify.generators import FromExamples, FromHints
from cambrian.verify.mutants import mutants
from cambrian.verify.policy import Policy
from cambrian.verify.reference import Reference, refer
from cambrian.verify.symbolic import Prover, installed

pytestmark = pytest.mark.anyio

TERMS = Terms(cases=40, seed=1, seconds=5.0)
SQUARES = "def f(x: int, y: int) -> int:\n    return (x + y) * (x - y)\n"
DOUBLE = "def f(x: int) -> int:\n    return x * 2\n"
MAGIC = "def f(x: int) -> int:\n    if x == 12345678:\n        return 0\n    return x + x\n"


def program(text: str) -> Program:
    return Program(files={"m.py": text}, entry="m.py:f")


@pytest.fixture(scope="module")
async def arena(anyio_backend: str) -> AsyncIterator[Arena]:
    async with await Arena.start(Policy(exceptions="type"), wall=2.0) as made:
        yield made


@pytest.fixture(scope="module")
async def prover(arena: Arena) -> AsyncIterator[Prover]:
    if not installed():
        pytest.skip("needs prove.crosshair: it is not installed")
    async with await Prover.start(arena, seconds=1.0) as made:
        yield made


async def referred(text: str, arena: Arena) -> Reference:
    return await refer(program(text), FromHints(text, "f"), arena, n=TERMS.cases, seed=1, seconds=5.0)


async def said(old: str, new: str, arena: Arena, prover: Prover) -> Evidence:
    return await prover(await referred(old, arena), program(new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (SQUARES, SQUARES.replace("(x + y) * (x - y)", "x * x - y * y")),
        (
            "def f(x: int | None) -> int:\n    if x is None:\n        return 0\n    return abs(x)\n",
            "def f(x: int | None) -> int:\n    return 0 if x is None else -x if x < 0 else x\n",
        ),
        (
            "def f(a: int, b: int) -> int:\n    return a // b\n",
            "def f(a: int, b: int) -> int:\n    if b == 0:\n        raise ZeroDivisionError\n    return a // b\n",
        ),
        (
            "def f(y: int) -> bool:\n    return y % 4 == 0 and (y % 100 != 0 or y % 400 == 0)\n",
            "def f(y: int) -> bool:\n    return (y % 4 == 0 and y % 100 != 0) or y % 400 == 0\n",
        ),
        (
            "def f(port: int) -> bool:\n    return port in [20, 21, 22, 80, 443, 8080]\n",
            "def f(port: int) -> bool:\n    return port in {20, 21, 22, 80, 443, 8080}\n",
        ),
    ],
    ids=["algebra", "none", "raises", "leap years", "set"],
)
async def test_what_is_the_same_on_all_paths_is_proved(old: str, new: str, arena: Arena, prover: Prover) -> None:
    evidence = await said(old, new, arena, prover)
    assert evidence.kind == "proved", evidence.detail
    assert "CrossHair" in evidence.method
    assert "for every " in evidence.detail
    assert evidence.n > 0


async def test_one_value_that_no_drawn_case_meets_is_found_and_told(arena: Arena, prover: Prover) -> None:
    reference = await referred(DOUBLE, arena)
    found, _ = await reference.judge(program(MAGIC), arena)
    assert found.same, "drawn cases do not meet it: else this tests nothing"
    jail = await CPythonJail.start()
    try:
        cascade = Cascade(reference, None, arena, jail, TERMS, prove=prover)
        proof = await cascade.check(program(MAGIC))
    finally:
        await jail.aclose()
    assert proof.reason.startswith("paths: differs on f(12345678)")
    assert "12345678" in proof.counterexample
    assert proof.verdict == "not_shown"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "def f(x: int) -> int:\n    return len(range(x))\n",
            "def f(x: int) -> int:\n    return max(x, 0)\n",
        ),
        (
            "def f(x: int) -> int:\n    return ord(chr(x))\n",
            "def f(x: int) -> int:\n    if not 0 <= x < 1114112:\n        raise ValueError\n    return x\n",
        ),
    ],
    ids=["a length", "a character"],
)
async def test_numbers_too_large_for_c_are_run(old: str, new: str, arena: Arena, prover: Prover) -> None:
    evidence = await said(old, new, arena, prover)
    assert evidence.kind == "not_shown", evidence.detail
    assert evidence.n > 0, evidence.detail
    assert evidence.detail.startswith("differs on")


async def test_proved_is_the_better_ground(arena: Arena, prover: Prover) -> None:
    jail = await CPythonJail.start()
    try:
        cascade = Cascade(await referred(DOUBLE, arena), None, arena, jail, TERMS, prove=prover)
        proof: Proof = await cascade.check(program(DOUBLE.replace("x * 2", "x + x")))
    finally:
        await jail.aclose()
    assert proof.failed is None
    assert proof.verdict == "proved"
    assert proof.same is not None
    assert "CrossHair" in proof.same.method


async def test_a_loop_over_a_list_has_paths_without_end_and_stays_tested(arena: Arena, prover: Prover) -> None:
    old = "def f(xs: list[int]) -> int:\n    total = 0\n    for x in xs:\n        total += x\n    return total\n"
    jail = await CPythonJail.start()
    try:
        cascade = Cascade(await referred(old, arena), None, arena, jail, TERMS, prove=prover)
        proof = await cascade.check(program("def f(xs: list[int]) -> int:\n    return sum(xs)\n"))
    finally:
        await jail.aclose()
    assert proof.failed is None
    assert proof.verdict == "tested"
    [paths] = [stage for stage in proof.stages if stage.name == "paths"]
    assert paths.evidence is not None
    assert paths.evidence.n == 0, "no opinion"
    assert "no opinion" in paths.detail


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("def f(x: int) -> bool:\n    return x / 3 * 3 == x\n", "def f(x: int) -> bool:\n    return True\n"),
        ("def f(x: int) -> int:\n    return int(x * 1.0)\n", "def f(x: int) -> int:\n    return x\n"),
        ("def f(x: float) -> float:\n    return x + 1 - 1\n", "def f(x: float) -> float:\n    return x\n"),
        ("def f(x: int) -> object:\n    return x\n", "def f(x: int) -> object:\n    return True if x == 1 else x\n"),
        ("def f(x: int) -> int:\n    return x\n", "def f(x: int) -> int:\n    return -0.0 if x == 0 else x\n"),
    ],
    ids=["thirds", "beyond 53 bits", "absorbed", "bool for int", "float for int"],
)
async def test_what_real_numbers_or_equality_would_hide_is_never_proved(
    old: str, new: str, arena: Arena, prover: Prover
) -> None:
    assert (await said(old, new, arena, prover)).kind == "not_shown"


async def test_what_only_the_solver_takes_for_a_difference_refutes_nothing(arena: Arena, prover: Prover) -> None:
    old, new = (f"def f(x: int) -> bool:\n    return x {op} 5\n" for op in ("==", "is"))
    evidence = await said(old, new, arena, prover)
    assert evidence.kind == "not_shown"
    assert evidence.n == 0, evidence.detail


async def test_hints_come_from_known_calls_where_there_are_none(arena: Arena, prover: Prover) -> None:
    old = "def f(x, y):\n    return (x + y) * (x - y)\n"
    source = FromExamples([Case(arguments=(3, 2)), Case(arguments=(-1, 7))])
    reference = await refer(program(old), source, arena, n=20, seed=1, seconds=5.0)
    evidence = await prover(reference, program(old.replace("(x + y) * (x - y)", "x * x - y * y")))
    assert evidence.kind == "proved", evidence.detail
    assert "the types of the known calls" in evidence.detail


async def test_a_hostile_candidate_stays_in_the_jail(arena: Arena, prover: Prover, tmp_path: Path) -> None:
    mark = tmp_path / "out"
    new = (
        f"import os\ndef f(x: int) -> int:\n    os.system('touch {mark}')\n"
        f"    try:\n        open('{mark}', 'w').close()\n    except OSError:\n        pass\n    return x * 2\n"
    )
    evidence = await said(DOUBLE, new, arena, prover)
    assert not mark.exists()
    assert evidence.kind == "not_shown"


async def test_a_candidate_that_falsifies_the_machinery_proves_nothing(arena: Arena, prover: Prover) -> None:
    new = (
        "import sys\nfor each in list(sys.modules.values()):\n    if hasattr(each, '_same'):\n"
        "        each._same = lambda one, other: True\n" + MAGIC
    )
    assert (await said(DOUBLE, new, arena, prover)).kind == "not_shown"


async def test_the_time_is_kept(arena: Arena) -> None:
    if not installed():
        pytest.skip("needs prove.crosshair: it is not installed")
    new = "def f(x: int) -> int:\n    while x == 77777:\n        pass\n    return x * 2\n"
    reference = await referred(DOUBLE, arena)
    async with await Prover.start(arena, seconds=0.3) as brief:
        begun = time.monotonic()
        evidence = await brief(reference, program(new))
        took = time.monotonic() - begun
        assert evidence.kind == "not_shown"
        assert took < 3 * (0.3 + symbolic.GRACE_S) + 30
        for _ in range(6):
            evidence = await brief(reference, program(new))
        assert "took the time" in evidence.detail, "all candidates of one original share a time"


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "def f(year: int) -> bool:\n    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)\n",
        "def f(x: int, low: int, high: int) -> int:\n    if x < low:\n        return low\n"
        "    if x > high:\n        return high\n    return x\n",
        "def f(p: tuple[int, int], q: tuple[int, int]) -> int:\n    dx = abs(p[0] - q[0])\n"
        "    dy = abs(p[1] - q[1])\n    return max(dx, dy)\n",
    ],
    ids=["leap", "clamp", "distance"],
)
async def test_no_seeded_mistake_is_proved(text: str, arena: Arena, prover: Prover) -> None:
    reference = await refer(program(text), FromHints(text, "f"), arena, n=300, seed=2, seconds=5.0)
    refuted = 0
    for mutant in mutants({"m.py": text}, 10, seed=3):
        candidate = program(mutant.files["m.py"])
        original = msgspec.structs.replace(reference, program=program(text))  # another one has time of its own
        evidence = await prover(original, candidate)
        if evidence.kind == "proved":  # another way to write it, such as abs(q - p) for abs(p - q)
            found, _ = await reference.judge(candidate, arena)
            assert found.same, f"{mutant} is proved, and differs: {found.counterexample}"
        refuted += evidence.kind == "not_shown" and evidence.n > 0
    assert refuted >= 6
