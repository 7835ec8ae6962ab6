"""Inputs on which candidates failed are kept and asked first."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from cambrian.core.budget import Budget
from cambrian.core.codec import decode
from cambrian.core.errors import UsageError
from cambrian.core.evaluation import Objective, Status
from cambrian.core.limits import Limits
from cambrian.journal.kernel import Run
from cambrian.search.cases import MOST_BYTES, Cases
from cambrian.search.facts import CASE, Case
from cambrian.search.task import Task

from .conftest import Lab
from .tasks import Scripted, number_task

SLOW = "def f(values):\n    return [value for value in values if value in list(values)]\n"
INPUTS = """
def inputs(rng):
    big = [rng.randrange(600) for _ in range(2000)]
    return [(big,), ([3, 1],), (big[:40],)] if rng.random() < {often} else [(sorted(big),)]
"""
SORTS = "def f(values):\n    return sorted(values) + {}\n"
CRASHES = "def f(values):\n    return values if len(values) > 2 else 1 // 0\n"
LEAVES = "import os\n\ndef f(values):\n    if len(values) == 2:\n        os._exit(3)\n    return values\n"
SPINS = "def f(values):\n    while len(values) == 2:\n        pass\n    return values\n"
RIGHT = "def f(values):\n    return list(values)\n"


def equal_answers(folder: Path, *, often: float = 1.0, most: int = 16, evaluations: int = 4) -> Task:
    task = number_task(
        folder, evaluator=INPUTS.format(often=often), program=SLOW, mode="callable",
        objectives=(Objective(name="speedup"),), budget=Budget(evaluations=evaluations),
    )  # fmt: skip
    return msgspec.structs.replace(task, cases=most, limits=Limits(wall=2.0, cpu=2.0))


async def kept(run: Run) -> list[tuple[int, Status, object]]:
    events = [event async for event in run.replay(types={CASE})]
    found = [msgspec.json.decode(event.data, type=Case) for event in events]
    return [(case.index, case.status, decode(await run.blob(case.payload))) for case in found]


class TestCases:
    def test_new_ones_are_taken_until_there_are_enough(self) -> None:
        cases = Cases(2, known=[b"a"])
        assert not cases.take(b"a")
        assert not cases.take(b"")
        assert not cases.take(bytes(MOST_BYTES + 1))
        assert cases.take(b"b")
        assert not cases.take(b"c")
        assert cases.payloads == (b"a", b"b")

    def test_none_may_be_wanted(self, tmp_path: Path) -> None:
        assert not Cases(0).take(b"a")
        with pytest.raises(UsageError, match="cases is -1"):
            equal_answers(tmp_path, most=-1)


@pytest.mark.anyio
async def test_the_shortest_input_with_a_wrong_answer_is_kept(lab: Lab, tmp_path: Path) -> None:
    run = await lab.new()
    async with run:
        await lab.search(run, equal_answers(tmp_path, evaluations=2), Scripted([SORTS.format("[]")])).run()
        assert await kept(run) == [(1, Status.INVALID, ([3, 1],))]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("text", "status"), [(CRASHES, Status.INVALID), (LEAVES, Status.ERROR), (SPINS, Status.TIMEOUT)]
)
async def test_inputs_that_end_a_candidate_are_kept(text: str, status: Status, lab: Lab, tmp_path: Path) -> None:
    run = await lab.new()
    async with run:
        await lab.search(run, equal_answers(tmp_path, evaluations=2), Scripted([text])).run()
        assert await kept(run) == [(1, status, ([3, 1],))]


async def after_a_failure(lab: Lab, folder: Path, *, most: int) -> Scripted:
    """A search that found a case, then one that goes on where the scorer makes no such input any more."""
    proposer = Scripted([SORTS.format("[]")])
    run = await lab.new()
    async with run:
        await lab.search(run, equal_answers(folder, evaluations=2, most=16), proposer).run()
    later = Scripted(  # told of the first one again
        [SORTS.format("[] * 2"), RIGHT]
    )
    run = await lab.resume(run.id)
    task = equal_answers(folder, evaluations=4, most=most)
    (folder / "evaluate.py").write_text(INPUTS.format(often=0.0))
    async with run:
        await lab.search(run, task, later).run()
    return later


@pytest.mark.anyio
async def test_a_known_case_is_asked_first_also_after_a_resume(lab: Lab, tmp_path: Path) -> None:
    """What sorts is right on sorted inputs, the only ones that the scorer now makes: only the case tells."""
    with_case = await after_a_failure(lab, tmp_path, most=16)
    assert [item.evaluation.status for item in with_case.told[1:]] == [Status.INVALID, Status.OK]
    assert "[3, 1]" in with_case.told[1].evaluation.feedback
    without = await after_a_failure(lab, tmp_path, most=0)
    assert [item.evaluation.status for item in without.told[1:]] == [Status.OK, Status.OK]


@pytest.mark.anyio
async def test_a_candidate_that_fails_a_case_costs_less_than_a_race(lab: Lab, tmp_path: Path) -> None:
    run = await lab.new()
    async with run:
        task = equal_answers(tmp_path)
        slow = "def f(values):\n    return sorted(value for value in values if value in list(values)) + {}\n"
        proposer = Scripted([slow.format("[]"), slow.format("[] * 2"), slow.format("[] * 3")])
        await lab.search(run, task, proposer).run()
    first, *later = [item.evaluation.usage.cpu_s for item in proposer.told]
    assert max(later) < first
