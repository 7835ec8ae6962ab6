"""The engine through its own door: real jails, a journal in memory."""

from __future__ import annotations

from pathlib import Path

import anyio
import msgspec
import pytest

from cambrian.core.budget import Budget
from cambrian.core.errors import TaskError, UsageError
from cambrian.core.evaluation import Status
from cambrian.search.facts import EVALUATED, PROPOSED, Evaluated, Proposed
from cambrian.search.strategy_config import GridConfig
from cambrian.search.task import StrategyConfig

from .conftest import Lab
from .tasks import RandomNumber, Scripted, number_task

pytestmark = pytest.mark.anyio


async def test_it_finds_better_programs_and_says_so(lab: Lab, tmp_path: Path) -> None:
    reason, view = await lab.evolve(number_task(tmp_path), RandomNumber(), jobs=2)
    assert reason == "evaluations"
    assert view.evaluations == 30
    assert view.initial is not None
    assert view.initial.objectives == {"x": 1.0}
    assert view.best is not None
    assert 5 < view.best.objectives["x"] <= 9.5
    assert view.best.measures["square"] == view.best.objectives["x"] ** 2
    assert view.best.variant.origin.proposer == "number"
    assert view.best.level in ("L2", "L3")
    assert view.cpu_s > 0


async def test_a_rejected_answer_is_invalid_and_has_no_score(lab: Lab, tmp_path: Path) -> None:
    _, view = await lab.evolve(number_task(tmp_path), Scripted(["def f():\n    return 9.9\n"]))
    assert view.failures == {"invalid": 1}
    assert view.best is not None
    assert view.best.objectives == {"x": 1.0}


FAILING = {
    "raises": ("def f():\n    return 1 // 0\n", Status.ERROR, "ZeroDivisionError"),
    "never ends": ("def f():\n    while True:\n        pass\n", Status.TIMEOUT, ""),
    "leaves": ("import os\n\ndef f():\n    os._exit(0)\n", Status.ERROR, ""),
    "gives no number": ("def f():\n    return 'big'\n", Status.SCORER_ERROR, "evaluate.py:3: TypeError"),
    "gives what cannot cross": ("def f():\n    return object()\n", Status.ERROR, "CodecError"),
}


@pytest.mark.parametrize("case", FAILING)
async def test_how_a_candidate_failed_is_named(case: str, lab: Lab, tmp_path: Path) -> None:
    text, status, said = FAILING[case]
    task = number_task(tmp_path)
    task = msgspec.structs.replace(task, limits=msgspec.structs.replace(task.limits, wall=2.0, cpu=1.0))
    proposer = Scripted([text])
    _, view = await lab.evolve(task, proposer)
    [outcome] = proposer.told
    assert outcome.evaluation.status is status
    assert said in outcome.evaluation.feedback
    assert view.failures == {status.value: 1}
    assert not outcome.evaluation.objectives


async def test_what_need_not_run_does_not_run(lab: Lab, tmp_path: Path) -> None:
    again = "def f():\n    # the same\n    return (1.0)\n"
    proposer = Scripted([again, "def f(:\n", "def f():\n    return undefined_name\n", "def f():\n    return 2.0\n"])
    reason, view = await lab.evolve(number_task(tmp_path), proposer)
    assert [outcome.evaluation.objectives for outcome in proposer.told] == [{"x": 2.0}]
    assert view.evaluations == 2
    assert reason == "exhausted"


async def test_nothing_outside_the_markers_may_change(lab: Lab, tmp_path: Path) -> None:
    program = "# EVOLVE-BLOCK-START\nvalue = 1.0\n# EVOLVE-BLOCK-END\n\ndef f():\n    return value\n"
    inside = program.replace("value = 1.0", "value = 2.0")
    outside = program.replace("return value", "return 9.0")
    proposer = Scripted([outside, inside])
    await lab.evolve(number_task(tmp_path, program=program), proposer)
    assert [outcome.evaluation.objectives for outcome in proposer.told] == [{"x": 2.0}]


async def test_candidates_do_not_grow_without_end(lab: Lab, tmp_path: Path) -> None:
    longer = "def f():\n" + "    value = 1\n" * 200 + "    return 2.0\n"
    proposer = Scripted([longer, "def f():\n    return 3.0\n"])
    _, view = await lab.evolve(number_task(tmp_path), proposer)
    assert [outcome.evaluation.objectives for outcome in proposer.told] == [{"x": 3.0}]
    assert view.shares["scripted"].filtered >= 1


async def test_further_programs_to_begin_with_are_evaluated_first(lab: Lab, tmp_path: Path) -> None:
    starts = tuple({"p.py": f"def f():\n    return {value}\n"} for value in (4.0, 1.0, 3.0))
    task = msgspec.structs.replace(number_task(tmp_path, budget=Budget(evaluations=4)), starts=starts)
    run = await lab.new()
    async with run:
        await lab.search(run, task, Scripted(["def f():\n    return 2.0\n"])).run()
        events = [event async for event in run.replay(types={PROPOSED})]
    proposed = [msgspec.json.decode(event.data, type=Proposed) for event in events]
    made_by = [item.variant.origin.proposer for item in proposed]
    assert made_by == ["initial", "start", "start", "scripted"], "the one that equals the program is no start"
    assert proposed[3].variant.parents
    view = await lab.summary(run)
    assert view.best is not None
    assert view.best.variant.origin.proposer == "start"


async def test_it_stops_at_the_target(lab: Lab, tmp_path: Path) -> None:
    texts = [f"def f():\n    return {value}.0\n" for value in (2, 5, 7)]
    reason, view = await lab.evolve(number_task(tmp_path, target=5.0), Scripted(texts))
    assert (reason, view.evaluations) == ("target", 3)


async def test_it_stops_on_a_plateau(lab: Lab, tmp_path: Path) -> None:
    task = number_task(tmp_path, budget=Budget(evaluations=500), strategy=StrategyConfig(plateau=12))
    reason, view = await lab.evolve(task, RandomNumber())
    assert reason == "plateau"
    assert view.best is not None
    assert view.evaluations == view.best.index + 1 + 12


async def test_what_is_in_flight_when_time_is_up_is_cancelled(lab: Lab, tmp_path: Path) -> None:
    slow = "import time\n\ndef f():\n    time.sleep(20)\n    return 2.0\n"
    task = number_task(tmp_path, budget=Budget(wall=4.0))
    with anyio.fail_after(18):
        reason, view = await lab.evolve(task, Scripted([slow]))
    assert reason == "wall"
    assert (view.cancelled, view.failures) == (1, {})
    assert view.evaluations == 1
    assert not view.in_flight


async def test_finish_lets_what_is_in_flight_end(lab: Lab, tmp_path: Path) -> None:
    run = await lab.new()
    slow = "import time\n\ndef f():\n    time.sleep(0.7)\n    return 2.0\n"
    search = lab.search(run, number_task(tmp_path), Scripted([slow]))

    async with run, anyio.create_task_group() as group:

        async def finish_soon() -> None:
            while 1 not in (await lab.summary(run)).in_flight:
                await anyio.sleep(0.02)
            search.finish()

        group.start_soon(finish_soon)
        assert await search.run() == "interrupted"
    view = await lab.summary(run)
    assert view.best is not None
    assert view.best.objectives == {"x": 2.0}


async def test_two_runs_with_one_seed_are_identical(lab: Lab, tmp_path: Path) -> None:
    async def trace(seed: int) -> list[object]:
        run = await lab.new()
        async with run:
            await lab.search(run, number_task(tmp_path), RandomNumber(), seed=seed).run()
            return [
                (record.variant.id, record.niche) if isinstance(record, Proposed) else (record.index, record.best)
                async for event in run.replay(types={PROPOSED, EVALUATED})
                for record in [msgspec.json.decode(event.data, type=Proposed if event.type == PROPOSED else Evaluated)]
            ]

    assert await trace(1) == await trace(1)
    assert await trace(1) != await trace(2)


async def test_a_run_taken_up_again_goes_on_as_if_it_had_never_stopped(lab: Lab, tmp_path: Path) -> None:
    whole = await lab.new()
    async with whole:
        await lab.search(whole, number_task(tmp_path), RandomNumber(), seed=4).run()
        expected = await lab.summary(whole)
    parts = await lab.new()
    for budget in (7, 19, 30):
        async with parts:
            task = number_task(tmp_path, budget=Budget(evaluations=budget))
            await lab.search(parts, task, RandomNumber(), seed=4).run()
        parts = await lab.resume(parts.id)
    view = await lab.summary(parts)
    await parts.aclose()
    assert [point.variant.id for point in view.history] == [point.variant.id for point in expected.history]
    assert view.evaluations == expected.evaluations == 30
    assert view.shares["number"].evaluations == 29


async def test_a_changed_scorer_is_refused_on_resume(lab: Lab, tmp_path: Path) -> None:
    run = await lab.new()
    async with run:
        await lab.search(run, number_task(tmp_path, budget=Budget(evaluations=3)), RandomNumber()).run()
    run = await lab.resume(run.id)
    other = number_task(tmp_path, evaluator="def score(x):\n    return x * 2\n")
    async with run:
        with pytest.raises(TaskError, match=r"(?s)evaluate\.py.*begin a new run"):
            await lab.search(run, other, RandomNumber()).run()


BROKEN = {
    "raises": ("def score(x):\n    return x['radius']\n", r"evaluate\.py:2: TypeError"),
    "gives NaN": ("def score(x):\n    return float('nan')\n", r"nan for 'x'"),
    "gives text": ("def score(x):\n    return 'good'\n", "'good' for 'x'"),
    "gives another name": ("def score(x):\n    return {'y': 1.0}\n", "no 'x', it gave"),
    "rejects the start": ("def score(x):\n    raise ValueError('never')\n", r"invalid \(rejected\)\nnever"),
    "cannot be loaded": ("import nothing_of_that_name\n\ndef score(x):\n    return x\n", "nothing_of_that_name"),
    "has no score": ("def value(x):\n    return x\n", "needs a function 'score'"),
    "never ends": ("def score(x):\n    while True:\n        pass\n", "the scorer was ended"),
}


@pytest.mark.parametrize("case", BROKEN)
async def test_a_broken_scorer_is_an_error_that_says_where(case: str, lab: Lab, tmp_path: Path) -> None:
    evaluator, said = BROKEN[case]
    task = number_task(tmp_path, evaluator=evaluator)
    task = msgspec.structs.replace(task, scorer_limits=msgspec.structs.replace(task.limits, wall=1.0))
    with pytest.raises(TaskError, match=said):
        await lab.evolve(task, RandomNumber())


async def test_a_run_whose_settings_are_wrong_is_told_as_failed(lab: Lab, tmp_path: Path) -> None:
    grid = GridConfig(dimensions=("spred",))
    task = number_task(tmp_path, strategy=StrategyConfig(name="map_elites", grid=grid))
    run = await lab.new()
    async with run:
        with pytest.raises(UsageError, match="spred"):
            await lab.search(run, task, RandomNumber()).run()
        view = await lab.summary(run)
    assert view.status(alive=False) == "failed"
