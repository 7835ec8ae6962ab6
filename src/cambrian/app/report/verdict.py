"""What may be said of a run's result, and on what evidence. Words for people; never more than was measured."""

from __future__ import annotations

from collections.abc import Iterator

from cambrian.app.display.frame import number
from cambrian.app.results import Outcome
from cambrian.core.evidence import Evidence

__all__ = ["evidence_of", "verdict_of"]


def verdict_of(outcome: Outcome) -> str:
    """One sentence about the first objective."""
    initial, best = outcome.initial, outcome.best
    if initial is None or best is None:
        return "The task's own program has no score, so there is nothing to compare with."
    if best.variant == initial.variant:
        return "Nothing that scores better than the task's own program was found."
    name = next(iter(outcome.objectives))
    before, after = initial.objectives[name], best.objectives[name]
    told = f"The best scores {number(after)} where the task's own program scores {number(before)}"
    if before == after:
        return f"{told}: no difference in {name}, it is ahead by a further objective."
    return f"{told}; found by {best.proposer} in evaluation {best.evaluation}."


def evidence_of(outcome: Outcome, confirmed: Evidence | None) -> Iterator[str]:
    """Why the figures may be believed, and what they do not show.

    Args:
        outcome: the run.
        confirmed: what running the winner again on fresh data showed, if that was done.
    """
    if outcome.best is None or outcome.initial is None:
        yield "No score, no evidence."
        return
    if outcome.mode == "callable":
        yield (
            "Time was taken outside the jail, against the task's own program on the same fresh inputs; answers were "
            "compared in a process of their own"
        )
    else:
        yield "The program gave an answer only; a scorer in a jail of its own computed the score from it"
    if outcome.best.variant != outcome.initial.variant:
        again = "on other inputs, and the worse figure counts" if outcome.mode == "callable" else "by a fresh scorer"
        yield f"The best was scored again {again}"
        if confirmed is None:
            yield "No confirmation on fresh data: where scores do not repeat, part of the gain may be luck"
        else:
            yield f"Confirmation on fresh data: {confirmed}"
    yield f"Everything untrusted ran at jail level {outcome.best.level}"
