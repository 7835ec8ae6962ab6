"""The winner without what does not matter."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from cambrian.core.budget import Budget
from cambrian.core.errors import UsageError
from cambrian.journal.kernel import Run
from cambrian.search.facts import CONFIRMED, DROPPED, MINIMISED, TRIED, Confirmed, Dropped, Minimised, Tried
from cambrian.search.minimisation import reserve
from cambrian.search.proposer import Scored
from cambrian.search.task import Task

from .conftest import Lab
from .tasks import Scripted, number_task

pytestmark = pytest.mark.anyio

BEFORE = """\
A = 1.0

B = 2.0

C = 3.0

D = 4.0

E = 5.0


def f():
    x = A
    return x + 0 * (B + C + D + E)
"""
WINNER = BEFORE.replace("A = 1.0", "A = 6.0").replace("C = 3.0", "C = 3.5").replace("E = 5.0", "E = 5.5")
SCORE = "def score(x):\n    return {'x': x}\n"
NOISE = "import random\ndef score(x):\n    return x + random.gauss(0, 0.05)\n"
MANY = 60
"""A budget of which a tenth is enough for the trials; the search itself ends at once, for want of ideas."""


def winning(folder: Path, *, evaluator: str = SCORE, minimise: float = 0.5, evaluations: int = MANY) -> Task:
    task = number_task(folder, evaluator=evaluator, program=BEFORE, budget=Budget(evaluations=evaluations))
    return msgspec.structs.replace(task, minimise=minimise)


def fillers(count: int) -> list[str]:
    return [BEFORE.replace("A = 1.0", f"A = 0.{number + 10}") for number in range(count)]


async def facts(run: Run, name: str, kind: type[msgspec.Struct]) -> list[msgspec.Struct]:
    return [msgspec.json.decode(event.data, type=kind) async for event in run.replay(types={name})]


async def test_edits_that_do_not_matter_are_taken_back(lab: Lab, tmp_path: Path) -> None:
    run = await lab.new()
    async with run:
        await lab.search(run, winning(tmp_path), Scripted([*fillers(12), WINNER])).run()
        view = await lab.summary(run)
        [found] = await facts(run, MINIMISED, Minimised)
        losses = await facts(run, DROPPED, Dropped)
        [confirmed] = await facts(run, CONFIRMED, Confirmed)
        best = view.best
        assert best is not None
        text = (await run.blob(best.variant.files["p.py"])).decode()
    assert text == BEFORE.replace("A = 1.0", "A = 6.0")
    assert best.objectives == {"x": 6.0}
    assert best.variant.origin.proposer == "minimise"
    assert best.variant.parents == (view.history[-1].variant.id,)
    assert isinstance(found, Minimised)
    assert (found.edits, found.left_out) == (3, 2)
    told = {item.line: (item.loss, item.fails) for item in losses if isinstance(item, Dropped)}
    assert told == {1: (5.0, ""), 5: (0.0, ""), 9: (0.0, "")}
    assert isinstance(confirmed, Confirmed)
    assert confirmed.variant == best.variant.id, "what is answered is what was confirmed"
    assert view.evaluations <= MANY, "trials are no evaluations of the search"


async def test_an_edit_without_which_the_program_fails_stays(lab: Lab, tmp_path: Path) -> None:
    winner = (
        WINNER.replace("B = 2.0", "Q = 6.0")
        .replace("A = 6.0", "A = 1.0")
        .replace("(B +", "(Q +")
        .replace("x = A", "x = Q")
    )
    run = await lab.new()
    async with run:
        await lab.search(run, winning(tmp_path), Scripted([*fillers(25), winner])).run()
        view = await lab.summary(run)
        losses = [item for item in await facts(run, DROPPED, Dropped) if isinstance(item, Dropped)]
    assert view.best is not None
    assert view.best.objectives == {"x": 6.0}
    assert {item.line: item.fails for item in losses}[3] == "names"
    assert view.minimised is not None
    assert view.minimised.left_out == 2


async def test_it_keeps_within_its_share(lab: Lab, tmp_path: Path) -> None:
    async def trials(minimise: float) -> list[Tried]:
        run = await lab.new()
        async with run:
            await lab.search(run, winning(tmp_path, minimise=minimise), Scripted([*fillers(12), WINNER])).run()
            return [item for item in await facts(run, TRIED, Tried) if isinstance(item, Tried)]

    assert not await trials(0.0)
    assert sum(item.runs for item in await trials(0.1)) == 1
    assert sum(item.runs for item in await trials(0.5)) > 1


async def test_in_noise_an_edit_stays_unless_it_is_not_worse_without(lab: Lab, tmp_path: Path) -> None:
    task = winning(tmp_path, evaluator=NOISE, evaluations=300)
    task = msgspec.structs.replace(task, sampling=msgspec.structs.replace(task.sampling, least=2, most=3, confirm=6))
    _, view = await lab.evolve(task, Scripted([*fillers(40), WINNER.replace("C = 3.5", "C = 3.0")]), jobs=2)
    assert view.best is not None
    assert view.best.objectives["x"] > 5.5, "what earns the score is never dropped"
    assert view.minimised is not None
    assert view.confirmed is not None
    assert view.confirmed.evidence.shown


async def test_a_resume_makes_no_trial_twice_and_a_new_winner_is_minimised_anew(lab: Lab, tmp_path: Path) -> None:
    run = await lab.new()
    async with run:
        await lab.search(run, winning(tmp_path), Scripted([*fillers(12), WINNER])).run()
        first = await facts(run, TRIED, Tried)
    run = await lab.resume(run.id)
    async with run:
        await lab.search(run, winning(tmp_path), Scripted([])).run()
        assert await facts(run, TRIED, Tried) == first
    run = await lab.resume(run.id)
    better = WINNER.replace("A = 6.0", "A = 7.0")
    async with run:
        await lab.search(run, winning(tmp_path), Scripted([better])).run()
        view = await lab.summary(run)
        assert len(await facts(run, TRIED, Tried)) > len(first)
    assert view.best is not None
    assert view.best.objectives == {"x": 7.0}
    assert view.best.variant.origin.proposer == "minimise"


async def test_a_smaller_program_that_is_even_better_sets_the_bar(lab: Lab, tmp_path: Path) -> None:
    harmful = WINNER.replace("0 * (B", "0.1 * (B").replace("E = 5.0", "E = -5.0").replace("E = 5.5", "E = -5.0")
    run = await lab.new()
    async with run:
        await lab.search(run, winning(tmp_path), Scripted([*fillers(12), harmful])).run()
        view = await lab.summary(run)
    assert view.best is not None
    found = view.best.objectives["x"]
    assert found > view.history[-1].objectives["x"]
    between = BEFORE.replace("A = 1.0", f"A = {(found + view.history[-1].objectives['x']) / 2}")
    run = await lab.resume(run.id)
    async with run:
        await lab.search(run, winning(tmp_path), Scripted([between])).run()
        view = await lab.summary(run)
    assert view.best is not None
    assert view.best.objectives["x"] == found


async def test_another_program_altogether_is_left_alone(lab: Lab, tmp_path: Path) -> None:
    new = "".join(f"V{number} = {number}.0\n\n" for number in range(40)) + "\ndef f():\n    return 6.0 + 0 * V1\n"
    _, view = await lab.evolve(winning(tmp_path), Scripted([*fillers(12), new]))
    assert view.minimised is None
    assert view.best is not None
    assert view.best.objectives == {"x": 6.0}


def test_time_is_kept_back_for_it(tmp_path: Path, scored: tuple[Scored, Scored]) -> None:
    initial, winner = scored
    task = msgspec.structs.replace(winning(tmp_path), budget=Budget(wall=100.0), minimise=0.1)
    kept = reserve(task, initial=initial, winner=winner, evaluations=1000)
    assert kept == pytest.approx(1.2 * 8 * 0.5)
    assert reserve(task, initial=initial, winner=initial, evaluations=1000) == 0
    short = msgspec.structs.replace(task, budget=Budget(wall=10.0))
    assert reserve(short, initial=initial, winner=winner, evaluations=1000) == pytest.approx(1.0)


@pytest.fixture
def scored(tmp_path: Path) -> tuple[Scored, Scored]:
    from cambrian.core.evaluation import Evaluation, Status, Usage

    initial = winning(tmp_path).initial
    winner = msgspec.structs.replace(initial, files={"p.py": WINNER})

    def with_score(variant: object) -> Scored:
        assert isinstance(variant, type(initial))
        evaluation = Evaluation(variant=variant.id, status=Status.OK, objectives={"x": 1.0}, usage=Usage(wall_s=0.5))
        return Scored(variant=variant, evaluation=evaluation)

    return with_score(initial), with_score(winner)


def test_the_knob_is_checked(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"minimise is 0\.7"):
        winning(tmp_path, minimise=0.7)
