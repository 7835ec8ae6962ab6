"""Crossover: what is exchanged, what never is."""

from __future__ import annotations

from random import Random

import pytest

from cambrian.core.errors import ProposalError
from cambrian.search.proposer import Scored
from cambrian.search.proposers.crossover import Crossover
from cambrian.source import blocks, names, normalise, syntax

from .programs import scored, setting, variant

ONE = '''import math


def f(x):
    """One."""
    # why one
    y = x + 1.5
    for i in range(3):
        y += i * 0.02
    return y


class C:
    def g(self, a, b=2):
        return a * b


def arity(a):
    return a
'''
OTHER = '''import math


def own(z):
    return z


def f(x):
    """Other."""
    y = own(x) - 100.0
    for i in range(4):
        y += math.sqrt(i)  # root
    return y


class C:
    def g(self, a, b=3):
        # sum
        return a + b


def arity(a, b):
    return b
'''


async def children(one: str, other: str, count: int = 150) -> set[str]:
    parents = [scored(variant(one), 2.0), scored(variant(other), 1.0)]
    crossover = Crossover(setting(parents[0].variant))
    found: set[str] = set()
    for seed in range(count):
        candidate = await crossover.propose(parents, Random(seed))
        found.add(candidate.files["p.py"])
    return found


async def test_functions_and_statements_travel_with_their_comments() -> None:
    found = await children(ONE, OTHER)
    assert ONE.replace("b=2):\n        return a * b", "b=3):\n        # sum\n        return a + b") in found
    assert ONE.replace("range(3):\n        y += i * 0.02", "range(4):\n        y += math.sqrt(i)") in found
    assert ONE.replace("y += i * 0.02", "y += math.sqrt(i)") in found


async def test_children_are_sound_and_new() -> None:
    parents = {normalise.canonical({"p.py": text}, "python") for text in (ONE, OTHER)}
    for text in await children(ONE, OTHER):
        assert syntax.check({"p.py": text}, "python") is None
        assert names.undefined({"p.py": text}) == ()
        assert normalise.canonical({"p.py": text}, "python") not in parents
        assert "own" not in text  # a name that only the other parent has
        assert "def arity(a):" in text  # another arity: not compatible


async def test_frozen_lines_stay() -> None:
    marked = ONE.replace("class C:", "# EVOLVE-BLOCK-START\nclass C:").replace(
        "\n\ndef arity", "\n# EVOLVE-BLOCK-END\n\ndef arity"
    )
    for text in await children(marked, OTHER, 60):
        assert blocks.same_outside({"p.py": marked}, {"p.py": text})
        assert "return a + b" in text


async def test_the_same_seed_makes_the_same_child() -> None:
    parents = [scored(variant(ONE)), scored(variant(OTHER))]
    crossover = Crossover(setting(parents[0].variant))
    first, second = [await crossover.propose(parents, Random(4)) for _ in range(2)]
    assert first == second
    assert first.origin.proposer == "crossover"
    assert parents[1].variant.id in first.origin.why


@pytest.mark.parametrize(
    ("parents", "reason"),
    [
        ([scored(variant(ONE))], "two parents"),
        ([scored(variant(ONE)), scored(variant(ONE + "# same\n"))], "nothing to exchange"),
        ([scored(variant(ONE)), scored(variant("def h():\n    pass\n"))], "nothing to exchange"),
        ([scored(variant(ONE)), scored(variant("x", language="c"))], "not both"),
        ([scored(variant("# EVOLVE-BLOCK-END\n")), scored(variant(ONE))], "without a start"),
        ([scored(variant(ONE)), scored(variant("def f(:\n"))], "nothing to exchange"),
    ],
)
async def test_what_cannot_be_crossed_is_said(parents: list[Scored], reason: str) -> None:
    with pytest.raises(ProposalError, match=reason):
        await Crossover(setting(variant(ONE))).propose(parents, Random(0))
