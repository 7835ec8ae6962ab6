"""How strong is a task's own oracle: does its comparison on its ``inputs()`` tell seeded wrong mutants apart?"""

from __future__ import annotations

from random import Random

import msgspec

from cambrian.core.errors import UsageError
from cambrian.core.evaluation import Status
from cambrian.core.variant import Origin, Variant
from cambrian.verify.mutants import Mutant, mutants
from cambrian.verify.oracle import ENOUGH, Strength, strength

from .evaluation import Evaluator
from .task import Task

__all__ = ["oracle_strength"]

_UNSAID = (Status.SCORER_ERROR, Status.CANCELLED)


async def oracle_strength(
    task: Task, *, most: int = 24, seed: int = 0, wall: float | None = None, enough: float = ENOUGH
) -> Strength:
    """Put mutants of a callable task's initial program through its evaluation, as if they were candidates.

    A mutant that is given a speed was not told apart; one that is turned down, raises, or runs into a limit was.

    Args:
        task: a task in callable mode.
        most: mutants tried; each costs about one evaluation.
        seed: of the mutants and of the inputs.
        wall: seconds that a mutant may take, if less than the task's limit: some never end.
        enough: see `Strength`.

    Raises:
        UsageError: the task is in artifact mode, where every answer is judged by itself.
        SandboxError: the machinery failed.
    """
    if task.mode != "callable":
        raise UsageError(
            f"task {task.name!r} is in {task.mode} mode, where nothing is compared; its scorer is the oracle"
        )
    limits = task.limits
    if wall is not None and wall < limits.wall:
        limits = msgspec.structs.replace(limits, wall=wall, cpu=min(wall, limits.cpu))
    evaluator = await Evaluator.start(msgspec.structs.replace(task, limits=limits), chance=Random(seed))
    try:
        return await _strength(task, evaluator, mutants(task.program, most, seed=seed), enough)
    finally:
        await evaluator.aclose()


async def _strength(task: Task, evaluator: Evaluator, chosen: tuple[Mutant, ...], enough: float) -> Strength:
    tried: list[Mutant] = []
    survivors: list[Mutant] = []
    for mutant in chosen:
        variant = Variant(
            files=mutant.files,
            entry=task.entry,
            origin=Origin(proposer="mutant", why=str(mutant)),
            language=task.language,
        )
        status = (await evaluator.evaluate(variant)).evaluation.status
        if status not in _UNSAID:
            tried.append(mutant)
        if status is Status.OK:
            survivors.append(mutant)
    return strength(tried, survivors, cases=len(tried), enough=enough)
