"""A journal in memory and a run in it."""

from __future__ import annotations

import pytest

from cambrian.core.ids import RunId
from cambrian.journal.clock import SystemClock
from cambrian.journal.holder import this_process
from cambrian.journal.kernel import Run
from cambrian.journal.memory import MemoryStore
from cambrian.journal.store import Store
from cambrian.search.engine import Search
from cambrian.search.facts import StopReason
from cambrian.search.proposer import Proposer
from cambrian.search.task import Task
from cambrian.search.view import Summary


class Lab:
    """Runs searches over one store and reads what they left."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.clock = SystemClock()
        self.count = 0

    async def new(self) -> Run:
        self.count += 1
        return await Run.create(
            self.store, kind="search", data={}, clock=self.clock, holder=this_process(),
            run=RunId(f"r-{self.count}"),
        )  # fmt: skip

    async def resume(self, run: RunId) -> Run:
        return await Run.resume(self.store, run, clock=self.clock, holder=this_process())

    def search(self, run: Run, task: Task, *proposers: Proposer, seed: int = 1, jobs: int = 1) -> Search:
        return Search(run=run, task=task, seed=seed, jobs=jobs, clock=self.clock, proposers=proposers)

    async def evolve(
        self, task: Task, *proposers: Proposer, seed: int = 1, jobs: int = 1
    ) -> tuple[StopReason, Summary]:
        run = await self.new()
        async with run:
            reason = await self.search(run, task, *proposers, seed=seed, jobs=jobs).run()
            return reason, await self.summary(run)

    async def summary(self, run: Run) -> Summary:
        view = Summary(run=run.id, created=0.0)
        async for event in run.replay():
            view.apply(event)
        return view


@pytest.fixture
async def lab() -> Lab:
    return Lab(MemoryStore())
