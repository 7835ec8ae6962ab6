"""Population without jails: what it holds is bounded, failures are told, a repetition of the facts gives the same."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from cambrian.core.errors import TaskError
from cambrian.core.evaluation import Evaluation, Objective, Status
from cambrian.core.ids import VariantId, digest
from cambrian.core.variant import Origin
from cambrian.search.elites import Elites, Fetch
from cambrian.search.facts import AddStatus, Proposed, VariantRecord
from cambrian.search.population import Population, Proposal, Verdict
from cambrian.search.proposer import Candidate, Proposer, Scored
from cambrian.search.strategy_config import NAMES, GridConfig, StrategyConfig
from cambrian.search.task import Task

from .tasks import number_task

pytestmark = pytest.mark.anyio

TWO = (Objective(name="x"), Objective(name="short", direction="minimize"))


class Nudge(Proposer):
    """Adds a little to the number that its first parent returns."""

    name = "nudge"
    parents = 2

    async def propose(self, parents: Sequence[Scored], rng: Random) -> Candidate:
        value = ast.literal_eval(parents[0].variant.files["p.py"].split("return ")[1]) + rng.gauss(0, 1)
        return Candidate(files={"p.py": f"def f():\n    return {value!r}\n"}, origin=Origin(proposer=self.name))


def small_task(folder: Path, strategy: StrategyConfig) -> Task:
    return number_task(folder, strategy=strategy, objectives=TWO)


def outcome(proposal: Proposal) -> Scored:
    """The script's verdict: some fail, some are cut off, the others score their number."""
    value = float(ast.literal_eval(proposal.variant.files["p.py"].split("return ")[1]))
    variant = proposal.variant
    status = {3: Status.ERROR, 7: Status.CANCELLED}.get(proposal.index % 10, Status.OK)
    objectives = {"x": value, "short": float(round(value) % 5)} if status is Status.OK else {}
    measures = {"tens": value / 10} if objectives else {}
    evaluation = Evaluation(variant=variant.id, status=status, objectives=objectives, measures=measures)
    return Scored(variant=variant, evaluation=evaluation, report=b"{}")


def fact(proposal: Proposal) -> Proposed:
    variant = proposal.variant
    record = VariantRecord(
        id=variant.id, files={path: digest(text.encode()) for path, text in variant.files.items()},
        entry=variant.entry, origin=variant.origin, parents=variant.parents,
    )  # fmt: skip
    return Proposed(
        index=proposal.index, attempt=proposal.attempt, niche=proposal.niche, variant=record,
        canonical=proposal.canonical, parent_rank=proposal.parent_rank, filtered=proposal.filtered,
    )  # fmt: skip


class Trial:
    """A population and everything that happened to it."""

    def __init__(self, task: Task, *, fetch: bool = False, room: int = 1) -> None:
        self.facts: list[tuple[Proposed, Scored]] = []
        self.verdicts: list[Verdict] = []
        self.fetched = 0
        port: Fetch | None = self._fetch if fetch else None
        self.population = Population(task, seed=5, proposers=[Nudge()], fetch=port, room=room)

    async def _fetch(self, variant: VariantId) -> Scored:
        self.fetched += 1
        return next(scored for _, scored in self.facts if scored.variant.id == variant)

    async def take(self, proposed: Proposed, scored: Scored) -> None:
        self.population.replay_filtered(proposed.filtered)
        self.population.proposed(proposed)
        self.facts.append((proposed, scored))
        self.verdicts.append(await self.population.evaluated(proposed, scored))

    async def go_on(self, count: int) -> list[VariantId]:
        made: list[VariantId] = []
        for _ in range(count):
            population = self.population
            proposal = population.initial() if population.index == 0 else await population.propose()
            assert proposal is not None
            proposed = fact(proposal)
            population.proposed(proposed)
            scored = outcome(proposal)
            self.facts.append((proposed, scored))
            self.verdicts.append(await population.evaluated(proposed, scored))
            made.append(proposal.variant.id)
        return made


@pytest.mark.parametrize("name", NAMES)
async def test_repeating_the_facts_gives_the_same_search(name: str, tmp_path: Path) -> None:
    task = small_task(tmp_path, StrategyConfig(name=name, patience=5, migrate_every=7))
    first, second = Trial(task), Trial(task)
    await first.go_on(60)
    for proposed, scored in list(first.facts):
        await second.take(proposed, scored)
    assert second.verdicts == first.verdicts
    assert await second.go_on(20) == await first.go_on(20)


@pytest.mark.parametrize("name", ["topk", "map_elites", "portfolio"])
async def test_programs_that_are_put_away_come_back_when_they_are_parents(name: str, tmp_path: Path) -> None:
    task = small_task(tmp_path, StrategyConfig(name=name, capacity=40))
    roomy, tight = Trial(task), Trial(task, fetch=True, room=100)
    assert await tight.go_on(80) == await roomy.go_on(80), "where a program comes from changes nothing"
    assert roomy.fetched == 0
    assert tight.fetched > 10


async def test_what_is_in_memory_is_bounded(tmp_path: Path) -> None:
    trial = Trial(small_task(tmp_path, StrategyConfig()))
    await trial.go_on(30)
    scored = [scored for _, scored in trial.facts]
    known = {item.variant.id: item for item in scored}

    async def fetch(variant: VariantId) -> Scored:
        return known[variant]

    bounded, unbounded = Elites(fetch, room=120), Elites()
    for item in scored:
        bounded.keep(item)
        unbounded.keep(item)
        assert bounded.in_memory <= 120
    assert unbounded.in_memory == sum(len(item.variant.files["p.py"]) for item in scored)
    for item in scored:
        back = await bounded.get(item.variant.id)
        assert (back.variant, back.evaluation, back.report) == (item.variant, item.evaluation, b"")
        assert bounded.in_memory <= 120
    unbounded.drop(known)
    assert unbounded.in_memory == 0
    with pytest.raises(LookupError, match="nowhere to fetch it from"):
        await unbounded.get(scored[0].variant.id)


async def test_a_small_archive_holds_few_programs(tmp_path: Path) -> None:
    trial = Trial(small_task(tmp_path, StrategyConfig(name="topk", capacity=3)))
    await trial.go_on(60)
    added = [
        scored.variant.id
        for (_, scored), verdict in zip(trial.facts, trial.verdicts, strict=True)
        if verdict.added is not AddStatus.NOT_ADDED
    ]
    assert len(added) > 6
    best = max((scored.evaluation.objectives.get("x", -9e9), scored.variant.id) for _, scored in trial.facts)
    assert best[1] in added


@pytest.mark.parametrize("name", ["beam", "best_of_n", "random_restart"])
async def test_failures_move_a_strategy_on(name: str, tmp_path: Path) -> None:
    trial = Trial(small_task(tmp_path, StrategyConfig(name=name, patience=5)))
    await trial.go_on(1)
    niches: set[int] = set()
    for _ in range(60):
        proposal = await trial.population.propose()
        assert proposal is not None
        niches.add(proposal.niche)
        proposed = fact(proposal)
        trial.population.proposed(proposed)
        failed = Evaluation(variant=proposal.variant.id, status=Status.ERROR)
        await trial.population.evaluated(proposed, Scored(variant=proposal.variant, evaluation=failed))
    assert len(niches) > 2


async def test_features_are_told_and_recorded(tmp_path: Path) -> None:
    grid = GridConfig(dimensions=("tens", "length", "x"))
    trial = Trial(small_task(tmp_path, StrategyConfig(name="map_elites", grid=grid)))
    await trial.go_on(5)
    for (_, scored), verdict in zip(trial.facts, trial.verdicts, strict=True):
        if scored.evaluation.ok:
            x = scored.evaluation.objectives["x"]
            length = len("def f():") + len(f"    return {x!r}")
            assert verdict.features == (x / 10, float(length), x)
        else:
            assert verdict.features == ()


async def test_a_dimension_that_nobody_reports_is_an_error_at_once(tmp_path: Path) -> None:
    grid = GridConfig(dimensions=("tens", "colour"))
    trial = Trial(small_task(tmp_path, StrategyConfig(name="map_elites", grid=grid)))
    with pytest.raises(TaskError, match=r"'colour'.*\n.*x, short, tens, length, complexity"):
        await trial.go_on(1)
