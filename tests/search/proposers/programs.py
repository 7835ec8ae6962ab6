"""Variants and settings for tests of proposers."""

from __future__ import annotations

from typing import Literal

from cambrian.core.evaluation import Evaluation, Objective, Status
from cambrian.core.limits import Limits
from cambrian.core.variant import Origin, Variant
from cambrian.search.proposer import Candidate, Scored, Setting


def variant(*texts: str, origin: Origin | None = None, language: str = "python", **files: str) -> Variant:
    """A program of one file, or of the files given by keyword (without their suffix)."""
    named = {"p.py": texts[0]} if texts else {f"{name}.py": text for name, text in files.items()}
    return Variant(files=named, entry="p.py:f", origin=origin or Origin(proposer="initial"), language=language)


def scored(program: Variant, score: float | None = 1.0) -> Scored:
    """A variant with its score; ``None`` if it failed."""
    if score is None:
        return Scored(variant=program, evaluation=Evaluation(variant=program.id, status=Status.ERROR))
    return Scored(
        variant=program, evaluation=Evaluation(variant=program.id, status=Status.OK, objectives={"score": score})
    )


def outcome(candidate: Candidate, score: float | None) -> Scored:
    """How a candidate did."""
    program = Variant(files=candidate.files, entry="p.py:f", origin=candidate.origin)
    return scored(program, score)


def setting(
    program: Variant, *, mode: Literal["artifact", "callable"] = "artifact", direction: str = "maximize"
) -> Setting:
    """A task with one objective, ``score``."""
    objective = Objective(name="score", direction="minimize" if direction == "minimize" else "maximize")
    return Setting(initial=program, objectives=(objective,), mode=mode, limits=Limits())
