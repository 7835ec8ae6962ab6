"""Differential tests in real jails: what is the same stays so, what differs is found and made small."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from cambrian.core.errors import UsageError
from cambrian.core.ports import Program
from cambrian.verify.arena import Arena
from cambrian.verify.cases import Case
from cambrian.verify.differential import Differential, differential
from cambrian.verify.generators import FromExamples, FromHints, Source, draw
from cambrian.verify.policy import Policy

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def arena(anyio_backend: str) -> AsyncIterator[Arena]:
    async with await Arena.start(wall=2.0) as made:
        yield made


def program(text: str) -> Program:
    return Program(files={"program.py": text}, entry="program.py:f")


async def check(arena: Arena, old: str, new: str, *, n: int = 100, source: Source | None = None) -> Differential:
    hints = source or FromHints(old, "f")
    return await differential(program(old), program(new), hints, arena, n=n, seed=1)


UNIQUE = """
def f(values: list[int]) -> list[int]:
    out = []
    for value in values:
        if value not in out:
            out.append(value)
    return out
"""


async def test_another_way_to_the_same(arena: Arena) -> None:
    found = await check(arena, UNIQUE, "def f(values): return list(dict.fromkeys(values))")
    assert found.same
    assert found.evidence.kind == "tested"
    assert found.evidence.n == 100
    assert str(found.evidence) == "tested: same behaviour as the original (n = 100; differential test)"


SMALLEST: list[tuple[str, str, str, str]] = [
    ("order", UNIQUE, "def f(values): return sorted(set(values))", "([1, 0])"),
    ("length", "def f(x: list[int]): return len(x)", "def f(x): return min(len(x), 3)", "([0, 0, 0, 0])"),
    ("sign", "def f(x: int): return abs(x)", "def f(x): return x", "(-1)"),
    ("float", "def f(x: float): return x + 0.0", "def f(x): return x", "(-0.0)"),
    ("threshold", "def f(x: int): return x > 40", "def f(x): return x > 41", "(41)"),
    ("text", "def f(s: str): return s.upper()", "def f(s): return ''.join(c.upper() for c in s if c != ' ')", "(' ')"),
    ("mutation", "def f(x: list[int]): return sorted(x)", "def f(x):\n x.sort()\n return list(x)", "([1, 0])"),
    ("output", "def f(x: bool): return x", "def f(x):\n if x: print(x)\n return x", "(True)"),
    ("crash", "def f(x: int): return x", "import os\ndef f(x):\n if x > 5: os._exit(1)\n return x", "(6)"),
    ("loop", "def f(x: list[bool]): return len(x)",
     "def f(x):\n while len(x) == 2: pass\n return len(x)", "([False, False])"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "old", "new", "smallest"),
    [pytest.param(*row, id=row[0], marks=[] if row[0] == "float" else [pytest.mark.slow]) for row in SMALLEST],
)
async def test_a_difference_is_found_and_made_small(name: str, old: str, new: str, smallest: str, arena: Arena) -> None:
    n = 40 if name == "loop" else 200
    found = await check(arena, old, new, n=n)
    assert not found.same
    assert found.counterexample is not None
    assert str(found.counterexample.case) == smallest
    assert found.counterexample.alone
    assert smallest in found.evidence.detail


OBJECTS = """
import enum
from dataclasses import dataclass
class Side(enum.Enum):
    LEFT = 1
    RIGHT = 2
@dataclass
class Point:
    x: int
    side: Side
def f(p: Point, more: list[Point]):
    return Point(p.x + sum(q.x for q in more), p.side)
"""


async def test_objects_are_made_in_the_jail(arena: Arena) -> None:
    assert (await check(arena, OBJECTS, OBJECTS.replace("p.x + sum", "sum").replace("more), p", "[p, *more]), p"))).same
    found = await check(arena, OBJECTS, OBJECTS.replace(", p.side)", ", Side.LEFT)"))
    assert found.counterexample is not None
    assert "side" in found.counterexample.how


async def test_aliased_arguments_are_one_object(arena: Arena) -> None:
    old = "def f(a, b):\n a.append(1)\n return len(b)\n"
    new = "def f(a, b):\n n = len(b)\n a.append(1)\n return n\n"
    assert (await check(arena, old, new, source=FromExamples([Case(arguments=([1], [2]))], faithful=1.0))).same
    shared = Case(arguments=([1], [2]), shared=((0, 1),))
    found = await check(arena, old, new, source=FromExamples([shared], faithful=1.0), n=5)
    assert found.counterexample is not None
    assert "the same object as argument 0" in str(found.counterexample)


async def test_an_original_that_does_not_repeat_itself_shows_nothing(arena: Arena) -> None:
    text = "import random\ndef f(x: int): return random.random()"
    found = await check(arena, text, text, n=10)
    assert not found.same
    assert found.unfit == {"the original does not repeat itself": 10}
    assert found.evidence.kind == "not_shown"
    assert "does not repeat" in found.evidence.detail


async def test_cases_that_end_the_original_are_left_out(arena: Arena) -> None:
    text = "import os\ndef f(x: bool):\n if x: os._exit(3)\n return x"
    found = await check(arena, text, text, n=2)
    assert found.evidence.n == 1
    assert sum(found.unfit.values()) == 1


async def test_what_only_shows_after_other_calls_is_said_to(arena: Arena) -> None:
    new = "SEEN = []\ndef f(x):\n SEEN.append(x)\n return x if len(SEEN) < 5 else None"
    found = await check(arena, "def f(x: int): return x", new, n=20)
    assert found.counterexample is not None
    assert not found.counterexample.alone


async def test_a_candidate_that_does_not_load_differs(arena: Arena) -> None:
    found = await check(arena, UNIQUE, "def f(values) return", n=5)
    assert not found.same
    assert "SyntaxError" in str(found.counterexample)


async def test_the_policy_decides() -> None:
    async with await Arena.start(Policy(float_rtol=1e-9), wall=2.0) as tolerant:
        old, new = "def f(x: list[float]): return sum(x) * 0.1", "def f(x): return sum(v * 0.1 for v in x)"
        source = FromExamples([Case(arguments=([0.1, 0.2, 0.2],))], faithful=1.0)
        assert (await check(tolerant, old, new, source=source)).same
    async with await Arena.start(wall=2.0) as strict:
        assert not (await check(strict, old, new, source=source)).same


async def test_at_least_one_case(arena: Arena) -> None:
    with pytest.raises(UsageError, match="n is 0"):
        await differential(program(UNIQUE), program(UNIQUE), FromHints(UNIQUE, "f"), arena, n=0)
    assert len(draw(FromHints("def f(x: bool): ...", "f"), 100, seed=1)) == 2
