"""Choices: a text that a list of the program has too gives way to another of that list, and nothing else changes."""

from __future__ import annotations

import ast
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.core.errors import ProposalError, UsageError
from cambrian.core.variant import Origin
from cambrian.search.proposer import Candidate, Scored
from cambrian.search.proposers.choices import Choices, choices

from .programs import outcome, scored, setting, variant

PROGRAM = '''"""linear"""
KERNELS = ("linear", "rbf", "poly")
SOLVERS = ["lbfgs", "sgd"]
NAMES = {"linear": "linear", "other": f"linear {1}"}


def f():
    return "rbf", 'sgd', "unknown"
'''
LIST = ("a", "b", "c", "d", "e")
PICK = f"OPTIONS = {LIST!r}\n\n\ndef f():\n    return " + " + ".join(["'a'"] * 4) + "\n"


def chosen(candidate: Candidate | str) -> list[str]:
    text = candidate if isinstance(candidate, str) else candidate.files["p.py"]
    found = [node.value for node in ast.walk(ast.parse(text).body[-1]) if isinstance(node, ast.Constant)]
    return [value for value in found if isinstance(value, str)]


def test_lists_keys_and_what_no_list_has_are_no_choices() -> None:
    program = variant(PROGRAM.replace('"""linear"""\n', ""))
    assert [(choice.line, choice.value, choice.options) for choice in choices(program)] == [
        (3, "linear", ("rbf", "poly")),
        (7, "rbf", ("linear", "poly")),
        (7, "sgd", ("lbfgs",)),
    ]


@given(seed=st.integers(0, 2**32))
async def test_only_choices_change_and_only_to_what_a_list_has(seed: int) -> None:
    program = variant(PICK)
    candidate = await Choices(setting(program)).propose([scored(program)], Random(seed))
    assert candidate.files["p.py"].splitlines()[:-1] == PICK.splitlines()[:-1]
    values = chosen(candidate)
    assert set(values) <= set(LIST)
    assert 1 <= sum(value != "a" for value in values) <= 2
    assert candidate.origin.proposer == "choose"


async def test_frozen_lines_keep_their_choices_but_their_lists_count() -> None:
    text = "L = ('a', 'b')\nx = 'a'\n# EVOLVE-BLOCK-START\ny = 'a'\n# EVOLVE-BLOCK-END\n"
    candidate = await Choices(setting(variant(text))).propose([scored(variant(text))], Random(1))
    assert candidate.files["p.py"] == text.replace("y = 'a'", "y = 'b'")


@pytest.mark.parametrize("text", ["x = 'a'\n", "L = ('a', 1)\nx = 'a'\n", "L = ('a',)\nx = 'a'\n", "x = (\n"])
async def test_without_a_choice_it_says_so(text: str) -> None:
    with pytest.raises(ProposalError, match="no choice"):
        await Choices(setting(variant(text))).propose([scored(variant(text))], Random(1))
    with pytest.raises(ProposalError, match="needs a parent"):
        await Choices(setting(variant(text))).propose([], Random(1))


async def climb(proposer: Choices, right: str, seed: int, *, most: int = 400) -> int:
    """Evaluations until every choice is right, where only the number of right ones is told; to the best so far."""
    rng, best = Random(seed), scored(variant(PICK), 0.0)
    seen = {PICK}
    evaluations = 0
    while best.evaluation.objectives["score"] < len(right) and evaluations < most:
        candidate = await proposer.propose([best], rng)
        if candidate.files["p.py"] in seen:
            continue
        seen.add(candidate.files["p.py"])
        evaluations += 1
        value = float(sum(one == other for one, other in zip(chosen(candidate), right, strict=True)))
        told: Scored = outcome(candidate, value)
        await proposer.tell(told)
        if value >= best.evaluation.objectives["score"]:
            best = told
    return evaluations


async def test_the_right_choices_are_found_from_their_number_alone() -> None:
    counts = sorted([await climb(Choices(setting(variant(PICK))), "cdbe", seed) for seed in range(11)])
    assert counts[5] < 60  # of 625; without learning from outcomes about 312 at random


async def test_what_was_told_is_learnt_and_telling_it_again_restores_it() -> None:
    program = scored(variant("L = ('a', 'b', 'c')\nx = 'a'\n"))
    proposers = [Choices(setting(program.variant)) for _ in range(3)]
    rng = Random(5)
    for _ in range(60):
        candidate = await proposers[0].propose([program], rng)
        told = outcome(candidate, 2.0 if "x = 'c'" in candidate.files["p.py"] else 0.5)
        for proposer in proposers[:2]:
            await proposer.tell(told)
    drawn = [
        [(await proposer.propose([program], Random(seed))).files["p.py"] for seed in range(60)]
        for proposer in proposers
    ]
    assert drawn[0] == drawn[1]
    assert sum("x = 'c'" in text for text in drawn[0]) > sum("x = 'c'" in text for text in drawn[2]) + 5


async def test_an_outcome_of_another_proposer_is_refused() -> None:
    stranger = scored(variant("x = 1\n", origin=Origin(proposer="tune")))
    with pytest.raises(UsageError, match="no record of 'choose'"):
        await Choices(setting(stranger.variant)).tell(stranger)
