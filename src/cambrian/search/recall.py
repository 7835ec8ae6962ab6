"""Evaluations that earlier searches of a workspace have made: found again by content, so that they cost nothing.

Only what is the same each time is kept: a score that does not vary, an answer that the scorer refuses, an exception;
never a time, a limit that was hit, or anything of callable mode. A new best is never taken from here, it runs: so what
a search answers in the end rests on what it saw itself. Where things are kept is handed in; no I/O here.
"""

from __future__ import annotations

import platform
import sys
from typing import Protocol

import msgspec

from cambrian.core.evaluation import Evaluation, Status, Usage
from cambrian.core.ids import Digest, digest
from cambrian.core.variant import Variant
from cambrian.version import VERSION

from .evaluation import Outcome
from .noise import varies
from .population import Population
from .task import Task

MOST_BYTES = 1 << 20
"""Artifact and report together beyond which an evaluation is not kept."""


class Kept(Protocol):
    """Where evaluations are kept: content by key. Quick (milliseconds); what is lost or damaged is not there."""

    def get(self, key: Digest) -> bytes | None:
        """The content, if it is there and whole."""
        ...

    def put(self, key: Digest, content: bytes) -> None:
        """Keep a content, or not: nobody relies on it."""
        ...


class Recall:
    """What is known of programs of one task. Until `at` has said where programs run it knows nothing.

    Args:
        task: the task.
        kept: where evaluations are kept.
        surroundings: digest of whatever else a score can hang on: files beside the scorer, installed packages.
    """

    def __init__(self, task: Task, kept: Kept, surroundings: Digest) -> None:
        self._task = task
        self._kept = kept
        self._surroundings = surroundings
        self._conditions: Digest | None = None

    def at(self, level: str) -> None:
        """Programs run at this jail level."""
        task = self._task
        if task.mode != "artifact" or not task.cache:
            return
        parts = [
            VERSION, sys.version, platform.machine(), self._surroundings, level, task.language, task.entry,
            task.evaluator, task.evaluator_text, task.objectives, task.limits, task.scorer_limits, task.sampling,
            task.imports, task.framework, task.framework_options,
        ]  # fmt: skip
        self._conditions = digest(msgspec.json.encode(parts))

    def look(self, canonical: Digest, variant: Variant, population: Population) -> Outcome | None:
        """What evaluating this program gives, if it is known and need not be seen.

        Args:
            canonical: digest of the normalised program.
            variant: the program.
            population: of the search that asks.
        """
        key = self._key(canonical, population)
        known = None if key is None else self._get(key)
        if known is None:
            return None
        found = known.evaluation
        if found.ok and (population.best is None or population.rank(found) > population.best):
            return None
        evaluation = msgspec.structs.replace(found, variant=variant.id, usage=Usage())
        return msgspec.structs.replace(known, evaluation=evaluation)

    def _get(self, key: Digest) -> Outcome | None:
        content = self._kept.get(key)
        try:
            return None if content is None else msgspec.msgpack.decode(content, type=Outcome)
        except (msgspec.MsgspecError, ValueError):  # of an Evaluation that cannot be
            return None

    def keep(self, canonical: Digest, outcome: Outcome, population: Population) -> None:
        """A search has evaluated this program."""
        key = self._key(canonical, population)
        lengthy = len(outcome.artifact) + len(outcome.report) > MOST_BYTES
        if key is not None and not lengthy and _repeatable(outcome.evaluation):
            self._kept.put(key, msgspec.msgpack.encode(outcome))

    def _key(self, canonical: Digest, population: Population) -> Digest | None:
        """Where a program's evaluation is kept; `None` if nothing may be.

        What this search's own run of the initial program gave is part of it: that differs where anything has changed
        that nothing else here holds.
        """
        if self._conditions is None or population.noisy or population.first is None:
            return None
        first = population.first.evaluation.objectives
        return digest(msgspec.json.encode([self._conditions, first, canonical]))


def _repeatable(evaluation: Evaluation) -> bool:
    """Whether it would end the same way again."""
    if evaluation.samples and varies(evaluation.samples):
        return False
    raised = evaluation.status is Status.ERROR and evaluation.detail == "raised"
    return raised or evaluation.status in (Status.OK, Status.INVALID)
