"""Small tasks and proposers for the tests of the search."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

from cambrian.core.budget import Budget
from cambrian.core.evaluation import Objective
from cambrian.core.variant import Origin
from cambrian.search.novelty import Novelty
from cambrian.search.proposer import Candidate, Mode, Proposer, Scored
from cambrian.search.task import StrategyConfig, Task

SCORE_THE_NUMBER = """
def score(answer):
    if answer > 9.5:
        raise ValueError("too big")
    return {"x": answer, "square": answer * answer, "feedback": "fine"}
"""
EVERYTHING_RUNS = Novelty(near=2.0, tabu=0)
"""What a test scripts is run, however near it is to what came before."""
INITIAL = "def f():\n    return 1.0\n"


def number_task(
    folder: Path,
    *,
    evaluator: str = SCORE_THE_NUMBER,
    program: str = INITIAL,
    budget: Budget | None = None,
    target: float | None = None,
    strategy: StrategyConfig | None = None,
    mode: Mode = "artifact",
    objectives: tuple[Objective, ...] = (Objective(name="x"),),
) -> Task:
    """Make a number as big as the scorer allows."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "evaluate.py").write_text(evaluator, encoding="utf-8")
    return Task(
        name="number", folder=str(folder), program={"p.py": program}, entry="p.py:f", evaluator_text=evaluator,
        objectives=objectives, budget=budget or Budget(evaluations=30), target=target, mode=mode,
        strategy=strategy or StrategyConfig(), novelty=EVERYTHING_RUNS,
    )  # fmt: skip


class RandomNumber(Proposer):
    """Proposes programs that return a random number; knows nothing of its parents."""

    name = "number"

    async def propose(self, parents: Sequence[Scored], rng: Random) -> Candidate:
        assert parents
        value = rng.random() * 10
        return Candidate(
            files={"p.py": f"def f():\n    return {value!r}\n"}, origin=Origin(proposer=self.name, why=f"{value:.3f}")
        )


class Scripted(Proposer):
    """Proposes given texts in order, then nothing new."""

    name = "scripted"

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = list(texts)
        self.told: list[Scored] = []

    async def propose(self, parents: Sequence[Scored], rng: Random) -> Candidate:
        assert parents
        assert rng
        text = self._texts.pop(0) if self._texts else INITIAL
        return Candidate(files={"p.py": text}, origin=Origin(proposer=self.name))

    async def tell(self, outcome: Scored) -> None:
        self.told.append(outcome)
