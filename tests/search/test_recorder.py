"""What a search wrote down comes back as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from cambrian.core.budget import Budget
from cambrian.core.ids import VariantId
from cambrian.search.evaluation import Evaluator
from cambrian.search.population import Population
from cambrian.search.recorder import Recorder
from cambrian.search.task import StrategyConfig

from .conftest import Lab
from .tasks import RandomNumber, number_task

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("jobs", [1, 3])
async def test_a_parent_is_fetched_from_the_journal(jobs: int, lab: Lab, tmp_path: Path) -> None:
    task = number_task(tmp_path, budget=Budget(evaluations=40), strategy=StrategyConfig(name="topk", capacity=8))
    run = await lab.new()
    async with run:
        search = lab.search(run, task, RandomNumber(), jobs=jobs)
        await search.run()
        view = await lab.summary(run)
    run = await lab.resume(run.id)
    async with run:
        recorder, population = Recorder(run, task, seed=1), Population(task, seed=1, proposers=[RandomNumber()])
        evaluator = await Evaluator.start(task)
        try:
            await recorder.begin(population, evaluator, jobs=jobs)
        finally:
            await evaluator.aclose()
        for point in view.history:
            scored = await recorder.fetch(point.variant.id)
            assert scored.variant.id == point.variant.id
            assert scored.evaluation.objectives == point.objectives
        with pytest.raises(LookupError, match="never kept"):
            await recorder.fetch(VariantId("0" * 64))


async def test_a_search_whose_programs_do_not_fit_into_memory_is_the_same(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = number_task(tmp_path, budget=Budget(evaluations=40))
    _, whole = await lab.evolve(task, RandomNumber())
    fetched: list[VariantId] = []
    fetch = Recorder.fetch

    async def counted(self: Recorder, variant: VariantId) -> object:
        fetched.append(variant)
        return await fetch(self, variant)

    monkeypatch.setattr(Recorder, "fetch", counted)
    monkeypatch.setattr(Population.__init__, "__kwdefaults__", {"fetch": None, "room": 1})
    _, tight = await lab.evolve(task, RandomNumber())
    assert fetched
    assert [point.variant.id for point in tight.history] == [point.variant.id for point in whole.history]
