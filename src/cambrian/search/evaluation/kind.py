"""What every kind of evaluation has to offer to the slot that holds it, and what the split kinds share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AsyncExitStack
from pathlib import Path
from typing import ClassVar

from cambrian.core.errors import IsolationUnavailable
from cambrian.core.evaluation import Status
from cambrian.core.limits import Level
from cambrian.core.variant import Variant
from cambrian.sandbox import CPythonJail
from cambrian.search.archives import Rank
from cambrian.search.preload import preloads
from cambrian.search.task import Task

from .attempt import Attempt, Failed
from .scorer import Score, Scorer


class Kind(ABC):
    """One way to evaluate variants of one task, one at a time, each in a fresh jail.

    Args:
        task: the task.
        jail: where candidates run.
        open: what is to be closed at the end, the jail among it.
    """

    split: ClassVar[bool] = True
    """The score is conferred in a process that the candidate cannot reach."""
    hidden: tuple[str, ...] = ()
    """What stands beside the evaluator and is kept from the jail that they share, if they do."""

    def __init__(self, task: Task, jail: CPythonJail, open: AsyncExitStack) -> None:
        self.task = task
        self.jail = jail
        self._open = open

    @property
    @abstractmethod
    def scorer_cpu_s(self) -> float:
        """CPU seconds that scoring has taken so far."""

    @abstractmethod
    async def ready(self) -> None:
        """See that everything is there before an evaluation begins.

        Raises:
            TaskError: the task's evaluator cannot be loaded any more.
            SandboxError: the machinery failed.
        """

    @abstractmethod
    async def measure(self, variant: Variant, attempt: Attempt, best: Rank | None) -> Score:
        """Run a variant and have it scored; what it took is noted in `attempt` however it ends.

        Args:
            variant: the variant.
            attempt: takes what the evaluation gathers.
            best: see `Evaluator.evaluate`.

        Raises:
            Failed: there is no score.
            EvaluatorError: the task's own side failed.
            SandboxError: the machinery failed; nothing is said about the variant.
        """

    async def rescore(self, artifact: bytes) -> Score:
        """Score again, by a fresh scorer, what a program emitted on the inputs of the search.

        Raises:
            Failed: there is no score, or this kind keeps nothing that could be scored again.
            SandboxError: the machinery failed.
        """
        del artifact
        raise Failed(Status.SCORER_ERROR, "artifact", "nothing is kept that could be scored again")

    @property
    def has_inputs(self) -> bool:
        """Whether other inputs of the same kind can be had, on which nothing was chosen."""
        return False

    async def aclose(self) -> None:
        """End every process. Idempotent. Each jail is ended even if another cannot be."""
        await self._open.aclose()


class Split(Kind):
    """A candidate in one jail, the task's scorer in another."""

    def __init__(self, task: Task, jail: CPythonJail, open: AsyncExitStack, scorer: Scorer) -> None:
        super().__init__(task, jail, open)
        self.scorer = scorer

    @property
    def scorer_cpu_s(self) -> float:
        """See `Kind`."""
        return self.scorer.cpu_s

    async def ready(self) -> None:
        """See `Kind`."""
        await self.scorer.ready()


async def start_split(task: Task, open: AsyncExitStack) -> tuple[CPythonJail, Scorer]:
    """A jail for candidates and a loaded scorer; both are closed with `open`.

    Raises:
        IsolationUnavailable: this machine cannot give the level that the task asks for.
        TaskError: the task's evaluator cannot be loaded.
    """
    wanted = preloads(task)
    jail = await candidate_jail(task, wanted.program, open)
    scorer_jail = await CPythonJail.start(level=jail.level, preload=wanted.scorer, readable=(task.path,))
    open.push_async_callback(scorer_jail.aclose)
    scorer = Scorer(task, scorer_jail)
    await scorer.renew()
    return jail, scorer


async def candidate_jail(
    task: Task, preload: tuple[str, ...], open: AsyncExitStack, *, readable: tuple[Path, ...] = (),
    path: tuple[Path, ...] = (),
) -> CPythonJail:  # fmt: skip
    """The best jail there is; a weaker one than L2 only for a task that names it. It is closed with `open`.

    Args:
        task: names the weakest level accepted.
        preload: modules that every program finds already imported.
        open: closes it in the end.
        readable: folders that may be read besides what every jail has.
        path: folders that are searched for preloads too.

    Raises:
        IsolationUnavailable: this machine cannot give the level that the task asks for.
    """
    jail = await _strongest(task, preload, readable, path)
    open.push_async_callback(jail.aclose)
    if jail.level < task.level:
        reasons = "; ".join(jail.reasons)
        raise IsolationUnavailable(
            f"the task asks for level {task.level.name}, this machine gives {jail.level.name}: {reasons}. "
            f"See `cambrian doctor`"
        )
    return jail


async def _strongest(
    task: Task, preload: tuple[str, ...], readable: tuple[Path, ...], path: tuple[Path, ...]
) -> CPythonJail:
    try:
        return await CPythonJail.start(preload=preload, readable=readable, path=path)
    except IsolationUnavailable:
        if task.level >= Level.L2:
            raise
        return await CPythonJail.start(level=task.level, preload=preload, readable=readable, path=path)
