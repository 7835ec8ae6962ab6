"""`OperatorEdits`: picks edit operators and learns which pay. Pure; no I/O, randomness is handed in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from random import Random
from typing import NamedTuple, cast

from cambrian.core.errors import ProposalError
from cambrian.core.evaluation import Evaluation, Status
from cambrian.core.variant import Origin
from cambrian.search.proposer import Candidate, Proposer, Scored, Setting
from cambrian.source import blocks, edit
from cambrian.source.reading import read
from cambrian.source.tree import Problem

from . import loops, rewrites, statements, values
from .context import Context
from .operator import Operator
from .window import Program, program

OPERATORS: tuple[Operator, ...] = (
    *values.OPERATORS,
    *statements.OPERATORS,
    *rewrites.OPERATORS,
    *loops.OPERATORS,
)

_ATTEMPTS = 24
_DRAWS = 8
_STACK = (0.7, 0.2, 0.1)
"""How likely a candidate has one, two and three edits: the second and third nearly double what a search can reach."""
_FORGET = 0.99
_PRIOR = 10.0
_FAVOURED = 2.0
_KINDS = 16
"""Kinds of failures that are told apart per operator: candidates choose the names of their exceptions."""
_TYPE = re.compile(r"[A-Za-z_]\w*(?=:)")

_Draw = Callable[[Random], Operator]


class OperatorEdits(Proposer):
    """Candidates by small typed edits of the first parent's editable Python.

    Which operator is tried depends on how often its candidates beat their parents, an older outcome counting less
    (each new one discounts the rest by 1 %); operators made for the task's mode start with twice the weight of others.
    One whose candidates keep failing in the same way is tried less: that is no accident of a place.

    Args:
        setting: the task.
        name: registered name.
        operators: the operators to choose from.
    """

    def __init__(self, setting: Setting, *, name: str = "edit", operators: Sequence[Operator] = OPERATORS) -> None:
        self.name = name
        self._operators = tuple(operators)
        self._objective = setting.objectives[0]
        aim = "speed" if setting.mode == "callable" else "value"
        self._record = {op.name: _Record(_FAVOURED if op.aim == aim else 1.0) for op in operators}
        self._weights: list[float] = []

    async def propose(self, parents: Sequence[Scored], rng: Random) -> Candidate:
        """One to three edits of the first parent.

        Raises:
            ProposalError: no parent, not Python, nothing editable that parses, or no edit that changes anything found.
        """
        if not parents:
            raise ProposalError(f"{self.name!r} needs a parent and was given none")
        parent = program(parents[0].variant, self.name)
        for _ in range(_ATTEMPTS):
            steps = _attempt(parent, self._draw, rng)
            if steps is not None:
                return self._candidate(parents[0], *steps)
        raise ProposalError(f"{self.name!r} found no edit of variant {parents[0].variant.id!r} that changes anything")

    async def tell(self, outcome: Scored) -> None:
        """Credit the operators of a candidate that beat its parent."""
        detail = outcome.variant.origin.detail
        names, before = detail.get("operators"), detail.get("before")
        if not isinstance(names, list):
            return
        score = outcome.evaluation.objectives.get(self._objective.name)
        better = score is not None and isinstance(before, int | float) and self._objective.better(score, before)
        self._weights = []
        for record in self._record.values():
            record.age()
        failure = _failure(outcome.evaluation)
        for name in cast("list[object]", names):
            if isinstance(name, str) and name in self._record:
                self._record[name].note(better=better, failure=failure)

    def weights(self) -> Mapping[str, float]:
        """How likely each operator is to be tried, relative to the others."""
        return {name: record.weight() for name, record in self._record.items()}

    def _candidate(self, parent: Scored, files: dict[str, str], steps: Sequence[_Step]) -> Candidate:
        detail: dict[str, object] = {"operator": "+".join(step.operator for step in steps)}
        detail["operators"] = [step.operator for step in steps]
        before = parent.evaluation.objectives.get(self._objective.name)
        if before is not None:
            detail["before"] = before
        why = "; ".join(step.why for step in steps)
        return Candidate(files=files, origin=Origin(proposer=self.name, why=why, detail=detail))

    def _draw(self, rng: Random) -> Operator:
        if not self._weights:
            self._weights = list(accumulate(self.weights().values()))
        return rng.choices(self._operators, cum_weights=self._weights)[0]


class _Record:
    """How an operator did: discounted successes, trials and failures by kind, drawn towards a common prior rate."""

    def __init__(self, prior: float) -> None:
        self._prior = prior
        self._successes = 0.0
        self._trials = 0.0
        self._failures: dict[str, float] = {}

    def age(self) -> None:
        self._successes *= _FORGET
        self._trials *= _FORGET
        for kind in self._failures:
            self._failures[kind] *= _FORGET

    def note(self, *, better: bool, failure: str) -> None:
        self._successes += better
        self._trials += 1.0
        if failure and (failure in self._failures or len(self._failures) < _KINDS):
            self._failures[failure] = self._failures.get(failure, 0.0) + 1.0

    def weight(self) -> float:
        rate = (_PRIOR * 0.1 + self._successes) / (_PRIOR + self._trials)
        failing = max(self._failures.values(), default=0.0) / (_PRIOR + self._trials)
        return self._prior * max(rate, 0.01) * (1 - failing)


def _failure(evaluation: Evaluation) -> str:
    """How an evaluation failed, in a word or two; empty if it did not, or if that says nothing of the candidate."""
    if evaluation.status in (Status.OK, Status.CANCELLED, Status.SCORER_ERROR, Status.KILLED):
        return ""
    kind = _TYPE.match(evaluation.feedback) if evaluation.status is Status.ERROR else None
    return f"{evaluation.status.value} {kind[0][:60] if kind else evaluation.detail[:60]}"


class _Step(NamedTuple):
    operator: str
    why: str


def _attempt(parent: Program, draw: _Draw, rng: Random) -> tuple[dict[str, str], list[_Step]] | None:
    """A changed program and the steps to it; ``None`` if this try came to nothing."""
    window = parent.window(rng)
    steps: list[_Step] = []
    for _ in range(rng.choices((1, 2, 3), _STACK)[0]):
        context = window.context()
        step = None if context is None else _step(context, window.line, draw, rng)
        if step is None:
            break
        text, done = step
        window = window.replaced(text)
        steps.append(done)
    files = {**parent.files, window.name: window.whole()}
    return (files, steps) if steps and _is_new(parent, window.name, files) else None


def _step(context: Context, line: int, draw: _Draw, rng: Random) -> tuple[str, _Step] | None:
    for _ in range(_DRAWS):
        operator = draw(rng)
        try:
            made = operator.apply(context, rng)
        except ValueError:  # an integer too long, or an f-string too nested, to be spelled out
            continue
        if made is not None:
            why = f"{operator.name}: {made.what} {made.where(line)}"
            return edit.apply(context.text, made.splices), _Step(operator.name, why)
    return None


def _is_new(parent: Program, name: str, files: dict[str, str]) -> bool:
    """Whether it compiles, means something else than the parent's file, and leaves the frozen lines alone."""
    found, before = read(files[name], name), read(parent.files[name], name)
    if isinstance(found, Problem) or isinstance(before, Problem) or found.canonical() == before.canonical():
        return False
    if found.words() is None:
        return False
    return not parent.marked or blocks.same_outside(parent.files, files)
