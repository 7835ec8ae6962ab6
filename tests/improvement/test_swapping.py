"""Functions recognised by what they do, in real jails; and one improved by an algorithm, with its proof."""

from __future__ import annotations

import textwrap
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from cambrian.improvement.improving import Improver
from cambrian.improvement.inputs import inputs_of
from cambrian.improvement.swapping import Swaps
from cambrian.improvement.targets import target_of
from cambrian.sandbox import CPythonJail
from cambrian.source.rules.rule import Rewrite, applied
from cambrian.verify.arena import Arena
from cambrian.verify.cascade import Terms
from cambrian.verify.cases import Case
from cambrian.verify.policy import Policy

pytestmark = pytest.mark.anyio

RECURSIVE = """def value(n: int):
    if n <= 0:
        return None
    if n == 1:
        return 0
    if n == 2:
        return 1
    return value(n - 1) + value(n - 2)
"""
WORDS = """def told(number: int):
    if number < 2:
        return "NO"
    for k in range(2, number):
        if number % k == 0:
            return "NO"
    return "YES"
"""
PAIRS = """def ways(arr, n, wanted):
    count = 0
    for i in range(n):
        for j in range(i + 1, n):
            if arr[i] + arr[j] == wanted:
                count += 1
    return count
"""
WRONG = """def odd(n: int):
    if n > 60:
        return 1
    return n if n < 2 else odd(n - 1) + odd(n - 2)
"""
UNKNOWN = """def mix(items: list[int]):
    total = 1
    for item in items:
        total = total * 3 + item % 7
    return total
"""
CHANGES = """def emptied(items: list[int]):
    total = 0
    while items:
        total += items.pop()
    return total
"""
PRINTS = """def shown(n: int):
    print(n)
    return sum(range(n + 1))
"""


@pytest.fixture(scope="module")
async def jails(anyio_backend: str) -> AsyncIterator[tuple[Arena, CPythonJail]]:
    async with await Arena.start(Policy(exceptions="type"), wall=2.0) as arena:
        jail = await CPythonJail.start()
        yield arena, jail
        await jail.aclose()


async def proposed(
    jails: tuple[Arena, CPythonJail], folder: Path, text: str, calls: Sequence[tuple[object, ...]] = ()
) -> tuple[Rewrite, ...]:
    (folder / "m.py").write_text(text, encoding="utf-8")
    target = target_of(folder / "m.py", text.partition("(")[0].removeprefix("def "))
    inputs = inputs_of(target, recorded=[Case(arguments=call) for call in calls])
    return await Swaps(*jails).propose(target, inputs)


async def test_a_recurrence_is_known_by_its_values(jails: tuple[Arena, CPythonJail], tmp_path: Path) -> None:
    [found] = await proposed(jails, tmp_path, RECURSIVE)
    assert found.rule == "algorithm:fibonacci-from-zero-at-one"
    assert found.ground == "assumes"
    assert found.assumes == ("'n' is an int",)
    new = applied(RECURSIVE, [found])
    assert new.startswith("def value(n: int):\n    if n >= 1:\n")
    assert new.endswith(RECURSIVE.partition("\n")[2]), "its own code is kept"


async def test_answers_in_other_words(jails: tuple[Arena, CPythonJail], tmp_path: Path) -> None:
    found = await proposed(jails, tmp_path, WORDS)
    assert found[0].rule == "algorithm:is-prime"
    assert "return 'YES' if number == p else 'NO'" in applied(WORDS, found[:1])


async def test_a_length_among_the_arguments(jails: tuple[Arena, CPythonJail], tmp_path: Path) -> None:
    found = await proposed(jails, tmp_path, PAIRS, [([1, 5, 7, -1, 5], 5, 6), ([1, 1, 1, 1], 4, 2)])
    assert found[0].rule == "algorithm:count-pairs-with-sum"
    assert "    if n == len(arr):\n" in applied(PAIRS, found[:1])


@pytest.mark.parametrize("text", [UNKNOWN, CHANGES, PRINTS], ids=["unknown", "changes its argument", "prints"])
async def test_what_does_something_else_is_left_alone(
    jails: tuple[Arena, CPythonJail], tmp_path: Path, text: str
) -> None:
    assert await proposed(jails, tmp_path, text) == ()


@pytest.mark.slow
async def test_what_agrees_on_small_calls_alone_is_refused(jails: tuple[Arena, CPythonJail], tmp_path: Path) -> None:
    calls = [(n,) for n in (5, 9, 14, 20)]
    (tmp_path / "m.py").write_text(WRONG, encoding="utf-8")
    target = target_of(tmp_path / "m.py", "odd")
    improver = Improver(*jails, [], Terms(cases=200, seconds=8.0), swaps=Swaps(*jails))
    given = [Case(arguments=call, origin="given") for call in calls]
    found = await improver.improve(target, inputs_of(target, given=given))
    assert found.verdict != "improved"


@pytest.mark.slow
async def test_a_function_is_improved_by_an_algorithm(jails: tuple[Arena, CPythonJail], tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text(PAIRS, encoding="utf-8")
    target = target_of(tmp_path / "m.py", "ways")
    improver = Improver(*jails, [], Terms(cases=200, seconds=10.0), swaps=Swaps(*jails))
    given = [Case(arguments=(list(range(300)), 300, 299), origin="given")]
    small = [Case(arguments=([1, 5, 7, -1, 5], 5, 6), origin="test")]
    assert improver.finds(target)
    found = await improver.improve(target, inputs_of(target, given=given, recorded=small))
    assert found.verdict == "improved", found.reason
    assert [change.rule for change in found.changes] == ["algorithm:count-pairs-with-sum"]
    assert found.proof is not None
    assert found.proof.speedup is not None
    assert (found.proof.speedup.lower or 0) > 5
    assert found.applicable


async def test_a_function_within_is_known_too(jails: tuple[Arena, CPythonJail], tmp_path: Path) -> None:
    text = "def listed(limit: int):\n" + textwrap.indent(WORDS, "    ")
    text += "\n    return [told(n) for n in range(limit)] + [limit % 7]\n"
    [found] = await proposed(jails, tmp_path, text)
    assert found.rule == "algorithm:is-prime"
    assert found.scope == "listed"
    new = applied(text, [found])
    assert "        return 'YES'\n\n    return [told(n)" in new
