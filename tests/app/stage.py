"""A search's journal without a search: facts written by hand, so that whatever reads one can be tried in a moment."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from cambrian.app.workspace import Workspace
from cambrian.core.budget import Budget
from cambrian.core.effect import EffectId, EffectState, Intent
from cambrian.core.evaluation import Evaluation, Objective, Status
from cambrian.core.event import fact
from cambrian.core.ids import RunId, digest
from cambrian.core.variant import Origin, Variant
from cambrian.journal.holder import this_process
from cambrian.journal.kernel import Run
from cambrian.journal.store import Store
from cambrian.search.facts import (
    EVALUATED,
    OPENED,
    PROPOSED,
    STOPPED,
    AddStatus,
    Evaluated,
    Opened,
    Proposed,
    Stopped,
    StopReason,
    VariantRecord,
)
from cambrian.search.task import Task
from cambrian.testing.clock import ManualClock

PROGRAM = "def solve():\n    return 0\n"


def small_task(folder: Path | None = None) -> Task:
    return Task(
        name="small", folder=str(folder or "/nowhere"), program={"program.py": PROGRAM}, entry="program.py:solve",
        evaluator_text="def score(a): return a", objectives=(Objective(name="score"),), budget=Budget(evaluations=10),
    )  # fmt: skip


class Actor:
    """Writes the facts of one search.

    Args:
        run: the run.
        task: its task.
    """

    def __init__(self, run: Run, task: Task) -> None:
        self.run, self.task = run, task
        self._index = 0
        self._best = float("-inf")

    @classmethod
    async def begin(
        cls, store: Store, name: str = "r-0", *, task: Task | None = None, clock: ManualClock | None = None
    ) -> Actor:
        task = task or small_task()
        run = await Run.create(
            store, kind="search", data={}, clock=clock or ManualClock(), holder=this_process(), run=RunId(name)
        )
        actor = cls(run, task)
        opened = Opened(
            task=task, seed=7, jobs=2, level="L3", level_reasons=(), proposers=("edit",), version="0",
        )  # fmt: skip
        await run.append(fact(OPENED, opened))
        return actor

    async def evaluate(
        self,
        value: float | None,
        *,
        text: str = "",
        why: str = "an edit",
        status: Status = Status.ERROR,
        files: dict[str, str] | None = None,
        said: str = "",
    ) -> Variant:
        """One evaluation; no value means that it failed with that status."""
        index, self._index = self._index, self._index + 1
        origin = Origin(proposer="edit" if index else "initial", why=why)
        files = files or {"program.py": text or (PROGRAM if index == 0 else f"def solve():\n    return {index}\n")}
        variant = Variant(files=files, entry=self.task.entry, origin=origin)
        record = VariantRecord(
            id=variant.id, files={path: digest(body.encode()) for path, body in files.items()}, entry=variant.entry,
            origin=origin,
        )  # fmt: skip
        proposed = Proposed(index=index, attempt=index, niche=0, variant=record, canonical=digest(b""))
        effect = EffectId(f"evaluate:{index}")
        intent = Intent(effect=effect, kind="evaluate", key=effect, idempotent=True)
        await self.run.intend(intent, fact(PROPOSED, proposed), blobs=[body.encode() for body in files.values()])
        best = value is not None and value > self._best
        self._best = value if value is not None and best else self._best
        evaluation = (
            Evaluation(variant=variant.id, status=status, detail="wall", feedback=said)
            if value is None
            else Evaluation(variant=variant.id, status=Status.OK, objectives={"score": value}, level="L3")
        )
        evaluated = Evaluated(
            index=index, evaluation=evaluation, added=AddStatus(int(best)), best=best, elapsed_s=float(index + 1)
        )
        await self.run.conclude(effect, EffectState.APPLIED, fact(EVALUATED, evaluated))
        return variant

    async def stop(self, reason: StopReason = "evaluations") -> None:
        await self.run.append(fact(STOPPED, Stopped(reason=reason, elapsed_s=float(self._index))))


async def played(
    workspace: Workspace,
    values: Sequence[float | None] = (1.0, None, 3.0, 2.0),
    *,
    name: str = "r-0",
    task: Task | None = None,
    start: float = 1_700_000_000.0,
    why: str = "an edit",
) -> RunId:
    """A whole search, from its first word to its last."""
    async with workspace.writing() as store:
        actor = await Actor.begin(store, name, task=task, clock=ManualClock(start))
        for value in values:
            await actor.evaluate(value, why=why)
        await actor.stop()
        await actor.run.aclose()
    return RunId(name)


def with_folder(task: Task, folder: Path) -> Task:
    """The task, with its files in a folder."""
    for path, text in {**task.program, task.evaluator: task.evaluator_text}.items():
        (folder / path).write_text(text, encoding="utf-8")
    return msgspec.structs.replace(task, folder=str(folder))
