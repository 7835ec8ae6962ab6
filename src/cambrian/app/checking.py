"""``cambrian check``: does a task's own program run, do its scores repeat, can its evaluator be satisfied by nonsense.

Everything runs in the jails that a search would use; nothing is recorded.
"""

from __future__ import annotations

import math
import time
from typing import Literal

import msgspec

from cambrian.core.codec import encode
from cambrian.core.errors import EvaluatorError
from cambrian.core.evaluation import Evaluation
from cambrian.core.quantity import format_seconds
from cambrian.sandbox import CPythonJail
from cambrian.search.audit import Audit, audit_task
from cambrian.search.audit.auditing import Say
from cambrian.search.evaluation import Evaluator
from cambrian.search.evaluation.scorer import Rejected, Score, Scorer
from cambrian.search.noise import varies
from cambrian.search.oracle import oracle_strength
from cambrian.search.preload import preloads
from cambrian.search.task import Task
from cambrian.verify.oracle import Strength

_NONSENSE: dict[str, object] = {
    "None": None,
    "an empty list": [],
    "a text": "x",
    "not a number": math.nan,
    "a list of infinities": [math.inf] * 26,
    "a huge number": 10**400,
    "a huge list": [0.0] * 100_000,
    "a deep list": [[[[[[[[[[0]]]]]]]]]],
    "a dict": {"score": 1e9},
}


_SHOWN = 3
_PATIENCE, _LONG_S = 10, 20.0
"""A limit of so many times what an evaluation takes is enough; one of less than so many seconds is no matter."""


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """What the scorer made of one nonsensical answer.

    Args:
        answer: what it was given, in words.
        verdict: ``"rejected"`` is right; ``"fault"``: it raised something else than ValueError or AssertionError;
            ``"scored"``: it believed it.
        detail: its words, or the score.
    """

    answer: str
    verdict: Literal["rejected", "fault", "scored"]
    detail: str


class Once(msgspec.Struct, frozen=True, kw_only=True):
    """One evaluation of the task's own program.

    Args:
        status: how it ended.
        objectives: its scores.
        measures: further numbers.
        feedback: what the scorer or the program said.
        wall_s: seconds, scorer included.
        cpu_s: CPU seconds of the program.
        scorer_cpu_s: CPU seconds of the scorer.
    """

    status: str
    objectives: dict[str, float]
    measures: dict[str, float]
    feedback: str
    wall_s: float
    cpu_s: float
    scorer_cpu_s: float


class Checkup(msgspec.Struct, frozen=True, kw_only=True):
    """What ``cambrian check`` found.

    Args:
        task: the task's name.
        folder: its folder.
        ok: the program has a score. The warnings are not counted.
        level: jail level in use.
        level_reasons: why it is not a stronger one.
        start_s: seconds to start the jails.
        evaluations: of the task's own program, two of them.
        repeats: whether both gave the same objectives, but for rounding; speeds never do, nor does what has no score.
        trials: what the scorer made of nonsense (artifact mode).
        warnings: what a person should look at.
        oracle: how many seeded mistakes its inputs and its comparison tell apart (callable mode).
        audit: what the evaluator doctor found, if it was asked.
        hidden: files and folders beside an evaluator that is not split which no program sees, nor the evaluator.
    """

    task: str
    folder: str
    ok: bool
    level: str
    level_reasons: tuple[str, ...]
    start_s: float
    evaluations: tuple[Once, ...]
    repeats: bool
    trials: tuple[Trial, ...]
    warnings: tuple[str, ...]
    oracle: Strength | None = None
    audit: Audit | None = None
    hidden: tuple[str, ...] = ()


async def check_task(task: Task, *, seconds: float = 0.0, say: Say | None = None) -> Checkup:
    """Try a task out.

    Args:
        task: the task.
        seconds: for the evaluator doctor's probes; 0 leaves it out.
        say: told what the doctor is about to try.

    Raises:
        TaskError: its evaluator cannot be loaded.
        IsolationUnavailable: this machine cannot confine it as it asks.
    """
    began = time.monotonic()
    evaluator = await Evaluator.start(task)
    try:
        start_s = time.monotonic() - began
        if say is not None:
            say("the task's own program")
        evaluations = tuple([await _once(evaluator, task) for _ in range(2)])
        level, reasons, hidden = evaluator.level.name, evaluator.level_reasons, evaluator.hidden
    finally:
        await evaluator.aclose()
    trials = await _try_scorer(task) if task.mode == "artifact" and not task.framework else ()
    first, second = evaluations
    oracle = await _oracle(task, first) if task.mode == "callable" and first.status == "ok" else None
    scored = first.status == second.status == "ok"
    repeats = scored and _repeats(first, second)
    audit = await audit_task(task, seconds=seconds, say=say) if seconds and first.status == "ok" else None
    return Checkup(
        task=task.name, folder=task.folder, ok=scored,
        level=level, level_reasons=reasons, start_s=start_s, evaluations=evaluations, repeats=repeats,
        trials=trials, warnings=(*_warnings(task, repeats, trials, evaluations, scored=scored), *_blind_spots(oracle)),
        oracle=oracle, audit=audit, hidden=hidden,
    )  # fmt: skip


async def _once(evaluator: Evaluator, task: Task) -> Once:
    began = time.monotonic()
    result: Evaluation = (await evaluator.evaluate(task.initial)).evaluation
    return Once(
        status=result.status.value + (f" ({result.detail})" if result.detail else ""),
        objectives=result.objectives, measures=result.measures, feedback=result.feedback,
        wall_s=time.monotonic() - began, cpu_s=result.usage.cpu_s, scorer_cpu_s=result.usage.scorer_cpu_s,
    )  # fmt: skip


async def _oracle(task: Task, once: Once) -> Strength:
    """A mutant may take ten times as long as the program, and two seconds."""
    return await oracle_strength(task, wall=2.0 + 10 * once.wall_s)


def _blind_spots(oracle: Strength | None) -> list[str]:
    if oracle is None or oracle.strong or not oracle.mutants:
        return []
    return ["some changes would pass; add an input, such as an edge case, for each of them that is wrong"] + [
        f"this passes: {survivor}" for survivor in oracle.survivors[:_SHOWN]
    ]


async def _try_scorer(task: Task) -> tuple[Trial, ...]:
    jail = await CPythonJail.start(preload=preloads(task).scorer, readable=(task.path,))
    scorer = Scorer(task, jail)
    try:
        return tuple([await _try(scorer, words, answer) for words, answer in _NONSENSE.items()])
    finally:
        await scorer.aclose()
        await jail.aclose()


async def _try(scorer: Scorer, words: str, answer: object) -> Trial:
    await scorer.renew()
    count = len(await scorer.inputs(0)) if "inputs" in scorer.functions else 1
    try:
        verdict = await scorer.score([encode(answer)] * count)
    except EvaluatorError as error:
        return Trial(answer=words, verdict="fault", detail=str(error))
    if isinstance(verdict, Score):
        return Trial(answer=words, verdict="scored", detail=str(verdict.numbers))
    if isinstance(verdict, Rejected):
        return Trial(answer=words, verdict="rejected", detail=verdict.why)
    return Trial(answer=words, verdict="fault", detail=str(verdict))


def _repeats(first: Once, second: Once) -> bool:
    return not any(varies([value, second.objectives[name]]) for name, value in first.objectives.items())


def _long_wait(task: Task, evaluations: tuple[Once, ...]) -> list[str]:
    """Where speed is what counts, a candidate that takes much longer is worth nothing; it need not be waited for.

    Only told, not done: what is slow on one input may be fast over all. In artifact mode it may also score more.
    """
    taken = max(once.wall_s for once in evaluations)
    enough = max(1.0, math.ceil(_PATIENCE * taken))
    if task.mode != "callable" or task.limits.wall < max(_LONG_S, 2 * enough):
        return []
    return [
        f"a candidate that never ends is waited for {format_seconds(task.limits.wall)}, the program with its scorer "
        f'takes {format_seconds(taken)}; wall = "{enough:g}s" under [limits] would do'
    ]


def _warnings(
    task: Task, repeats: bool, trials: tuple[Trial, ...], evaluations: tuple[Once, ...], *, scored: bool
) -> list[str]:
    told = [
        f"the scorer gives a score to {trial.answer}: {trial.detail}" for trial in trials if trial.verdict == "scored"
    ]
    told += [
        f"on {trial.answer} the scorer fails instead of refusing ({trial.detail}); raise ValueError there"
        for trial in trials
        if trial.verdict == "fault"
    ]
    told += _long_wait(task, evaluations)
    if task.framework:
        told.append("program and evaluator share a process, so a program can forge its score (split = false)")
    if task.mode == "artifact" and scored and not repeats:
        told.append(
            "two evaluations of the same program gave different scores: candidates will run several times, and the "
            "winner is confirmed in fresh runs (see [sampling])"
        )
    return told
