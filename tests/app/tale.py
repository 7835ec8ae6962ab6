"""Searches that never were, told fact by fact: families, costs, features, hostile words. For whatever tells of runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from cambrian.app.workspace import Workspace
from cambrian.core.evaluation import Evaluation, Objective, Status, Usage
from cambrian.core.event import Fact, fact
from cambrian.core.ids import RunId, digest
from cambrian.core.variant import Origin, Variant
from cambrian.journal.holder import this_process
from cambrian.journal.kernel import Run
from cambrian.search.facts import (
    EVALUATED,
    OPENED,
    PROPOSED,
    STOPPED,
    AddStatus,
    Evaluated,
    Filtered,
    Opened,
    Proposed,
    Stopped,
    VariantRecord,
)
from cambrian.search.task import Task
from cambrian.testing.clock import ManualClock

from .stage import small_task

BATCH = 400


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """One evaluation of a tale; no value means that it failed."""

    value: float | None
    text: str = ""
    parents: tuple[int, ...] = ()
    proposer: str = "edit"
    why: str = "an edit"
    cpu_s: float = 0.25
    niche: int = 0
    status: Status = Status.ERROR
    feedback: str = ""
    features: tuple[float, ...] = ()
    samples: tuple[float, ...] = ()
    further: dict[str, float] = {}
    filtered: tuple[Filtered, ...] = ()
    cached: bool = False


def text_of(number: int) -> str:
    """A program that says which one it is."""
    return f"def solve():\n    return {number}\n"


class Tale:
    """Facts of one search, in order.

    Args:
        task: its task.
    """

    def __init__(self, task: Task) -> None:
        self.task = task
        self.variants: list[Variant] = []
        self._best: float | None = None

    def add(self, said: Said) -> tuple[list[Fact], list[bytes]]:
        """The two facts of one evaluation, and the texts they mention."""
        index = len(self.variants)
        origin = Origin(proposer=said.proposer if index else "initial", why=said.why)
        files = {"program.py": said.text or text_of(index)}
        parents = tuple(self.variants[parent].id for parent in said.parents)
        variant = Variant(files=files, entry=self.task.entry, origin=origin, parents=parents)
        self.variants.append(variant)
        record = VariantRecord(
            id=variant.id, files={path: digest(body.encode()) for path, body in files.items()}, entry=variant.entry,
            origin=origin, parents=parents,
        )  # fmt: skip
        proposed = Proposed(
            index=index, attempt=index, niche=said.niche, variant=record, canonical=digest(b""), filtered=said.filtered
        )
        body = {
            **encoded(self._evaluated(index, variant, said)),
            **({"features": said.features} if said.features else {}),
        }
        return [fact(PROPOSED, proposed), fact(EVALUATED, body)], [text.encode() for text in files.values()]

    def _evaluated(self, index: int, variant: Variant, said: Said) -> Evaluated:
        objective = self.task.objectives[0]
        best = said.value is not None and (self._best is None or objective.better(said.value, self._best))
        self._best = said.value if best else self._best
        usage = Usage(cpu_s=said.cpu_s)
        if said.value is None:
            evaluation = Evaluation(variant=variant.id, status=said.status, feedback=said.feedback, usage=usage)
        else:
            scores = {objective.name: said.value, **said.further}
            evaluation = Evaluation(
                variant=variant.id, status=Status.OK, objectives=scores, usage=usage, level="L3", samples=said.samples
            )
        return Evaluated(
            index=index,
            evaluation=evaluation,
            added=AddStatus(int(best)),
            best=best,
            elapsed_s=float(index + 1),
            cached=said.cached,
        )


def encoded(record: object) -> dict[str, object]:
    return msgspec.json.decode(msgspec.json.encode(record), type=dict[str, object])


def task_of(*, name: str = "small", minimize: bool = False, further: Sequence[str] = ()) -> Task:
    first = Objective(name="score", direction="minimize" if minimize else "maximize")
    objectives = (first, *(Objective(name=item) for item in further))
    return msgspec.structs.replace(small_task(), name=name, objectives=objectives)


async def tell(
    workspace: Workspace, evaluations: Iterable[Said], *, name: str = "r-0", task: Task | None = None, seed: int = 7
) -> RunId:
    """Write a whole search into a workspace."""
    tale = Tale(task or task_of())
    async with workspace.writing() as store:
        run = await Run.create(
            store, kind="search", data={}, clock=ManualClock(), holder=this_process(), run=RunId(name)
        )
        await run.append(fact(OPENED, Opened(task=tale.task, seed=seed, jobs=2, level="L3", proposers=("edit",))))
        facts: list[Fact] = []
        texts: list[bytes] = []
        for said in evaluations:
            more, bodies = tale.add(said)
            facts += more
            texts += bodies
            if len(facts) >= BATCH:
                await run.append(*facts, blobs=texts)
                facts, texts = [], []
        stopped = Stopped(reason="evaluations", elapsed_s=float(len(tale.variants)))
        await run.append(*facts, fact(STOPPED, stopped), blobs=texts)
        await run.aclose()
    return RunId(name)
