"""A winner is believed on fresh data only."""

from __future__ import annotations

from pathlib import Path
from random import Random

import msgspec
import pytest

from cambrian.core.budget import Budget
from cambrian.core.evaluation import Evaluation, Objective, Status, Usage
from cambrian.core.variant import Variant
from cambrian.search.confirmation import reserve
from cambrian.search.evaluation import SAME_INPUTS
from cambrian.search.facts import CONFIRMED, Confirmed
from cambrian.search.proposer import Scored
from cambrian.search.task import Sampling, Task
from cambrian.search.view import Summary

from .conftest import Lab
from .tasks import Scripted, number_task

pytestmark = pytest.mark.anyio

NOISE = """
import random
def score(answer):
    return answer + random.gauss(0, 1)
"""
ADD_UP = """
def inputs(rng):
    return [([rng.random() for _ in range(5)],) for _ in range(3)]
def score(answers, inputs):
    return -sum(abs(answer - sum(values)) for answer, (values,) in zip(answers, inputs, strict=True))
"""
NUMBER = "def f():\n    return {}\n"


def searched_inputs() -> list[list[float]]:
    """What the scorer draws for every evaluation of a search."""
    rng = Random(SAME_INPUTS)
    return [[rng.random() for _ in range(5)] for _ in range(3)]


async def confirmed(lab: Lab, task: Task, *texts: str, jobs: int = 1) -> tuple[Confirmed | None, Summary]:
    _, view = await lab.evolve(task, Scripted(texts), jobs=jobs)
    return view.confirmed, view


async def test_an_exact_score_is_earned_twice(lab: Lab, tmp_path: Path) -> None:
    found, _ = await confirmed(lab, number_task(tmp_path, budget=Budget(evaluations=2)), NUMBER.format(3.0))
    assert found is not None
    assert found.evidence.kind == "tested"
    assert found.evidence.estimate == 2.0
    assert found.winner == (3.0,) * 6
    assert found.initial == (1.0,) * 6


@pytest.mark.parametrize("jobs", [1, 2])
async def test_a_noisy_score_is_compared_in_fresh_pairs(jobs: int, lab: Lab, tmp_path: Path) -> None:
    task = number_task(tmp_path, evaluator=NOISE, budget=Budget(evaluations=2))
    found, _ = await confirmed(lab, task, NUMBER.format(30.0), jobs=jobs)
    assert found is not None
    assert found.evidence.kind == "measured"
    assert found.evidence.n == len(found.initial) == len(found.winner) == task.sampling.confirm
    assert found.evidence.lower is not None
    assert 20 < found.evidence.lower < 31
    assert found.cpu_s > 0


async def test_noise_is_never_called_an_improvement(lab: Lab, tmp_path: Path) -> None:
    """Forty programs that are all the same: some look better, and none is said to be."""
    texts = [f"def f():\n    return 1.0 + 0 * {index}\n" for index in range(1, 41)]
    task = number_task(tmp_path, evaluator=NOISE, budget=Budget(evaluations=41))
    task = msgspec.structs.replace(task, sampling=Sampling(alpha=0.001, confirm=11))
    found, view = await confirmed(lab, task, *texts)
    assert view.evaluations > 20
    if view.best is not None and view.best is not view.initial:
        assert found is not None
        assert not found.evidence.shown


async def test_what_fits_the_inputs_of_the_search_only_is_not_believed(lab: Lab, tmp_path: Path) -> None:
    initial = "def f(values):\n    return 2.4\n"
    sums = [sum(values) for values in searched_inputs()]
    fitted = f"def f(values):\n    return sum(values) if sum(values) in {sums!r} else -99.0\n"
    task = number_task(tmp_path, evaluator=ADD_UP, program=initial, budget=Budget(evaluations=2))
    good, _ = await confirmed(lab, task, "def f(values):\n    return sum(values)\n")
    assert good is not None
    assert good.evidence.kind == "measured"
    assert set(good.winner) == {0.0}
    bad, view = await confirmed(lab, task, fitted)
    assert view.best is not None
    assert view.best.objectives["x"] == 0.0
    assert bad is not None
    assert not bad.evidence.shown
    assert "better in 0 of" in bad.evidence.detail


async def test_a_winner_that_fails_on_fresh_inputs_is_named(lab: Lab, tmp_path: Path) -> None:
    initial = "def f(values):\n    return 99.0\n"
    brittle = "def f(values):\n    assert values[0] in SEEN\n    return sum(values)\n"
    seen = [values[0] for values in searched_inputs()]
    task = number_task(tmp_path, evaluator=ADD_UP, program=initial, budget=Budget(evaluations=2))
    found, _ = await confirmed(lab, task, f"SEEN = {seen!r}\n\n{brittle}")
    assert found is not None
    assert not found.evidence.shown
    assert "the winner program failed in a fresh run: error raised AssertionError" in found.evidence.detail


async def test_it_is_done_once_per_winner_and_again_for_a_new_one(lab: Lab, tmp_path: Path) -> None:
    task = number_task(tmp_path, budget=Budget(evaluations=2))
    run = await lab.new()
    async with run:
        await lab.search(run, task, Scripted([NUMBER.format(2.0)])).run()
    for text, evaluations in ((NUMBER.format(1.5), 3), (NUMBER.format(4.0), 4)):
        run = await lab.resume(run.id)
        async with run:
            more = msgspec.structs.replace(task, budget=Budget(evaluations=evaluations))
            await lab.search(run, more, Scripted([text])).run()
            events = [event async for event in run.replay(types={CONFIRMED})]
    records = [msgspec.json.decode(event.data, type=Confirmed) for event in events]
    assert [record.winner[0] for record in records] == [2.0, 4.0]
    view = await lab.summary(run)
    assert view.confirmed == records[-1]


async def test_without_a_winner_or_by_wish_there_is_nothing_to_confirm(lab: Lab, tmp_path: Path) -> None:
    task = number_task(tmp_path, budget=Budget(evaluations=2))
    assert (await confirmed(lab, task, NUMBER.format(0.5)))[0] is None
    off = msgspec.structs.replace(task, sampling=Sampling(confirm=0))
    assert (await confirmed(lab, off, NUMBER.format(2.0)))[0] is None


async def test_without_time_for_another_run_the_answer_itself_is_evidence(lab: Lab, tmp_path: Path) -> None:
    slow = "import time\n\ndef f():\n    time.sleep(1.2)\n    return 2.0\n"
    task = number_task(tmp_path, budget=Budget(wall=5.0), target=2.0)
    found, view = await confirmed(lab, task, slow)
    assert view.elapsed_s < 6.5
    assert view.best is not None
    assert view.best.objectives["x"] == 2.0
    assert found is not None
    assert found.evidence.claim.startswith("the winner's answer")
    assert "not run again" in found.evidence.detail
    assert (found.initial, found.winner) == ((1.0,) * 6, (2.0,) * 6)


async def test_an_answer_is_no_evidence_that_the_program_gives_it_again(lab: Lab, tmp_path: Path) -> None:
    lucky = "import random\n\ndef f():\n    return 2.0 + random.random()\n"
    found, _ = await confirmed(lab, number_task(tmp_path, budget=Budget(evaluations=2)), lucky)
    assert found is not None
    assert found.evidence.kind == "measured", "it varies, so pairs of fresh runs decide"
    assert len(set(found.winner)) == len(found.winner)


async def test_a_search_keeps_time_back_for_it(tmp_path: Path) -> None:
    task = number_task(tmp_path, budget=Budget(wall=100.0))
    other = msgspec.structs.replace(task.initial, files={"p.py": "x"})

    def scored(variant: Variant, wall: float) -> Scored:
        evaluation = Evaluation(variant=variant.id, status=Status.OK, objectives={"x": 1.0}, usage=Usage(wall_s=wall))
        return Scored(variant=variant, evaluation=evaluation)

    first, winner = scored(task.initial, 0.1), scored(other, 0.2)
    assert reserve(task, initial=first, winner=first, several=True, jobs=1) == 0
    assert reserve(task, initial=first, winner=winner, several=False, jobs=1) == pytest.approx(1.2 * 0.3 * 5)
    assert reserve(task, initial=first, winner=winner, several=True, jobs=1) == pytest.approx(1.2 * 0.3 * 9)
    assert reserve(task, initial=first, winner=scored(other, 60.0), several=True, jobs=1) == 25.0


TWO = """
def inputs(rng):
    return [(rng.random(),) for _ in range(3)]
def score(answers, inputs):
    return {"first": 1.0, "second": sum(answers)}
"""


async def test_where_the_first_objective_is_equal_the_next_one_decides(lab: Lab, tmp_path: Path) -> None:
    objectives = (Objective(name="first"), Objective(name="second", direction="minimize"))
    initial, better = "def f(x):\n    return x + 1\n", "def f(x):\n    return x\n"
    task = number_task(tmp_path, evaluator=TWO, program=initial, objectives=objectives, budget=Budget(evaluations=2))
    found, _ = await confirmed(lab, task, better)
    assert found is not None
    assert found.evidence.kind == "measured"
    assert found.evidence.unit == "second"
    assert found.evidence.estimate == pytest.approx(3.0)


async def test_a_gain_in_a_later_objective_does_not_pay_for_a_loss_in_an_earlier_one(lab: Lab, tmp_path: Path) -> None:
    """On the search's inputs both are equal in the first; on fresh ones the candidate loses there."""
    scorer = """
def inputs(rng):
    return [(rng.random(),)]
def score(answers, inputs):
    return {"first": answers[0][0], "second": answers[0][1]}
"""
    [known] = [Random(SAME_INPUTS).random()]
    initial = "def f(x):\n    return [1.0, 0.0]\n"
    trading = f"def f(x):\n    return [1.0 if x == {known!r} else 0.5, 1.0]\n"
    objectives = (Objective(name="first"), Objective(name="second"))
    task = number_task(tmp_path, evaluator=scorer, program=initial, objectives=objectives, budget=Budget(evaluations=2))
    found, view = await confirmed(lab, task, trading)
    assert view.best is not None
    assert view.best.objectives == {"first": 1.0, "second": 1.0}
    assert found is not None
    assert not found.evidence.shown
    assert "better in 0 of" in found.evidence.detail


async def test_a_scorer_that_tosses_a_coin_is_not_called_exact(lab: Lab, tmp_path: Path) -> None:
    """It gave the initial program the same score twice, and one more equal score must not be enough."""
    coin = "import random\ndef score(answer):\n    return 0.9 if answer == 1.0 else float(random.random() < 0.5)\n"
    shown = 0
    for seed in range(8):
        texts = [NUMBER.format(2.0 + seed), NUMBER.format(3.5 + seed)]
        task = number_task(tmp_path, evaluator=coin, budget=Budget(evaluations=3))
        found, _ = await confirmed(lab, task, *texts)
        shown += found is not None and found.evidence.shown
    assert shown == 0


async def test_what_only_time_has_changed_is_no_gain(lab: Lab, tmp_path: Path) -> None:
    later = "import os, time\ndef score(answer):\n    return float(time.time() > os.stat(__file__).st_mtime + 1.5)\n"
    slow = "import time\n\ndef f():\n    time.sleep(2)\n    return 2.0\n"
    task = number_task(tmp_path, evaluator=later, budget=Budget(evaluations=2))
    found, view = await confirmed(lab, task, slow)
    if view.best is not None and view.best is not view.initial:
        assert found is not None
        assert not found.evidence.shown


ENORMOUS = """
import random
def score(answer):
    return random.choice([0.9, 1.0]) * (1.7e308 if answer > 1 else -1.7e308)
"""


async def test_scores_as_large_as_floats_get_are_told_in_finite_numbers(lab: Lab, tmp_path: Path) -> None:
    task = number_task(tmp_path, evaluator=ENORMOUS, budget=Budget(evaluations=4))
    texts = [f"X = {number}\n\n\ndef f():\n    return X + {number}\n" for number in (1.0, 2.0, 3.0)]
    found, view = await confirmed(lab, msgspec.structs.replace(task, minimise=0.5), *texts)
    assert view.best is not None
    assert view.best.objectives["x"] > 1e308
    assert found is not None
    assert found.evidence.estimate == pytest.approx(1.79e308, rel=0.01)
    assert found.evidence.kind == "measured"
