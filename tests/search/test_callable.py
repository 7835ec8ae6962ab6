"""Callable mode: equal answers required, time taken outside."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from cambrian.core.budget import Budget
from cambrian.core.evaluation import Objective, Status
from cambrian.core.limits import Limits

from .conftest import Lab
from .tasks import Scripted, number_task

pytestmark = pytest.mark.anyio

SLOW = """
def f(values):
    out = []
    for value in values:
        if value not in out:
            out.append(value)
    return out
"""
FAST = "def f(values):\n    return list(dict.fromkeys(values))\n"
WRONG = "def f(values):\n    return sorted(set(values))\n"
REMEMBERS = "SEEN = {}\n\ndef f(values):\n    return SEEN.setdefault('x', list(dict.fromkeys(values)))\n"
OTHER_TYPE = "def f(values):\n    return tuple(dict.fromkeys(values))\n"
INPUTS = "def inputs(rng):\n    return [([rng.randrange(600) for _ in range(3000)],) for _ in range(5)]\n"
SPEED = (Objective(name="speedup"),)


async def test_a_faster_program_with_equal_answers_wins(lab: Lab, tmp_path: Path) -> None:
    proposer = Scripted([FAST, WRONG, REMEMBERS, OTHER_TYPE])
    task = number_task(
        tmp_path, evaluator=INPUTS, program=SLOW, mode="callable", objectives=SPEED, budget=Budget(evaluations=5)
    )
    _, view = await lab.evolve(task, proposer)
    fast, *others = (outcome.evaluation for outcome in proposer.told)
    assert fast.objectives["speedup"] > 3
    assert fast.measures["initial_cpu_s"] > fast.measures["cpu_s"] > 0
    assert [evaluation.status for evaluation in others] == [Status.INVALID] * 3
    assert "expected" in others[0].feedback
    assert "tuple" in others[2].feedback
    assert view.initial is not None
    assert view.initial.objectives["speedup"] == 1.0
    assert 0.4 < view.initial.measures["measured_against_itself"] < 2.5


@pytest.mark.parametrize(
    "oracle",
    [
        "def expected(values):\n    return list(dict.fromkeys(values))\n",
        "def check(arguments, answer):\n    return answer == list(dict.fromkeys(arguments[0]))\n",
    ],
    ids=["expected", "check"],
)
async def test_an_oracle_may_stand_in_for_the_initial_program(oracle: str, lab: Lab, tmp_path: Path) -> None:
    proposer = Scripted([FAST, WRONG])
    task = number_task(
        tmp_path, evaluator=INPUTS + oracle, program=SLOW, mode="callable", objectives=SPEED,
        budget=Budget(evaluations=3),
    )  # fmt: skip
    await lab.evolve(task, proposer)
    assert [outcome.evaluation.status for outcome in proposer.told] == [Status.OK, Status.INVALID]


async def test_equal_exceptions_are_equal_answers(lab: Lab, tmp_path: Path) -> None:
    evaluator = "def inputs(rng):\n    return [(rng.randrange(100),), (-1,)]\n"
    program = "def f(n):\n    if n < 0:\n        raise ValueError(n)\n    return sum(range(n))\n"
    same = "def f(n):\n    if n < 0:\n        raise ValueError('negative')\n    return n * (n - 1) // 2\n"
    other = "def f(n):\n    if n < 0:\n        raise KeyError(n)\n    return sum(range(n))\n"
    none = "def f(n):\n    return sum(range(n))\n"
    proposer = Scripted([same, other, none])
    task = number_task(
        tmp_path, evaluator=evaluator, program=program, mode="callable", objectives=SPEED,
        budget=Budget(evaluations=4),
    )  # fmt: skip
    await lab.evolve(task, proposer)
    assert [outcome.evaluation.status for outcome in proposer.told] == [Status.OK, Status.INVALID, Status.INVALID]


ONE_INPUT = "def inputs(rng):\n    return [(rng.randrange(9),)]\n"
SLEEPY = "import time\n\ndef f(n):\n    time.sleep(0.8)\n    return n\n"


async def test_a_candidate_that_never_ends_is_its_own_fault(lab: Lab, tmp_path: Path) -> None:
    """Whichever of the two is called first: the initial program must not time out for having waited."""
    proposer = Scripted([f"def f(x):\n    n = {n}\n    while True:\n        n += 1\n" for n in range(4)])
    program = "def f(n):\n    return n\n"
    task = number_task(
        tmp_path, evaluator=ONE_INPUT, program=program, mode="callable", objectives=SPEED, budget=Budget(evaluations=5)
    )
    await lab.evolve(msgspec.structs.replace(task, limits=Limits(wall=0.5, cpu=5.0)), proposer)
    told = [(outcome.evaluation.status, outcome.evaluation.detail) for outcome in proposer.told]
    assert told == [(Status.TIMEOUT, "wall")] * 4


async def test_waiting_for_the_other_does_not_count(lab: Lab, tmp_path: Path) -> None:
    proposer = Scripted([SLEEPY.replace("return n", f"return n + {n} - {n}") for n in range(3)])
    task = number_task(
        tmp_path, evaluator=ONE_INPUT, program=SLEEPY, mode="callable", objectives=SPEED, budget=Budget(evaluations=4)
    )
    await lab.evolve(msgspec.structs.replace(task, limits=Limits(wall=1.4, cpu=5.0)), proposer)
    assert [outcome.evaluation.status for outcome in proposer.told] == [Status.OK] * 3
