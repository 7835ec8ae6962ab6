"""One evaluation slot: what a search asks for scores. It makes records of what a kind of evaluation gives.

Nothing of what a candidate emits is read here but to pass it on. See `docs/explanation/trust.md`.
"""

from __future__ import annotations

from random import Random, SystemRandom

import msgspec

from cambrian.core.errors import EvaluatorError
from cambrian.core.evaluation import Evaluation, Status
from cambrian.core.ids import digest
from cambrian.core.limits import Level
from cambrian.core.variant import Variant
from cambrian.search.archives import Rank
from cambrian.search.cases import Cases
from cambrian.search.task import Task

from .artifact import Artifact
from .attempt import SAME_INPUTS, Attempt, Failed, inner_calls
from .callable import Callable
from .foreign import Foreign
from .kind import Kind
from .scorer import Score


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """An evaluation with what came out of the jail.

    Args:
        evaluation: the record.
        artifact: what the candidate emitted, encoded: bytes of an enemy, never decoded in the engine.
        report: what it said of itself, JSON text: words of an enemy.
        case: an input on which it failed (callable mode), encoded by the scorer.
    """

    evaluation: Evaluation
    artifact: bytes = b""
    report: bytes = b""
    case: bytes = b""


class Evaluator:
    """Evaluates variants of one task, one at a time, each in a fresh jail. Make with `start`.

    Args:
        kind: how.
    """

    def __init__(self, kind: Kind) -> None:
        self._kind = kind

    @property
    def level(self) -> Level:
        """Jail level of the candidates."""
        return self._kind.jail.level

    @property
    def level_reasons(self) -> tuple[str, ...]:
        """Why it is not a stronger one."""
        return self._kind.jail.reasons

    @property
    def hidden(self) -> tuple[str, ...]:
        """See `Kind.hidden`."""
        return self._kind.hidden

    @classmethod
    async def start(cls, task: Task, *, chance: Random | None = None, cases: Cases | None = None) -> Evaluator:
        """Start the jails and load the scorer.

        Args:
            task: the task.
            chance: draws inputs and orders in callable mode; by default the operating system's.
            cases: inputs that are asked before all others in callable mode.

        Raises:
            IsolationUnavailable: this machine cannot give the level that the task asks for.
            TaskError: the task's evaluator cannot be loaded.
        """
        if task.framework:
            return cls(await Foreign.start(task))
        if task.mode == "artifact":
            return cls(await Artifact.start(task))
        return cls(await Callable.start(task, chance=chance or SystemRandom(), cases=cases or Cases(0)))

    async def aclose(self) -> None:
        """End every process. Idempotent."""
        await self._kind.aclose()

    @property
    def has_inputs(self) -> bool:
        """Whether other inputs of the same kind can be had, on which nothing was chosen."""
        return self._kind.has_inputs

    async def evaluate(self, variant: Variant, *, best: Rank | None = None, inputs: int = SAME_INPUTS) -> Outcome:
        """Run a variant and have it scored.

        Args:
            variant: the variant.
            best: the best rank so far. A variant that beats it is confirmed before it is believed: an artifact is
                scored again by a fresh scorer, a speed is measured again on other inputs and the worse figure counts.
            inputs: seed of the inputs, where the task makes some; callable mode draws its own each time.

        Raises:
            SandboxError: the machinery failed; nothing is said about the variant.
        """
        await self._kind.ready()
        before = self._kind.scorer_cpu_s
        attempt = Attempt(inputs=inputs)
        try:
            evaluation = self._scored(variant, await self._kind.measure(variant, attempt, best))
        except (Failed, EvaluatorError) as error:
            attempt.artifact = b""
            evaluation = _failed(variant, error)
        return self._complete(evaluation, attempt, self._kind.scorer_cpu_s - before)

    async def rescore(self, variant: Variant, artifact: bytes) -> Outcome:
        """Have what a variant emitted earlier scored again, by a fresh scorer.

        Args:
            variant: the variant.
            artifact: as `Outcome.artifact` had it.

        Raises:
            SandboxError: the machinery failed.
        """
        before = self._kind.scorer_cpu_s
        attempt = Attempt()
        try:
            evaluation = self._scored(variant, await self._kind.rescore(artifact))
        except (Failed, EvaluatorError) as error:
            evaluation = _failed(variant, error)
        return self._complete(evaluation, attempt, self._kind.scorer_cpu_s - before)

    def _scored(self, variant: Variant, score: Score) -> Evaluation:
        names = [item.name for item in self._kind.task.objectives]
        missing = [name for name in names if name not in score.numbers]
        if missing:
            raise Failed(
                Status.SCORER_ERROR, "objective",
                f"the scorer gave no {missing[0]!r}, it gave {sorted(score.numbers)!r}; name them as in [objectives]",
            )  # fmt: skip
        return Evaluation(
            variant=variant.id, status=Status.OK, objectives={name: score.numbers[name] for name in names},
            measures={name: value for name, value in score.numbers.items() if name not in names},
            feedback=score.feedback,
        )  # fmt: skip

    def _complete(self, evaluation: Evaluation, attempt: Attempt, scorer_cpu_s: float) -> Outcome:
        report, artifact = attempt.report, attempt.artifact
        usage = msgspec.structs.replace(attempt.usage, scorer_cpu_s=scorer_cpu_s, inner_calls=inner_calls(report))
        evaluation = msgspec.structs.replace(
            evaluation, usage=usage, level=self.level.name, report=digest(report) if report else None,
            artifact=digest(artifact) if artifact else None, split=self._kind.split,
        )  # fmt: skip
        return Outcome(evaluation=evaluation, artifact=artifact, report=report, case=attempt.case)


def _failed(variant: Variant, error: Failed | EvaluatorError) -> Evaluation:
    how = error if isinstance(error, Failed) else Failed(Status.SCORER_ERROR, "reference", str(error))
    return Evaluation(variant=variant.id, status=how.status, detail=how.detail, feedback=how.feedback)
