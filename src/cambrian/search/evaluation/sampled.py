"""One candidate, several runs, one record: where an objective is noisy. What a choice was made by is not reported."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import msgspec

from cambrian.core.evaluation import Evaluation
from cambrian.core.variant import Variant
from cambrian.search.noise import Plan
from cambrian.verify.averages import mean

from .attempt import together
from .evaluator import Evaluator, Outcome


async def sampled(slot: Evaluator, variant: Variant, plan: Plan) -> Outcome:
    """Run a variant as often as its plan says.

    A variant whose mean would make it the best is run afresh, and only the fresh runs count: the first ones were
    looked at to choose it, so they flatter it. One failed run fails it: what works sometimes does not work.

    Args:
        slot: where.
        variant: the variant.
        plan: how often.

    Raises:
        SandboxError: the machinery failed; nothing is said about the variant.
    """
    first = await slot.evaluate(variant, best=plan.best if plan.once else None)
    runs = [first]
    if plan.once:
        return first
    counted = await _extend(slot, variant, plan, runs)
    if runs[-1].evaluation.ok and plan.leads(values(counted, plan)):
        fresh = [await slot.evaluate(variant, best=())]  # confirmed by a fresh scorer, too
        while fresh[-1].evaluation.ok and len(fresh) < plan.most:
            fresh.append(await slot.evaluate(variant))
        runs += fresh
        counted = fresh
    return _one(counted, runs, plan)


async def again(slot: Evaluator, before: Evaluation, variant: Variant, plan: Plan) -> Outcome:
    """Run a variant again, and put the new runs and those before into one record.

    Args:
        slot: where.
        before: its evaluation so far, with samples.
        variant: the variant.
        plan: how often: `least` times.

    Returns:
        The outcome; its usage is that of the new runs.

    Raises:
        SandboxError: the machinery failed; nothing is said about the variant.
    """
    runs = [await slot.evaluate(variant)]
    while runs[-1].evaluation.ok and len(runs) < plan.least:
        runs.append(await slot.evaluate(variant))
    found = _one(runs, runs, plan)
    if not found.evaluation.ok:
        return found
    old, new = len(before.samples), len(runs)
    means = {
        name: mean([before.objectives[name]] * old + [value] * new)
        for name, value in found.evaluation.objectives.items()
    }
    pooled = msgspec.structs.replace(
        found.evaluation, objectives=means, samples=before.samples + found.evaluation.samples, artifact=before.artifact
    )
    return Outcome(evaluation=pooled, report=found.report)


async def _extend(slot: Evaluator, variant: Variant, plan: Plan, runs: list[Outcome]) -> list[Outcome]:
    while runs[-1].evaluation.ok and plan.more(values(runs, plan)):
        runs.append(await slot.evaluate(variant))
    return list(runs)


def values(runs: Sequence[Outcome], plan: Plan) -> list[float]:
    """The ranking objective's value in each run that gave one."""
    return [run.evaluation.objectives[plan.objective.name] for run in runs if run.evaluation.ok]


def _one(counted: Sequence[Outcome], runs: Sequence[Outcome], plan: Plan) -> Outcome:
    """The record of several runs. Its artifact is that of the best run that counts, its report the last one's."""
    usage = reduce(together, (run.evaluation.usage for run in runs))
    last = counted[-1]
    if not last.evaluation.ok:
        told = f"run {len(runs)} of this program: " if len(runs) > 1 else ""
        failed = msgspec.structs.replace(last.evaluation, usage=usage, feedback=told + last.evaluation.feedback)
        return msgspec.structs.replace(last, evaluation=failed)
    best = max(counted, key=lambda run: plan.objective.gain(run.evaluation.objectives[plan.objective.name]))
    evaluation = msgspec.structs.replace(
        last.evaluation, usage=usage, artifact=best.evaluation.artifact,
        objectives=_means([run.evaluation.objectives for run in counted]),
        measures=_means([run.evaluation.measures for run in counted]),
        samples=tuple(values(counted, plan)),
    )  # fmt: skip
    return Outcome(evaluation=evaluation, artifact=best.artifact, report=last.report)


def _means(tables: Sequence[dict[str, float]]) -> dict[str, float]:
    return {name: mean(table[name] for table in tables if name in table) for name in tables[-1]}
