"""The bench of evaluators that share a process with the candidate: each probe is the program with a spoilt answer.

Which functions the evaluator calls is read from its text: the program's own ones that it names. What they answer is
told by an exception that the evaluator cannot catch by accident.
"""

from __future__ import annotations

import ast
import re
from contextlib import AsyncExitStack

import msgspec

from cambrian.core.errors import SandboxError
from cambrian.core.evaluation import Status
from cambrian.core.variant import Variant
from cambrian.search.evaluation import Evaluator
from cambrian.search.task import Task

from .bench import HONEST, Bench, Deadline, Recipe, Site, Verdict, read_sites
from .spoiling import SITES, spoilt

__all__ = ["ForeignBench", "called_functions"]

_GUESSED = tuple(Site(path=path, kind="list", size=2) for path in ((), (0,), (1,), (2,), (None,), (None, None)))
"""Where to try when the program's answer cannot be seen: a recipe that does not fit fails."""


class ForeignBench(Bench):
    """See the module. Make with `start`."""

    costly = True

    def __init__(self, task: Task, deadline: Deadline, evaluator: Evaluator, names: tuple[str, ...]) -> None:
        super().__init__(task, deadline)
        self._evaluator = evaluator
        self.names = names

    @classmethod
    async def start(cls, task: Task, deadline: Deadline, evaluator: Evaluator) -> ForeignBench:
        """Find out what the program's answers look like; where that cannot be found out, some are guessed.

        Args:
            task: the task.
            deadline: when to stop.
            evaluator: runs variants; it is not closed here.
        """
        bench = cls(task, deadline, evaluator, called_functions(task))
        if bench.names:
            told = (await evaluator.evaluate(spoilt(task, bench.names, None))).evaluation
            found = SITES.search(told.feedback)
            bench.sites = read_sites(msgspec.json.decode(found.group(1))) if found else _GUESSED
        return bench

    async def twin(self, task: Task, open: AsyncExitStack) -> ForeignBench:
        """See `Bench.twin`."""
        evaluator = await Evaluator.start(task)
        open.push_async_callback(evaluator.aclose)
        other = ForeignBench(task, self.deadline, evaluator, self.names)
        other.sites = self.sites
        return other

    async def judge(self, recipe: Recipe) -> Verdict:
        """See `Bench.judge`."""
        return await self.run(self.task.initial if recipe == HONEST else spoilt(self.task, self.names, recipe))

    async def run(self, variant: Variant) -> Verdict:
        """Have any program evaluated."""
        try:
            found = (await self._evaluator.evaluate(variant)).evaluation
        except SandboxError as error:
            return Verdict(kind="failed", why=str(error))
        if found.ok:
            return self.verdict(found.objectives)
        if found.status is Status.INVALID:
            return Verdict(kind="rejected", why=found.feedback)
        return Verdict(kind="failed" if "NoSuchSite" in found.feedback else "rejected", why=found.feedback)

    async def renew(self) -> None:
        """See `Bench.renew`: nothing outlives an evaluation here anyway."""


def called_functions(task: Task) -> tuple[str, ...]:
    """The program's top-level functions that the evaluator names."""
    text = task.program[task.entry.split(":")[0]]
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError):
        return ()
    names = [node.name for node in body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    return tuple(name for name in names if re.search(rf"\b{re.escape(name)}\b", task.evaluator_text))
