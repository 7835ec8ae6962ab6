"""Evaluations that an earlier search has made are not made again, and nothing wrong is ever taken from there."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from cambrian.core.budget import Budget
from cambrian.core.ids import Digest, digest
from cambrian.search.engine import Search
from cambrian.search.facts import EVALUATED, Evaluated
from cambrian.search.recall import Recall
from cambrian.search.task import Task

from .conftest import Lab
from .tasks import RandomNumber, Scripted, number_task

pytestmark = pytest.mark.anyio

AROUND = digest(b"here")
NOISE = "import random\ndef score(answer):\n    return answer + random.gauss(0, 1)\n"


class Shelf:
    """Keeps contents in memory and counts."""

    def __init__(self) -> None:
        self.contents: dict[Digest, bytes] = {}
        self.found = 0

    def get(self, key: Digest) -> bytes | None:
        self.found += key in self.contents
        return self.contents.get(key)

    def put(self, key: Digest, content: bytes) -> None:
        self.contents[key] = content


async def records(lab: Lab, task: Task, shelf: Shelf, *, around: Digest = AROUND, seed: int = 1) -> list[Evaluated]:
    run = await lab.new()
    async with run:
        search = Search(
            run=run, task=task, seed=seed, jobs=1, clock=lab.clock, proposers=[RandomNumber()],
            recall=Recall(task, shelf, around),
        )  # fmt: skip
        await search.run()
        return [msgspec.json.decode(event.data, type=Evaluated) async for event in run.replay(types={EVALUATED})]


def told(items: list[Evaluated]) -> list[object]:
    return [(item.index, item.evaluation.variant, item.evaluation.objectives, item.best, item.added) for item in items]


async def test_the_same_search_again_runs_its_bests_only_and_says_the_same(lab: Lab, tmp_path: Path) -> None:
    task, shelf = number_task(tmp_path, budget=Budget(evaluations=15)), Shelf()
    first = await records(lab, task, shelf)
    assert not any(item.cached for item in first)
    again = await records(lab, task, shelf)
    assert told(again) == told(first)
    assert [item.cached for item in again] == [not item.best for item in first]
    assert all(item.evaluation.usage.cpu_s == 0 for item in again if item.cached)
    assert sum(item.cached for item in again) >= 8


async def test_refused_answers_and_exceptions_are_known_too(lab: Lab, tmp_path: Path) -> None:
    task, shelf = number_task(tmp_path, budget=Budget(evaluations=3)), Shelf()
    texts = ["def f():\n    return 99.0\n", "def f():\n    return 1 // 0\n"]
    for cached in (0, 2):
        run = await lab.new()
        async with run:
            search = Search(
                run=run, task=task, seed=1, jobs=1, clock=lab.clock, proposers=[Scripted(texts)],
                recall=Recall(task, shelf, AROUND),
            )  # fmt: skip
            await search.run()
        view = await lab.summary(run)
        assert view.cached == cached
        assert view.failures == {"invalid": 1, "error": 1}
        assert any("ZeroDivisionError" in words for words in view.reasons["error"])


@pytest.mark.parametrize("what", ["scorer", "limits", "surroundings", "switch"])
async def test_what_a_score_hangs_on_is_part_of_the_key(what: str, lab: Lab, tmp_path: Path) -> None:
    task, shelf, around = number_task(tmp_path, budget=Budget(evaluations=6)), Shelf(), AROUND
    await records(lab, task, shelf)
    if what == "scorer":
        task = number_task(tmp_path, budget=Budget(evaluations=6), evaluator="def score(x):\n    return x / 2\n")
    elif what == "limits":
        task = msgspec.structs.replace(task, limits=msgspec.structs.replace(task.limits, files=7))
    elif what == "switch":
        task = msgspec.structs.replace(task, cache=False)
    else:
        around = digest(b"elsewhere")
    assert not any(item.cached for item in await records(lab, task, shelf, around=around))


async def test_a_noisy_objective_is_never_taken_from_there(lab: Lab, tmp_path: Path) -> None:
    task, shelf = number_task(tmp_path, evaluator=NOISE, budget=Budget(evaluations=5)), Shelf()
    await records(lab, task, shelf)
    assert not shelf.contents
    assert not any(item.cached for item in await records(lab, task, shelf))


async def test_a_forged_or_damaged_content_wins_nothing(lab: Lab, tmp_path: Path) -> None:
    """The positive control is the first test: an honest content is used."""
    task, shelf = number_task(tmp_path, budget=Budget(evaluations=10)), Shelf()
    first = await records(lab, task, shelf)
    for number, (key, content) in enumerate(list(shelf.contents.items())):
        shelf.contents[key] = content[: len(content) // 2] if number % 2 else b""
    assert told(await records(lab, task, shelf)) == told(first)
    for key, content in shelf.contents.items():
        shelf.contents[key] = content.replace(b"\xa1x\xcb", b"\xa1x\xcb\x7f")[: len(content)]
    again = await records(lab, task, shelf)
    assert not any(item.cached and item.best for item in again)


async def test_when_the_initial_program_is_worth_something_else_nothing_is_taken(lab: Lab, tmp_path: Path) -> None:
    """A scorer may hang on something that no key holds, such as a file elsewhere."""
    (tmp_path / "factor").write_text("1")
    scorer = "from pathlib import Path\nF = float((Path(__file__).parent / 'factor').read_text())\n"
    scorer += "def score(x):\n    return x * F\n"
    task, shelf = number_task(tmp_path, evaluator=scorer, budget=Budget(evaluations=8)), Shelf()
    await records(lab, task, shelf)
    (tmp_path / "factor").write_text("3")
    again = await records(lab, task, shelf)
    assert not any(item.cached for item in again)
    assert again[0].evaluation.objectives == {"x": 3.0}
