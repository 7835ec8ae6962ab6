"""Inputs made up from programs' texts: what reads mean, what is drawn, what is noticed."""

from __future__ import annotations

import ast
from collections.abc import AsyncIterator

import pytest

from cambrian.core.errors import SandboxError
from cambrian.sandbox import CPythonJail
from cambrian.verify.inside.stdin_reading import Facts, Use
from cambrian.verify.stdin import Inputs, Lane, differing, stdin_source, weak_on

SUMS = """n, k = map(int, input().split())
values = list(map(int, input().split()))
total = 0
for i in range(n):
    if values[i] > k:
        total += values[i]
print(total)
"""


def use(text: str) -> Use:
    facts = Facts(text)
    [place] = [at for at, node in facts.calls.items() if ast.unparse(node) in ("input()", "sys.stdin.readline()")]
    found = facts.use_at(place)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("n = int(input())", Use(kind="int", names=("n",))),
        ("n = int(eval(input()))", Use(kind="int", names=("n",), code=True)),
        ("n, k = map(int, input().split())", Use(kind="int", split=True, fields=2, names=("n", "k"))),
        ("a = [int(x) for x in input().split()]", Use(kind="int", split=True, names=("a",))),
        ("x = float(sys.stdin.readline())", Use(kind="float", names=("x",))),
        ("d = list(map(int, input()))", Use(kind="int", chars=True, names=("d",))),
        ("line = input()\nrow = list(map(int, line.split()))", Use(kind="int", split=True, names=("line",))),
        ("s = input()\nif s[0] == 'a':\n    print(s)", Use(kind="str", names=("s",))),
        ("def one():\n    return int(input())", Use(kind="int", passed=True)),
        ("a, *b = map(int, input().split())", Use(kind="int", split=True, fields=1, names=("a", "b"), rest=True)),
        ("while True:\n    n = int(input())", Use(kind="int", names=("n",), looped=True)),
        ("try:\n    n = int(input())\nexcept EOFError:\n    n = 0", Use(kind="int", names=("n",), guarded=True)),
    ],
)
def test_what_becomes_of_a_read_is_in_the_text(text: str, wanted: Use) -> None:
    assert use(text) == wanted


def test_names_that_count_are_told() -> None:
    assert Facts(SUMS).counts == {"n"}


@pytest.fixture
async def lane() -> AsyncIterator[Lane]:
    jail = await CPythonJail.start()
    try:
        async with Lane(jail) as lane:
            yield lane
    finally:
        await jail.aclose()


@pytest.fixture
async def sums(lane: Lane) -> Inputs:
    return await stdin_source(lane, SUMS, n=40, large=False)


async def test_inputs_end_well_and_tell_much_apart(lane: Lane, sums: Inputs) -> None:
    assert len(sums.texts) == len(set(sums.texts)) == 40
    assert sums.outputs >= 10
    assert all(outcome.code == 0 for outcome in sums.outcomes)
    assert (await weak_on(lane, SUMS, sums, most=8)).killed > 0.7


async def test_the_same_seed_gives_the_same_inputs() -> None:
    drawn: list[tuple[str, ...]] = []
    for _ in range(2):
        jail = await CPythonJail.start()
        async with Lane(jail) as lane:
            drawn.append(tuple(one.input for one in await lane.draw(SUMS, range(10), 5)))
        await jail.aclose()
    assert drawn[0] == drawn[1]


async def test_another_program_is_told_by_an_input(lane: Lane, sums: Inputs) -> None:
    assert await differing(lane, SUMS.replace("total = 0", "total = int('0')"), sums) is None
    found = await differing(lane, SUMS.replace("> k", ">= k"), sums)
    wrong = await differing(lane, SUMS.replace("print(total)", "print(total, end='')"), sums)
    assert wrong is not None
    assert wrong[1].output == wrong[2].output + "\n"
    assert found is not None
    assert found[1].output != found[2].output


async def test_runs_end_as_programs_do(lane: Lane) -> None:
    outcomes = await lane.run(
        "import sys\nprint(sys.stdin.read().upper())\nsys.exit(int(open(0).read() or 3))", ["a\n"]
    )
    assert outcomes[0][:2] == (3, "A\n\n")
    left = await lane.run("print(1)\nexit()\nprint(2)", [""])
    assert left[0][:2] == (0, "1\n")
    assert (await stdin_source(lane, "print((*[1]))", n=3)).errors == {"it does not compile": 1}
    raised = await lane.run("raise ValueError", [""])
    assert raised[0].code == 1
    endless = await lane.run("while True: pass", ["", ""], limit=0.1, stopped=True)
    assert len(endless) == 1
    assert endless[0].code < 0


async def test_a_lane_that_is_not_open_says_so() -> None:
    jail = await CPythonJail.start()
    try:
        with pytest.raises(SandboxError, match="async with"):
            await Lane(jail).run("print(1)", [""])
    finally:
        await jail.aclose()
