"""What was tried in vain is not tried again, and nothing else is turned down."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cambrian.core.budget import Budget
from cambrian.core.errors import UsageError
from cambrian.core.variant import Origin, Variant
from cambrian.search.facts import PROPOSED, Proposed
from cambrian.search.novelty import CHANGES, Losses, Novelty, Past, Vain
from cambrian.search.proposer import Candidate, Proposer, Scored
from cambrian.search.strategy_config import StrategyConfig
from cambrian.search.task import Task
from cambrian.source.embedding import change, cosine

from .conftest import Lab
from .tasks import Scripted, number_task

FIRST = "def f():\n    a = 1\n    b = 2\n    return 1.0\n"


def program(text: str) -> Variant:
    return Variant(files={"p.py": text}, entry="p.py:f", origin=Origin(proposer="test"))


def vector(text: str) -> dict[int, float]:
    return change({"p.py": FIRST}, {"p.py": text}, "python")


class TestVain:
    def test_it_knows_the_same_change_and_forgets_it(self) -> None:
        vain = Vain(1.0, memory=10)
        vain.remember(vector("def f():\n    return 3.0\n"), 5)
        assert vain.knows(vector("def f():\n    return 3.0\n"), 15)
        assert not vain.knows(vector("def f():\n    return 3.0\n"), 16)
        assert not vain.knows(vector("def f():\n    return 4.0\n"), 6)

    @settings(max_examples=25)
    @given(st.integers(0, 2**32))
    def test_it_finds_what_a_search_through_all_finds(self, seed: int) -> None:
        """Nearly all of it: signatures may miss what lies at the threshold, and never find what is not there."""
        rng, vain, known = Random(seed), Vain(0.9, memory=1000), list[dict[int, float]]()
        for _ in range(60):
            text = FIRST + "".join(f"x{rng.randrange(9)} = {rng.randrange(3)}\n" for _ in range(rng.randrange(8, 30)))
            here = vector(text)
            near = max((cosine(here, other) for other in known), default=0.0)
            found = vain.knows(here, 0)
            assert found <= (near >= 0.9)
            assert found or near < 0.999
            vain.remember(here, 0)
            known.append(here)

    def test_memory_and_time_are_bounded(self) -> None:
        vain, rng = Vain(0.9, memory=10**9), Random(1)
        vectors = [{rng.randrange(16384): rng.random() for _ in range(20)} for _ in range(200)]
        for number in range(3 * CHANGES):
            vain.remember(vectors[number % 200], number)
        began = time.process_time()
        for item in vectors:
            vain.knows(item, 3 * CHANGES)
        assert time.process_time() - began < 2.0, "a look is about a tenth of a millisecond"


class TestLosses:
    def test_lines_that_come_back_are_counted_for_ever_and_tabu_for_a_while(self) -> None:
        losses, first = Losses(tabu=10), program(FIRST)
        losses.keep(first, None, 0)
        without = program(FIRST.replace("    b = 2\n", ""))
        losses.keep(without, first, 3)
        assert losses.judge([without], first.files, 12) == (1, 1, 1)
        assert losses.judge([without], first.files, 13) == (1, 1, 0)
        both = FIRST + "c = 3\n"
        assert losses.judge([without], {"p.py": both}, 5) == (2, 1, 1)

    def test_what_another_parent_has_is_not_added(self) -> None:
        losses, first = Losses(tabu=10), program(FIRST)
        losses.keep(first, None, 0)
        without = program(FIRST.replace("    b = 2\n", ""))
        losses.keep(without, first, 3)
        assert losses.judge([without, first], first.files, 5) == (0, 0, 0)

    def test_what_came_back_and_went_again_counts_from_then(self) -> None:
        losses, first = Losses(tabu=5), program(FIRST)
        losses.keep(first, None, 0)
        without, again = program(FIRST.replace("    b = 2\n", "")), program(FIRST + "z = 1\n")
        losses.keep(without, first, 1)
        losses.keep(again, without, 20)
        assert losses.judge([again], without.files, 21).lately == 0
        losses.keep(program(FIRST.replace("    b = 2\n", "") + "z = 1\n"), again, 22)
        assert losses.judge([program(FIRST.replace("    b = 2\n", "") + "z = 1\n")], again.files, 23).lately == 1

    def test_the_same_line_in_another_file_is_another_line(self) -> None:
        losses, first = Losses(tabu=5), program(FIRST)
        losses.keep(first, None, 0)
        losses.keep(without := program(FIRST.replace("    b = 2\n", "")), first, 1)
        files = {**without.files, "q.py": "    b = 2\n"}
        assert losses.judge([without], files, 2) == (1, 0, 0)


def test_a_proposer_that_looks_for_numbers_is_left_alone() -> None:
    past, parent = Past(Novelty(near=0.5, tabu=50), "python"), program(FIRST)
    past.learn(parent, None, 1, vain=False, kept=True)
    child = program(FIRST.replace("b = 2", "b = 3"))
    past.learn(child, parent, 2, vain=True, kept=False)
    assert past.judge([parent], child.files, 3, structural=True)[0] == "near"
    assert past.judge([parent], child.files, 3, structural=False)[0] is None


@pytest.mark.parametrize("field", ["near", "memory", "tabu"])
def test_knobs_are_checked(field: str) -> None:
    with pytest.raises(UsageError, match=field):
        Novelty(**{field: -1})


class Toggler(Proposer):
    """Takes a line out and puts it back, each time with other company."""

    name = "toggler"

    async def propose(self, parents: Sequence[Scored], rng: Random) -> Candidate:
        text = parents[0].variant.files["p.py"]
        lines = text.splitlines(keepends=True)
        pool = ["    a = 1\n", "    b = 2\n", "    c = 3\n", "    d = 4\n"]
        chosen = rng.choice(pool)
        if chosen in lines:
            lines.remove(chosen)
        else:
            lines.insert(1, chosen)
        return Candidate(files={"p.py": "".join(lines)}, origin=Origin(proposer=self.name))


def toggling(folder: Path, novelty: Novelty) -> Task:
    score = "def score(x):\n    return {'x': x}\n"
    task = number_task(folder, evaluator=score, program=FIRST, budget=Budget(evaluations=12))
    strategy = StrategyConfig(name="hill_climbing", patience=100)
    return msgspec.structs.replace(task, novelty=novelty, strategy=strategy)


@pytest.mark.anyio
async def test_a_search_counts_what_comes_back_and_tabu_turns_it_down(lab: Lab, tmp_path: Path) -> None:
    _, free = await lab.evolve(toggling(tmp_path, Novelty(tabu=0)), Toggler())
    assert 0 < free.returned <= free.added
    _, bound = await lab.evolve(toggling(tmp_path, Novelty(tabu=10**6)), Toggler())
    assert bound.returned == 0
    assert bound.shares["toggler"].filtered > free.shares["toggler"].filtered


@pytest.mark.anyio
async def test_near_is_turned_down_once_it_did_not_help(lab: Lab, tmp_path: Path) -> None:
    vain = "def f():\n    a = 1\n    b = 2\n    {}return 0.5 + 0.1 - 0.2 * 3 / 1.5 + 6 % 2\n"
    texts = [vain.format("z = 4\n    "), vain.format("z = 5\n    "), "def f():\n    return 2.0\n"]

    async def scores(near: float) -> list[float]:
        proposer = Scripted(texts)
        task = msgspec.structs.replace(toggling(tmp_path, Novelty(near=near)), budget=Budget(evaluations=4))
        await lab.evolve(task, proposer)
        return [round(outcome.evaluation.objectives["x"], 9) for outcome in proposer.told][:2]

    assert await scores(2.0) == [0.2, 0.2]
    assert await scores(0.8) == [0.2, 2.0]


@pytest.mark.anyio
async def test_a_resume_turns_the_same_down(lab: Lab, tmp_path: Path) -> None:
    async def trace(budgets: list[int]) -> list[str]:
        run = await lab.new()
        for number, budget in enumerate(budgets):
            run = await lab.resume(run.id) if number else run
            async with run:
                task = toggling(tmp_path, Novelty(near=0.7, tabu=6))
                task = msgspec.structs.replace(task, budget=Budget(evaluations=budget))
                await lab.search(run, task, Toggler(), seed=5).run()
        run = await lab.resume(run.id)
        async with run:
            events = [event async for event in run.replay(types={PROPOSED})]
        return [msgspec.json.decode(event.data, type=Proposed).variant.id for event in events]

    assert await trace([12]) == await trace([3, 7, 12])
