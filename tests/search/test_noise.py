"""How often a candidate runs: pure rules first, then a whole search on a scorer that varies."""

from __future__ import annotations

from pathlib import Path
from random import Random
from statistics import fmean

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.core.budget import Budget
from cambrian.core.errors import UsageError
from cambrian.core.evaluation import Objective
from cambrian.search.evaluation import Evaluator
from cambrian.search.facts import EVALUATED, REVISITED, Evaluated, Revisited
from cambrian.search.noise import Noise, Plan, make_plan, varies
from cambrian.search.population import Population
from cambrian.search.recorder import Recorder
from cambrian.search.task import Sampling

from .conftest import Lab
from .tasks import Scripted, number_task

X = Objective(name="x")
NOISY = """
import random
def score(answer):
    return answer + random.gauss(0, 1)
"""


def test_sums_in_another_order_are_no_noise() -> None:
    assert not varies([0.1 + 0.2 + 0.3, 0.3 + 0.2 + 0.1])
    assert varies([1.0, 1.001])


@given(st.lists(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=6), min_size=1, max_size=5))
def test_the_spread_does_not_hang_on_where_programs_lie(groups: list[list[float]]) -> None:
    here, there = Noise(), Noise()
    for shift, group in enumerate(groups):
        here.tell(group)
        there.tell([value + 100 * shift for value in group])
    assert here.spread == pytest.approx(there.spread, abs=1e-9)


def test_the_spread_is_the_standard_deviation_of_a_run() -> None:
    rng, noise = Random(3), Noise()
    for centre in range(400):
        noise.tell([rng.gauss(centre, 2.0) for _ in range(4)])
    assert noise.spread == pytest.approx(2.0, rel=0.1)


def test_without_noise_one_run_is_enough() -> None:
    assert make_plan(Noise(), Sampling(), X, (1.0,)).once


def test_the_first_program_runs_until_its_spread_is_known() -> None:
    plan = make_plan(Noise(), Sampling(detect=2, most=5), X, None)
    assert plan.more([1.0])
    assert not plan.more([1.0, 1.0])
    assert plan.more([1.0, 2.0])
    assert not plan.more([1.0, 2.0, 1.0, 2.0, 1.0])
    assert not make_plan(Noise(), Sampling(detect=1), X, None).detecting


def test_a_hopeless_candidate_is_dropped_and_a_promising_one_is_not() -> None:
    plan = Plan(objective=X, least=3, most=8, spread=1.0, best=(10.0,))
    assert not plan.more([7.0])
    assert plan.more([8.0])
    assert not plan.more([9.0, 9.5, 9.9])
    assert plan.more([9.0, 11.0, 11.0])
    assert not plan.more([11.0] * 8)


def test_less_is_more_where_the_objective_is_minimised() -> None:
    plan = Plan(objective=Objective(name="x", direction="minimize"), least=3, most=8, spread=1.0, best=(-10.0,))
    assert plan.leads([9.0])
    assert not plan.leads([11.0])
    assert not plan.more([13.0])


@pytest.mark.parametrize(
    "wrong",
    [{"least": 9}, {"detect": 0}, {"most": 1, "least": 1}, {"confirm": -1}, {"alpha": 0.5}, {"alpha": float("nan")}],
)
def test_impossible_sampling_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(UsageError, match=r"sampling\."):
        msgspec.structs.replace(Sampling(), **wrong)


@pytest.mark.anyio
async def test_a_noisy_objective_is_found_and_its_candidates_are_repeated(lab: Lab, tmp_path: Path) -> None:
    texts = [f"def f():\n    return {value}\n" for value in (-50.0, 1.5, 30.0)]
    task = number_task(tmp_path, evaluator=NOISY, budget=Budget(evaluations=4))
    run = await lab.new()
    async with run:
        await lab.search(run, task, Scripted(texts)).run()
        events = [event async for event in run.replay(types={EVALUATED})]
    initial, hopeless, close, good = [msgspec.json.decode(event.data, type=Evaluated).evaluation for event in events]
    assert len(initial.samples) == task.sampling.most
    assert len(hopeless.samples) == 1
    assert len(close.samples) > len(hopeless.samples)  # how many more hangs on the noise
    assert len(good.samples) == task.sampling.most
    assert good.objectives["x"] == pytest.approx(sum(good.samples) / len(good.samples))
    assert good.usage.cpu_s > hopeless.usage.cpu_s


@pytest.mark.anyio
async def test_a_program_that_works_sometimes_does_not_work(lab: Lab, tmp_path: Path) -> None:
    sometimes = "import random\n\ndef f():\n    return 40.0 if random.random() < 0.5 else 1 // 0\n"
    task = number_task(tmp_path, evaluator=NOISY, budget=Budget(evaluations=2))
    _, view = await lab.evolve(task, Scripted([sometimes]))
    assert view.failures == {"error": 1}


@pytest.mark.anyio
@pytest.mark.parametrize("jobs", [1, 2])
async def test_elites_are_run_again_so_that_luck_does_not_last(jobs: int, lab: Lab, tmp_path: Path) -> None:
    texts = [f"def f():\n    return {1 + index / 1000}\n" for index in range(40)]
    task = number_task(tmp_path, evaluator=NOISY, budget=Budget(evaluations=40))
    task = msgspec.structs.replace(task, sampling=Sampling(revisit=4, confirm=0))
    run = await lab.new()
    async with run:
        await lab.search(run, task, Scripted(texts), jobs=jobs).run()
        records = [msgspec.json.decode(event.data, type=Revisited) async for event in run.replay(types={REVISITED})]
        view = await lab.summary(run)
    assert len(records) >= 6
    assert any(len(record.evaluation.samples) > task.sampling.most for record in records)
    for record in records:
        assert record.evaluation.objectives["x"] == pytest.approx(fmean(record.evaluation.samples))
        assert record.cpu_s > 0
    assert view.best is not None

    resumed = Population(task, seed=1, proposers=[Scripted([])])
    run = await lab.resume(run.id)
    async with run:
        evaluator = await Evaluator.start(task)
        try:
            await Recorder(run, task, seed=1).begin(resumed, evaluator, jobs=1)
        finally:
            await evaluator.aclose()
    assert resumed.leader is not None
    assert resumed.leader.variant.id == view.best.variant.id
    assert resumed.best == (view.best.objectives["x"],)


@pytest.mark.anyio
async def test_nobody_is_run_again_where_the_score_is_exact(lab: Lab, tmp_path: Path) -> None:
    texts = [f"def f():\n    return {1 + index / 1000}\n" for index in range(20)]
    task = number_task(tmp_path, budget=Budget(evaluations=20))
    run = await lab.new()
    async with run:
        await lab.search(run, msgspec.structs.replace(task, sampling=Sampling(revisit=2)), Scripted(texts)).run()
        assert [event async for event in run.replay(types={REVISITED})] == []


@pytest.mark.anyio
async def test_a_resumed_noisy_run_visits_as_the_uninterrupted_one(lab: Lab, tmp_path: Path) -> None:
    """The next elite to be run again hangs on what is recorded, not on who asked how often."""
    texts = [f"def f():\n    return {1 + index / 1000}\n" for index in range(20)]
    task = number_task(tmp_path, evaluator=NOISY, budget=Budget(evaluations=20))
    task = msgspec.structs.replace(task, sampling=Sampling(revisit=4, confirm=0), minimise=0.0)
    run = await lab.new()
    search = lab.search(run, task, Scripted(texts))
    populations: list[Population] = []
    made = Population.__init__

    def kept(self: Population, *args: object, **named: object) -> None:
        populations.append(self)
        made(self, *args, **named)  # pyright: ignore[reportArgumentType] - as it was called

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Population, "__init__", kept)
        async with run:
            await search.run()
    resumed = Population(task, seed=1, proposers=[Scripted([])])
    run = await lab.resume(run.id)
    async with run:
        evaluator = await Evaluator.start(task)
        try:
            await Recorder(run, task, seed=1).begin(resumed, evaluator, jobs=1)
        finally:
            await evaluator.aclose()
    [uninterrupted] = populations
    for population in (uninterrupted, resumed):
        population.evaluations += 4
    one, other = await uninterrupted.due(), await resumed.due()
    assert one is not None
    assert other is not None
    assert one.variant.id == other.variant.id
