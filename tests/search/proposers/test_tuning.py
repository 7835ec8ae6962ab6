"""Tuning: only numbers change, what is told is learnt, and telling it again restores everything."""

from __future__ import annotations

import ast
from collections.abc import AsyncIterator, Sequence
from random import Random

import pytest

from cambrian.compute.optimiser import OptimiserWorker
from cambrian.core.errors import ProposalError, UsageError, WorkerDied
from cambrian.core.variant import Origin, Variant
from cambrian.search.proposer import Scored
from cambrian.search.proposers.tuning import LiteralTuning
from cambrian.source import blocks

from .programs import outcome, scored, setting, variant

FLOATS = "a = 5.0  # first\nb = -300.0\nc = 0.001\n"
INTEGERS = "n = 3  # count\nk = 40\n"
MARKED = "x = 1.5\nn = 7\n# EVOLVE-BLOCK-START\ny = 2.5\n# EVOLVE-BLOCK-END\n"


class Recorder:
    """An optimiser that notes what it is told; its points are the seed's."""

    def __init__(self) -> None:
        self.told: list[tuple[str, list[float], float | None]] = []
        self.asked: list[str] = []
        self.dead = False

    async def ask(self, key: str, dimension: int, seed: int) -> list[float]:
        self._check()
        self.asked.append(key)
        return [Random(seed).gauss(0, 0.3) for _ in range(dimension)]

    async def tell(self, key: str, point: Sequence[float], gain: float | None) -> None:
        self._check()
        self.told.append((key, list(point), gain))

    async def aclose(self) -> None:
        self.dead = True

    def _check(self) -> None:
        if self.dead:
            raise WorkerDied("it is dead")


@pytest.fixture
async def worker() -> AsyncIterator[OptimiserWorker]:
    started = OptimiserWorker()
    yield started
    await started.aclose()


def numbers(text: str) -> list[float]:
    values: list[float] = []
    for node in ast.parse(text).body:
        assert isinstance(node, ast.Assign)
        values.append(float(ast.literal_eval(node.value)))
    return values


def sphere(text: str) -> float:
    """How near the floats are to 2, −1000 and 0.01, each by its own scale; 0 is best."""
    a, b, c = numbers(text)
    return -((a - 2) ** 2) - (b / 1000 + 1) ** 2 - (c / 0.01 - 1) ** 2


async def tune(worker: OptimiserWorker, rounds: int, told: Sequence[Scored] = ()) -> list[Scored]:
    """Tune the sphere from `FLOATS`; the outcomes in `told` are told first and count as rounds."""
    tuning = LiteralTuning(setting(variant(FLOATS)), worker)
    history = [*told]
    for done in told:
        await tuning.tell(done)
    best = max([scored(variant(FLOATS), sphere(FLOATS)), *told], key=_score)
    for number in range(len(told), rounds):
        candidate = await tuning.propose([best], Random(number))
        score = sphere(candidate.files["p.py"])
        done = outcome(candidate, None if number % 9 == 4 else score)
        history.append(done)
        await tuning.tell(done)
        best = max(best, done, key=_score)
    return history


def _score(item: Scored) -> float:
    return item.evaluation.objectives.get("score", -1e9)


async def test_floats_of_any_scale_are_tuned(worker: OptimiserWorker) -> None:
    history = await tune(worker, 350)
    assert sphere(FLOATS) < -9
    assert max(map(_score, history)) > -0.05


async def test_telling_again_restores_the_search(worker: OptimiserWorker) -> None:
    history = await tune(worker, 45)
    fresh = OptimiserWorker()
    try:
        resumed = await tune(fresh, 45, history[:23])
    finally:
        await fresh.aclose()
    assert [item.variant for item in resumed] == [item.variant for item in history]


@pytest.mark.parametrize("text", [FLOATS, INTEGERS, MARKED, FLOATS + INTEGERS])
async def test_only_editable_numbers_change(text: str) -> None:
    parent = variant(text)
    tuning = LiteralTuning(setting(parent), Recorder())
    for seed in range(40):
        candidate = await tuning.propose([scored(parent)], Random(seed))
        assert candidate.origin.proposer == "tune"
        assert blocks.same_outside(parent.files, candidate.files)
        for old, new in zip(text.splitlines(), candidate.files["p.py"].splitlines(), strict=True):
            assert old.split("=")[0] == new.split("=")[0]
            assert old.partition("#")[2] == new.partition("#")[2]


async def test_integers_stay_integers_and_learn_which_step_pays() -> None:
    parent = variant("n = 8\n")
    tuning = LiteralTuning(setting(parent), Recorder())
    seen: list[str] = []
    for seed in range(200):
        candidate = await tuning.propose([scored(parent, 1.0)], Random(seed))
        text = candidate.files["p.py"]
        assert text in {"n = 9\n", "n = 7\n", "n = 16\n", "n = 4\n"}
        seen.append(text)
        await tuning.tell(outcome(candidate, 2.0 if text == "n = 16\n" else 0.5))
    assert seen[100:].count("n = 16\n") > 60
    assert len(set(seen)) == 4


@pytest.mark.parametrize(("value", "others"), [(0, {1, -1, 0}), (-3, {-2, -4, -6, -1}), (1, {0, 2})])
async def test_steps_of_small_integers(value: int, others: set[int]) -> None:
    parent = variant(f"n = {value}\n")
    tuning = LiteralTuning(setting(parent), Recorder())
    made = {int(numbers((await tuning.propose([scored(parent)], Random(s))).files["p.py"])[0]) for s in range(60)}
    assert made == others


async def test_a_failure_is_told_as_such_and_a_gain_in_the_right_direction() -> None:
    recorder = Recorder()
    tuning = LiteralTuning(setting(variant(FLOATS), direction="minimize"), recorder)
    candidate = await tuning.propose([scored(variant(FLOATS), 5.0)], Random(0))
    await tuning.tell(outcome(candidate, 3.0))
    await tuning.tell(outcome(candidate, None))
    assert [gain for _, _, gain in recorder.told] == [-3.0, None]


async def test_one_search_per_shape_and_a_new_one_for_a_parent_that_came_another_way() -> None:
    recorder = Recorder()
    tuning = LiteralTuning(setting(variant(FLOATS)), recorder)
    tuned = await tuning.propose([scored(variant(FLOATS), 1.0)], Random(0))
    await tuning.tell(outcome(tuned, 2.0))
    await tuning.propose([outcome(tuned, 2.0)], Random(1))  # the same shape: the search goes on
    await tuning.propose([scored(variant(FLOATS + "# note\n"), 1.5)], Random(2))
    assert len(set(recorder.asked)) == 1
    await tuning.propose([scored(variant(FLOATS.replace("5.0", "9.0")), 3.0)], Random(3))  # better, by other means
    await tuning.propose([scored(variant(FLOATS + "d = 1.0\n"), 1.0)], Random(4))  # another shape
    assert len(set(recorder.asked)) == 3


async def test_a_dead_optimiser_is_said_and_integers_go_on() -> None:
    recorder = Recorder()
    tuning = LiteralTuning(setting(variant(FLOATS)), recorder)
    candidate = await tuning.propose([scored(variant(FLOATS))], Random(0))
    await recorder.aclose()
    await tuning.tell(outcome(candidate, 1.0))
    with pytest.raises(ProposalError, match="it is dead"):
        await tuning.propose([scored(variant(FLOATS))], Random(0))
    assert (await tuning.propose([scored(variant(INTEGERS))], Random(0))).files


async def test_records_of_others_are_refused() -> None:
    alien = Variant(files={"p.py": "x"}, entry="p.py:f", origin=Origin(proposer="edit", detail={"operator": "x"}))
    with pytest.raises(UsageError, match="no record of 'tune'"):
        await LiteralTuning(setting(variant(FLOATS)), Recorder()).tell(scored(alien))


@pytest.mark.parametrize(
    ("parents", "reason"),
    [
        ([], "needs a parent"),
        ([scored(variant("x = y\n"))], "no editable number"),
        ([scored(variant("x = 1", language="c"))], "'c'"),
        ([scored(variant(f"x = {2**80}\n"))], "too large"),
        ([scored(variant("# EVOLVE-BLOCK-END\nx = 1\n"))], "without a start"),
    ],
)
async def test_what_cannot_be_tuned_is_said(parents: list[Scored], reason: str) -> None:
    with pytest.raises(ProposalError, match=reason):
        await LiteralTuning(setting(variant(FLOATS)), Recorder()).propose(parents, Random(0))
