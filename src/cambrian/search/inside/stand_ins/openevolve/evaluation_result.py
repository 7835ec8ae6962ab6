"""`EvaluationResult`: metrics that rank and describe, artifacts as feedback."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class EvaluationResult:
    """What an evaluator may return instead of a dict.

    Args:
        metrics: name → number.
        artifacts: name → text or bytes, for whoever makes the next program.
    """

    metrics: dict[str, float]
    artifacts: dict[str, str | bytes] = field(default_factory=dict[str, "str | bytes"])

    @classmethod
    def from_dict(cls, metrics: dict[str, float]) -> EvaluationResult:
        """A result without artifacts."""
        return cls(metrics=metrics)

    def to_dict(self) -> dict[str, float]:
        """The metrics alone."""
        return self.metrics

    def has_artifacts(self) -> bool:
        """Whether there are any."""
        return bool(self.artifacts)
