"""Evaluator for a text of Python that continues sequences (GEPA): `evaluate(candidate, example)` for each example."""

import json
from pathlib import Path

EXAMPLES = json.loads((Path(__file__).parent / "examples.json").read_text(encoding="utf-8"))


def grade(got, wanted):
    """1 if it is right, less the further it is off."""
    if isinstance(got, bool) or not isinstance(got, int):
        return 0.0
    return 1.0 / (1.0 + abs(got - wanted))


def evaluate(candidate, example):
    """Score and side information."""
    try:
        exec(candidate, globals())
        got = solve(list(example["numbers"]))  # noqa: F821 - defined by the candidate
    except Exception as error:
        return 0.0, {"error": f"{type(error).__name__}: {error}"}
    return grade(got, example["next"]), {"numbers": str(example["numbers"]), "got": str(got)[:100]}
